"""Complete the look, on a planted catalogue where the right pieces are known."""

from __future__ import annotations

import pandas as pd
import pytest

from mpsr.assortment.harmony import relation
from mpsr.assortment.look import complete_look, price_tiers
from mpsr.errors import InputError

COLUMNS = (
    "id",
    "gender",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "usage",
    "productDisplayName",
    "year",
)
ROWS = [
    ("1", "Men", "Topwear", "Shirts", "Blue", "Summer", "Casual", "Blue Shirt", 2012),
    ("2", "Men", "Bottomwear", "Jeans", "Orange", "Summer", "Casual", "Orange Jeans", 2012),  # opposite hue
    ("3", "Men", "Bottomwear", "Jeans", "Black", "Summer", "Casual", "Old Black Jeans", 2009),
    ("4", "Men", "Bottomwear", "Jeans", "Black", "Summer", "Casual", "Black Jeans", 2013),  # the right one
    ("5", "Women", "Bottomwear", "Jeans", "Black", "Summer", "Casual", "Her Jeans", 2012),  # gender
    ("6", "Men", "Bottomwear", "Jeans", "Black", "Winter", "Casual", "Winter Jeans", 2012),  # season
    ("7", "Men", "Bottomwear", "Jeans", "Black", "Summer", "Formal", "Formal Jeans", 2012),  # usage
    (
        "8",
        "Unisex",
        "Shoes",
        "Shoes",
        "Orange",
        "Summer",
        "Casual",
        "Orange Shoes",
        2012,
    ),  # goes with blue and black
    ("9", "Men", "Bags", "Bags", "Green", "Summer", "Casual", "Green Bag", 2012),  # goes with no orange
    ("10", "Men", "Watches", "Watches", "White", "Winter", "Casual", "Watch", 2012),
    (
        "11",
        "Men",
        "Topwear",
        "Shirts",
        "White",
        "Summer",
        "Casual",
        "White Shirt",
        2012,
    ),  # the product's own role
    ("12", "Women", "Innerwear", "Bra", "White", "Summer", "Casual", "Bra", 2012),
    (
        "13",
        "Men",
        "Headwear",
        "Caps",
        "White",
        "Summer",
        "Casual",
        "Blue Shirt",
        2012,
    ),  # the product's own name
]


@pytest.fixture
def planted() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=list(COLUMNS)).astype({"year": "Int64"})


def test_the_pieces_are_the_planted_ones(planted):
    look = complete_look(planted, "1")
    assert list(zip(look.pieces["role"], look.pieces["id"], look.pieces["colours"], strict=True)) == [
        ("bottom", "4", "neutral"),
        ("shoes", "8", "opposite hue"),
    ]
    assert "price" not in look.pieces
    assert "Price is not compared: the catalogue has no prices." in look.rules


def test_an_empty_role_says_which_rule_left_it_empty(planted):
    missing = complete_look(planted, "1").missing.set_index("role")["reason"]
    assert missing["bag"] == "none of the 1 that satisfy the other rules goes with the colours"
    assert missing["watch"] == "none of 1 satisfies gender, usage, season and price"
    assert missing["belt"] == "the catalogue has no product of this role"
    assert "headwear" in missing, "a name is never repeated"
    assert "top" not in missing
    assert "one piece" not in missing


def test_prices_are_compared_by_the_third_of_their_article_type(planted):
    planted["price"] = [30.0, 25.0, 10.0, 20.0, 15.0, 12.0, 30.0, 80.0, 10.0, 10.0, 10.0, 10.0, 10.0]
    assert price_tiers(planted)[:4].tolist() == ["high", "high", "low", "middle"]
    look = complete_look(planted, "1")
    assert look.pieces["id"].tolist() == ["2", "8"]
    assert look.pieces["price_tier"].tolist() == ["high", "high"]
    assert look.pieces["price"].tolist() == [25.0, 80.0]


def test_a_missing_value_of_the_product_drops_the_rule_in_words(planted):
    planted.loc[0, "season"] = None
    planted.loc[0, "gender"] = None
    look = complete_look(planted, "1")
    assert "Season is not compared: the product states none." in look.rules
    assert "Gender is not compared: the product states none." in look.rules
    assert "5" in look.pieces["id"].tolist(), "year 2012 is nearer than 2013"


@pytest.mark.parametrize(
    ("product", "said"),
    [("99", "not in the catalogue"), ("12", "no role in a look"), ("", "not in the catalogue")],
)
def test_errors_say_what_came(planted, product, said):
    with pytest.raises(InputError, match=said):
        complete_look(planted, product)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Black", "Red", "neutral"),
        ("red", "RED", "same hue"),
        ("Blue", "Orange", "opposite hue"),
        ("Blue", "Turquoise Blue", "neighbouring hue"),
        ("Red", "Green", None),
        ("Multi", "Multi", None),
        ("Multi", "White", "neutral"),
        (None, "White", None),
        ("NA", "Red", None),
    ],
)
def test_relations_of_colours(one, other, expected):
    assert relation(one, other) == expected
    assert relation(other, one) == expected
