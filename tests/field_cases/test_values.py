"""Values that are none, entities, invisible signs, dates: what a cell says, whatever wrote it."""

from __future__ import annotations

import pandas as pd
import pytest

from mpsr.catalogue.values import clean, clean_id, is_missing, without_float_ends, year_of, years

from ..conftest import line, write_catalogue
from .shop import adds_up, read_shop, told

NAME = "productDisplayName"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "NA",
        "#N/A",
        "NULL",
        "null",
        "None",
        "nan",
        "NaN",
        "-",
        "N/A",
        "n/a",
        "#NAME?",
        "\\N",
        "—",
        " - ",
        "<NA>",
    ],
)
def test_values_that_are_none_are_missing(tmp_path, written):
    table = f"sku,title,colour,size\nA1,Coat,{written},{written}\nA2,Hat,Red,M\n"
    catalogue = read_shop(tmp_path, table, 'baseColour = "colour"\n')
    assert catalogue.products["baseColour"].tolist()[1:] == ["Red"]
    assert catalogue.products[["baseColour", "size"]].isna().values.tolist() == [[True, True], [False, False]]
    assert catalogue.summary.missing_values["baseColour"] == 1


@pytest.mark.parametrize("value", ["Navy", "Nano", "Nonewear", "Null-A", "0", "No", "x-y", "Sienna"])
def test_values_that_only_look_like_it_stay(value):
    assert not is_missing(value)


@pytest.mark.parametrize("written", ["#N/A", "NULL", "nan", "None", "-"])
def test_an_id_that_is_none_is_no_id(tmp_path, written):
    catalogue = read_shop(tmp_path, f"sku,title\n{written},Coat\n{written},Hat\nNA,Cap\n")
    assert catalogue.ids == ["NA"]
    assert told(catalogue) == [(2, "", "no id"), (3, "", "no id")]
    assert adds_up(catalogue, 3)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jeans &amp; Belt &#8211; Set", "Jeans & Belt – Set"),
        ("Jeans &amp;amp; Belt", "Jeans & Belt"),
        ("Caf&eacute; &quot;Paris&quot;", 'Café "Paris"'),
        ("&lt;b&gt;Coat&lt;/b&gt;", "<b>Coat</b>"),
        ("Coat&nbsp;long&nbsp;", "Coat long"),
        ("Coat &#x27;A&#39;", "Coat 'A'"),
        ("Salt & Pepper; Set", "Salt & Pepper; Set"),
        ("a?b=1&copy=2", "a?b=1&copy=2"),
        ("AT&T;", "AT&T;"),
    ],
)
def test_entities_are_written_out(tmp_path, written, read):
    assert clean(written) == read
    products = read_shop(
        tmp_path, f'sku,title,note\nA1,"{written.replace(chr(34), chr(34) * 2)}",{written}\n'
    ).products
    assert products[[NAME, "note"]].values.tolist() == [[read, read]]


def test_entities_in_a_table_of_the_ten_columns(tmp_path):
    from mpsr.catalogue import read_catalogue

    catalogue = read_catalogue(write_catalogue(tmp_path, [line(1, "Jeans &amp; Belt &#8211; Set")]))
    assert catalogue.products[NAME].tolist() == ["Jeans & Belt – Set"]


@pytest.mark.parametrize(
    "written",
    [
        "\u200bA-00",
        "A-00\u200b",
        "\ufeffA-00",
        "A-\u200b00",
        "\u200eA-00\u200f",
        "A-00\u2060 ",
        "\xa0A-00",
        "A-00\u00ad",
    ],
)
def test_ids_are_free_of_what_nobody_sees(tmp_path, written):
    assert clean_id(written) == "A-00"
    catalogue = read_shop(tmp_path, f"sku,title\n{written},\u200bCoat\u200b\nA-00,Hat\n")
    assert catalogue.ids == ["A-00"]
    assert catalogue.products[NAME].tolist() == ["Coat"]
    assert told(catalogue) == [(3, "A-00", "duplicate id")]


def test_a_header_s_names_are_free_of_it_too(tmp_path):
    assert read_shop(tmp_path, "\u200bsku\u200b,title\xa0\nA1,Coat\n").ids == ["A1"]


def test_a_joiner_inside_a_word_is_the_word_s():
    assert clean("می\u200cخواهم\u200c") == "می\u200cخواهم"
    assert clean("\U0001f469\u200d\U0001f52c") == "\U0001f469\u200d\U0001f52c"


def test_digits_that_a_spreadsheet_was_told_are_text(tmp_path):
    catalogue = read_shop(tmp_path, 'sku,title\n="00123",Coat\n"=""0124""",Hat\n')
    assert catalogue.ids == ["00123", "0124"]


def test_ids_written_as_floating_point_numbers(tmp_path):
    assert read_shop(tmp_path / "all", "sku,title\n1163.0,Coat\n1164.0,Hat\n").ids == ["1163", "1164"]
    assert read_shop(tmp_path / "some", "sku,title\n1.0,Coat\n1.5,Hat\n").ids == ["1.0", "1.5"]
    assert without_float_ends([]) == []


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2012", 2012),
        ("2012.0", 2012),
        ("2023-05-01", 2023),
        ("2023-05-01T10:00:00+02:00", 2023),
        ("2023/05/01", 2023),
        ("01/05/2023", 2023),
        ("1.5.2023", 2023),
        ("20230501", 2023),
        ("May 1, 2023", 2023),
        ("Spring 2023", 2023),
        ("2023年5月1日", 2023),
        ("２０２３", 2023),
        ("2023-05-01 2023", 2023),
        ("2023-2024", None),
        ("20231399", None),
        ("12023", None),
        ("next", None),
        ("1e300", None),
        ("inf", None),
        ("-5", None),
    ],
)
def test_the_year_of_a_date(written, year):
    assert year_of(written) == year


def test_dates_mapped_to_the_year_and_those_that_are_none_are_counted(tmp_path):
    table = "sku,title,launched\nA1,Coat,2023-05-01\nA2,Hat,soon\nA3,Cap,\nA4,Tie,2023-2024\n"
    catalogue = read_shop(tmp_path, table, 'year = "launched"\n')
    found = catalogue.products["year"]
    assert found.dtype == "Int64"
    assert found.isna().tolist() == [False, True, True, True]
    assert found.iat[0] == 2023
    assert catalogue.summary.missing_values["year"] == 3
    assert catalogue.summary.unread_values == {"year": 2}


def test_years_without_any_value():
    found, unread = years(pd.Series([None, None], dtype="str"))
    assert (found.isna().all(), unread) == (True, 0)
