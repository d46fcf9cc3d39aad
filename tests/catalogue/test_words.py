"""Words of texts; singular and plural have one stem."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.catalogue.words import stem, words_in
from mpsr.explain.attributes import named
from mpsr.space.forms import masked_titles

from ..space.test_forms import PRODUCTS

#: After these sounds a plural takes -es.
SIBILANTS = ("ch", "sh", "x", "ss")

#: Singulars; those in -s, and those in -e after a sibilant (axe), have plurals that letters alone do not tell.
SINGULARS = st.from_regex(r"[a-z]{3,10}", fullmatch=True).filter(
    lambda word: not re.search(r"[^s]s$|(ch|sh|x|ss)e$", word)
)


@given(SINGULARS)
def test_a_plural_has_the_stem_of_its_singular(singular: str) -> None:
    plural = singular + ("es" if singular.endswith(SIBILANTS) else "s")
    assert stem(plural) == stem(singular)


@given(st.from_regex(r"[a-z]{0,12}", fullmatch=True))
def test_a_stem_is_a_beginning_of_its_word(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(word) - len(stem(word)) <= 2


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("shirts", "shirt"), ("watches", "watch"), ("dresses", "dress"), ("boxes", "box"), ("brushes", "brush"),
        ("shoes", "shoe"), ("dress", "dress"), ("gas", "gas"), ("watch", "watch"),
    ],
)  # fmt: skip
def test_plurals_and_singulars_share_a_stem(plural, singular):
    assert stem(plural) == stem(singular) == singular


def test_words_are_lower_case_letters_and_digits():
    assert words_in("Nike Women's EM Tempo 3.5\" Short") == [
        "nike", "women", "s", "em", "tempo", "3", "5", "short",
    ]  # fmt: skip


def test_words_find_values_in_the_other_number_wherever_words_are_compared() -> None:
    assert named(["a watch"], {"articleType": "Watches"}) == {"articleType": "Watches"}
    product = PRODUCTS.iloc[:1].assign(productDisplayName="Acme Black Watch", articleType="Watches")
    assert masked_titles(product) == ["acme"]
