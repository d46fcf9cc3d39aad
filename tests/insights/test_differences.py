"""Biggest changes, and what sets a selection apart."""

import pytest

from mpsr.errors import InputError
from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.statistics import difference_interval, simultaneous_z
from mpsr.insights.views.differences import apart, changes, default_periods
from tests.insights.conftest import table_of
from tests.insights.test_counts import plain


def shop(**years: dict[str, int]) -> list[dict[str, str]]:
    return [
        {"year": year.removeprefix("y"), "articleType": kind}
        for year, kinds in years.items()
        for kind, count in kinds.items()
        for _ in range(count)
    ]


def test_a_change_and_its_interval() -> None:
    rows = shop(y2011={"A": 80, "B": 100, "C": 20}, y2012={"A": 10, "B": 33, "C": 7}, y2013={"A": 9})
    found = changes(listings_of(table_of(rows)), "articleType", "year", "2011", "2012")
    by = found.rows.set_index("articleType")
    assert by.loc["A", ["count_before", "count_after"]].tolist() == [80, 10]
    assert by.loc["A", "share_before"] == pytest.approx(80 / 200)
    assert by.loc["A", "difference"] == pytest.approx(10 / 50 - 80 / 200)
    low, high = difference_interval(80 / 200, 200, 10 / 50, 50, simultaneous_z(3))
    assert by.loc["A", ["low", "high"]].tolist() == pytest.approx([float(low), float(high)])
    assert by["clear"].to_dict() == {"A": True, "B": False, "C": False}
    assert len(found.rows) == 3
    assert found.clear["articleType"].tolist() == ["A"]
    assert found.scope.shown == 250
    assert "9 products of other years not part of it" in found.scope.coverage


def test_the_same_shares_are_no_news() -> None:
    rows = shop(y2011={"A": 50, "B": 50}, y2012={"A": 100, "B": 100})
    found = changes(listings_of(table_of(rows)), "articleType", "year", "2011", "2012")
    assert not found.rows["clear"].any()
    assert found.rows["difference"].tolist() == [0, 0]
    assert found.clear.empty


def test_shares_are_plain_pandas_ones(demo, demo_products) -> None:
    golden = plain(demo_products, "season", "baseColour")
    totals = plain(demo_products, "season")
    found = changes(demo, "baseColour", "season", "Summer", "Winter")
    for row in found.rows.itertuples():
        assert row.share_before == pytest.approx(
            golden.get(("Summer", row.baseColour), 0) / totals["Summer",]
        )
        assert row.share_after == pytest.approx(golden.get(("Winter", row.baseColour), 0) / totals["Winter",])
        assert row.low <= row.difference <= row.high
    assert found.rows["difference"].abs().is_monotonic_decreasing
    assert found.rows["difference"].sum() == pytest.approx(0, abs=1e-12)


def test_drawn_are_the_clear_ones_growth_first(demo) -> None:
    drawn = changes(demo, "articleType", "season", "Summer", "Winter").drawn(True, top=6)
    assert 0 < len(drawn) <= 6
    assert drawn["clear"].all()
    assert drawn["difference"].is_monotonic_decreasing


def test_drawn_of_counts_are_the_largest_changes_of_counts() -> None:
    rows = shop(y2011={"A": 80, "B": 100, "C": 20, "D": 5}, y2012={"A": 10, "B": 133, "C": 20, "D": 9})
    found = changes(listings_of(table_of(rows)), "articleType", "year", "2011", "2012")
    assert found.drawn(False, top=2)["articleType"].tolist() == ["B", "A"]
    assert found.drawn(False)["change"].tolist() == [33, 4, -70]
    assert (found.count_before, found.count_after) == (205, 172)


def test_the_two_largest_periods_are_compared_by_default() -> None:
    rows = shop(y2010={"A": 120}, y2011={"A": 150}, y2012={"A": 100}, y2013={"A": 3})
    assert default_periods(listings_of(table_of(rows)), "year") == ("2010", "2011")
    later = listings_of(table_of(shop(y2010={"A": 2}, y2011={"A": 1}, y2012={"A": 5})))
    assert default_periods(later, "year") == ("2010", "2012")
    assert default_periods(later, "season") is None


def test_a_group_without_products_moves_nothing(demo) -> None:
    found = changes(demo, "articleType", "year", "2012", "1999")
    assert found.empty
    assert found.scope.shown == 0


def test_a_year_is_not_compared_with_itself(demo) -> None:
    with pytest.raises(InputError, match="two different years"):
        changes(demo, "articleType", "year", "2012", "2012")


def test_a_selection_against_the_rest(demo, demo_products) -> None:
    watches = demo_products.loc[demo_products["articleType"] == "Watches", "id"]
    found = apart(demo, Selection.of({}, watches, "watches"), "articleType")
    first = found.rows.iloc[0]
    assert first["articleType"] == "Watches"
    assert (first["share_before"], first["share_after"]) == (0, 1)
    assert first["count_after"] == len(watches)
    assert found.count_before == 1500 - len(watches)
    assert found.scope.shown == 1500


def test_the_whole_catalogue_is_not_apart(demo) -> None:
    assert apart(demo, Selection.of({}), "articleType").empty
