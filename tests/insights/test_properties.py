"""What holds for every catalogue: shares sum to one, weights of 1 are counts, filters commute."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.insights.listings import DIMENSIONS, Selection, listings_of
from mpsr.insights.views.categories import categories
from mpsr.insights.views.differences import apart, changes
from mpsr.insights.views.gender import type_by_gender
from mpsr.insights.views.leaders import leaders
from mpsr.insights.views.over_time import over_time
from mpsr.insights.views.under_represented import under_represented
from tests.insights.conftest import table_of

VIEWS = {
    "types": lambda listings: leaders(listings, "articleType"),
    "colours": lambda listings: leaders(listings, "baseColour"),
    "categories": categories,
    "years": over_time,
    "seasons": lambda listings: over_time(listings, "baseColour", step="season"),
    "gender": type_by_gender,
    "under-represented": lambda listings: under_represented(listings, least=1),
    "changes": lambda listings: changes(listings, "articleType", "season", "Summer", "Fall"),
}

VALUES = {
    "season": ["Spring", "Summer", "Fall", "Winter", "Autumn", "<b>SS</b>", None],
    "year": ["2011", "2012", "2013", None],
    "gender": ["Men", "Women", "Unisex", None],
    "masterCategory": ["Apparel", "Footwear", "$x$", *(f"c{n}" for n in range(9)), None],
    "subCategory": ["Topwear", None],
    "articleType": [*(f"type {n}" for n in range(14)), None],
    "usage": ["Casual", None],
    "baseColour": ["Red", "Blue", "Multi", "[x](y)", None],
}
ROWS = st.lists(st.fixed_dictionaries({c: st.sampled_from(v) for c, v in VALUES.items()}), max_size=60)
FILTER = st.sampled_from(DIMENSIONS).flatmap(
    lambda column: st.tuples(
        st.just(column), st.lists(st.sampled_from([v for v in VALUES[column] if v]), min_size=1)
    )
)


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_totals_and_shares(rows: list[dict]) -> None:
    listings = listings_of(table_of(rows))
    for name in ("types", "colours", "categories"):
        found = VIEWS[name](listings)
        assert found.rows["products"].sum() == found.scope.shown == found.rows["count"].sum()
        assert found.rows.groupby("season")["share"].sum().tolist() == pytest.approx(
            [1] * found.rows["season"].nunique()
        )
    heat = type_by_gender(listings)
    assert heat.rows["count"].sum() == heat.scope.shown == len(rows)
    assert heat.rows["expected"].sum() == pytest.approx(len(rows))


@settings(max_examples=8, deadline=None)
@given(ROWS)
def test_weights_of_one_are_counts(rows: list[dict]) -> None:
    products = table_of(rows, sales=["1"] * len(rows))
    for name, view in VIEWS.items():
        plain, weighted = view(listings_of(products)), view(listings_of(products, "sales"))
        pd.testing.assert_frame_equal(plain.rows, weighted.rows, obj=name)
        assert (plain.scope.shown, plain.scope.unit, weighted.scope.unit) == (
            weighted.scope.shown,
            "listings",
            "sales",
        )


@settings(max_examples=8, deadline=None)
@given(ROWS, FILTER, FILTER)
def test_filters_commute(rows: list[dict], one: tuple, two: tuple) -> None:
    listings = listings_of(table_of(rows))
    first, second = Selection.of(dict([one])), Selection.of(dict([two]))
    ways = [listings.select(first).select(second), listings.select(second).select(first)]
    if one[0] != two[0]:
        ways.append(listings.select(Selection.of(dict([one, two]))))
    for name, view in VIEWS.items():
        tables = [view(way) for way in ways]
        for table in tables[1:]:
            pd.testing.assert_frame_equal(tables[0].rows, table.rows, obj=name)
            assert tables[0].scope.coverage == table.scope.coverage


@settings(max_examples=8, deadline=None)
@given(ROWS)
def test_a_filter_keeps_its_own_products_and_nothing_else(rows: list[dict]) -> None:
    products = table_of(rows)
    kept = listings_of(products).select(Selection.of({"season": ["Summer"], "gender": ["Men", "Women"]}))
    expected = products[(products["season"] == "Summer") & products["gender"].isin(["Men", "Women"])]
    assert list(kept.ids) == expected["id"].tolist()


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_selection_is_an_empty_table(name: str, demo) -> None:
    found = VIEWS[name](demo.select(Selection.of({"year": ["1066"]})))
    assert found.empty
    assert found.scope.shown == 0


def test_an_empty_selection_is_apart_from_nothing(demo) -> None:
    assert apart(demo, Selection.of({}, []), "articleType").empty
