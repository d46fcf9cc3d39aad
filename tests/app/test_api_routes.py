"""The API below the app's address."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mpsr.api.tokens import new_token
from mpsr.service import Service
from mpsr.ui import api_routes
from mpsr.ui.api_routes import ApiRoute


@pytest.fixture(params=["", "/shop"])
def start(request) -> str:
    return request.param


@pytest.fixture
def client(start: str) -> TestClient:
    return TestClient(Starlette(routes=[ApiRoute(start)]), base_url="http://localhost")


def test_the_app_answers_what_the_server_answers(client: TestClient, start: str, shop_store: Path) -> None:
    service = Service(shop_store, verify=False)
    found = client.get(f"{start}/api/v1/products/101/similar?k=3").json()["neighbours"]
    assert [item["id"] for item in found] == [item.id for item in service.similar("101", k=3).neighbours]
    assert client.get(found[0]["picture"]).content == service.picture(found[0]["id"])
    assert client.get(f"{start}/api/v1/health").json()["status"] == "ok"
    assert client.get(f"{start}/api/v1/openapi.json").status_code == 200
    assert client.get(f"{start}/api/v2/health").status_code == 404


def test_other_names_need_a_token(start: str, shop_store: Path, tmp_path: Path, monkeypatch) -> None:
    path, (secret, token) = f"{start}/api/v1/catalogue", new_token("shop", "read")
    other = {"Host": "shop.example"}
    assert TestClient(app_of(start), base_url="http://localhost").get(path, headers=other).status_code == 421
    (tmp_path / "tokens").write_text(f"{token.line}\n")
    monkeypatch.setenv("MPSR_TOKENS", str(tmp_path / "tokens"))
    client = TestClient(app_of(start), base_url="http://localhost")
    assert client.get(path, headers=other).status_code == 401
    assert client.get(path, headers=other | {"Authorization": f"Bearer {secret}"}).status_code == 200


def app_of(start: str) -> Starlette:
    return Starlette(routes=[ApiRoute(start)])


def test_without_the_extra_or_a_store_it_says_so(
    client: TestClient, start: str, stores: Path, monkeypatch
) -> None:
    assert client.get(f"{start}/api/v1/health").status_code == 503
    monkeypatch.setattr(api_routes, "EXTRA", ("no_such_package",))
    answer = client.get(f"{start}/api/v1/health")
    assert (answer.status_code, "mpsr[api]" in answer.text) == (501, True)
