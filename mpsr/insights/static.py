"""From a table to a picture on paper: the charts of the report and of the PNG and SVG files, with matplotlib and seaborn.

A page is a question, the finding as its headline, the chart, and what a reader must know about it. Text of a catalogue
passes ``plain``: matplotlib reads mathematics between dollar signs.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from textwrap import fill
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mpsr.insights.sentences import sentence
from mpsr.insights.style import (
    DIFFERENCE,
    DIVERGING,
    HUE,
    NEUTRAL,
    RESIDUAL_RANGE,
    SEQUENTIAL,
    UNKNOWN,
    hues_of,
    number,
    paint_of,
    percent,
    points,
    short,
)
from mpsr.insights.tables import TOP, Table, records
from mpsr.insights.tables_change import clear_rows
from mpsr.insights.views import VIEWS, Options

#: Inches of a picture to be pasted somewhere, and of an A4 page.
SCREEN, A4 = (10.0, 7.5), (8.27, 11.69)

#: matplotlib's figures may be drawn in any thread, but not its shared font cache in two at once.
_DRAWING = threading.Lock()


def as_bytes(found: Table, options: Options, selection: str, kind: str) -> bytes:
    """The picture of a table as a PNG or SVG file.

    Args:
        found: the table.
        options: what it was asked.
        selection: which products, in words.
        kind: "png" or "svg".
    """
    out = io.BytesIO()
    with _DRAWING:
        draw(found, options, selection, SCREEN).savefig(
            out, format=kind, dpi=200, metadata={"Date": None} if kind == "svg" else None
        )
    return out.getvalue()


def chart_bytes(found: Table, options: Options) -> bytes:
    """The chart alone, without headline and notes, as a PNG file: for a page that says them in text."""
    height = min(_heights(found, options, SCREEN), 6.4)
    figure = Figure(figsize=(SCREEN[0], height), facecolor="white", layout="constrained")
    out = io.BytesIO()
    with _DRAWING:
        _DRAWN[found.view](figure, found, options)
        figure.savefig(out, format="png", dpi=160)
    return out.getvalue()


def draw(
    found: Table, options: Options, selection: str, size: tuple[float, float] = A4, foot: str = ""
) -> Figure:
    """A table as a page: headline, chart, notes.

    Args:
        found: the table; an empty one gives a page that says so.
        options: what it was asked.
        selection: which products, in words; "" for all.
        size: inches.
        foot: last line of the page.
    """
    view = VIEWS[found.view]
    figure = Figure(figsize=size, facecolor="white")
    width, inch = int(size[0] * 9.2), 1 / size[1]
    said = plain(sentence(found, options.share, options.as_ == "association"), 1000)
    headline = fill(said, int(width * 0.92))
    notes = fill(plain(f"{found.coverage} {view.how}", 2000), int(width * 1.45))
    figure.text(0.07, 1 - 0.45 * inch, view.question, fontsize=10, color="#5d564e", va="top")
    scope = f"{selection or 'All products'} · {found.unit}"
    figure.text(0.07, 1 - 0.65 * inch, plain(scope, 90), fontsize=9, color="#5d564e", va="top")
    figure.text(0.07, 1 - 0.95 * inch, headline, fontsize=12.5, weight="bold", va="top", linespacing=1.35)
    figure.text(0.07, 0.62 * inch, notes, fontsize=8, color="#3d3832", va="bottom", linespacing=1.4)
    figure.text(0.07, 0.35 * inch, plain(foot, 120), fontsize=7.5, color="#5d564e", va="bottom")
    top = (1.15 + 0.25 * (headline.count("\n") + 1)) * inch
    bottom = (0.8 + 0.16 * (notes.count("\n") + 1)) * inch
    height = 1 - top - bottom
    if not found.empty:
        most = _heights(found, options, size)
        height = min(height, most * inch)
        figure.set_layout_engine("constrained", rect=(0.05, 1 - top - height, 0.9, height), h_pad=0.12)
        _DRAWN[found.view](figure, found, options)
    return figure


def _heights(found: Table, options: Options, size: tuple[float, float]) -> float:
    """Inches a chart should have at the most: a page need not be filled."""
    if found.view in ("categories", "time"):
        return 6.2
    if found.view == "shares":
        return 7.0 if options.form == "pies" else 5.4
    if found.view in ("moved", "apart"):
        return 1.2 + 0.42 * max(len(clear_rows(found)), 2)
    if found.view == "gaps":
        return 1.2 + 0.5 * min(len(found.rows), TOP + 2)
    return size[1]


def plain(text: str, width: int = 26) -> str:
    """Text of a catalogue for matplotlib: on one line, shortened, dollar signs as they are."""
    return short(text, width).replace("$", r"\$")


def _bare(axes: Axes, keep: tuple[str, ...] = ("bottom",)) -> None:
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color("#b5aea5")
    axes.tick_params(length=0, labelsize=8.5)
    axes.title.set_fontsize(10)


def _value_axis(axes: Axes, share: bool, which: Literal["x", "y"] = "x") -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{100 * value:.0f} %" if share else number(value))
    )
    axis.set_major_locator(MaxNLocator(5, integer=not share))
    axes.grid(axis=which, color="#e6e1da", linewidth=0.8)
    axes.set_axisbelow(True)


def _written(rows: pd.DataFrame, share: bool) -> list[str]:
    return [percent(v) for v in rows["share"]] if share else [number(v) for v in rows["count"]]


def _bars(figure: Figure, found: Table, options: Options) -> None:
    """Sorted bars, one panel a season, the same axis in all."""
    column, measure = found.facts["column"], "share" if options.share else "count"
    groups = list(found.rows.groupby(found.facts["by"], sort=False))
    across = 2 if len(groups) > 1 else 1
    panels = figure.subplots(-(-len(groups) // across), across, sharex=True, squeeze=False).ravel()
    highest = float(found.rows[measure].max()) * 1.25 or 1.0
    for axes, (season, rows) in zip(panels, groups, strict=False):
        bars = axes.barh(range(len(rows)), rows[measure], height=0.72)
        for bar, value, kind in zip(bars, rows[column], rows["kind"], strict=True):
            if column == "baseColour":
                _paint(bar, value, kind)
            else:
                bar.set_facecolor(HUE[1] if kind == "value" else NEUTRAL)
        axes.bar_label(bars, _written(rows, options.share), padding=3, fontsize=8)
        axes.set_yticks(range(len(rows)), [plain(value) for value in rows[column]])
        axes.invert_yaxis()
        axes.set_xlim(0, highest)
        axes.set_title(
            plain(f"{season} · {number(rows['count'].sum())} {found.unit}", 50), loc="left", weight="bold"
        )
        _value_axis(axes, options.share)
        axes.tick_params(labelbottom=True)
        _bare(axes)
    for axes in panels[len(groups) :]:
        axes.set_visible(False)


def _paint(bar: Any, value: str, kind: str) -> None:
    paint = paint_of(value, kind)
    bar.set_facecolor("white" if paint == UNKNOWN else paint.fill)
    bar.set_edgecolor(paint.hatch or NEUTRAL)
    bar.set_linewidth(0.9)
    if paint.hatch:
        bar.set_hatch("////")


def _categories(figure: Figure, found: Table, options: Options) -> None:
    import seaborn

    measure, axes = "share" if options.share else "count", figure.subplots()
    rows = found.rows
    kinds = rows.drop_duplicates("masterCategory")
    hues = hues_of(kinds["masterCategory"].tolist(), kinds["kind"].tolist())
    seaborn.barplot(
        rows, x="season", y=measure, hue="masterCategory", palette=hues, saturation=1, errorbar=None, ax=axes
    )
    if len(hues) <= 4:
        for container, (_, group) in zip(
            axes.containers, rows.groupby("masterCategory", sort=False), strict=True
        ):
            axes.bar_label(cast("Any", container), _written(group, options.share), padding=2, fontsize=8)
    _named_seasons(axes, rows)
    _legend(axes, list(hues))
    _value_axis(axes, options.share, "y")
    _bare(axes)


def _named_seasons(axes: Axes, rows: pd.DataFrame) -> None:
    seasons = list(dict.fromkeys(rows["season"]))
    axes.set_xticks(range(len(seasons)), [plain(season) for season in seasons])
    axes.set(xlabel="", ylabel="")


def _legend(axes: Axes, names: list[str]) -> None:
    handles, _ = axes.get_legend_handles_labels()
    axes.legend(
        handles,
        [plain(name) for name in names],
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=min(len(names), 4),
        frameon=False,
        fontsize=9,
    )


def _shares(figure: Figure, found: Table, options: Options) -> None:
    (_pies if options.form == "pies" else _stacked)(figure, found, options)


def _stacked(figure: Figure, found: Table, options: Options) -> None:
    measure, axes, rows = "share" if options.share else "count", figure.subplots(), found.rows
    seasons = list(dict.fromkeys(rows["season"]))
    kinds = rows.drop_duplicates("masterCategory")
    hues = hues_of(kinds["masterCategory"].tolist(), kinds["kind"].tolist())
    longest, left = float(rows.groupby("season")[measure].sum().max()) or 1.0, np.zeros(len(seasons))
    for name, group in rows.groupby("masterCategory", sort=False):
        values = group[measure].to_numpy()
        bars = axes.barh(
            range(len(seasons)),
            values,
            left=left,
            color=hues[str(name)],
            edgecolor="white",
            height=0.62,
            label=name,
        )
        texts = [
            text if value >= 0.06 * longest else ""
            for text, value in zip(_written(group, options.share), values, strict=True)
        ]
        axes.bar_label(bars, texts, label_type="center", color="white", fontsize=8.5)
        left = left + values
    axes.set_yticks(range(len(seasons)), [plain(season) for season in seasons])
    axes.invert_yaxis()
    axes.set_xlim(0, longest)
    _legend(axes, list(hues))
    _value_axis(axes, options.share)
    _bare(axes)


def _pies(figure: Figure, found: Table, options: Options) -> None:
    groups = list(found.rows.groupby("season", sort=False))
    kinds = found.rows.drop_duplicates("masterCategory")
    hues = hues_of(kinds["masterCategory"].tolist(), kinds["kind"].tolist())
    lines = -(-len(groups) // 2)
    grid = figure.add_gridspec(lines + 1, 2, height_ratios=[*[1.0] * lines, 0.18])
    panels = [figure.add_subplot(grid[place // 2, place % 2]) for place in range(len(groups))]
    for axes, (season, rows) in zip(panels, groups, strict=True):
        texts = [
            t if s >= 0.04 else "" for t, s in zip(_written(rows, options.share), rows["share"], strict=True)
        ]
        total = float(rows["count"].sum())
        if total:
            axes.pie(
                rows["count"],
                colors=[hues[value] for value in rows["masterCategory"]],
                labels=texts,
                labeldistance=0.62,
                startangle=90,
                counterclock=False,
                wedgeprops={"edgecolor": "white"},
                textprops={"fontsize": 8.5, "color": "white", "ha": "center"},
            )
        axes.set_title(plain(f"{season} · {number(total)} {found.unit}", 50), fontsize=10, weight="bold")
        axes.set_axis_off()
    below = figure.add_subplot(grid[lines, :])
    below.set_axis_off()
    for name, colour in hues.items():
        below.bar([0], [0], color=colour, label=plain(name))
    below.legend(loc="center", ncols=4, frameon=False, fontsize=9)


def _time(figure: Figure, found: Table, options: Options) -> None:
    import seaborn

    column, measure, axes = found.facts["column"], "share" if options.share else "count", figure.subplots()
    periods = list(dict.fromkeys(found.rows["period"]))
    rows = found.rows.assign(at=found.rows["period"].map(periods.index))
    values = list(dict.fromkeys(rows[column]))
    hues = dict(zip(values, HUE, strict=False))
    seaborn.lineplot(rows, x="at", y=measure, hue=column, style=column, palette=hues, dashes=True, ax=axes)
    for place, value in enumerate(values):
        line = rows[rows[column] == value]
        for small, face in ((False, hues[value]), (True, "white")):
            part = line[line["small"] == small]
            axes.scatter(
                part["at"],
                part[measure],
                marker="osD^PXvh"[place],
                s=34,
                color=face,
                edgecolors=hues[value],
                zorder=3,
            )
    step = max(1, -(-len(periods) // 14))
    ticks = list(range(0, len(periods), step))
    axes.set_xticks(
        ticks, [plain(periods[place]) for place in ticks], rotation=45, ha="right", rotation_mode="anchor"
    )
    axes.set(xlabel="", ylabel="", ylim=(0, None))
    _legend(axes, values)
    _value_axis(axes, options.share, "y")
    _bare(axes)


def _gender(figure: Figure, found: Table, options: Options) -> None:
    import seaborn

    measure = {"count": "count", "share": "share", "association": "residual"}[options.as_]
    types, genders = (list(dict.fromkeys(found.rows[column])) for column in ("articleType", "gender"))
    cells = found.rows[measure].to_numpy(dtype=np.float64).reshape(len(types), len(genders))
    write: Callable[[float], str] = {"count": number, "share": percent, "residual": _signed}[measure]
    diverging = measure == "residual"
    ends = (-RESIDUAL_RANGE, RESIDUAL_RANGE) if diverging else (0, 1 if measure == "share" else None)
    axes = figure.subplots()
    seaborn.heatmap(
        cells,
        annot=np.array([[write(value) for value in row] for row in cells]),
        fmt="",
        cmap=seaborn.blend_palette(list(DIVERGING if diverging else SEQUENTIAL), as_cmap=True),
        vmin=ends[0],
        vmax=ends[1],
        cbar=False,
        linewidths=1.5,
        annot_kws={"fontsize": 8.5},
        xticklabels=[plain(gender, 14) for gender in genders],
        yticklabels=[plain(kind) for kind in types],
        ax=axes,
    )
    axes.tick_params(length=0, labelsize=8.5, labeltop=True, labelbottom=False, rotation=0)


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _difference(figure: Figure, found: Table, options: Options) -> None:
    column, rows = found.facts["column"], clear_rows(found)
    if rows.empty:
        return
    names = [plain(value) for value in rows[column]]
    if not options.share:
        ends = {found.facts[end]: rows[f"count_{end}"].to_numpy() for end in ("before", "after")}
        _dumbbell(figure.subplots(), names, ends, found.unit)
        return
    axes, places = figure.subplots(), range(len(rows))
    for place, row in enumerate(records(rows)):
        axes.plot([100 * row.low, 100 * row.high], [place, place], color=NEUTRAL, linewidth=1.6, zorder=1)
        axes.scatter(
            100 * row.difference, place, s=52, color=HUE[1] if row.difference > 0 else HUE[0], zorder=2
        )
        axes.annotate(
            points(row.difference),
            (100 * row.difference, place),
            (0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.axvline(0, color=NEUTRAL, linewidth=1)
    axes.set_yticks(places, names)
    axes.set_ylim(len(rows) - 0.4, -0.8)
    axes.set_xlabel(DIFFERENCE.format_map(found.facts), fontsize=8.5)
    axes.grid(axis="x", color="#e6e1da", linewidth=0.8)
    axes.set_axisbelow(True)
    _bare(axes)


def _gaps(figure: Figure, found: Table, options: Options) -> None:
    rows = found.rows.head(TOP + 2)
    names = [
        f"{plain(row.baseColour, 16)} {plain(row.articleType, 20)}\n{plain(row.gender, 16)}"
        for row in records(rows)
    ]
    columns = ("expected_share", "share") if options.share else ("expected", "count")
    ends = {
        name: rows[column].to_numpy() for name, column in zip(("expected", "there"), columns, strict=True)
    }
    axis = f"share of the type's {found.unit}" if options.share else found.unit
    _dumbbell(figure.subplots(), names, ends, axis, options.share)


def _dumbbell(
    axes: Axes, names: list[str], ends: dict[str, np.ndarray], label: str, share: bool = False
) -> None:
    """Two marks a row joined by a line: the first hollow, the second filled."""
    (_, first), (_, second) = ends.items()
    axes.hlines(range(len(names)), first, second, color=NEUTRAL, linewidth=2.4, zorder=1)
    for number_of, (name, values) in enumerate(ends.items()):
        face = "white" if number_of == 0 else HUE[1]
        axes.scatter(
            values,
            range(len(names)),
            s=60,
            color=face,
            edgecolors=HUE[number_of],
            linewidths=1.8,
            zorder=2,
            label=name,
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.set_xlabel(plain(label, 60), fontsize=8.5)
    _legend(axes, list(ends))
    _value_axis(axes, share)
    _bare(axes)


_DRAWN: dict[str, Callable[[Figure, Table, Options], None]] = {
    "types": _bars,
    "colours": _bars,
    "categories": _categories,
    "shares": _shares,
    "time": _time,
    "gender": _gender,
    "moved": _difference,
    "apart": _difference,
    "gaps": _gaps,
}
