"""Plan against actual on a catalogue of which every cell is known: two products of each type and colour."""

from __future__ import annotations

import pytest

from mpsr.assortment.plan import TARGET, against_plan, draft_plan, read_plan
from mpsr.assortment.workbook import to_xlsx
from mpsr.csvsafe import to_csv
from mpsr.errors import InputError
from mpsr.service import Service, open_service

PLAN = """articleType,baseColour,year,target
Shirts,Red,,2
Shirts,Blue,,1

Watches,Red,,5
Watches,Teal,,1
Casual Shoes,,2010..2012,0
Casual Shoes,,2012..,10
"""


@pytest.fixture(scope="module")
def service(tiny_store) -> Service:
    return open_service(tiny_store)


def compared(service, text=PLAN, **options):
    return against_plan(service, read_plan(text.encode(), "plan.csv"), **options)


def test_every_line_is_over_under_or_on_plan(service):
    table = compared(service).table
    assert table[["line", "target", "actual", "difference", "status"]].to_numpy().tolist() == [
        [2, 2, 2, 0, "on plan"],
        [3, 1, 2, 1, "over"],
        [5, 5, 2, -3, "under"],
        [6, 1, 0, -1, "under"],
        [7, 0, 0, 0, "on plan"],
        [8, 10, 10, 0, "on plan"],
    ]
    assert list(table) == [
        "line",
        "articleType",
        "baseColour",
        "year",
        "target",
        "actual",
        "difference",
        "status",
    ]


def test_each_line_comes_with_its_products_and_the_rest_is_listed(service):
    found = compared(service)
    red = service.products.query("articleType == 'Shirts' and baseColour == 'Red'")["id"].tolist()
    assert found.products.query("line == 2")["id"].tolist() == red
    assert len(found.products) + len(found.unplanned) == len(service)
    assert set(found.unplanned["articleType"]) == {"Shirts", "Watches"}
    assert not set(found.products["id"]) & set(found.unplanned["id"])


def test_what_may_be_off(service):
    assert compared(service, within=1.0).table["status"].tolist() == ["on plan"] * 6
    assert compared(service, within=0.6).table["status"].tolist()[:3] == ["on plan", "over", "on plan"]


def test_only_what_passes_the_filter_counts(service):
    found = compared(service, where={"baseColour": ["Red"]})
    assert found.table["actual"].tolist() == [2, 0, 2, 0, 0, 2]


def test_a_value_that_no_product_has_is_named(service):
    assert (
        "No product of the catalogue has baseColour 'Teal', as in line 6 of the plan."
        in compared(service).notes
    )


def test_a_drafted_plan_is_on_plan_as_csv_and_as_a_spreadsheet(service):
    draft = draft_plan(service, ["articleType", "baseColour", "year"])
    assert len(draft) == 15
    for data, name in ((to_csv(draft), "plan.csv"), (to_xlsx({"plan": draft}), "plan.xlsx")):
        found = against_plan(service, read_plan(data, name))
        assert set(found.table["status"]) == {"on plan"}
        assert found.table[TARGET].sum() == len(service)
        assert found.unplanned.empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("articleType,goal\nShirts,1\n", "Expected a column 'target'"),
        ("articleType,target\nShirts,many\n", "target in line 2 of plan.csv is 'many'"),
        ("articleType,target\nShirts,\n", "target in line 2"),
        ("articleType,target\nShirts,1.5\n", "Expected a whole number"),
        ("articleType,target\nShirts,-1\n", "0 or more"),
        ("kind,target\nShirts,1\n", "the plan has a column 'kind', and the catalogue none"),
        ("year,target\nsoon,1\n", "year in line 2 of the plan is 'soon'"),
        ("year,target\n2013..2012,1\n", "actual"),
        (
            "articleType,baseColour,target\nShirts,,1\nShirts,Red,1\n",
            "lines 2 and 3 of the plan both count product",
        ),
        ("articleType,target\n", "the plan has no lines"),
        ("", "is empty"),
    ],
)
def test_wrong_plans_are_refused(service, text, said):
    if said == "actual":  # an empty band is allowed: it holds nothing
        assert compared(service, text).table["actual"].tolist() == [0]
        return
    with pytest.raises(InputError, match=said):
        compared(service, text)


def test_a_draft_by_no_or_an_unknown_column_is_refused(service):
    for columns in ([], ["kind"]):
        with pytest.raises(InputError, match="cannot be drafted"):
            draft_plan(service, columns)
