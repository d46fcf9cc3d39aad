"""Parts and queries check themselves."""

import pytest

from mpsr.errors import InputError
from mpsr.types import Part, Query, about


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "none of them"),
        ({"product": "1", "words": "red"}, "product and words"),
        ({"words": "red", "picture": b"x"}, "words and picture"),
        ({"words": "  "}, "words of a query are empty"),
        ({"picture": b""}, "0 bytes"),
        ({"product": "1", "weight": 0.0}, "weight of a part is 0"),
        ({"product": "1", "weight": float("nan")}, "weight of a part is nan"),
        ({"product": "1", "weight": float("inf")}, "weight of a part is inf"),
    ],
)
def test_a_part_is_one_thing_with_a_weight(given: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Part(**given)


@pytest.mark.parametrize(
    "parts", [(), (Part(product="1", weight=-1),), (Part(words="red", weight=-0.5),) * 2]
)
def test_a_query_needs_something_to_look_for(parts) -> None:
    with pytest.raises(InputError, match="has none to look for"):
        Query(parts)


def test_a_query_in_one_line() -> None:
    parts = (Part(product="9065"), Part(words="red"), Part(product="7", weight=-1), Part(picture=b"x"))
    assert Query(parts).label == '9065 + "red" - 7 + photo'
    assert about("9065").label == "9065"
    assert Query(parts).products == ["9065", "7"]


def test_a_picture_leaves_only_its_hash_and_size_in_a_document() -> None:
    document = Part(picture=b"abc", weight=0.5).as_json()
    assert document["bytes"] == 3
    assert document["picture"].startswith("ba7816bf")
    assert document["weight"] == 0.5
    assert Part(words="red").as_json() == {"words": "red", "weight": 1.0}


@pytest.mark.parametrize(
    ("parts", "modality"),
    [
        ((Part(product="1"),), "product"),
        ((Part(words="red"), Part(product="1", weight=-1)), "product"),
        ((Part(words="red"), Part(words="blue", weight=-1)), "text"),
        ((Part(picture=b"x"),), "image"),
        ((Part(words="red"), Part(picture=b"x")), "mixed"),
    ],
)
def test_the_modality_of_a_query_is_that_of_its_parts(parts, modality) -> None:
    assert Query(parts).modality == modality
