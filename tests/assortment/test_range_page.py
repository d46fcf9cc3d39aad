"""The worked examples of docs/range.md, computed again on the demo catalogue."""

from __future__ import annotations

import re

import mpsr
from mpsr.assortment.look import complete_look
from mpsr.assortment.overlap import overlap
from mpsr.assortment.plan import against_plan, read_plan
from mpsr.assortment.shares import side_by_side
from mpsr.catalogue import read_catalogue
from mpsr.demo import demo_folder
from tests.docs.pages import text_of


def section(title: str) -> str:
    return text_of("docs/range.md").split(f"## {title}")[1].split("\n## ")[0]


def test_the_look_of_the_page():
    look = complete_look(read_catalogue(demo_folder(), check_pictures=False).products, "1003")
    told = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (.+) \| (.+) \|$", section("Complete the look"), re.M)
    columns = look.pieces[["role", "id", "productDisplayName", "baseColour"]]
    assert told == [tuple(row) for row in columns.to_numpy().tolist()]
    assert look.missing["role"].tolist() == ["watch", "eyewear"]


def test_the_overlap_of_the_page(demo_store):
    service, text = mpsr.open(demo_store), section("Overlap and uniqueness")
    found = overlap(service, 0.99)
    groups = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (.+) \| (.+) \|$", text, re.M)
    columns = found.groups[["group", "products", "central", "central_name", "colours"]].head(3)
    assert groups == [tuple(map(str, row)) for row in columns.to_numpy().tolist()]
    alone = re.findall(r"^\| (\S+%) \| (\S+) \| (\d+) \| (.+) \|$", text, re.M)
    most = found.products.sort_values("uniqueness", ascending=False, kind="stable").head(3)
    assert alone == [
        (f"{row['uniqueness']:.1%}", f"{row['score']:.2f}", row["id"], row["name"])
        for row in most.to_dict("records")
    ]


def test_the_plan_of_the_page(demo_store):
    text = section("Plan against actual").split("With other targets:")[1]
    told = re.findall(r"^\| (\w+) \| (\w*) ?\| (\d+) \| (\d+) \| (-?\d+) \| ([a-z ]+) \|$", text, re.M)
    plan = "".join(f"{','.join(row[:3])}\n" for row in [("articleType", "gender", "target"), *told])
    found = against_plan(mpsr.open(demo_store), read_plan(plan.encode(), "plan.csv"))
    figures = found.table[["actual", "difference", "status"]].to_numpy().tolist()
    assert len(told) == 5
    assert [tuple(map(str, row)) for row in figures] == [row[3:] for row in told]
    assert f"{len(found.unplanned)} products belong to no line" in text
    assert any("no product" in note.lower() and "Sarees" in note for note in found.notes)


def test_the_shares_of_the_page():
    products = read_catalogue(demo_folder(), check_pictures=False).products
    shares = side_by_side(products[:60], products[:120], [None, None])
    types = shares.query("column == 'articleType'")
    told = re.findall(
        r"^\| ([A-Z][\w ]+) \| (\d+) \| (\d+) \| (.+) \| (.+) \| (.+) \|$", section("Two catalogues"), re.M
    )
    assert told == [
        (
            row["value"],
            str(row["count_a"]),
            str(row["count_b"]),
            f"{row['share_a']:.1%}",
            f"{row['share_b']:.1%}",
            f"{row['low']:+.1%} to {row['high']:+.1%}",
        )
        for row in types.head(3).to_dict("records")
    ]
    assert ((shares["low"] <= 0) & (shares["high"] >= 0)).all()
