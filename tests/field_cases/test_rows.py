"""Rows as shops' programs write them: where a record ends, what costs it, and what does not."""

from __future__ import annotations

import pytest

from mpsr.catalogue.rows import MAX_FIELD_CHARACTERS
from mpsr.errors import InputError

from ..conftest import HEADER, line, write_catalogue
from .shop import adds_up, read_shop, told

NAME = "productDisplayName"


# -- a record ends where its quotes end --------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        'A2,Wool coat, long,"Wool, warm, soft\nCare: cold wash, dry flat, no iron"',
        'A2,Wool "coat, long,"Wool, warm, soft\nCare: cold wash, dry flat, no iron"',
        'A2,"Wool" coat, long,"Wool\nCare: cold wash, dry flat, no iron\nWash, dry, iron"',
        'A2,Wool coat, long,"5"" soft\nCare, ""cold"", dry"',
    ],
)
def test_a_refused_record_leaves_no_product_behind(tmp_path, record):
    catalogue = read_shop(tmp_path, f"sku,title,description\nA1,Hat,\n{record}\nA3,Scarf,x\n")
    assert catalogue.ids == ["A1", "A3"]
    assert told(catalogue) == [(3, "A2", "too many fields")]
    assert adds_up(catalogue, 3)
    assert catalogue.products["line"].tolist() == [2, 3 + record.count("\n") + 1]


def test_a_careless_quote_costs_nothing_where_the_record_s_end_is_clear(tmp_path):
    table = 'sku,title,description\nA1,"Wool" coat,"Wool, warm\nCare: cold, dry"\nA2,"Big" "hat",x\n'
    products = read_shop(tmp_path, table).products
    assert products[NAME].tolist() == ['"Wool" coat', '"Big" "hat"']
    assert products["description"].tolist() == ["Wool, warm\nCare: cold, dry", "x"]


def test_quotes_escaped_by_backslashes(tmp_path):
    table = 'sku,title,size\nA1,"The \\"big\\" coat, long","5\\""\nA2,"Coat ""one""",M\nA3,"Hat\\"","a\nb"\n'
    products = read_shop(tmp_path, table).products
    assert products[NAME].tolist()[:3:2] == ['The "big" coat, long', 'Hat"']
    assert products["size"].tolist() == ['5"', "M", "a\nb"]


def test_a_path_that_ends_in_a_backslash_is_no_escaped_quote(tmp_path):
    table = 'sku,title,folder\nA1,Coat,"C:\\pictures\\"\nA2,Hat,"D:\\"\n'
    products = read_shop(tmp_path, table).products
    assert products["folder"].tolist() == ["C:\\pictures\\", "D:\\"]


# -- unmapped columns are nobody's business ---------------------------------------------------------------


@pytest.mark.parametrize("junk", ["x" * (MAX_FIELD_CHARACTERS + 1), "a\0b"], ids=["long", "NUL"])
def test_a_column_that_nobody_mapped_does_not_cost_the_product(tmp_path, junk):
    catalogue = read_shop(tmp_path, f"sku,title,size,html\nA1,Coat,M,{junk}\nA1,,L,\n")
    assert catalogue.ids == ["A1"]
    assert catalogue.products[NAME].tolist() == ["Coat"]
    assert told(catalogue) == [(3, "A1", "duplicate id")]
    kept = catalogue.products["html"].iat[0]
    assert len(kept) <= MAX_FIELD_CHARACTERS
    assert "\0" not in kept


def test_nor_in_a_table_of_the_ten_columns(tmp_path):
    from mpsr.catalogue import read_catalogue

    header = HEADER.replace("id,", "id,html,")
    row = line(1).replace("1,", f"1,{'x' * (MAX_FIELD_CHARACTERS + 1)},", 1)
    assert read_catalogue(write_catalogue(tmp_path, f"{header}\n{row}\n".encode())).ids == ["1"]


def test_a_mapped_column_s_too_long_value_still_costs_the_row(tmp_path):
    catalogue = read_shop(tmp_path, f"sku,title\nA1,{'x' * (MAX_FIELD_CHARACTERS + 1)}\nA2,Hat\n")
    assert told(catalogue) == [(2, "A1", "field too long")]


# -- what every spreadsheet writes ------------------------------------------------------------------------


def test_two_columns_of_one_name_that_nobody_mapped(tmp_path):
    products = read_shop(tmp_path, "sku,title,note,note\nA1,Coat,a,b\n").products
    assert products[["note", "note (2)"]].values.tolist() == [["a", "b"]]


def test_two_columns_of_one_name_that_is_mapped_are_an_error(tmp_path):
    with pytest.raises(
        InputError, match=r"more than one column named title\. Expected each that is read once"
    ):
        read_shop(tmp_path, "sku,title,title\nA1,Coat,Hat\n")


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
def test_a_first_line_that_names_the_separator(tmp_path, first):
    catalogue = read_shop(tmp_path, f"{first}\nsku;title;size\nA1;Coat;M\nA2\n")
    assert catalogue.products[["id", NAME, "size"]].values.tolist() == [["A1", "Coat", "M"]]
    assert catalogue.products["line"].tolist() == [3]
    assert told(catalogue) == [(4, "A2", "too few fields")]


def test_empty_ends_that_were_not_written(tmp_path):
    catalogue = read_shop(tmp_path, "sku,title,colour,size\nA1,Coat,Blue,M\nA2,Hat\nA3,Cap,Red\nA4\nA5,\n")
    assert catalogue.ids == ["A1", "A2", "A3"]
    assert catalogue.products["colour"].isna().tolist() == [False, True, False]
    assert catalogue.products["size"].isna().tolist() == [False, True, True]
    assert told(catalogue) == [(5, "A4", "too few fields"), (6, "A5", "too few fields")]


def test_empty_ends_written_once_too_often(tmp_path):
    catalogue = read_shop(
        tmp_path, "sku;title\nA1;Coat;\nA2;Hat;;;\nA3;Cap;x\n;;\n", head='delimiter = ";"\n'
    )
    assert catalogue.ids == ["A1", "A2"]
    assert told(catalogue) == [(4, "A3", "too many fields"), (5, "", "blank line")]
    assert adds_up(catalogue, 4)


def test_the_same_of_a_table_that_keeps_to_the_rules(tmp_path):
    catalogue = read_shop(tmp_path, 'sku,title\nA1,"Coat, long"\nA2,"a\nb"\n')
    assert catalogue.products[NAME].tolist() == ["Coat, long", "a\nb"]
