"""A catalogue with changes: rows replaced whole, added and removed, columns of either table."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpsr.catalogue import read_catalogue
from mpsr.catalogue.merged import merged
from mpsr.errors import InputError


def table(folder: Path, name: str, text: str):
    path = folder / f"{name}.csv"
    path.write_text(text)
    return read_catalogue(path)


@pytest.fixture
def before(tmp_path):
    return table(
        tmp_path, "before", "id,name,price,stock\n1,Red Shirt,10,5\n2,Blue Shirt,12,\n3,Bag,30,1\n,None,1,1\n"
    )


def test_rows_are_replaced_added_and_removed_in_order(before, tmp_path):
    changes = table(tmp_path, "changes", "id,name,colour,price\n9,Green Hat,Green,7\n2,Navy Shirt,Navy,13\n")
    after = merged(before, changes, {"1", "77"})
    assert after.ids == ["2", "3", "9"]
    found = after.products.set_index("id")
    assert found["productDisplayName"].tolist() == ["Navy Shirt", "Bag", "Green Hat"]
    assert found["price"].tolist() == [13, 30, 7]
    assert found["baseColour"].fillna("").tolist() == ["Navy", "", "Green"]
    assert found["stock"].fillna(-1).tolist() == [-1, 1, -1]
    assert after.summary.rows_kept == 3
    assert after.summary.rejected == before.summary.rejected
    assert after.summary.missing_values["baseColour"] == 1


def test_it_is_the_same_whichever_way_round_the_changes_come(before, tmp_path):
    changes = table(tmp_path, "changes", "id,name,colour,price\n9,Green Hat,Green,7\n2,Navy Shirt,Navy,13\n")
    at_once = merged(before, changes, {"1"})
    one_by_one = merged(merged(before, None, {"1"}), changes, set())
    assert at_once.products.equals(one_by_one.products)
    assert at_once.summary == one_by_one.summary
    assert merged(at_once, changes, {"1"}).products.equals(at_once.products)


def test_a_row_that_cannot_be_read_is_a_reject_of_the_changes(before, tmp_path):
    changes = table(tmp_path, "changes", "id,name\n9,Green Hat\n9,Green Hat Again\n")
    after = merged(before, changes, set())
    assert after.summary.rejected["duplicate id"] == 1
    assert after.summary.rows_read == 6


def test_what_makes_no_sense_is_refused(before, tmp_path):
    changes = table(tmp_path, "changes", "id,name\n9,Green Hat\n")
    with pytest.raises(InputError, match="9: to be removed, and in the table of changes"):
        merged(before, changes, {"9"})
    with pytest.raises(InputError, match="no product would be left"):
        merged(before, None, {"1", "2", "3"})


@pytest.mark.parametrize(
    ("price", "expected"),
    [("12.5", [10.0, 12.5, 30.0]), ("", [10, None, 30]), ("on request", None)],
)
def test_numbers_stay_numbers(before, tmp_path, price, expected):
    changes = table(tmp_path, "changes", f"id,name,price\n2,Navy Shirt,{price}\n")
    if expected is None:
        with pytest.raises(InputError, match="the column price holds numbers, and 'on request'"):
            merged(before, changes, set())
    else:
        found = merged(before, changes, set()).products["price"]
        assert [
            None if missing else value for value, missing in zip(found, found.isna(), strict=True)
        ] == expected


def test_numbers_among_texts_are_texts(tmp_path):
    before = table(tmp_path, "before", "id,name,size\n1,Red Shirt,M\n2,Blue Shirt,L\n")
    changes = table(tmp_path, "changes", "id,name,size\n2,Blue Shirt,42\n")
    assert merged(before, changes, set()).products["size"].tolist() == ["M", "42"]
