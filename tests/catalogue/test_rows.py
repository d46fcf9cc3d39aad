"""From text to rows: what splits a row, what repairs it, what refuses it."""

from __future__ import annotations

import datetime
import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpsr.catalogue.encodings import decode
from mpsr.catalogue.quoted import quoted_rows
from mpsr.catalogue.rows import MAX_FIELD_CHARACTERS, MAX_ID_CHARACTERS, Row, refusal, unquoted_rows
from mpsr.catalogue.typed import parquet_rows
from mpsr.catalogue.types import Reject
from mpsr.errors import InputError

from ..conftest import HEADER, line

NAME = "productDisplayName"


def names_of(items) -> list[str]:
    return [item.fields[NAME] for item in items if isinstance(item, Row)][1:]


def table(*lines: str, end: str = "\n") -> str:
    return "".join(text + end for text in (HEADER, *lines))


# -- unquoted, as the data set is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "repaired"),
    [
        ("Alder Women Gold, Silver and Copper Toned Earrings", True),
        ("Alder Pack of 3, Red, Blue, Green Socks", True),
        ("Alder, ", True),
        ("Birch Women's Tempo 3.5\" Pink Short", False),
        ('"Rocky" and "Birch" Shirt', False),
        ('"Rocky" Shirt', False),
        ('"Never closed Shirt', False),
        ('Alder 3.5", with a comma', True),
        ("", False),
    ],
)
def test_a_name_is_kept_to_the_letter(name, repaired):
    row = list(unquoted_rows(table(line(5, name)), "repair"))[1]
    assert isinstance(row, Row)
    assert (row.fields[NAME], row.repaired) == (name, repaired)
    assert (row.fields["id"], row.fields["usage"]) == ("5", "Casual")


def test_strict_refuses_a_long_row_with_its_line_and_id():
    item = list(unquoted_rows(table(line(4), line(5, "Gold, Silver")), "strict"))[2]
    assert item == Reject(3, "5", "row", "too many fields", "11, expected 10")


@pytest.mark.parametrize("policy", ["repair", "strict"])
@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Gold, Silver Earrings"', "Gold, Silver Earrings"),
        ('"Tempo 3.5"" Short"', 'Tempo 3.5" Short'),
        ('"Plain"', "Plain"),
    ],
)
def test_a_row_saved_again_by_a_spreadsheet_reads_as_before(policy, written, name):
    row = list(unquoted_rows(table(line(5, written)), policy))[1]
    assert isinstance(row, Row)
    assert (row.fields[NAME], row.repaired) == (name, False)


def test_a_quoted_comma_in_another_column_does_not_shift_the_row():
    row = list(
        unquoted_rows(
            table('5,Men,Apparel,"Topwear, long",Shirts,Blue,Summer,2012,Casual,Alder Shirt'), "repair"
        )
    )[1]
    assert (row.fields["subCategory"], row.fields["articleType"], row.fields[NAME]) == (
        "Topwear, long",
        "Shirts",
        "Alder Shirt",
    )


def test_a_file_with_every_field_in_quotes():
    quoted = [",".join(f'"{field}"' for field in text.split(",")) for text in (HEADER, line(5))]
    row = list(unquoted_rows("\r\n".join(quoted), "strict"))[1]
    assert (row.fields["id"], row.fields["year"], row.fields[NAME]) == ("5", "2012", "Alder Men Blue Shirt")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "unended"])
def test_line_ends_of_every_system(end, last):
    text = table(line(1, "One"), line(2, "Two"), end=end)
    assert names_of(unquoted_rows(text if last else text.removesuffix(end), "strict")) == ["One", "Two"]


