"""Filters and their counts against plain pandas."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.catalogue.coded import MISSING
from mpsr.errors import InputError
from mpsr.search.filters import Filters

COLUMNS = {
    "gender": ["Men", "Women", None],
    "articleType": ["Shirts", "Watches", "Bags", ""],
    "baseColour": ["Red", "Blue"],
}


def table(rows: int, chance) -> pd.DataFrame:
    products = pd.DataFrame(
        {name: [chance.choice(values) for _ in range(rows)] for name, values in COLUMNS.items()}
    )
    products["year"] = pd.array([chance.choice([2011, 2012, None]) for _ in range(rows)], dtype="Int64")
    return products.assign(id=[str(n) for n in range(rows)], productDisplayName="x")


def as_text(products: pd.DataFrame, name: str) -> list[str]:
    return [MISSING if pd.isna(value) or value == "" else str(value) for value in products[name]]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_masks_and_counts_are_those_of_a_plain_loop(rows: int, chance) -> None:
    products = table(rows, chance)
    filters = Filters(products)
    text = {name: as_text(products, name) for name in (*COLUMNS, "year")}
    where = {
        name: chance.sample(sorted(set(text[name])), chance.randint(1, len(set(text[name]))))
        for name in text
        if chance.random() < 0.5
    }

    def passes(row: int, names) -> bool:
        return all(text[name][row] in where[name] for name in names)

    assert filters.mask(where).tolist() == [passes(row, where) for row in range(rows)]
    counts = filters.counts(where)
    for name, found in counts.items():
        others = [other for other in where if other != name]
        plain = [text[name][row] for row in range(rows) if passes(row, others)]
        expected = {value: plain.count(value) for value in {*plain, *where.get(name, [])}}
        assert found == expected
        assert list(found.values()) == sorted(found.values(), reverse=True)
    assert set(where) <= set(counts)


def test_products_without_a_value_are_counted_and_can_be_asked_for() -> None:
    filters = Filters(pd.DataFrame({"gender": ["Men", None, "", "Men"], "season": [None] * 4}))
    assert filters.counts({})["gender"] == {"Men": 2, MISSING: 2}
    assert filters.mask({"gender": [MISSING]}).tolist() == [False, True, True, False]
    assert filters.counts({"season": [MISSING]})["season"] == {MISSING: 4}


def test_a_column_in_which_nothing_repeats_is_not_counted_but_can_be_asked() -> None:
    filters = Filters(pd.DataFrame({"gender": ["Men", "Women"] * 3, "story": list("abcdef")}))
    assert list(filters.counts({})) == ["gender"]
    assert filters.mask({"story": ["c"]}).sum() == 1
    assert filters.counts({"story": ["c"]})["gender"] == {"Men": 1}


def test_a_column_of_one_value_is_not_counted_but_can_be_asked() -> None:
    filters = Filters(
        pd.DataFrame({"gender": ["Men", "Women"] * 3, "vendor": ["Acme"] * 6, "tags": [None] * 6})
    )
    assert list(filters.counts({})) == ["gender"]
    assert filters.counts({"vendor": ["Acme"]})["vendor"] == {"Acme": 6}


@pytest.mark.parametrize(
    ("where", "message"),
    [({"colour": ["Red"]}, "unknown column 'colour'"), ({"gender": ["Mne"]}, "Did you mean Men")],
)
def test_wrong_filters_say_what_there_is(where: dict, message: str) -> None:
    filters = Filters(pd.DataFrame({"gender": ["Men", "Women"], "baseColour": ["Red", "Blue"]}))
    for ask in (filters.mask, filters.counts):
        with pytest.raises(InputError, match=message):
            ask(where)
