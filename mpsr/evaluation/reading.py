"""Read a saved evaluation report: where it is, and its figures as tables. Knows no plotting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mpsr.evaluation.report import Figure, Report, TaskReport
from mpsr.store.layout import REPORT_JSON, REPORTS

#: Metrics shown in tables; the JSON holds all.
SHOWN = ("nDCG@10", "P@10", "hit@5", "MRR@10", "mAP@10")
SHOWN_TITLE = ("recall@1", "recall@10", "hit@1", "hit@10", "MRR@10")


@dataclass(frozen=True)
class ReportTable:
    """One task at one level of relevance: a row a system, a column a metric, each cell "value [low high]"."""

    title: str
    gallery: str
    relevant: str
    queries: int
    rows: list[dict[str, str]]


def reports_folder(root: Path, snapshot: str) -> Path:
    """Where the reports on a snapshot are."""
    return root / REPORTS / snapshot


def read_report(root: Path, snapshot: str, side: str = "test") -> Report | None:
    """The report on a snapshot, None where there is none."""
    path = reports_folder(root, snapshot) / side / REPORT_JSON
    if not path.is_file():
        return None
    report: Report = json.loads(path.read_text(encoding="utf-8"))
    return report


def report_tables(report: Report) -> Iterator[ReportTable]:
    """Every task of a report at every level, in the report's order."""
    for task in report["tasks"].values():
        for level, asked in task["queries"].items():
            rows = [
                {"": name} | {metric: cell(levels[level][metric]) for metric in metrics_of(task)}
                for name, levels in task["rows"].items()
            ]
            yield ReportTable(task["title"], task["gallery"], level, asked["queries"], rows)


def metrics_of(task: TaskReport) -> tuple[str, ...]:
    """The metrics shown for a task."""
    return SHOWN_TITLE if task["title"].startswith("title →") else SHOWN


def cell(figure: Figure) -> str:
    """A figure with its 95 % interval."""
    value, low, high = figure
    if value is None or low is None or high is None:
        return "—"
    return f"{value:.3f} [{low:.3f} {high:.3f}]"
