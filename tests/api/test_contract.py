"""The API answers what the library answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import get_type_hints
from urllib.parse import quote

import pytest

from mpsr.api import models
from mpsr.api.app import create_app
from mpsr.search.neighbours import NeighbourDocument, NeighboursDocument
from mpsr.search.request import Condition, Request, RequestDocument
from mpsr.types import Part, Query, Weights, about
from tests.api.conftest import ODD_IDS, client_of
from tests.conftest import picture_bytes


def same(answer, found) -> None:
    """The answer is the library's: ids, scores to the last bit, request, snapshot."""
    assert answer.status_code == 200, answer.text
    document = answer.json()
    plain = [
        {name: item[name] for name in item if name not in ("picture", "arm")}
        for item in document["neighbours"]
    ]
    assert plain == [item.as_json() for item in found.neighbours]
    assert document["request"] == found.request.as_json()
    assert document["snapshot"] == found.store
    assert document["query"] == found.label
    assert document["match_threshold"] == found.match_threshold
    assert document["match_percentile"] == found.match_percentile
    for item in plain:
        assert item["text"] + item["image"] + item["lexical"] + item["rule"] == item["score"]
        assert 0 <= item["percentile"] <= 1


def test_similar_is_the_library_s(client, service) -> None:
    same(client.get("/v1/products/101/similar"), service.similar("101"))


def test_every_option_of_similar_counts(client, service) -> None:
    options = {
        "k": 3,
        "weights": "text=1,image=3",
        "hide_variants": "true",
        "diversity": 0.4,
        "space": "paper",
    }
    where = [("where", "baseColour=Red"), ("where", "baseColour=Blue"), ("where", "articleType=Shirts")]
    found = service.similar(
        "107",
        k=3,
        weights=Weights(0.25, 0.75),
        where={"baseColour": ["Red", "Blue"], "articleType": ["Shirts"]},
        hide_variants=True,
        diversity=0.4,
        space="paper",
    )
    same(client.get("/v1/products/107/similar", params=[*options.items(), *where]), found)


@pytest.mark.parametrize(
    "request_",
    [
        Request(Query((Part(product="101"), Part(product="112", weight=-0.5))), k=4),
        Request(about("103"), k=2, where={"gender": ["Men"]}, diversity=0.2),
        Request(Query((Part(words="red shirt"),)), k=3),
        Request(
            about("101"),
            where={"baseColour": Condition(none_of=("Blue",)), "gender": Condition(same=True)},
            at_most={"articleType": 1},
        ),
        Request(about("101"), where={"year": Condition(least=2010, most=2030)}),
    ],
    ids=["more and less", "filtered", "words", "conditions", "range"],
)
def test_search_takes_the_library_s_request(client, service, tiny_embedded, request_) -> None:
    same(client.post("/v1/search", json=request_.as_json()), service.search(request_))


def test_search_takes_photos_named_or_not(client, service, tiny_embedded) -> None:
    data = picture_bytes((200, 30, 30))
    digest = hashlib.sha256(data).hexdigest()
    files = {"picture": ("shirt.jpg", data, "image/jpeg")}
    less = {"parts": [{"product": "101"}, {"picture": digest, "weight": -0.5}], "k": 2}
    named = Request(Query((Part(product="101"), Part(picture=data, weight=-0.5))), k=2)
    same(client.post("/v1/search", files=files, data={"request": json.dumps(less)}), service.search(named))
    alone = Request(Query((Part(picture=data),)))
    same(client.post("/v1/search", files=files), service.search(alone))


