"""The tables of counts and shares, against plain pandas on the demo catalogue and by hand."""

import pandas as pd
import pytest

from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import DIMENSIONS, Listings, Selection, listings_of
from mpsr.insights.views.categories import PUBLISHED, Categories, categories
from mpsr.insights.views.leaders import Leaders, leaders
from mpsr.insights.views.over_time import over_time
from tests.insights.conftest import table_of


def types(listings: Listings) -> Leaders:
    return leaders(listings, "articleType")


def colours(listings: Listings) -> Leaders:
    return leaders(listings, "baseColour")


def three_categories(listings: Listings) -> Categories:
    return categories(listings, PUBLISHED)


def plain(products: pd.DataFrame, *columns: str) -> dict:
    """Counts by plain pandas, on the table as the catalogue holds it."""
    filled = (
        products[list(columns)].astype("object").where(products[list(columns)].notna(), MISSING).astype(str)
    )
    counted = filled.value_counts()
    return {tuple(key): int(count) for key, count in counted.items()}


@pytest.mark.parametrize("column", ["articleType", "baseColour"])
def test_top_values_by_season_are_plain_pandas_counts(demo, demo_products, column) -> None:
    found = leaders(demo, column)
    golden = plain(demo_products, "season", column)
    seasons = plain(demo_products, "season")
    for row in found.rows[found.rows["kind"] == "value"].itertuples():
        assert row.count == golden[row.season, getattr(row, column)]
    for season, rows in found.rows.groupby("season"):
        assert rows["count"].sum() == seasons[season,]
        assert rows["share"].sum() == pytest.approx(1)
        best = sorted(
            (n for key, n in golden.items() if key[0] == season and key[1] != MISSING), reverse=True
        )
        assert list(rows.loc[rows["kind"] == "value", "count"]) == best[: (rows["kind"] == "value").sum()]
        assert len(rows) <= 12
    assert found.scope.shown == found.rows["count"].sum() == len(demo_products) - seasons[MISSING,]
    assert "2 products without a season not shown" in found.scope.coverage


def test_seasons_stand_in_their_order(demo) -> None:
    for view in (types, colours, three_categories, categories):
        assert list(dict.fromkeys(view(demo).rows["season"])) == ["Spring", "Summer", "Fall", "Winter"]


def test_rarer_values_stand_together_and_missing_ones_apart() -> None:
    kinds = ["A"] * 4 + ["B"] * 3 + ["C", "D"] + [None] * 2
    listings = listings_of(table_of([{"season": "Fall", "articleType": kind} for kind in kinds]))
    rows = leaders(listings, "articleType", top=2).rows
    assert rows["articleType"].tolist() == ["A", "B", "other (2 types)", MISSING]
    assert rows["kind"].tolist() == ["value", "value", "other", "missing"]
    assert rows["count"].tolist() == [4, 3, 2, 2]
    assert rows["rank"].tolist()[:2] == [1, 2]
    assert rows["rank"].isna().tolist() == [False, False, True, True]


def test_one_value_too_many_needs_no_other() -> None:
    listings = listings_of(table_of([{"season": "Fall", "articleType": kind} for kind in "ABC"]))
    assert set(leaders(listings, "articleType", top=2).rows["kind"]) == {"value"}


def test_few_products_without_a_season_are_a_note_and_many_a_group() -> None:
    rows = [{"season": "Fall", "articleType": "A"}] * 199 + [{"articleType": "A"}]
    found = leaders(listings_of(table_of(rows)), "articleType")
    assert found.scope.shown == 199
    assert found.scope.coverage == "199 of 200 products shown. 1 product without a season not shown."
    found = leaders(listings_of(table_of(rows[150:])), "articleType")
    assert found.rows["season"].tolist() == ["Fall", MISSING]
    assert found.scope.coverage == "50 of 50 products shown."


