"""The report for readers: a table in the terminal, a Markdown page with plots, and its folder in the store."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from mpsr.evaluation.plots import PLOTS
from mpsr.evaluation.reading import cell, metrics_of, reports_folder
from mpsr.evaluation.report import Report
from mpsr.store import write_whole
from mpsr.store.layout import REPORT_JSON, REPORT_PAGE

NOTE = (
    "Zero-shot models quoted from elsewhere never saw this catalogue's train side; the encoder's heads, the scalers, "
    "the components and the learned space here have. Nothing here has seen the products that ask."
)


def text_table(report: Report) -> str:
    """Every task as an aligned table."""
    lines = [
        f"{report['side']} side, {report['with words and picture'][report['side']]:,} products with words and picture, "
        f"profile {report['profile']}, store {report['store'][:12]}…",
    ]
    for task in report["tasks"].values():
        lines += ["", f"{task['title']}   (gallery: {task['gallery']})"]
        for level, asked in task["queries"].items():
            metrics = metrics_of(task)
            relevant = "" if len(task["queries"]) == 1 else f"relevant: {level}; "
            lines.append(
                f"  {relevant}{asked['queries']:,} queries, {asked['without a relevant item']:,} left out"
            )
            lines.append(f"    {'':<32}" + "".join(f"{metric:>20}" for metric in metrics))
            for name, levels in task["rows"].items():
                lines.append(f"    {name:<32}" + "".join(f"{cell(levels[level][m]):>20}" for m in metrics))
    return "\n".join(lines)


def markdown(report: Report, plots: list[str]) -> str:
    """The report as one page; ``plots`` are file names beside it."""
    counts = report["with words and picture"]
    lines = [
        "# Evaluation",
        "",
        f"Queries from the **{report['side']}** side. Products with words and picture: "
        + ", ".join(f"{count:,} {side}" for side, count in counts.items())
        + f"; {report['families']:,} families, none on two sides. Profile {report['profile']}, "
        f"store `{report['store'][:12]}`. Figures with 95 % bootstrap intervals (families are drawn). Definitions: "
        "docs/evaluation.md.",
        "",
        NOTE,
        "",
        "## Chosen on validation",
        "",
        *(f"- {name}: {value}" for name, value in report["chosen on validation"].items() if name != "tried"),
        "",
        *(f"![{Path(plot).stem}]({plot})\n" for plot in plots),
    ]
    for task in report["tasks"].values():
        lines += [f"## {task['title']}", "", f"Gallery: {task['gallery']}.", ""]
        for level, asked in task["queries"].items():
            metrics = metrics_of(task)
            heading = "" if len(task["queries"]) == 1 else f"Relevant: **{level}**. "
            lines += [
                f"{heading}{asked['queries']:,} queries; {asked['without a relevant item']:,} without a relevant item "
                "are left out.",
                "",
                "| | " + " | ".join(metrics) + " |",
                "|---|" + "---|" * len(metrics),
                *(
                    f"| {name} | " + " | ".join(cell(levels[level][m]) for m in metrics) + " |"
                    for name, levels in task["rows"].items()
                ),
                "",
            ]
            gains = task["gain of the learned space, nDCG@10"][level]
            if gains:
                lines += [
                    "nDCG@10 of the learned space minus that of "
                    + "; ".join(f"{name}: {_signed(value)}" for name, value in gains.items()) + ".",
                    "",
                ]  # fmt: skip
    lines += [
        "## Label noise",
        "",
        *(f"- {name}: {value}" for name, value in report["label noise"].items()),
        "",
    ]
    return "\n".join(lines)


def _signed(figure: list[float]) -> str:
    return f"{figure[0]:+.3f} [{figure[1]:+.3f} {figure[2]:+.3f}]"


def save_report(root: Path, report: Report) -> Path:
    """Write JSON, page and plots beside the store's snapshots, whole or not at all; returns the folder.

    The folder is named after the side, so that a report on validation does not replace the one on test.
    """
    final = reports_folder(root, report["store"]) / str(report["side"])
    folder = final.with_name(f"{final.name}.partial")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = []
    for name, plot in PLOTS.items():
        figure = plot(report)
        if figure is not None:
            figure.savefig(folder / f"{name}.png", dpi=110, bbox_inches="tight")
            names.append(f"{name}.png")
    (folder / REPORT_PAGE).write_text(markdown(report, names), encoding="utf-8")
    write_whole(folder / REPORT_JSON, json.dumps(report, indent=1, ensure_ascii=False))
    shutil.rmtree(final, ignore_errors=True)
    folder.rename(final)
    return final
