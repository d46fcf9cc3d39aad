"""Every error is a problem document, and none says anything about the server's files."""

from __future__ import annotations

import json

import pytest

from mpsr.api.app import create_app
from mpsr.errors import StoreError
from mpsr.service import Service
from tests.api.conftest import client_of


def is_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["type"].startswith("urn:mpsr:problem:")
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/", 404),
        ("DELETE", "/v1/health", 405),
        ("GET", "/v1/search", 405),
        ("GET", "/v1/products/nobody", 404),
        ("GET", "/v1/products/nobody/similar", 404),
        ("GET", "/v1/pictures/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "/v1/products/%FF%00", 404),
        ("GET", "/v1/products/101/similar?k=0", 422),
        ("GET", "/v1/products/101/similar?k=1001", 422),
        ("GET", "/v1/products/101/similar?k=many", 422),
        ("GET", "/v1/products/101/similar?space=none", 422),
        ("GET", "/v1/products/101/similar?weights=text%3D2e999", 422),
        ("GET", "/v1/products/101/similar?where=gender", 422),
        ("GET", "/v1/products/101/similar?where=gender%3DNobody", 422),
        ("GET", "/v1/products/101/similar?diversity=nan", 422),
        ("GET", "/v1/facets?where=nothing%3D1", 422),
        ("GET", "/v1/suggest", 422),
    ],
)
def test_an_address_that_is_wrong(client, method: str, path: str, status: int) -> None:
    is_problem(client.request(method, path), status)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"parts": [{"product": "\xff"}]}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"parts": 1}', 422),
        (b'{"parts": [1]}', 422),
        (b'{"parts": [{"product": "nobody"}]}', 422),
        (b'{"parts": [{"product": "101", "words": "red"}]}', 422),
        (b'{"parts": [{"product": "101", "weight": -1}]}', 422),
        (b'{"parts": [{"product": "101", "weight": true}]}', 422),
        (b'{"parts": [{"picture": "abc"}]}', 422),
        (b'{"parts": [{"product": "101"}], "k": 1001}', 422),
        (b'{"parts": [{"product": "101"}], "k": 100000000000000000000000000}', 422),
        (b'{"parts": [{"product": "101"}], "where": {"gender": "Men"}}', 422),
        (b'{"parts": [{"product": "101"}], "weights": {"text": 1}}', 422),
        (b'{"parts": [{"product": "101"}], "colour": "red"}', 422),
        (json.dumps({"parts": [{"product": "101"}] * 101}).encode(), 422),
    ],
)
def test_a_body_that_is_wrong(client, body: bytes, status: int) -> None:
    is_problem(client.post("/v1/search", content=body, headers={"Content-Type": "application/json"}), status)


def test_validation_names_the_field(client) -> None:
    document = is_problem(client.get("/v1/products/101/similar", params={"k": 0, "diversity": 2}), 422)
    assert [one["where"] for one in document["errors"]] == ["query.k", "query.diversity"]


def test_another_media_type_and_another_form(client) -> None:
    is_problem(client.post("/v1/search", content="a=1", headers={"Content-Type": "text/plain"}), 415)
    is_problem(client.post("/v1/search", files={"photo": b"x"}), 422)
    is_problem(client.post("/v1/search", data={"request": "{"}, files={"picture": b"x"}), 400)
    headers = {"Content-Type": "multipart/form-data"}
    is_problem(client.post("/v1/search", content=b"no boundary", headers=headers), 400)
    is_problem(client.post("/v1/explain", json={"request": {"parts": [{"product": "101"}]}}), 422)
    is_problem(client.post("/v1/explain", json={"product": "101", "request": [], "k": 5}), 422)


def test_a_file_that_is_no_picture(client, tiny_embedded) -> None:
    is_problem(client.post("/v1/search", files={"picture": b"MZ not a picture"}), 422)
    is_problem(client.post("/v1/search", files={"picture": b""}), 422)


def test_what_the_server_lacks_is_not_told_to_the_world(service, monkeypatch, caplog) -> None:
    client = client_of(create_app(service))

    def failing(kind: type[Exception]):
        def fails(*_: object, **__: object) -> None:
            raise kind("/secret/place is damaged")

        return fails

    for kind, status in ((StoreError, 503), (OSError, 500), (RuntimeError, 500)):
        with monkeypatch.context() as patch:
            patch.setattr(Service, "search", failing(kind))
            document = is_problem(client.get("/v1/products/101/similar"), status)
        assert "secret" not in json.dumps(document)
    assert "/secret/place" in caplog.text  # the log says it


def test_a_store_that_does_not_answer_is_not_ready(service, monkeypatch) -> None:
    client = client_of(create_app(service))

    def fails(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Service, "similar", fails)
    is_problem(client.get("/v1/ready"), 503)
    assert client.get("/v1/health").status_code == 200
