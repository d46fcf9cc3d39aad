"""Finding products by what somebody types, against a plain loop."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.name_lookup import Names

NAMES = [
    "Puma Men Grey T-shirt",
    "Puma Women Shoe",
    "puma men grey t-shirt",
    "Red Puma Shoe",
    "",
    "Ärmel Größe",
]
IDS = ["10", "101", "1010", "7", "77", "x1"]


def test_a_whole_name_comes_first_and_all_products_of_it() -> None:
    lookup = names("011111")
    assert lookup.named(" puma MEN grey t-shirt ") == ["1010", "10"]
    assert lookup.suggest("puma men grey t-shirt", 5) == ["1010", "10"]
    assert lookup.named("puma men") == lookup.named("") == []


def names(pictured: str = "111111") -> Names:
    return Names(IDS, NAMES, np.array([mark == "1" for mark in pictured]))


def plain(ids, texts, pictured, text: str) -> set[str]:
    """What ``suggest`` may give at all."""
    wanted = text.strip().lower()
    words = re.findall(r"\w+", wanted)
    by_id = {one for one in ids if wanted and one.lower().startswith(wanted)}
    by_name = {
        one
        for one, name in zip(ids, texts, strict=True)
        if words and all(any(w.startswith(word) for w in re.findall(r"\w+", name.lower())) for word in words)
    }
    by_whole_name = {one for one, name in zip(ids, texts, strict=True) if name.strip() == wanted != ""}
    return by_id | by_name | by_whole_name


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("ab -1é", max_size=8), min_size=1, max_size=12),
    st.text("ab -1é", max_size=5),
    st.integers(0, 15),
    st.randoms(use_true_random=False),
)
def test_suggestions_are_all_that_match_up_to_the_limit(texts, text, limit, chance) -> None:
    ids = [f"a{n}" if chance.random() < 0.5 else str(n) for n in range(len(texts))]
    pictured = np.array([chance.random() < 0.5 for _ in texts])
    found = Names(ids, texts, pictured).suggest(text, limit)
    expected = plain(ids, texts, pictured, text)
    assert len(found) == len(set(found)) == min(limit, len(expected))
    assert set(found) <= expected


def test_ids_come_first_the_shortest_first() -> None:
    assert names().suggest("10", 5) == ["10", "101", "1010"]
    assert names().suggest("77", 5) == ["77"]


def test_one_of_each_name_comes_before_its_twins() -> None:
    assert names().suggest("puma", 3) == ["10", "101", "7"]
    assert names().suggest("puma", 4) == ["10", "101", "7", "1010"]


def test_pictured_products_come_first_then_names_that_begin_so() -> None:
    assert names("011111").suggest("puma", 4)[0] == "101"
    assert names().suggest("shoe", 4) == ["101", "7"]
    assert names().suggest("red", 4) == ["7"]


@pytest.mark.parametrize("text", ["grey pu", "T-SHIRT grey", "  puma   me t  sh "])
def test_every_typed_word_begins_a_word_of_the_name(text: str) -> None:
    assert set(names().suggest(text, 9)) == {"10", "1010"}


@pytest.mark.parametrize("text", ["", "   ", "---", "zzz", "uma"])
def test_nothing_typed_or_nothing_like_it_suggests_nothing(text: str) -> None:
    assert names().suggest(text, 9) == []


def test_letters_of_any_alphabet_count() -> None:
    assert names().suggest("größ", 9) == ["x1"]
