"""The client against the server: the library's answers, every route, and problems as errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_type_hints

import pytest

from mpsr.api import models
from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import new_token
from mpsr.client import Client, ProblemError, answers
from mpsr.service import Service
from tests.api.conftest import running
from tests.conftest import picture_bytes


@pytest.fixture(scope="module")
def client(tiny_store) -> Iterator[tuple[Client, Service]]:
    service = Service(tiny_store, verify=False)
    with running(create_app(service)) as address, Client(address) as client:
        yield client, service


def test_similar_and_search_are_the_library_s(client) -> None:
    shop, service = client
    where = {"articleType": ["Shirts"]}
    found = shop.similar("101", k=4, where=where, hide_variants=True)["neighbours"]
    wanted = service.similar("101", k=4, where=where, hide_variants=True).neighbours
    assert [(item["id"], item["score"]) for item in found] == [(item.id, item.score) for item in wanted]
    assert shop.search([{"product": "101"}], k=4)["neighbours"] == shop.similar("101", k=4)["neighbours"]


def test_every_route_answers(client, tiny_embedded) -> None:
    shop, service = client
    assert shop.catalogue()["products"] == len(service)
    assert shop.product("101")["attributes"]["baseColour"] == "Red"
    assert shop.facets({"gender": ["Men"]})["facets"]["baseColour"] == service.counts()["baseColour"]
    assert shop.suggest("alder")["suggestions"][0]["name"].startswith("Alder")
    assert shop.picture("101") == service.picture("101")
    assert shop.explain("102", [{"product": "101"}])["product"] == "102"
    assert len(shop.search([], k=2, pictures=[picture_bytes()])["neighbours"]) == 2


def test_a_refusal_is_an_error_with_the_servers_words(client) -> None:
    shop, _ = client
    with pytest.raises(ProblemError, match="no product 'a/b'") as refused:
        shop.product("a/b")
    assert refused.value.status == 404
    with pytest.raises(ProblemError, match="k is 5000"):
        shop.similar("101", k=5000)


def test_a_token_is_sent(tiny_store) -> None:
    secret, token = new_token("shop", "read")
    app = create_app(Service(tiny_store, verify=False), ApiSettings(tokens=(token,)))
    with running(app) as address:
        with Client(address, secret) as shop:
            assert shop.catalogue()["products"] == 30
        with Client(address) as nobody, pytest.raises(ProblemError, match="401"):
            nobody.catalogue()


@pytest.mark.parametrize(
    "name", [name for name in vars(answers) if isinstance(getattr(models, name, None), type)]
)
def test_the_types_are_those_of_the_server(name: str) -> None:
    if name in ("Any", "TypedDict", "Annotated"):
        return
    assert list(get_type_hints(getattr(answers, name))) == list(getattr(models, name).model_fields)
