"""What is counted: categories, selections, weights."""

import pytest

from mpsr.catalogue.coded import MISSING
from mpsr.errors import InputError
from mpsr.insights.listings import Selection, listings_of, weight_columns
from tests.insights.conftest import table_of

ROWS = [
    {"season": "Summer", "year": "2012", "gender": "Men", "articleType": "Shirts"},
    {"season": "Fall", "year": "2009", "gender": "Women", "articleType": "Shirts"},
    {"season": "Spring", "year": "2012", "gender": "Men", "articleType": "Watches"},
    {"gender": "Men", "articleType": "Shirts", "year": "2010"},
]


def test_seasons_and_years_are_in_their_natural_order_with_the_missing_last() -> None:
    listings = listings_of(table_of(ROWS))
    assert list(listings.frame["season"].cat.categories) == ["Spring", "Summer", "Fall", MISSING]
    assert list(listings.frame["year"].cat.categories) == ["2009", "2010", "2012"]


def test_values_come_by_frequency() -> None:
    listings = listings_of(table_of(ROWS))
    assert listings.values("articleType") == ["Shirts", "Watches"]
    assert listings.values("season")[-1] == MISSING
    assert listings.values("usage") == [MISSING]


def test_a_column_the_table_lacks_is_missing_throughout() -> None:
    listings = listings_of(table_of(ROWS).drop(columns="usage"))
    assert listings.values("usage") == [MISSING]


def test_columns_of_a_selection_must_all_hold_and_its_values_are_alternatives() -> None:
    listings = listings_of(table_of(ROWS))

    def ids(where, only=None):
        return list(listings.select(Selection.of(where, only)).ids)

    assert ids({"gender": ["Men"]}) == ["100", "102", "103"]
    assert ids({"gender": ["Men"], "season": ["Summer", "Spring"]}) == ["100", "102"]
    assert ids({"season": [MISSING]}) == ["103"]
    assert ids({"gender": ["Men"]}, ["103", "101", "no such"]) == ["103"]
    assert ids({"gender": ["no such"]}) == []
    assert ids({}, []) == []
    assert ids({"gender": []}) == ["100", "101", "102", "103"]


def test_a_selection_says_what_it_is() -> None:
    assert Selection.of({}).words() == ""
    chosen = Selection.of({"gender": ["Men"], "season": ["Summer", "Fall"]}, ["1", "2"], "the board Linen")
    assert chosen.words() == "Fall or Summer · Men · the board Linen"
    assert Selection.of({"season": [MISSING]}, ["1"]).words() == "season: (missing) · 1 chosen product"
    with pytest.raises(InputError, match=r"cannot filter on price.*season"):
        Selection.of({"price": ["3"]})


def test_a_column_of_sales_weighs_the_products() -> None:
    products = table_of(ROWS, Sales=["3", "0", "2.5", None])
    assert weight_columns(products) == ["Sales"]
    listings = listings_of(products, "Sales")
    assert listings.unit == "sales"
    assert listings.unweighted == 1
    assert list(listings.frame["weight"]) == [3, 0, 2.5, 0]
    assert listings_of(products).unit == "listings"


@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf"])
def test_a_weight_that_is_none_names_the_product(value: str) -> None:
    products = table_of(ROWS, quantity=["1", "1", value, "1"])
    with pytest.raises(InputError, match=f"quantity of product 102 holds '{value}'"):
        listings_of(products, "quantity")


def test_a_column_of_another_name_does_not_weigh() -> None:
    products = table_of(ROWS, price=["1", "1", "1", "1"])
    assert weight_columns(products) == []
    with pytest.raises(InputError, match="sales or quantity"):
        listings_of(products, "price")
