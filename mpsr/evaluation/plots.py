"""Plots of a report: functions that return figures."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from mpsr.evaluation.report import Report


def by_system(report: Report) -> Figure | None:
    """nDCG@10 of every system on every task, with its interval."""
    import seaborn

    rows = [
        {"task": f"{task['title']}\n{task['gallery']}", "system": name, "nDCG@10": levels[level]["nDCG@10"]}
        for task in report["tasks"].values()
        for name, levels in task["rows"].items()
        for level in list(levels)[:1]
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return None
    tasks = list(dict.fromkeys(table["task"]))
    colours = dict(
        zip(table["system"].unique(), seaborn.color_palette("husl", table["system"].nunique()), strict=True)
    )
    figure = Figure(figsize=(10, 1.7 * len(tasks)), layout="constrained")
    for axes, task in zip(
        figure.subplots(len(tasks), 1, sharex=True, squeeze=False)[:, 0], tasks, strict=True
    ):
        part = table[table["task"] == task]
        for place, (name, value) in enumerate(zip(part["system"], part["nDCG@10"], strict=True)):
            if value[0] is not None:
                axes.barh(place, value[0], color=colours[name])
                axes.plot(value[1:], [place, place], color="black", linewidth=1)
        axes.set_yticks(range(len(part)), part["system"], fontsize=7)
        axes.invert_yaxis()
        axes.set_title(task.replace("\n", "; gallery: "), fontsize=8, loc="left")
        axes.set_xlim(0, 1)
    axes.set_xlabel("nDCG@10")
    return figure


def by_type(report: Report) -> Figure | None:
    """nDCG@10 of the frequent article types, words and picture → product."""
    import seaborn

    both = report["tasks"].get("both")
    found = both["by type"].get("graded", {}).get("frequent") if both else None
    if not found:
        return None
    table = pd.DataFrame(found)
    table["type"] = [f"{kind} ({count})" for kind, count in zip(table["type"], table["queries"], strict=True)]
    figure = Figure(figsize=(8, 0.22 * len(table) + 1), layout="constrained")
    axes = figure.subplots()
    seaborn.barplot(table, y="type", x="nDCG@10", ax=axes, color="#4c72b0")
    axes.set_xlim(0, 1)
    axes.set_ylabel("")
    axes.set_title("words + picture → product, by article type (queries)", fontsize=9)
    axes.tick_params(labelsize=7)
    return figure


PLOTS: dict[str, Callable[[Report], Figure | None]] = {"by-system": by_system, "by-type": by_type}