def test_categories_are_the_papers_three_and_all_on_request(demo, demo_products) -> None:
    golden = plain(demo_products, "season", "masterCategory")
    three, every = categories(demo, PUBLISHED), categories(demo)
    assert set(three.rows["masterCategory"]) == {"Apparel", "Accessories", "Footwear"}
    for row in three.rows.itertuples():
        assert row.count == golden.get((row.season, row.masterCategory), 0)
    seasoned = {key: n for key, n in golden.items() if key[0] != MISSING}
    hidden = sum(n for key, n in seasoned.items() if key[1] not in {"Apparel", "Accessories", "Footwear"})
    assert three.scope.shown == sum(seasoned.values()) - hidden
    assert f"{hidden:,} products of other categories not shown" in three.scope.coverage
    assert every.scope.shown == sum(seasoned.values()) == 1498
    # the three's shares are of the whole season, so that nothing changes when the rest joins
    both = three.rows.merge(every.rows, on=["season", "masterCategory"], suffixes=("", "_all"))
    assert both["share"].tolist() == pytest.approx(both["share_all"].tolist())


def test_a_catalogue_without_the_papers_categories_shows_its_own() -> None:
    listings = listings_of(table_of([{"season": "Fall", "masterCategory": "Tools"}] * 3))
    assert categories(listings, PUBLISHED).rows["masterCategory"].tolist() == ["Tools"]


def test_shares_of_a_season_sum_to_one_and_keep_to_eight_hues() -> None:
    rows = [{"season": s, "masterCategory": f"c{n % 11}"} for s in ("Fall", "Spring") for n in range(60)]
    rows += [{"season": "Fall"}] * 5
    found = categories(listings_of(table_of(rows)))
    assert found.rows.groupby("season")["share"].sum().tolist() == pytest.approx([1, 1])
    assert found.rows["masterCategory"].nunique() == 8
    assert found.rows["masterCategory"].iloc[-2:].tolist() == ["other (5 categories)", MISSING]
    assert found.rows["count"].sum() == 125


def test_over_time_is_plain_pandas_in_true_order(demo, demo_products) -> None:
    golden = plain(demo_products, "year", "season", "articleType")
    found = over_time(demo, step="season", values=["Shirts", "Watches"])
    periods = list(dict.fromkeys(found.rows["period"]))
    order = {"Spring": 0, "Summer": 1, "Fall": 2, "Winter": 3}
    assert periods == sorted(periods, key=lambda p: (p.split()[1], order[p.split()[0]]))
    for row in found.rows.itertuples():
        season, year = row.period.split()
        assert row.count == golden.get((year, season, row.articleType), 0)
        assert row.low <= row.share + 1e-12
        assert row.share <= row.high + 1e-12
    by_year = over_time(demo)
    years = plain(demo_products, "year")
    assert dict(zip(by_year.rows["period"], by_year.rows["total"], strict=True)) == {
        k[0]: n for k, n in years.items()
    }
    assert by_year.rows["small"].tolist() == (by_year.rows["period_products"] < 100).tolist()
    assert by_year.rows["small"].any()


def test_products_without_a_year_are_left_out_of_time_and_said() -> None:
    rows = [{"year": "2012", "season": "Fall", "articleType": "A"}] * 3 + [
        {"season": "Fall", "articleType": "A"}
    ]
    found = over_time(listings_of(table_of(rows)))
    assert found.rows["count"].tolist() == [3]
    assert found.scope.coverage == "3 of 4 products shown. 1 product without a year not shown."


def test_sales_change_the_counts_and_the_words() -> None:
    rows = [{"season": "Fall", "articleType": kind} for kind in "AABC"]
    listings = listings_of(table_of(rows, sales=["1", "2", "40", None]), "sales")
    found = leaders(listings, "articleType")
    assert found.scope.unit == "sales"
    assert dict(zip(found.rows["articleType"], found.rows["count"], strict=True)) == {"B": 40, "A": 3, "C": 0}
    assert found.rows["products"].tolist() == [1, 2, 1]
    assert found.rows["share"].sum() == pytest.approx(1)
    assert "1 product of the catalogue without a number of sales counts as none" in found.scope.coverage


def test_nothing_sold_is_shares_of_nothing_and_no_error() -> None:
    rows = [{"season": "Fall", "year": "2012", "articleType": "A", "masterCategory": "Apparel"}]
    listings = listings_of(table_of(rows, sales=["0"]), "sales")
    for view in (types, colours, three_categories, categories, over_time):
        assert view(listings).rows["share"].tolist() == [0]


def test_a_selection_of_nothing_is_an_empty_table(demo) -> None:
    nothing = demo.select(Selection.of({column: ["no such"] for column in DIMENSIONS}))
    for view in (types, colours, three_categories, categories, over_time):
        found = view(nothing)
        assert found.empty
        assert found.scope.coverage.startswith("0 of 0 products shown, selected from 1,500")
