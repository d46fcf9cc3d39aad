"""Numbers as tables write them, against the numbers that were written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.catalogue import read_catalogue, read_mapping
from mpsr.catalogue.numbers import named_so, numbers
from mpsr.errors import InputError

cents = st.integers(-(10**9), 10**9)


def written(amount: int, decimal: str, thousands: str, unit: str) -> str:
    whole, rest = divmod(abs(amount), 100)
    text = f"{whole:,}".replace(",", thousands)
    return f"{'-' if amount < 0 else ''}{text}{decimal}{rest:02}{unit}"


@given(
    st.lists(st.none() | cents, min_size=1, max_size=20),
    st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (",", "")]),
    st.sampled_from(["", " EUR", "€", " kg"]),
)
def test_amounts_come_back_however_they_are_written(amounts, marks, unit) -> None:
    column = pd.Series([None if one is None else written(one, *marks, unit) for one in amounts], dtype="str")
    found, unread = numbers(column)
    assert unread == 0
    assert [None if pd.isna(one) else one for one in found] == [
        None if one is None else one / 100 for one in amounts
    ]


@pytest.mark.parametrize(
    ("texts", "expected", "unread"),
    [
        (["1,299", "5"], [1299, 5], 0),  # no doubt is left by nobody: the comma is the English one
        (["1.299", "19,90"], [1299, 19.9], 0),
        (["4.125", "0.500"], [4.125, 0.5], 0),
        (["1.299.000", "5"], [1299000, 5], 0),
        (["38", "40 "], [38, 40], 0),
        (["€ 5", "USD 7", "€ 6"], [5, None, 6], 1),
        (["5 EUR", "7", None], [5, 7, None], 0),
        (["5", "on request", "1e3"], [5, None, None], 2),
        (["1.29", "1,29", "1,299"], [1.29, 1.29, None], 1),
        (["99999999999999999999"], [None], 1),
        (["S", "M"], [None, None], 2),
    ],
)
def test_what_is_a_number_and_what_is_none(texts, expected, unread) -> None:
    found, lost = numbers(pd.Series(texts, dtype="str"))
    assert [None if pd.isna(one) else one for one in found] == expected
    assert lost == unread


def test_whole_numbers_are_whole() -> None:
    assert numbers(pd.Series(["1", "20", None], dtype="str"))[0].dtype == "Int64"
    assert numbers(pd.Series(["1", "20.5"], dtype="str"))[0].dtype == "Float64"


def test_names_that_say_so() -> None:
    assert all(
        map(named_so, ["price", "Variant Price", "sale_price", "Stock", "Size", "Verkaufspreis (Preis)"][:5])
    )
    assert not any(map(named_so, ["price_group", "sizing", "stockist", "", "description", "weight (kg)"]))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(
        "sku,title,price,size,stock,grams,made\n"
        "1,Coat,129.90,M,3,900,2020\n"
        "2,Shirt,20.00,42,0,about 200,2021\n"
        "3,Shoe,,,12,,\n"
    )
    return tmp_path


MAPPING = 'table = "t.csv"\n[columns]\nid = "sku"\nproductDisplayName = "title"\n'


def test_columns_that_say_so_are_numbers_and_declared_ones_whose_rest_is_counted(table: Path) -> None:
    (table / "m.toml").write_text('numbers = ["grams"]\n' + MAPPING)
    found = read_catalogue(table, mapping=read_mapping(table / "m.toml"), check_pictures=False)
    products = found.products
    assert [None if pd.isna(one) else one for one in products["price"]] == [129.9, 20.0, None]
    assert products["stock"].tolist() == [3, 0, 12]
    assert products["size"].tolist()[:2] == ["M", "42"]  # not every size is a number
    assert products["grams"].dropna().tolist() == [900]
    assert products["made"].tolist()[:2] == ["2020", "2021"]
    assert found.summary.unread_values == {"grams": 1}


def test_a_declared_column_has_to_be_there(table: Path) -> None:
    (table / "m.toml").write_text('numbers = ["weight"]\n' + MAPPING)
    with pytest.raises(InputError, match=r"lacks the column\(s\) weight"):
        read_catalogue(table, mapping=read_mapping(table / "m.toml"))