@pytest.mark.parametrize("character", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_stray_separator_inside_a_name_does_not_cut_the_row(character):
    for rows in (
        unquoted_rows(table(line(1, f"Al{character}der"), line(2)), "strict"),
        quoted_rows(table(line(1, f"Al{character}der"), line(2)), ","),
    ):
        items = list(rows)
        assert [item.line for item in items] == [1, 2, 3]
        assert items[1].fields[NAME] == ("Al der" if character == "\r" else f"Al{character}der")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "blank line"), ("   ", "blank line"), ("7", "too few fields"), ("7,Men,Apparel", "too few fields")],
)
def test_a_short_row_is_refused(text, reason):
    item = list(unquoted_rows(table(line(1), text, line(2)), "repair"))[2]
    assert (item.line, item.kind, item.reason) == (3, "row", reason)


@pytest.mark.parametrize(
    "read", [lambda text: unquoted_rows(text, "repair"), lambda text: quoted_rows(text, ",")]
)
def test_of_columns_of_one_name_each_gets_its_own(read):
    header, row = read("id,note,note,note (2),note\n1,a,b,c,d\n")
    assert header.fields == {
        "id": "id",
        "note": "note",
        "note (2)": "note",
        "note (2) (2)": "note (2)",
        "note (3)": "note",
    }
    assert list(row.fields.values()) == ["1", "a", "b", "c", "d"]


def test_columns_without_a_name_are_left_out():
    header, row = unquoted_rows(f"{HEADER},,\n{line(1)},,\n", "repair")
    assert "" not in header.fields
    assert row.fields[NAME] == "Alder Men Blue Shirt"


# -- quoted, as other shops' tables are ------------------------------------------------------------------


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_breaks():
    items = list(quoted_rows('sku;title\n1;"a;b ""c""\nd"\n2;e\n', ";"))
    assert [item.fields["title"] for item in items[1:]] == ['a;b "c"\nd', "e"]
    assert [item.line for item in items] == [1, 2, 4]


@pytest.mark.parametrize("count", [3, 1500])
def test_a_quote_that_is_never_closed_swallows_no_other_row(count):
    rows = "".join(f"{n};shirt {n}\n" for n in range(2, count))
    items = list(quoted_rows(f'sku;title\n1;"17 inch bag\n{rows}', ";"))
    assert [item.fields["sku"] for item in items[1:]] == [str(n) for n in range(1, count)]
    assert items[1].fields["title"] == '"17 inch bag'


def test_a_quote_that_another_row_closes_costs_neither():
    items = list(quoted_rows('sku;title\n1;"17 inch bag\n2;shirt\n3;"long" shirt\n4;coat\n', ";"))
    assert [item.fields["title"] for item in items[1:]] == ['"17 inch bag', "shirt", '"long" shirt', "coat"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "blank line"), (";", "blank line"), ("5", "too few fields"), ("5;a;b", "too many fields")],
)
def test_a_row_of_another_length_is_refused_and_the_rest_read(text, reason):
    items = list(quoted_rows(f"id;title\n1;a\n{text}\n2;b\n", ";"))
    assert [getattr(item, "reason", "row") for item in items] == ["row", "row", reason, "row"]
    assert items[2].line == 3


def test_a_megabyte_in_one_field_is_read_and_then_refused():
    items = list(quoted_rows(f'id;title\n1;"{"x;" * 500_000}"\n2;b\n', ";"))
    refused = refusal(items[1], items[1].fields["id"])
    assert (refused.id, refused.reason) == ("1", "field too long")
    assert refusal(items[2], items[2].fields["id"]) is None


# -- Parquet ---------------------------------------------------------------------------------------------


def parquet(frame: pd.DataFrame | pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    if isinstance(frame, pa.Table):
        pq.write_table(frame, out)
    else:
        frame.to_parquet(out, **options)
    return out.getvalue()


def test_parquet_values_as_text():
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "year": [2012.0, None],
            "price": [9.5, float("nan")],
            "on": [datetime.date(2020, 1, 2), None],
            "name": ["a", None],
        }
    )
    items = list(parquet_rows(parquet(frame), "t.parquet"))
    assert items[1] == Row(2, {"id": "1", "year": "2012", "price": "9.5", "on": "2020-01-02", "name": "a"})
    assert items[2] == Row(3, {"id": "2", "year": "", "price": "", "on": "", "name": ""})


