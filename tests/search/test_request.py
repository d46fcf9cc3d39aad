"""A request checks itself, and JSON says all of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.errors import InputError
from mpsr.search.neighbours import Neighbour, Neighbours
from mpsr.search.request import MOST_DIVERSE, Condition, Request
from mpsr.types import Part, Query, Weights, about

AMOUNTS = st.floats(-3, 3).filter(bool)
WORDS = st.text(min_size=1, max_size=8).filter(str.strip)
PICTURES = st.binary(min_size=1, max_size=8)
PARTS = st.one_of(
    st.builds(Part, product=WORDS, weight=AMOUNTS),
    st.builds(Part, words=WORDS, weight=AMOUNTS),
    st.builds(Part, picture=PICTURES, weight=AMOUNTS),
)
CONDITIONS = st.one_of(
    st.builds(Condition, none_of=st.lists(WORDS, min_size=1, max_size=2).map(tuple)),
    st.builds(Condition, least=st.floats(-9, 9), most=st.floats(9, 99), same=st.booleans()),
)
REQUESTS = st.builds(
    Request,
    st.lists(PARTS, min_size=1, max_size=4)
    .filter(lambda parts: any(part.weight > 0 for part in parts))
    .map(lambda parts: Query(tuple(parts))),
    k=st.integers(1, MOST_DIVERSE),
    space=st.sampled_from([None, "paper", "learned"]),
    weights=st.floats(0, 1).map(lambda text: Weights(text, 1 - text)),
    where=st.dictionaries(WORDS, st.one_of(st.lists(WORDS, max_size=3), CONDITIONS), max_size=3),
    hide_variants=st.booleans(),
    diversity=st.floats(0, 1),
    at_most=st.dictionaries(WORDS, st.integers(1, 9), max_size=2),
    rules=st.booleans(),
)


@given(REQUESTS)
def test_a_request_comes_back_from_json(request_: Request) -> None:
    pictures = [part.picture for part in request_.query.parts if part.picture is not None]
    document = json.loads(json.dumps(request_.as_json()))
    assert Request.from_json(document, pictures) == request_


def test_what_a_document_leaves_out_is_the_default() -> None:
    assert Request.from_json({"parts": [{"product": "9065"}]}) == Request(about("9065"))
    assert Request.from_json({"parts": [{"product": "9065"}], "space": None}) == Request(about("9065"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "at least 1"),
        ({"k": 2.5}, "whole number"),
        ({"k": True}, "whole number"),
        ({"diversity": -0.1}, "from 0 to 1"),
        ({"diversity": float("nan")}, "from 0 to 1"),
        ({"where": {"gender": "Men"}}, "list of texts"),
        ({"where": {"year": [2012]}}, "list of texts"),
        ({"at_most": {"brand": 0}}, "at least 1"),
        ({"at_most": {"brand": "2"}}, "whole number"),
    ],
)
def test_a_wrong_request_says_what_was_expected(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Request(about("1"), **options)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "none to look for"),
        ({"parts": "9065"}, "parts of the request"),
        ({"parts": ["9065"]}, "expected an object"),
        ({"parts": [{"product": 9065}]}, "product of the request"),
        ({"parts": [{"id": "9065"}]}, "no 'id'"),
        ({"parts": [{"picture": "ab" * 32}]}, "Send the file"),
        ({"parts": [{"product": "1", "words": "red"}]}, "product and words"),
        ({"variety": 0.3}, "no 'variety'"),
        ({"parts": [{"product": "1"}], "k": True}, "k of the request"),
        ({"parts": [{"product": "1"}], "k": 0}, "at least 1"),
        ({"parts": [{"product": "1"}], "weights": {"text": 1}}, "Expected text and image"),
        ({"parts": [{"product": "1"}], "weights": {"text": 1, "image": 1}}, "sum to 1"),
        ({"parts": [{"product": "1"}], "where": {"gender": "Men"}}, "list of texts"),
    ],
)
def test_a_wrong_document_says_what_was_expected(document: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Request.from_json(document)


def test_good_results_are_those_at_or_above_the_match_threshold() -> None:
    items = [Neighbour("1", "", 0.4, 0.3), Neighbour("2", "", 0.3, 0.2), Neighbour("3", "", 0.2, 0.2)]
    found = Neighbours({"id": "9", "name": ""}, Request(about("9")), "x", items, 0.5)
    assert [item.id for item in found.good] == ["1", "2"]
