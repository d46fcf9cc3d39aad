"""The commands that answer questions of a range: the files and the JSON that they write."""

from __future__ import annotations

import json

import openpyxl
import pytest

from mpsr.csvsafe import from_csv

#: Command → its tables; the first is what goes to CSV.
COMMANDS = {
    ("substitutes", "101"): ["substitutes", "without"],
    ("look", "101"): ["pieces", "missing"],
    ("overlap", "--percentile", "0.9"): ["groups", "products"],
    ("plan", "--by", "articleType", "--by", "year"): ["plan"],
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_files_and_json_hold_the_same_tables(command, mpsr, tiny_store, tmp_path):
    csv, xlsx = tmp_path / "a.csv", tmp_path / "a.xlsx"
    code, out, err = mpsr(*command, "--store", tiny_store, "--csv", csv, "--xlsx", xlsx, "--json")
    assert code == 0, err
    document = json.loads(out)
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == [*COMMANDS[command], "notes"]
    for name in COMMANDS[command]:
        assert len(document[name]) == book[name].max_row - 1
    assert len(from_csv(csv.read_bytes())) == len(document[COMMANDS[command][0]])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_for_people(command, mpsr, tiny_store):
    code, out, err = mpsr(*command, "--store", tiny_store)
    assert code == 0, err
    assert out.strip()


@pytest.mark.parametrize("option", ["--csv", "--xlsx"])
def test_a_file_of_another_kind_is_refused(option, mpsr, tiny_store, tmp_path):
    code, _, err = mpsr("look", "101", "--store", tiny_store, option, tmp_path / "a.txt")
    assert code == 2
    assert "Expected a file that ends in" in err


def test_a_drafted_plan_is_read_again(mpsr, tiny_store, tmp_path):
    plan, out = tmp_path / "plan.csv", tmp_path / "out.xlsx"
    assert mpsr("plan", "--by", "articleType", "--store", tiny_store, "--csv", plan)[0] == 0
    code, told, err = mpsr("plan", plan, "--store", tiny_store, "--xlsx", out)
    assert code == 0, err
    assert told.count("on plan") == 3
    assert openpyxl.load_workbook(out).sheetnames == ["lines", "products", "unplanned", "notes"]
    assert json.loads(mpsr("plan", plan, "--store", tiny_store, "--json")[1])["lines"][0]["actual"] == 10


@pytest.mark.parametrize("arguments", [[], ["plan.csv", "--by", "year"]])
def test_a_plan_or_its_columns_but_not_both(arguments, mpsr, tiny_store):
    code, _, err = mpsr("plan", *arguments, "--store", tiny_store)
    assert code == 2
    assert "one of the two" in err


def test_compare_names_two_stores(mpsr, tiny_store, tmp_path):
    xlsx, csv = tmp_path / "a.xlsx", tmp_path / "a.csv"
    code, _, err = mpsr("compare", tiny_store, tiny_store, "--xlsx", xlsx, "--csv", csv)
    assert code == 0, err
    assert openpyxl.load_workbook(xlsx).sheetnames == ["pairs", "only_a", "only_b", "shares", "notes"]
    document = json.loads(mpsr("compare", tiny_store, tiny_store, "--json")[1])
    assert len(document["pairs"]) == len(from_csv(csv.read_bytes()))
    assert document["space"] == "paper"
