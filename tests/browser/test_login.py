"""Signing in with a provider of OpenID Connect, on an app whose boards can only be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from mpsr.boards import Boards
from mpsr.store import Store
from tests.browser.conftest import Visitor, free_port, serving, visiting
from tests.browser.provider import CLIENT, PASSWORD, Provider, provider

BOARD = "Summer"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with provider() as one:
        yield one


@pytest.fixture(scope="module")
def closed(shown_stores: Path, tmp_path_factory, issuer: Provider) -> Iterator[str]:
    """An app that asks for a sign-in, and has one board."""
    folder, port = tmp_path_factory.mktemp("closed"), free_port()
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"0123456789abcdef" * 4}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{PASSWORD}"\n'
        f'server_metadata_url = "{issuer.address}/.well-known/openid-configuration"\n'
    )
    boards = Boards(f"sqlite:///{folder / 'boards.db'}")
    boards.add(boards.make(BOARD), "drawn", {"10000": "One", "10001": "Two"})
    boards.database.close()
    options = [f"--secrets.files={secrets}"]
    with serving(shown_stores, folder, port, options, MPSR_READ_ONLY="1") as address:
        yield address


@pytest.fixture
def stranger(chromium, closed: str, issuer: Provider) -> Iterator[Visitor]:
    """Somebody who has not signed in yet."""
    issuer.published = None
    with visiting(chromium, closed) as one:
        yield one
        assert not one.dialogs
        assert not one.errors
        assert all(address.startswith(issuer.address) for address in one.strange)


def heading(visitor: Visitor) -> str:
    return visitor.page.locator("[data-testid=stMainBlockContainer] h1").first.inner_text()


def picture(visitor: Visitor, shown_stores: Path) -> int:
    """The status of a picture, asked for by the visitor's browser."""
    snapshot = Store(shown_stores / "drawn").named()
    return visitor.page.request.get(f"{visitor.server}/pictures/{snapshot}/0.jpg").status


def signed_in(visitor: Visitor) -> Visitor:
    visitor.open().eventually(lambda: heading(visitor), "Sign in")
    visitor.press("Sign in")
    # Not ``reads``: what it reads from is gone when the browser goes to the provider.
    visitor.page.get_by_text("ada@shop.example").wait_for(timeout=60_000)
    return visitor.settled()


def test_a_visitor_signs_in_looks_and_signs_out(stranger: Visitor, shown_stores: Path) -> None:
    for path in ("/", "/map", "/boards"):
        stranger.open(path).eventually(lambda: heading(stranger), "Sign in")
        assert not stranger.texts(".mpsr-name")
    assert picture(stranger, shown_stores) == 401
    signed_in(stranger)
    stranger.open("/", store="drawn").eventually(lambda: bool(stranger.texts(".mpsr-name")), expected=True)
    assert picture(stranger, shown_stores) == 200
    assert "Add to board" not in " ".join(stranger.texts("button"))
    stranger.open("/boards", store="drawn").press("Open board")
    stranger.eventually(lambda: stranger.page.locator("li .name").count(), 2)
    tools = stranger.page.locator("li .tools button")
    assert {one.get_attribute("class") for one in tools.all()} == {"similar"}
    assert stranger.page.locator("li .picture").first.get_attribute("draggable") == "false"
    stranger.press("Sign out").eventually(lambda: heading(stranger), "Sign in")
    assert picture(stranger, shown_stores) == 401


def test_a_token_that_the_provider_has_not_signed_lets_nobody_in(
    stranger: Visitor, issuer: Provider, shown_stores: Path
) -> None:
    issuer.published = RSAKey.generate_key(2048, {"kid": "one"})
    stranger.open().press("Sign in").eventually(lambda: issuer.asked[-1], "/jwks")
    stranger.page.wait_for_url(f"{stranger.server}/**", timeout=60_000)
    stranger.settled().eventually(lambda: heading(stranger), "Sign in")
    assert picture(stranger, shown_stores) == 401


def test_an_answer_that_nobody_asked_for_lets_nobody_in(stranger: Visitor, shown_stores: Path) -> None:
    stranger.page.goto(f"{stranger.server}/oauth2callback?code=a&state=b")
    stranger.settled().eventually(lambda: heading(stranger), "Sign in")
    assert picture(stranger, shown_stores) == 401
