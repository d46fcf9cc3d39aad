"""What is served by address: the pictures of the stores, and nothing else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from starlette.applications import Starlette

from mpsr.service import open_service
from mpsr.ui.opened import opened_snapshot, published
from mpsr.ui.routes import OF_A_NAME, routes


@pytest.fixture
def snapshot(monkeypatch, tiny_store: Path, tmp_path: Path) -> str:
    stores = tmp_path / "stores"
    stores.mkdir()
    (stores / "shop").symlink_to(tiny_store, target_is_directory=True)
    monkeypatch.setenv("MPSR_STORES", str(stores))
    return published(tiny_store)


def get(path: str, base: str = "", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """The answer of the routes to a request, its path as a server hands it over: unquoted, not normalised."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": []}
    scope |= {"query_string": query.encode(), "root_path": "", "http_version": "1.1", "scheme": "http"}
    asyncio.run(Starlette(routes=routes(base))(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def test_a_picture_is_served_as_it_lies_in_the_store_and_may_be_kept(snapshot: str, tiny_store: Path) -> None:
    status, headers, body = get(f"/pictures/{snapshot}/3.jpg")
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in headers["cache-control"]
    assert body == open_service(tiny_store).picture("104")


def test_the_base_path_comes_before(snapshot: str) -> None:
    assert get(f"/shop/pictures/{snapshot}/3.jpg", base="shop/")[0] == 200
    assert get(f"/pictures/{snapshot}/3.jpg", base="shop/")[0] == 404


def test_a_product_without_a_picture_has_none(snapshot: str) -> None:
    assert get(f"/pictures/{snapshot}/29.jpg")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/{snapshot}/30.jpg",
        "/pictures/{snapshot}/99999999999999999999999.jpg",
        "/pictures/{snapshot}/-1.jpg",
        f"/pictures/{{snapshot}}/{'9' * 5000}.jpg",
        "/pictures/{snapshot}/٣.jpg",
        "/pictures/{snapshot}/104.jpg/../../../../etc/passwd",
        "/pictures/{snapshot}/../{snapshot}/pictures.bin",
        "/pictures/{snapshot}/pictures.bin",
        "/pictures/../current/1.jpg",
        "/pictures/%2e%2e/1.jpg",
        "/pictures/shop/1.jpg",
        "/pictures/./1.jpg",
        "/pictures//1.jpg",
        "/pictures/" + "0" * 64 + "/1.jpg",
    ],
)
def test_nothing_but_pictures_of_the_stores_can_be_fetched(snapshot: str, path: str) -> None:
    assert get(path.format(snapshot=snapshot))[0] == 404


def test_a_store_outside_the_stores_folder_is_not_served(
    monkeypatch, snapshot: str, store_copy: Path, tmp_path: Path
) -> None:
    from mpsr.ui import opened

    monkeypatch.setattr(opened, "_services", type(opened._services)())
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "none"))
    assert opened_snapshot(snapshot) is None
    assert get(f"/pictures/{snapshot}/3.jpg")[0] == 404


def test_pictures_are_only_read(snapshot: str) -> None:
    assert get(f"/pictures/{snapshot}/3.jpg", method="POST")[0] == 405


def suggested(snapshot: str, asked: str) -> dict:
    return json.loads(get(f"/suggest/{snapshot}?q={asked}")[2])


def test_suggestions_while_one_types(snapshot: str) -> None:
    status, headers, body = get(f"/suggest/{snapshot}?q=alder+blue")
    found = json.loads(body)["products"]
    assert status == 200
    assert headers["x-content-type-options"] == "nosniff"
    assert {one["id"] for one in found} == {"102", "107", "112"}
    assert found[0]["picture"] == f"/pictures/{snapshot}/{int(found[0]['id']) - 101}.jpg"
    assert not any(one["exact"] for one in found)
    assert suggested(snapshot, "107")["products"][0]["exact"]


def test_a_whole_name_gives_all_products_of_that_name(monkeypatch, snapshot: str) -> None:
    same = [str(product) for product in range(102, 112)]
    monkeypatch.setattr(
        type(opened_snapshot(snapshot)), "named", lambda self, name: same if name == "a name" else []
    )
    few = suggested(snapshot, "a+name")
    assert [one["id"] for one in few["products"] if one["exact"]] == same[:OF_A_NAME]
    assert few["more"] == len(same) - OF_A_NAME
    every = suggested(snapshot, "a+name&all=1")
    assert [one["id"] for one in every["products"] if one["exact"]] == same
    assert every["more"] == 0


@pytest.mark.parametrize("typed", ["", "   ", "%", "x" * 5000, "%00", "..%2f"])
def test_suggestions_of_nothing_are_none(snapshot: str, typed: str) -> None:
    assert suggested(snapshot, typed) == {"products": [], "more": 0}
    assert get(f"/suggest/{'0' * 64}?q={typed[:10]}")[0] == 404
