"""Conditions of every kind against plain pandas, and their one form in JSON and as they are typed."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.catalogue.coded import MISSING
from mpsr.errors import InputError
from mpsr.search.conditions import (
    Condition,
    combined,
    condition_of,
    number_text,
    range_of,
    range_text,
    where_as_json,
    where_of_json,
)
from mpsr.search.filters import Filters

LABELS = ["Red", "Blue", "Black", None]
PRICES = [5.0, 19.99, 20.0, 35.5, 50.0, 120.0, None]
STOCKS = [0, 1, 7, None]

numbers = st.floats(-1e6, 1e6, allow_nan=False)
texts = st.text(min_size=1, max_size=6)
ranges = st.tuples(st.none() | numbers, st.none() | numbers).map(
    lambda pair: pair if None in pair else tuple(sorted(pair))
)
conditions = st.builds(
    lambda one_of, none_of, limits, same: (one_of, none_of, *limits, same),
    st.none() | st.lists(texts, max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    ranges,
    st.booleans(),
).filter(lambda said: said != (None, (), None, None, False))


@st.composite
def shops(draw) -> pd.DataFrame:
    rows = draw(st.integers(1, 25))
    column = lambda values: [draw(st.sampled_from(values)) for _ in range(rows)]  # noqa: E731
    return pd.DataFrame(
        {
            "baseColour": pd.Series(column(LABELS), dtype="str"),
            "price": pd.array(column(PRICES), dtype="Float64"),
            "stock": pd.array(column(STOCKS), dtype="Int64"),
        }
    )


def plain(product: pd.Series, queries: pd.DataFrame, name: str, said: Condition) -> bool:
    """Whether one product passes, cell by cell."""

    def label(value: object) -> str:
        return MISSING if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)

    value = product[name]
    return (
        (said.one_of is None or label(value) in said.one_of)
        and label(value) not in said.none_of
        and (said.least is None or (not pd.isna(value) and value >= said.least))
        and (said.most is None or (not pd.isna(value) and value <= said.most))
        and (not said.same or label(value) in {label(one) for one in queries[name]})
    )


@st.composite
def asked(draw, products: pd.DataFrame, filters: Filters) -> dict[str, Condition]:
    where = {}
    for name in products:
        known = st.lists(st.sampled_from(filters.column(name).values), max_size=2).map(tuple)
        limits = draw(ranges) if name != "baseColour" and draw(st.booleans()) else (None, None)
        said = (draw(st.none() | known), draw(known), *limits, draw(st.booleans()))
        if said != (None, (), None, None, False):
            where[name] = Condition(*said)
    return where


@settings(max_examples=150, deadline=None)
@given(st.data(), shops())
def test_masks_counts_and_ranges_are_those_of_plain_pandas(data, products: pd.DataFrame) -> None:
    filters = Filters(products)
    where = data.draw(asked(products, filters))
    query = data.draw(st.lists(st.integers(0, len(products) - 1), min_size=1, max_size=3))
    queries = products.iloc[query]

    def passing(but: str = "") -> list[bool]:
        said = {name: one for name, one in where.items() if name != but}
        return [
            all(plain(product, queries, name, one) for name, one in said.items())
            for _, product in products.astype(object).iterrows()
        ]

    assert filters.mask(where, query).tolist() == passing()
    for name, counts in filters.counts(where, query).items():
        found = products[passing(name)][name]
        assert sum(counts.values()) == len(found)
        assert counts.get(MISSING, 0) == found.isna().sum()
    for name in ("price", "stock"):
        found, extent = products[passing(name)][name].dropna(), filters.ranges(where, query).get(name)
        assert (extent is None) == found.empty
        if extent is not None:
            assert (extent.least, extent.most, extent.products) == (found.min(), found.max(), len(found))


@given(
    st.dictionaries(
        texts, conditions.map(lambda said: Condition(*said)) | st.lists(texts, max_size=3), max_size=3
    )
)
def test_a_where_comes_back_from_json(where: dict) -> None:
    found = where_of_json(json.loads(json.dumps(where_as_json(where))))
    assert where_as_json(found) == where_as_json(where)
    assert {name: condition_of(said) for name, said in found.items()} == {
        name: condition_of(said) for name, said in where.items()
    }


@given(ranges.filter(lambda pair: pair != (None, None)))
def test_a_range_comes_back_from_what_is_typed(limits) -> None:
    assert range_of(range_text(Condition(least=limits[0], most=limits[1]))) == limits


@pytest.mark.parametrize("text", ["", "..", "20", "20-50", "a..b", "1..nan", "inf..", "20.. 30..40"])
def test_a_range_that_is_none_says_how_one_is_written(text: str) -> None:
    with pytest.raises(InputError, match=r"20\.\.50"):
        range_of(text)


def test_numbers_are_written_as_they_are_typed() -> None:
    assert [number_text(value) for value in (20.0, 19.99, -1.0, None)] == ["20", "19.99", "-1", ""]


def test_what_is_typed_for_a_column_is_one_condition() -> None:
    found = combined({"a": ["x"], "b": ["y"]}, {"b": ["z"]}, {"c": "1..2"}, ["c", "d"])
    assert found == {
        "a": ["x"],
        "b": Condition(("y",), ("z",)),
        "c": Condition(least=1, most=2, same=True),
        "d": Condition(same=True),
    }


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "says nothing"),
        ({"one_of": "Men"}, "list of texts"),
        ({"none_of": (1,)}, "list of texts"),
        ({"least": 5, "most": 4}, "smaller one first"),
        ({"least": math.nan}, "expected a number"),
    ],
)
def test_a_condition_that_cannot_be_says_so(said: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Condition(**said)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"price": {"form": 3}}, "has 'form'"),
        ({"price": {"from": "3"}}, "not of the expected type"),
        ({"price": {"same": 1}}, "not of the expected type"),
        ({"price": 3}, "list of texts, or an object"),
        ({"price": {}}, "says nothing"),
    ],
)
def test_json_that_is_no_condition_says_what_is(document: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        where_of_json(document)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"baseColour": Condition(least=1)}, "Columns of numbers: price"),
        ({"colour": Condition(same=True)}, "unknown column"),
        ({"baseColour": Condition(none_of=("Rde",))}, "Did you mean Red"),
        ({"baseColour": Condition(same=True)}, "has no product"),
    ],
)
def test_a_filter_that_does_not_fit_the_catalogue_says_so(where: dict, message: str) -> None:
    filters = Filters(pd.DataFrame({"baseColour": ["Red", "Blue"], "price": [1.0, 2.0]}))
    with pytest.raises(InputError, match=message):
        filters.mask(where)


def test_a_number_may_be_written_in_any_way() -> None:
    filters = Filters(pd.DataFrame({"price": [29.9, 30.0, None]}))
    assert filters.mask({"price": ["29.90"]}).tolist() == [True, False, False]
    assert filters.mask({"price": ["30", MISSING]}).tolist() == [False, True, True]
    assert filters.counts({"price": ["30.0"]})["price"]["30"] == 1
