"""Words as words, against the formulas written out one product at a time."""

import math

import numpy as np
import pytest

from mpsr.search.lexical import POWER, LexicalIndex
from mpsr.search.tokens import tokens

NAMES = [
    "Nike Women Red Running Shoes", "Nike Men Red Running Shoes", "Puma Women Red Shoes", "Striped Shirt",
    "Stripes Shirt Long", "Sony MX-2000 Camera", "Sony MX-2001 Camera", "レディース白スニーカー", "काला जूता",
    "केला", "Größe 42 Hose", "", "Women's Dress",
]  # fmt: skip
TEXTS = [f"{name} Footwear" if "Shoes" in name else name for name in NAMES]
INDEX = LexicalIndex(TEXTS, NAMES)


def plain(text: str, row: int) -> float:
    """The formula of ``mpsr.search.lexical``, for words that are spelt right."""
    products = [set(tokens(one)) for one in TEXTS]

    def rarity(word: str) -> float:
        return math.log((1 + len(TEXTS)) / (1 + sum(word in words for words in products))) + 1

    asked, name = set(tokens(text)), set(tokens(NAMES[row]))
    coverage = sum(map(rarity, asked & products[row])) / sum(map(rarity, asked))
    norms = [math.sqrt(sum(rarity(word) ** 2 for word in words)) for words in (asked, name)]
    cosine = sum(rarity(word) ** 2 for word in asked & name) / (norms[0] * norms[1]) if name else 0.0
    return (coverage + cosine**POWER) / 2


@pytest.mark.parametrize(
    "text",
    ["nike red running shoes women", "shoes", "Shirt striped striped", "footwear zxqv", "काला", "白スニ"],
)
def test_scores_follow_the_formula_and_their_parts_add_up(text: str) -> None:
    expected = [plain(text, row) for row in range(len(TEXTS))]
    np.testing.assert_allclose(INDEX.scores(text), expected, atol=1e-6)
    rows = np.arange(len(TEXTS))
    np.testing.assert_allclose(INDEX.between([text], rows)[0], expected, atol=1e-6)
    for row in rows:
        assert sum(part for _, part in INDEX.parts(text, row)) == pytest.approx(expected[row], abs=1e-6)


@pytest.mark.parametrize("row", [row for row, name in enumerate(NAMES) if name])
def test_a_name_typed_in_full_finds_its_product_first(row: int) -> None:
    scores = INDEX.scores(NAMES[row])
    assert int(np.argmax(scores)) == row
    assert scores[row] == pytest.approx(1)
    assert np.sum(scores > 0.999) == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("stripd", "Striped Shirt"),
        ("runing nkie", "Nike Women Red Running Shoes"),  # a letter short, and two swapped
        ("スニーカー", "レディース白スニーカー"),
        ("GRÖSSE", "Größe 42 Hose"),
        ("gro\u0308ße", "Größe 42 Hose"),  # decomposed
        ("womens dress", "Women's Dress"),
        ("mx-2001", "Sony MX-2001 Camera"),
    ],
)
def test_what_is_typed_otherwise_is_found(typed: str, found: str) -> None:
    assert NAMES[int(np.argmax(INDEX.scores(typed)))] == found


def test_a_misspelling_counts_less_than_the_word() -> None:
    assert 0 < INDEX.scores("stripd")[3] < INDEX.scores("striped")[3]


def test_a_brand_counts_more_than_a_word_as_rare() -> None:
    """Names begin with it: of two products that each lack one of the words, the brand's comes first."""
    names = [f"Nike Shoe {n}" for n in range(8)] + [f"Spalding Running Shoe {n}" for n in range(8)]
    names += [f"Adidas Shoe {n}" for n in range(8)]
    index = LexicalIndex(names, names)
    scores = index.scores("nike running shoe")
    assert scores[:8].min() > scores[8:].max()
    assert sum(part for _, part in index.parts("nike running shoe", 0)) == pytest.approx(scores[0], abs=1e-6)


@pytest.mark.parametrize("typed", ["zxqv", "tripes", "mx-2009", "ab", "for the", "!!"])
def test_what_no_product_has_is_not_made_up(typed: str) -> None:
    best = INDEX.scores(typed)
    assert best.max() < 0.4
    assert [word for word in INDEX.query_words(typed) if word.typed == "2009" and word.column >= 0] == []


def test_signs_that_differ_in_a_vowel_are_other_words() -> None:
    assert INDEX.scores("केला")[8] == 0


def test_no_products_and_no_words() -> None:
    assert LexicalIndex([], []).scores("red").shape == (0,)
    assert LexicalIndex(["", ""], ["", ""]).scores("red").tolist() == [0, 0]
