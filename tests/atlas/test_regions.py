"""Regions: hills of density named after what they have more of; and the statistic that says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mpsr.atlas.over_representation import over_representation
from mpsr.atlas.regions import RegionSettings, basins, name_regions
from mpsr.catalogue.coded import MISSING, labelled

CENTRES = np.array([[-0.7, -0.7], [0.7, -0.6], [0.0, 0.7]])
TYPES = ("Shirts", "Watches", "Shirts")
COLOURS = ("Red", "Blue", "Blue")


@pytest.fixture
def islands() -> tuple[np.ndarray, pd.DataFrame]:
    """Three islands of 300, 200 and 100 products: red shirts, watches, blue shirts."""
    random = np.random.default_rng(5)
    which = np.repeat([0, 1, 2], [300, 200, 100])
    coordinates = (CENTRES[which] + random.normal(scale=0.03, size=(600, 2))).astype(np.float32)
    products = pd.DataFrame(
        {
            "articleType": np.array(TYPES)[which],
            "subCategory": "Things",
            "masterCategory": "All",
            "gender": "Men",
            "baseColour": np.array(COLOURS)[which],
            "usage": None,
            "season": "Fall",
            "productDisplayName": "A thing",
        }
    )
    return coordinates, products


def test_islands_are_regions_named_after_their_type_and_told_apart_by_colour(islands):
    coordinates, products = islands
    settings = RegionSettings()
    labels = basins(coordinates, settings)
    assert [int((labels == number).sum()) for number in range(3)] == [300, 200, 100]
    regions = name_regions(labels, coordinates, products, np.ones(600, bool), settings)
    assert [(region.label, region.detail) for region in regions] == [
        ("Shirts", "Red"), ("Watches", ""), ("Shirts", "Blue")
    ]  # fmt: skip
    for region, centre in zip(regions, CENTRES, strict=True):
        assert np.hypot(region.x - centre[0], region.y - centre[1]) < 0.05
        np.testing.assert_array_equal(coordinates[region.typical], np.float32([region.x, region.y]))


def test_the_typical_product_has_a_picture_where_one_has(islands):
    coordinates, products = islands
    settings = RegionSettings()
    pictured = np.zeros(600, bool)
    pictured[[17, 599]] = True
    regions = name_regions(basins(coordinates, settings), coordinates, products, pictured, settings)
    assert regions[0].typical == 17
    assert regions[2].typical == 599


def test_a_region_of_many_types_is_named_after_what_they_share(islands):
    coordinates, products = islands
    products["articleType"] = [f"Type {number % 40}" for number in range(600)]
    settings = RegionSettings()
    regions = name_regions(basins(coordinates, settings), coordinates, products, np.ones(600, bool), settings)
    assert {region.label for region in regions} == {"Things"}


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_products_make_no_region(count):
    coordinates = np.zeros((count, 2), np.float32)
    assert (basins(coordinates, RegionSettings()) == -1).all()


def test_products_off_the_map_are_in_no_region(islands):
    coordinates, _ = islands
    coordinates[:7] = np.nan
    labels = basins(coordinates, RegionSettings())
    assert (labels[:7] == -1).all()
    assert (labels[7:] >= 0).all()


def test_shares_and_lift_by_hand():
    values = labelled(pd.Series(["a"] * 6 + ["b"] * 3 + [None]))
    chosen = np.array([True] * 2 + [False] * 4 + [True] * 2 + [False] * 2)
    table = over_representation(values, chosen).set_index("value")
    assert table.loc["b", "inside"] == 2
    assert table.loc["b", "share"] == pytest.approx(0.5)
    assert table.loc["b", "lift"] == pytest.approx(0.5 / 0.3)
    assert table.loc[MISSING, ["inside", "all"]].tolist() == [0, 1]
    assert table.index[0] == "b"


def test_z_is_the_papers_formula_by_hand():
    """Three values, counts inside 8, 1, 1 and outside 10, 40, 40; prior 3 × share."""
    values = labelled(pd.Series(["a"] * 18 + ["b"] * 41 + ["c"] * 41))
    chosen = np.zeros(100, bool)
    chosen[[*range(8), 18, 59]] = True
    one, rest, other, other_rest = 8 + 0.54, 2 + 2.46, 10 + 0.54, 80 + 2.46
    expected = (np.log(one / rest) - np.log(other / other_rest)) / np.sqrt(1 / one + 1 / other)
    table = over_representation(values, chosen)
    assert table["value"].iat[0] == "a"
    assert table["z"].iat[0] == pytest.approx(expected)


def test_one_value_for_all_is_over_represented_nowhere():
    table = over_representation(labelled(pd.Series(["a"] * 5)), np.array([True, True, False, False, False]))
    assert table["z"].tolist() == [0.0]


def test_nothing_chosen_has_shares_of_zero():
    table = over_representation(labelled(pd.Series(["a", "b"])), np.zeros(2, bool))
    assert table["share"].tolist() == [0.0, 0.0]


def test_regions_of_one_name_and_detail_are_told_apart_by_colour_print_or_brand():
    """Four islands of men's T-shirts: a colour, a print in the names, a brand in the names, and nothing of its own."""
    random = np.random.default_rng(3)
    centres = np.array([[-0.7, -0.7], [0.7, -0.6], [-0.6, 0.7], [0.7, 0.7]])
    which = np.repeat(range(5), [220, 200, 180, 160, 240])
    centres = np.vstack([centres, [0.0, 0.0]])
    brands = np.array(["Alder", "Birch", "Cedar"])[random.integers(3, size=1000)]
    brands[which == 2] = "Delta"
    prints = np.where(which == 1, "Striped", np.array(["Plain", "Printed"])[random.integers(2, size=1000)])
    colours = np.where(which == 0, "Black", np.array(["Red", "Blue", "Green"])[random.integers(3, size=1000)])
    products = pd.DataFrame(
        {
            "articleType": np.where(which == 4, "Watches", "Tshirts"),
            "subCategory": "Things",
            "masterCategory": "All",
            "gender": "Men",
            "baseColour": colours,
            "usage": "Casual",
            "season": "Fall",
            "productDisplayName": [f"{b} Men {p} T-shirt" for b, p in zip(brands, prints, strict=True)],
        }
    )
    coordinates = (centres[which] + random.normal(scale=0.03, size=(1000, 2))).astype(np.float32)
    settings = RegionSettings()
    regions = name_regions(
        basins(coordinates, settings), coordinates, products, np.ones(1000, bool), settings
    )
    told = {region.size: (region.label, region.detail) for region in regions}
    assert told[220] == ("Tshirts", "Black")
    assert told[200] == ("Tshirts", "Striped")
    assert told[180] == ("Tshirts", "Delta")
    assert told[160][0] == "Tshirts"
    assert told[240] == ("Watches", "")
    assert len(set(told.values())) == 5
