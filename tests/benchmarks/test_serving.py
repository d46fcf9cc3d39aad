"""The load on a server and the peers' form of an answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.serving import load, peer_app
from mpsr.api.app import create_app
from mpsr.service import Service
from tests.api.conftest import client_of, running


@pytest.fixture
def service(tiny_store: Path) -> Service:
    return Service(tiny_store, verify=False)


def test_every_answer_is_timed(service: Service) -> None:
    with running(create_app(service)) as address:
        took = asyncio.run(load(urlsplit(address).port or 0, ["/v1/products/101/similar?k=2"], 0.3))
        assert took
        assert min(took) > 0
        with pytest.raises(RuntimeError, match="404"):
            asyncio.run(load(urlsplit(address).port or 0, ["/v1/products/none/similar"], 0.3))


def test_a_peer_answers_with_ids_names_and_scores(service: Service) -> None:
    client = client_of(peer_app(service, lambda row, filtered: [(row + 1, 0.5 if filtered else 1.0)]))
    plain = client.get("/v1/products/101/similar").json()["neighbours"]
    assert plain == [{"id": "102", "score": 1.0, "name": service.name("102")}]
    assert client.get("/v1/products/101/similar?where=a%3Db").json()["neighbours"][0]["score"] == 0.5
