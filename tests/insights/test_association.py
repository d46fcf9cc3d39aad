"""Types and genders, and the combinations that are thin."""

import numpy as np
import pytest

from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.statistics import association, simultaneous_z
from mpsr.insights.views.gender import type_by_gender
from mpsr.insights.views.under_represented import under_represented
from tests.insights.conftest import table_of
from tests.insights.test_counts import plain


def test_the_heat_map_is_plain_pandas_counts(demo, demo_products) -> None:
    found = type_by_gender(demo)
    golden = plain(demo_products, "articleType", "gender")
    for row in found.rows.itertuples():
        assert row.count == golden.get((row.articleType, row.gender), 0)
    assert found.rows.groupby("articleType")["share"].sum().tolist() == pytest.approx([1] * 20)
    assert found.rows["articleType"].nunique() == 20
    assert found.types == demo_products["articleType"].nunique()
    assert "types of fewer listings not drawn" in found.scope.coverage


def test_the_association_is_of_all_types(demo, demo_products) -> None:
    golden = plain(demo_products, "articleType", "gender")
    kinds, genders = ({key[n] for key in golden} for n in (0, 1))
    whole = association([[golden.get((k, g), 0) for g in sorted(genders)] for k in sorted(kinds)])
    assert type_by_gender(demo).v == pytest.approx(whole.v)
    assert type_by_gender(demo, rows=3).chi2 == pytest.approx(whole.chi2)


def test_missing_genders_are_the_last_column() -> None:
    rows = [{"articleType": "A", "gender": g} for g in (None, None, None, "Men", "Women", "Women")]
    found = type_by_gender(listings_of(table_of(rows)))
    assert found.rows["gender"].tolist() == ["Women", "Men", MISSING]
    assert np.isnan(found.v)


def striped_shop(hole: int, size: int = 40) -> list[dict[str, str]]:
    """Four types in four colours, ``size`` of each, but of one combination only ``hole``."""
    return [
        {"gender": "Men", "masterCategory": "Apparel", "articleType": kind, "baseColour": colour}
        for kind in "ABCD"
        for colour in ("Red", "Blue", "Green", "Black")
        for _ in range(hole if (kind, colour) == ("A", "Red") else size)
    ]


def test_a_planted_gap_is_the_only_one_found() -> None:
    found = under_represented(listings_of(table_of(striped_shop(hole=2))))
    assert found.rows[["articleType", "baseColour"]].to_numpy().tolist() == [["A", "Red"]]
    row = found.rows.iloc[0]
    total, kind, colour = 602, 122, 122
    assert row["expected"] == pytest.approx(kind * colour / total)
    assert row["shortfall"] == pytest.approx(kind * colour / total - 2)
    e = kind * colour / total
    assert row["residual"] == pytest.approx((2 - e) / np.sqrt(e * (1 - kind / total) * (1 - colour / total)))
    assert found.compared == 16
    assert found.z == pytest.approx(simultaneous_z(16))
    assert row["residual"] < -found.z


def test_an_even_shop_has_no_gaps() -> None:
    found = under_represented(listings_of(table_of(striped_shop(hole=40))))
    assert found.empty
    assert found.compared == 16


def test_combinations_that_do_not_exist_at_all_are_found() -> None:
    found = under_represented(listings_of(table_of(striped_shop(hole=0))))
    assert found.rows["count"].tolist() == [0]


def test_few_products_are_not_news_and_missing_values_no_combination() -> None:
    assert under_represented(listings_of(table_of(striped_shop(hole=0, size=2)))).compared == 0
    rows = striped_shop(hole=40)
    for row in rows:
        if row["baseColour"] == "Red":
            del row["baseColour"]
    assert under_represented(listings_of(table_of(rows))).compared == 12


def test_nobody_is_told_that_men_lack_what_only_women_wear() -> None:
    rows = striped_shop(hole=40)
    rows += [{**row, "gender": "Women", "articleType": f"W{row['articleType']}"} for row in rows]
    assert under_represented(listings_of(table_of(rows))).empty


def test_gaps_of_the_demo_lie_within_a_selection_too(demo) -> None:
    selection = Selection.of({"gender": ["Women"]})
    assert set(under_represented(demo.select(selection)).rows["gender"]) <= {"Women"}


def test_weights_that_are_all_the_same_change_no_residual(demo_products) -> None:
    one, ten = demo_products.assign(sales="1"), demo_products.assign(sales="10")
    first, second = (type_by_gender(listings_of(table, "sales")) for table in (one, ten))
    assert first.rows["residual"].tolist() == pytest.approx(second.rows["residual"].tolist())
    assert first.v == pytest.approx(second.v)
    assert (first.rows["expected"] * 10).tolist() == pytest.approx(second.rows["expected"].tolist())
    one_gap, ten_gap = (under_represented(listings_of(table, "sales")) for table in (one, ten))
    assert one_gap.rows["residual"].tolist() == pytest.approx(ten_gap.rows["residual"].tolist())
