"""Draws a chart on paper: matplotlib and seaborn, all panels on one figure.

Text of a catalogue passes ``plain``: matplotlib reads mathematics between dollar signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, assert_never, cast

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mpsr.insights.chart import (
    Axis,
    Bars,
    Chart,
    Groups,
    Heat,
    Intervals,
    Lines,
    Mark,
    Pairs,
    Panel,
    Pie,
    Series,
    Stack,
)
from mpsr.insights.style import DASHES, HUE, NEUTRAL, SYMBOLS, Paint
from mpsr.insights.words import number

SPINE, GRID, QUIET = "#b5aea5", "#e6e1da", "#5d564e"

#: Points of labels and numbers.
LABEL, NUMBER = 8.5, 8.0


def draw(figure: Figure, chart: Chart) -> None:
    """Draw a chart's panels on a figure: one in the middle, or two a line."""
    panels = chart.panels
    pies = [panel.mark for panel in panels if isinstance(panel.mark, Pie)]
    across = 2 if len(panels) > 1 else 1
    lines = -(-len(panels) // across)
    grid = figure.add_gridspec(
        lines + bool(pies), across, height_ratios=[*[1.0] * lines, *([0.18] if pies else [])]
    )
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(grid[place // across, place % across])
        _mark(axes, panel.mark)
        _titled(axes, panel)
    if pies:
        _legend_of_pies(figure.add_subplot(grid[lines, :]), pies[0])


def height(chart: Chart) -> float:
    """Inches that a chart should have at the most; a page need not be filled."""
    lines = -(-len(chart.panels) // 2)
    match chart.panels[0].mark:
        case Bars():
            return lines * (1.1 + 0.3 * max(len(panel.mark.labels) for panel in chart.panels))  # type: ignore[union-attr]
        case Groups() | Lines():
            return 6.2
        case Stack() as stack:
            return 1.4 + 1.0 * len(stack.labels)
        case Pie():
            return 0.6 + 3.2 * lines
        case Heat() as heat:
            return 0.9 + 0.42 * len(heat.rows)
        case Intervals() | Pairs() as rows:
            return 1.2 + 0.5 * max(len(rows.labels), 2)
        case mark:
            assert_never(mark)


def plain(text: str) -> str:
    """Text of a catalogue for matplotlib: dollar signs as they are."""
    return text.replace("$", r"\$")


def _all(texts: Iterable[str]) -> list[str]:
    return [plain(text) for text in texts]


def _mark(axes: Axes, mark: Mark) -> None:
    match mark:
        case Bars():
            _bars(axes, mark)
        case Groups():
            _groups(axes, mark)
        case Stack():
            _stack(axes, mark)
        case Pie():
            _pie(axes, mark)
        case Lines():
            _lines(axes, mark)
        case Heat():
            _heat(axes, mark)
        case Intervals():
            _intervals(axes, mark)
        case Pairs():
            _pairs(axes, mark)
        case _:
            assert_never(mark)


def _titled(axes: Axes, panel: Panel) -> None:
    if panel.title:
        loc: Literal["left", "center"] = "center" if isinstance(panel.mark, Pie) else "left"
        axes.set_title(plain(panel.title), loc=loc, weight="bold", fontsize=10)
    if panel.note:
        axes.set_xlabel(plain(panel.note), fontsize=NUMBER, color=QUIET, loc="left")


def _bare(axes: Axes) -> None:
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(SPINE)
    axes.tick_params(length=0, labelsize=LABEL)


def _value_axis(axes: Axes, axis: Axis, which: Literal["x", "y"] = "x") -> None:
    ticks = axes.xaxis if which == "x" else axes.yaxis
    ticks.set_major_formatter(
        FuncFormatter(
            lambda value, _: f"{value:.0f}\u00a0%" if axis.percent else number(value).replace("-", "−")
        )
    )
    ticks.set_major_locator(MaxNLocator(5, integer=not axis.percent and not axis.signed))
    axes.grid(axis=which, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    if not axis.signed:
        (axes.set_xlim if which == "x" else axes.set_ylim)(0, axis.high)
    if axis.title:
        axes.set_xlabel(plain(axis.title), fontsize=LABEL)
    _bare(axes)


def _legend(axes: Axes) -> None:
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=min(len(names), 4),
        frameon=False,
        fontsize=9,
    )


def _bars(axes: Axes, mark: Bars) -> None:
    bars = axes.barh(range(len(mark.labels)), mark.values, height=0.72)
    outlined = not {paint.fill for paint in mark.paints} <= {*HUE}
    for bar, paint in zip(bars, mark.paints, strict=True):
        _fill(bar, paint, outlined)
    axes.bar_label(bars, _all(mark.texts), padding=3, fontsize=NUMBER)
    axes.set_yticks(range(len(mark.labels)), _all(mark.labels))
    axes.invert_yaxis()
    _value_axis(axes, mark.axis)


def _fill(bar: Any, paint: Paint, outlined: bool) -> None:
    bar.set_facecolor(paint.fill or "white")
    if outlined:
        bar.set_edgecolor(paint.hatch or NEUTRAL)
        bar.set_linewidth(0.9)
    if paint.hatch:
        bar.set_hatch("////")


def _groups(axes: Axes, mark: Groups) -> None:
    rows = pd.DataFrame(
        [
            (label, place, value)
            for place, series in enumerate(mark.series)
            for label, value in enumerate(series.values)
        ],
        columns=["label", "series", "value"],
    )
    palette = [series.colour for series in mark.series]
    seaborn.barplot(
        rows,
        x="label",
        y="value",
        hue="series",
        palette=palette,
        saturation=1,
        errorbar=None,
        legend=False,
        ax=axes,
    )
    for container, series in zip(axes.containers, mark.series, strict=True):
        cast("Any", container).set_label(plain(series.name))
        axes.bar_label(cast("Any", container), _all(series.texts), padding=2, fontsize=NUMBER)
    axes.set_xticks(range(len(mark.labels)), _all(mark.labels))
    axes.set(xlabel="", ylabel="")
    _value_axis(axes, mark.axis, "y")
    _legend(axes)


def _stack(axes: Axes, mark: Stack) -> None:
    left = np.zeros(len(mark.labels))
    for series in mark.series:
        bars = axes.barh(
            range(len(mark.labels)),
            series.values,
            left=left,
            color=series.colour,
            edgecolor="white",
            height=0.62,
            label=plain(series.name),
        )
        axes.bar_label(bars, _all(series.texts), label_type="center", color="white", fontsize=LABEL)
        left = left + np.array(series.values)
    axes.set_yticks(range(len(mark.labels)), _all(mark.labels))
    axes.invert_yaxis()
    _value_axis(axes, mark.axis)
    _legend(axes)


def _pie(axes: Axes, mark: Pie) -> None:
    if sum(mark.values):
        axes.pie(
            mark.values,
            colors=mark.colours,
            labels=_all(mark.texts),
            labeldistance=0.62,
            startangle=90,
            counterclock=False,
            wedgeprops={"edgecolor": "white"},
            textprops={"fontsize": LABEL, "color": "white", "ha": "center"},
        )
    axes.set_axis_off()


def _legend_of_pies(axes: Axes, mark: Pie) -> None:
    axes.set_axis_off()
    for name, colour in zip(mark.names, mark.colours, strict=True):
        axes.bar([0], [0], color=colour, label=plain(name))
    axes.legend(loc="center", ncols=4, frameon=False, fontsize=9)


def _lines(axes: Axes, mark: Lines) -> None:
    for place, line in enumerate(mark.lines):
        sure = np.array(line.sure)
        values, at = np.array(line.values), np.arange(len(mark.labels), dtype=np.float64)
        connected = np.insert(np.where(sure, values, np.nan), mark.breaks, np.nan)
        style: dict[str, Any] = {"color": HUE[place], "marker": SYMBOLS[place][1], "markersize": 6}
        axes.plot(
            np.insert(at, mark.breaks, np.nan),
            connected,
            linestyle=DASHES[place // 4][1],
            label=plain(line.name),
            **style,
        )
        axes.plot(at[~sure], values[~sure], linestyle="none", markerfacecolor="white", **style)
    step = max(1, -(-len(mark.labels) // 14))
    ticks = list(range(0, len(mark.labels), step))
    axes.set_xticks(
        ticks, _all(mark.labels[n] for n in ticks), rotation=45, ha="right", rotation_mode="anchor"
    )
    axes.set_xlim(-0.5, len(mark.labels) - 0.5)
    _value_axis(axes, mark.axis, "y")
    _legend(axes)


def _heat(axes: Axes, mark: Heat) -> None:
    seaborn.heatmap(
        np.array(mark.cells),
        annot=np.array([_all(row) for row in mark.texts]),
        fmt="",
        cmap=seaborn.blend_palette(list(mark.scale), as_cmap=True),
        vmin=mark.low,
        vmax=mark.high,
        cbar=False,
        linewidths=1.5,
        annot_kws={"fontsize": LABEL},
        xticklabels=_all(mark.columns),
        yticklabels=_all(mark.rows),
        ax=axes,
    )
    axes.tick_params(length=0, labelsize=LABEL, labeltop=True, labelbottom=False, rotation=0)


def _intervals(axes: Axes, mark: Intervals) -> None:
    places = range(len(mark.labels))
    axes.hlines(places, mark.lows, mark.highs, color=NEUTRAL, linewidth=1.6, zorder=1)
    colours = [HUE[1] if value > 0 else HUE[0] for value in mark.values]
    axes.scatter(mark.values, places, s=52, color=colours, zorder=2)
    for place, value, text in zip(places, mark.values, mark.texts, strict=True):
        axes.annotate(
            plain(text), (value, place), (0, 6), textcoords="offset points", ha="center", fontsize=NUMBER
        )
    axes.axvline(0, color=NEUTRAL, linewidth=1)
    axes.set_yticks(places, _all(mark.labels))
    axes.set_ylim(len(mark.labels) - 0.4, -0.8)
    _value_axis(axes, mark.axis)


def _pairs(axes: Axes, mark: Pairs) -> None:
    """Two marks a row joined by a line: the first hollow, the second full."""
    places = range(len(mark.labels))
    axes.hlines(places, mark.first.values, mark.second.values, color=NEUTRAL, linewidth=2.4, zorder=1)
    ends: Sequence[tuple[Series, str]] = ((mark.first, "white"), (mark.second, mark.second.colour))
    for series, face in ends:
        axes.scatter(
            series.values,
            places,
            s=60,
            color=face,
            edgecolors=series.colour,
            linewidths=1.8,
            zorder=2,
            label=plain(series.name),
            clip_on=False,
        )
    axes.set_yticks(places, _all(mark.labels))
    axes.set_ylim(len(mark.labels) - 0.4, -0.6)
    _value_axis(axes, mark.axis)
    _legend(axes)
