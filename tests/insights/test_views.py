"""A view is one object: what a list of views must hold, and that a new one needs nothing else."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import mpsr.insights
from mpsr.insights import views
from mpsr.insights.chart import Axis, Bars, Panel
from mpsr.insights.listings import Selection
from mpsr.insights.report import make_report, write_report
from mpsr.insights.screen import figures_of
from mpsr.insights.style import HUE, Paint
from mpsr.insights.tables import Table, cross, scope_of
from mpsr.insights.views import VIEWS, Options, View

ROOM = Path(mpsr.insights.__file__).parent


@dataclass(frozen=True)
class Usages(Table):
    """Products by usage."""


def usages(catalogue, selection, options) -> Usages:
    listings = catalogue.select(selection)
    return Usages(cross(listings, "usage"), scope_of(listings, len(listings)))


def panels(found: Usages, options: Options) -> tuple[Panel, ...]:
    values = tuple(found.rows["count"])
    labels = tuple(found.rows["usage"])
    return (Panel(Bars(labels, values, labels, labels, (Paint(HUE[0]),) * len(values), Axis(False))),)


NEW = View(
    key="usages",
    title="Usages",
    question="What are the products used for?",
    kind="Bars of usages.",
    table=usages,
    sentence=lambda found, options: f"There are {len(found.rows)} usages.",
    panels=panels,
    how=lambda options: "Counts.",
)


def test_a_new_view_is_one_object(demo, tmp_path, monkeypatch) -> None:
    """Listed, it has a chart on the screen and on paper, files and a place in the report."""
    monkeypatch.setitem(views.VIEWS, "usages", NEW)
    found = views.insight("usages", demo, Selection.of({}))
    (figure,) = figures_of(found.chart)
    assert list(figure.data[0].x) == found.table.rows["count"].tolist()
    assert found.picture("png").startswith(b"\x89PNG")
    assert b"usage" in found.csv
    report = make_report(demo, Selection.of({}), "demo", Options(), date(2026, 1, 2))
    write_report(report, tmp_path / "report.html")
    assert found.finding in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", VIEWS)
def test_a_view_has_its_words(key: str) -> None:
    view = VIEWS[key]
    assert view.key == key
    assert view.question.endswith("?")
    assert view.kind.endswith(".")
    for way in view.ways:
        assert view.how(Options(as_=way)).endswith(".")
    assert view.published == bool(view.serves)


def test_only_the_two_back_ends_know_a_plotting_library() -> None:
    users: dict[str, set[str]] = {"plotly": set(), "seaborn": set(), "matplotlib": set()}
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if (library := name.split(".")[0]) in users:
                    users[library].add(path.stem)
    assert users == {
        "plotly": {"screen"},
        "seaborn": {"paper"},
        "matplotlib": {"paper", "page", "report"},  # page and report lay out the paper around a chart
    }