def test_large_parquet_ids_with_gaps_keep_every_digit():
    ids = pa.table({"id": pa.array([9007199254740993, None], pa.int64())})
    assert [item.fields["id"] for item in list(parquet_rows(parquet(ids), "t"))[1:]] == [
        "9007199254740993",
        "",
    ]


def test_a_parquet_index_that_holds_the_ids_is_a_column():
    frame = pd.DataFrame({"id": ["a", "b"], "name": ["x", "y"]}).set_index("id")
    assert [item.fields["id"] for item in list(parquet_rows(parquet(frame), "t"))[1:]] == ["a", "b"]


def test_embedded_pictures_in_a_parquet_table_are_not_read_as_text():
    nested = pa.table(
        {
            "id": ["1"],
            "image": [{"bytes": b"x" * 50_000, "path": "p"}],
            "raw": [b"y" * 50_000],
            "tags": [["a"]],
        }
    )
    row = list(parquet_rows(parquet(nested), "t"))[1]
    assert row.fields == {"id": "1"}
    assert refusal(row, row.fields["id"]) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d[:100],
        lambda d: b"",
        lambda d: b"PAR1" + bytes(len(d)),
        lambda d: d[:40] + bytes(40) + d[80:],
    ],
)
def test_a_damaged_parquet_file_is_a_clear_error(damage):
    data = damage(parquet(pd.DataFrame({"id": [f"product {n}" for n in range(500)]}), compression="snappy"))
    with pytest.raises(InputError, match="not a readable Parquet file"):
        list(parquet_rows(data, "t.parquet"))


# -- refusals and encodings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": ""}, "no id"),
        ({"id": "  "}, "no id"),
        ({"id": "7", "name": "a\0b"}, "NUL byte"),
        ({"id": "7\0"}, "NUL byte"),
        ({"id": "7", "name": "x" * (MAX_FIELD_CHARACTERS + 1)}, "field too long"),
        ({"id": "x" * (MAX_ID_CHARACTERS + 1)}, "id too long"),
    ],
)
def test_what_is_refused(fields, reason):
    refused = refusal(Row(9, fields), fields["id"])
    assert (refused.line, refused.reason) == (9, reason)
    assert "\0" not in refused.id
    assert len(refused.id) <= 100


def test_the_longest_allowed_is_taken():
    assert refusal(Row(9, {"name": "y" * MAX_FIELD_CHARACTERS}), "x" * MAX_ID_CHARACTERS) is None


@pytest.mark.parametrize("data", [b"", b"  \n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_table_is_called_that(data):
    with pytest.raises(InputError, match=r"styles.csv is empty"):
        decode(data, "styles.csv", None)


@pytest.mark.parametrize(
    ("encoding", "given"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-8-sig", "utf-8"),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("utf-32", None),
        ("latin-1", None),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_comes_out_without_a_byte_order_mark(encoding, given, mark):
    if mark and encoding not in ("utf-16-le", "utf-16-be"):
        mark = ""
    assert decode((mark + "id,Käse").encode(encoding), "t", given) == "id,Käse"


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (b"\xef\xbb\xbfid\n1\n\xe9", None, "byte 0xE9 in line 3"),
        ("id,Grüße\n1,é\n".encode() + b"\xe9", None, "is not UTF-8: byte 0xE9 in line 3.*--encoding cp1252"),
        (bytes(1000), None, "no text in an encoding that is recognised"),
        (bytes(range(128, 256)) * 9, None, "no text in an encoding that is recognised|is not "),
        (b"id", "no-such", "'no-such' is no known text encoding"),
        (b"id", "base64", "no known text encoding"),
        (b"id", "utf\x00-8", "no known text encoding"),
        (b"id,\xff\xff", "utf-8", "is not UTF-8: byte 0xFF in line 1"),
        (b"id1", "utf-16", "is not utf-16"),
    ],
)
def test_a_wrong_encoding_says_what_to_do(data, encoding, says):
    with pytest.raises(InputError, match=says):
        decode(data, "styles.csv", encoding)
