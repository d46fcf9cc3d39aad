"""The headers that every answer of the app carries."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from mpsr.errors import InputError
from mpsr.ui.headers import FRAMES, SecurityHeaders, own_scripts


def answer(headers: dict[str, str] | None = None):
    routes = [Route("/", lambda request: PlainTextResponse("here", headers=headers))]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])).get("/")


def policy(response) -> dict[str, list[str]]:
    rules = response.headers["content-security-policy"].split("; ")
    return {rule.split()[0]: rule.split()[1:] for rule in rules}


def test_no_script_runs_that_is_not_the_server_s() -> None:
    rules = policy(answer())
    assert rules["script-src"] == ["'self'", "blob:", *own_scripts()]
    assert rules["default-src"] == ["'self'"]
    assert rules["object-src"] == ["'none'"]
    assert own_scripts()


def test_others_may_not_frame_it_unless_they_are_named(monkeypatch) -> None:
    assert policy(answer())["frame-ancestors"] == ["'self'"]
    assert answer().headers["x-frame-options"] == "SAMEORIGIN"
    monkeypatch.setenv(FRAMES, "https://intranet.example https://*.team.example:8443")
    named = answer()
    assert policy(named)["frame-ancestors"] == [
        "'self'", "https://intranet.example", "https://*.team.example:8443"
    ]  # fmt: skip
    assert "x-frame-options" not in named.headers


@pytest.mark.parametrize(
    "sites", ["*", "https://a.example;", "javascript:1", "a.example", "'none'", "https://é"]
)
def test_what_is_no_site_is_refused(monkeypatch, sites) -> None:
    monkeypatch.setenv(FRAMES, sites)
    with pytest.raises(InputError, match=FRAMES):
        SecurityHeaders(Starlette())


def test_an_answer_s_own_policy_stays() -> None:
    own = answer({"Content-Security-Policy": "default-src 'none'"})
    assert own.headers["content-security-policy"] == "default-src 'none'"
    assert own.headers["x-content-type-options"] == "nosniff"
    assert own.headers["referrer-policy"] == "same-origin"