def test_explain_is_the_library_s(client, service, tiny_embedded) -> None:
    request = Request(about("101"))
    why = service.why(request, "102")
    found = client.post("/v1/explain", json={"request": request.as_json(), "product": "102"}).json()
    assert (found["score"], found["text"], found["image"]) == (why.score, why.text, why.image)
    assert found["sentence"] == why.sentence()
    assert found["shared"] == why.shared
    assert {name: tuple(pair) for name, pair in found["different"].items()} == why.different
    assert [(one["word"], one["loss"]) for one in found["words"]] == why.words
    assert found["product_cells"] == why.product_cells.tolist()
    assert tuple(found["product_frame"]) == why.product_frame
    assert found["percentile"] == service.percentile(why.score, request)
    assert found["notes"] == why.notes


def test_facets_and_suggestions_are_the_library_s(client, service) -> None:
    counted = client.get("/v1/facets", params={"where": "baseColour=Red"}).json()
    assert counted["facets"] == service.counts({"baseColour": ["Red"]})
    assert counted["ranges"] == {
        name: asdict(one) for name, one in service.ranges({"baseColour": ["Red"]}).items()
    }
    assert counted["ranges"]["year"]["products"] > 0
    assert counted["where"] == {"baseColour": ["Red"]}
    typed = client.get("/v1/suggest", params={"q": "birch men b", "limit": 3}).json()["suggestions"]
    assert [one["id"] for one in typed] == service.suggest("birch men b", 3)
    assert [one["name"] for one in typed] == [service.name(one["id"]) for one in typed]


def test_a_product_has_its_columns_and_none_of_the_store_s(client, service) -> None:
    found = client.get("/v1/products/101").json()
    assert (found["id"], found["name"]) == ("101", service.name("101"))
    assert found["attributes"]["baseColour"] == "Red"
    assert not {"line", "picture", "picture_sha256"} & set(found["attributes"])


def test_pictures_come_from_the_store_and_are_kept(client, service) -> None:
    path = client.get("/v1/products/101").json()["picture"]
    found = client.get(path)
    assert (found.content, found.headers["content-type"]) == (service.picture("101"), "image/jpeg")
    again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/v1/products/130").json()["picture"] is None
    assert client.get("/v1/pictures/130").status_code == 404


def test_the_catalogue_says_what_can_be_asked(client, service) -> None:
    found = client.get("/v1/catalogue").json()
    assert (found["products"], found["pictures"]) == (30, 29)
    assert (found["spaces"], found["filter_columns"]) == (service.spaces, service.filter_columns)
    assert found["number_columns"] == service.number_columns
    assert found["snapshot"] == service.snapshot.fingerprint
    assert client.get("/v1/ready").json()["snapshot"] == service.snapshot.fingerprint
    assert client.get("/v1/health").json()["status"] == "ok"


def test_ids_of_any_characters_work(odd_service) -> None:
    client = client_of(create_app(odd_service))
    assert set(odd_service.ids) == set(ODD_IDS)
    for product in ODD_IDS:
        path = f"/v1/products/{quote(product, safe='')}"
        assert client.get(path).json()["name"] == odd_service.name(product), product
        same(client.get(f"{path}/similar"), odd_service.similar(product))
        assert client.get(f"/v1/pictures/{quote(product, safe='')}").status_code == 404
    assert client.get("/v1/products/a/b").json()["id"] == "a/b"  # as a proxy may send it


def test_the_documented_fields_are_the_library_s(client) -> None:
    """Fields are read off the library's types; those of a result are written down again, so they are compared."""
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["Request"]["properties"]) == set(get_type_hints(RequestDocument))
    assert set(models.Neighbour.model_fields) == {*get_type_hints(NeighbourDocument), "picture", "arm"}
    own = set(get_type_hints(NeighboursDocument)) - set(get_type_hints(RequestDocument)) - {"store"}
    assert set(models.Answer.model_fields) == {*own, "request", "snapshot", "arm"}


def test_the_docs_page_names_every_route_and_loads_nothing(client) -> None:
    page = client.get("/v1/docs")
    for path, methods in client.get("/v1/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page.text
    assert not any(mark in page.text for mark in ("src=", "<script", "<link", "@import", "url("))
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
