"""What "not" and "without" make of a query."""

import pytest

from mpsr.search.negation import split_negated, understood
from mpsr.types import LESS, Part, Query


@pytest.mark.parametrize(
    ("words", "wanted", "less"),
    [
        ("red dress without sleeves", "red dress", ["sleeves"]),
        ("not black shoes", "shoes", ["black"]),
        ("Shoes NOT in red or blue, men", "Shoes , men", ["red", "blue"]),
        ("t-shirt without a v-neck", "t-shirt", ["v-neck"]),
        ("robe not कपास", "robe", ["कपास"]),
        ("not red", "not red", []),  # nothing would be left to look for
        ("knot notebook", "knot notebook", []),
        ("shoes not", "shoes not", []),
    ],
)
def test_the_next_word_is_wanted_less(words, wanted, less) -> None:
    assert split_negated(words) == (wanted, less)


def test_a_query_gets_a_part_of_each_word_wanted_less() -> None:
    query = Query((Part(product="1"), Part(words="shirt not red", weight=2)))
    expected = Query((Part(product="1"), Part(words="shirt", weight=2), Part(words="red", weight=2 * LESS)))
    assert understood(query, lambda words: False) == expected
    assert understood(query, lambda words: words == "shirt not red") == query  # a product is named so
