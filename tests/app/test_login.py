"""Who is let in where ``secrets.toml`` asks for a sign-in; the sign-in itself is tested in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from mpsr.cli.serving import secrets_options
from mpsr.ui import login
from mpsr.ui.api_routes import ApiRoute
from mpsr.ui.login import SignedIn
from mpsr.ui.map.routes import map_routes
from mpsr.ui.opened import published
from mpsr.ui.routes import routes

SECRET = "0123456789abcdef" * 2
AUTH = f"""[auth]
redirect_uri = "http://localhost/oauth2callback"
cookie_secret = "{SECRET}"
"""
DEFAULT = 'client_id = "a"\nclient_secret = "b"\nserver_metadata_url = "http://localhost/none"\n'


@pytest.fixture
def secrets(monkeypatch, tmp_path: Path):
    """Writes ``secrets.toml`` where Streamlit looks for it; it is forgotten again afterwards."""
    (tmp_path / ".streamlit").mkdir()
    monkeypatch.chdir(tmp_path)
    secrets_singleton._reset()

    def write(text: str) -> None:
        (tmp_path / ".streamlit" / "secrets.toml").write_text(text)
        secrets_singleton._reset()

    yield write
    secrets_singleton._reset()


def client(start: str = "") -> TestClient:
    served = [*routes(start), *map_routes(start), ApiRoute(start)]
    return TestClient(
        Starlette(routes=served, middleware=[Middleware(SignedIn, start=start)]), base_url="http://localhost"
    )


def cookie(secret: str = SECRET, **told: object) -> dict[str, str]:
    value = json.dumps({"is_logged_in": True, "email": "a@b.example"} | told)
    return {USER_COOKIE_NAME: create_signed_value(secret, USER_COOKIE_NAME, value).decode()}


def paths(root: Path) -> list[str]:
    snapshot = published(root)
    return [
        f"/pictures/{snapshot}/3.jpg",
        f"/suggest/{snapshot}?q=a",
        f"/atlas/{snapshot}/facts.json",
        "/api/v1/catalogue",
        "/api/v1/products/101/similar",
    ]


@pytest.mark.parametrize("start", ["", "/shop"])
def test_without_settings_everybody_is_let_in(secrets, shop_store: Path, start) -> None:
    for path in paths(shop_store):
        assert client(start).get(start + path).status_code != 401
    secrets("other = 1\n")
    assert client(start).get(start + paths(shop_store)[0]).headers["cache-control"].startswith("public")


@pytest.mark.parametrize("start", ["", "/shop"])
def test_what_is_beside_the_pages_needs_a_sign_in_too(secrets, shop_store: Path, start) -> None:
    secrets(AUTH + DEFAULT)
    signed_in = client(start)
    signed_in.cookies.update(cookie())
    for path in paths(shop_store):
        assert client(start).get(start + path).status_code == 401
        assert signed_in.get(start + path).status_code == 200
    kept = signed_in.get(start + paths(shop_store)[0]).headers["cache-control"]
    assert kept.startswith("private")


@pytest.mark.parametrize(
    "forged",
    [
        cookie("another secret that is long enough, too"),
        cookie(is_logged_in=False),
        cookie(is_logged_in="yes"),
        {USER_COOKIE_NAME: json.dumps({"is_logged_in": True})},
        {USER_COOKIE_NAME: ""},
        {"_streamlit_user_tokens": cookie()[USER_COOKIE_NAME]},
    ],
    ids=["secret", "out", "text", "unsigned", "empty", "another cookie"],
)
def test_a_forged_cookie_is_none(secrets, shop_store: Path, forged) -> None:
    secrets(AUTH + DEFAULT)
    forger = client()
    forger.cookies.update(forged)
    assert {forger.get(path).status_code for path in paths(shop_store)} == {401}


@pytest.mark.parametrize(
    "text",
    ["[auth\n", '[auth]\nclient_id = "a"\n', '[auth]\ncookie_secret = "short"\n', "auth = 1\n", "[auth]\n"],
)
def test_settings_that_cannot_be_trusted_let_nobody_in(secrets, shop_store: Path, text) -> None:
    secrets(text)
    visitor = client()
    visitor.cookies.update(cookie("") | cookie("short"))
    assert visitor.get(paths(shop_store)[0]).status_code == 401
    page = app()
    assert [one.value for one in page.title] == ["Sign in"]
    assert "nobody is let in" in page.error[0].value
    assert "short" not in page.error[0].value


def test_a_token_of_the_api_is_enough_for_the_api(
    secrets, shop_store: Path, monkeypatch, tmp_path: Path
) -> None:
    from mpsr.api.tokens import new_token

    secret, token = new_token("shop", "read")
    (tmp_path / "tokens").write_text(f"{token.line}\n")
    monkeypatch.setenv("MPSR_TOKENS", str(tmp_path / "tokens"))
    secrets(AUTH + DEFAULT)
    told = {"Authorization": f"Bearer {secret}"}
    assert client().get("/api/v1/catalogue", headers=told).status_code == 200
    assert client().get("/api/v1/catalogue").status_code == 401
    assert client().get(paths(shop_store)[0], headers=told).status_code == 401


def app() -> AppTest:
    found = AppTest.from_file(str(Path(__file__).parents[2] / "streamlit_app.py"), default_timeout=60)
    found.run()
    assert not found.exception
    return found


def test_every_page_asks_first(secrets, shop_store: Path) -> None:
    secrets(AUTH + DEFAULT)
    page = app()
    assert [one.value for one in page.title] == ["Sign in"]
    assert [one.label for one in page.button] == ["Sign in"]
    assert 'class="mpsr-name"' not in "".join(one.proto.body for one in page.get("html"))


def test_providers_have_a_button_each(secrets, shop_store: Path, monkeypatch) -> None:
    sections = "".join(f"[auth.{name}]\n{DEFAULT}" for name in ("one", "two"))
    secrets(AUTH + sections)
    assert [one.label for one in app().button] == ["Sign in with one", "Sign in with two"]
    monkeypatch.setattr(login, "LIBRARY", "no_such_package")
    page = app()
    assert not page.button
    assert "mpsr[login]" in page.error[0].value


def test_settings_that_lack_something_are_told(secrets, shop_store: Path) -> None:
    secrets(AUTH + 'client_id = "a"\n')
    page = app()
    page.button[0].click().run()
    assert "not complete" in page.error[0].value
    assert SECRET not in page.text[0].value


def test_the_command_keeps_the_folder_s_secrets(secrets, tmp_path: Path) -> None:
    assert secrets_options(Path("/elsewhere")) == []
    secrets(AUTH)
    assert secrets_options(Path("/elsewhere"))[-1] == f"--secrets.files={tmp_path}/.streamlit/secrets.toml"
    assert secrets_options(tmp_path) == []
