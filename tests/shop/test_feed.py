"""The feed: the same lists as single searches, in every format, resumed, and only what has changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from mpsr.errors import InputError
from mpsr.pipeline import update
from mpsr.search.request import Condition
from mpsr.search.rules import Chosen, Rule, Rules
from mpsr.service import Service
from mpsr.shop import feed as feed_module
from mpsr.shop.feed import write_feed
from mpsr.shop.feed_formats import FORMATS
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.conftest import line, write_catalogue

K = 6
RULES = {
    "none": (),
    "same gender": (Rule("require", Chosen(where={"articleType": Condition(same=True)})),),
    "a boost and a bury": (
        Rule("boost", Chosen(where={"baseColour": ["Red"]}), amount=0.2),
        Rule("bury", Chosen(where={"articleType": ["Bags"]}), amount=0.1),
    ),
    "a pin for some": (
        Rule("pin", Chosen(("1003",)), Chosen(where={"articleType": ["Shirts"]}), slot=2),
        Rule("exclude", Chosen(("1006", "1007"))),
    ),
    "a pin beyond the list": (Rule("pin", Chosen(("1003",)), slot=40),),
    "nothing left": (Rule("require", Chosen(("1003",))),),
    "over": (Rule("exclude", Chosen(where={"baseColour": ["Red"]}), until=date(2001, 1, 1)),),
}


@pytest.mark.parametrize("space", ["learned", "paper"])
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_feed_has_the_lists_of_single_searches(learned_store: Path, rules, space: str) -> None:
    service = Service(learned_store, verify=False, rules=Rules(rules, "digest" if rules else ""))
    feed = service.feed(K, space)
    seen = set()
    for related in feed.related(feed.order()):
        product = service.ids[related.row]
        seen.add(product)
        wanted = service.similar(product, k=K, space=space).neighbours
        assert [service.ids[row] for row in related.scores.rows] == [item.id for item in wanted]
        assert related.scores.total.tolist() == [item.score for item in wanted]
        assert {service.ids[row] for row in related.pinned} == {item.id for item in wanted if item.pinned}
    assert seen == set(service.ids)


def test_without_rules_the_graph_answers(learned_store: Path) -> None:
    service = Service(learned_store, verify=False, rules=Rules(RULES["a boost and a bury"], "digest"))
    assert all(one.from_graph for one in service.feed(20, rules=False).related(np.arange(240)))
    assert not all(one.from_graph for one in service.feed(20).related(np.arange(240)))


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".jsonl":
        lines = [json.loads(one) for one in path.read_text().splitlines()]
        return pd.DataFrame([
            {"id": one["id"], "rank": rank, "related": near["id"], "score": near["score"]}
            for one in lines
            for rank, near in enumerate(one["related"], 1)
        ])  # fmt: skip
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype={"id": str, "related": str})
    read_table = pd.read_parquet if path.suffix == ".parquet" else pd.read_excel
    table = read_table(path)
    return table.astype({"id": str, "related": str})


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet", ".xlsx"])
def test_every_format_has_the_same_rows_in_catalogue_order(tiny_store: Path, tmp_path: Path, ending) -> None:
    service, out = Service(tiny_store, verify=False), tmp_path / f"related{ending}"
    facts = write_feed(service, out, 3)
    table = read(out)
    assert (facts.products, facts.rows, len(table)) == (30, 90, 90)
    assert table["id"].drop_duplicates().tolist() == service.ids
    first = service.similar(service.ids[4], k=3).neighbours
    of_one = table[table["id"] == service.ids[4]]
    assert of_one["related"].tolist() == [item.id for item in first]
    exact = 1e-15 if ending == ".xlsx" else 0.0  # a sheet's numbers have 16 digits
    assert of_one["score"].tolist() == pytest.approx([item.score for item in first], rel=exact, abs=0.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name]


ODD = ["=1+1", "{=1}", "http://a.example", "00123", " a ", "", "日本"]


def test_a_sheet_holds_texts_as_they_are(tmp_path: Path) -> None:
    numbers = {name: np.arange(len(ODD)) / 7 for name in ("score", "text", "image", "click", "rule")}
    pinned = np.arange(len(ODD)) % 2 == 0
    table = pd.DataFrame({"id": ODD, "rank": 1, "related": ODD[::-1], **numbers, "pinned": pinned})
    FORMATS[".xlsx"](tmp_path / "a.xlsx", table, ["=gone"])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["related"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] or "" for row in rows] == [*ODD, "=gone"]
    assert {cell.data_type for cell in sheet["A"][1:]} <= {"s", "inlineStr", "n"}  # an empty one has none
    assert [row[-1] for row in rows] == [*pinned.tolist(), False]
    assert rows[3][3] == pytest.approx(3 / 7, rel=1e-15)
    with pytest.raises(InputError, match="does not fit"):
        FORMATS[".xlsx"](tmp_path / "b.xlsx", table.assign(id="x" * 40_000), [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx"]


def test_an_interrupted_feed_resumes(tiny_store: Path, tmp_path: Path, monkeypatch) -> None:
    service = Service(tiny_store, verify=False)
    whole, out = tmp_path / "whole.csv", tmp_path / "related.csv"
    write_feed(service, whole, 4)
    monkeypatch.setattr(feed_module, "PART", 7)
    table, made = feed_module._table, []

    def until_the_third(*arguments):
        made.append(arguments)
        if len(made) == 3:
            raise KeyboardInterrupt
        return table(*arguments)

    monkeypatch.setattr(feed_module, "_table", until_the_third)
    with pytest.raises(KeyboardInterrupt):
        write_feed(service, out, 4)
    assert not out.exists()
    assert write_feed(service, out, 4).resumed == 14
    assert out.read_bytes() == whole.read_bytes()
    made.clear()
    with pytest.raises(KeyboardInterrupt):
        write_feed(service, out, 4)
    assert write_feed(service, out, 5).resumed == 0  # what is left is of another k


@pytest.mark.parametrize(("name", "k"), [("related.txt", 5), ("related.csv", 0), ("related.csv", 1001)])
def test_a_wrong_feed_is_refused(tiny_store: Path, tmp_path: Path, name: str, k: int) -> None:
    with pytest.raises(InputError, match=r"xpected"):
        write_feed(Service(tiny_store, verify=False), tmp_path / name, k)
    assert not list(tmp_path.iterdir())


def test_since_names_all_that_changed_and_what_is_gone(
    store_copy: Path, tmp_path: Path, tiny_profile
) -> None:
    service = Service(store_copy)
    before = service.snapshot.fingerprint
    old, same, new = (tmp_path / f"{name}.csv" for name in ("old", "same", "new"))
    write_feed(service, old, 4)
    assert write_feed(service, same, 4, since=before[:12]).products == 0
    source = write_catalogue(tmp_path / "delta", [line(101, "Alder Men Red Watches", "Red", "Watches")])
    update(source, Store(store_copy), Settings(profile=tiny_profile), remove=["110"])
    after = Service(store_copy)
    facts = write_feed(after, new, 4, since=before[:12])
    whole = tmp_path / "whole.csv"
    write_feed(after, whole, 4)
    table, earlier, now = (read(path) for path in (new, old, whole))
    assert table[table["rank"] == 0]["id"].tolist() == ["110"]
    assert facts.removed == 1

    def lists(frame: pd.DataFrame) -> dict[str, list[str]]:
        return frame[frame["rank"] > 0].groupby("id")["related"].agg(list).to_dict()

    changed = {one for one, near in lists(now).items() if near != lists(earlier).get(one)}
    assert changed
    assert changed <= set(lists(table))
    assert all(lists(table)[one] == lists(now)[one] for one in lists(table))


def test_an_unknown_snapshot_is_refused(tiny_store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Expected one snapshot"):
        write_feed(Service(tiny_store, verify=False), tmp_path / "related.csv", since="0123456789ab")


def test_the_command_writes_and_says_what(mpsr, tiny_store: Path, tmp_path: Path) -> None:
    out = tmp_path / "related.jsonl"
    code, said, _ = mpsr("feed", "--store", tiny_store, "-k", 2, "--out", out, "--json")
    assert code == 0
    assert json.loads(said)["rows"] == 60
    assert mpsr("feed", "--store", tiny_store, "--out", tmp_path / "related.doc")[0] == 2
