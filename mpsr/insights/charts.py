"""From a table to Plotly figures; nothing is computed here that the table does not say.

Text of a catalogue passes ``plotly_text``: Plotly reads markup in labels. Marks stand on positions with labels, not on
names, so that two names that are cut to the same do not fall together. Colours of text, axes and grid are left to the
page's theme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from mpsr.insights.sentences import sentence
from mpsr.insights.style import (
    DIFFERENCE,
    DIVERGING,
    HUE,
    NEUTRAL,
    RESIDUAL_RANGE,
    SEQUENTIAL,
    hues_of,
    luminance,
    number,
    paint_of,
    percent,
    plotly_text,
    points,
)
from mpsr.insights.tables import TOP, Table, records
from mpsr.insights.tables_change import clear_rows
from mpsr.insights.views import Options

ROW = 26
MARGIN = {"l": 4, "r": 12, "t": 44, "b": 36}

#: A stacked bar's part below this share has no room for its number.
ROOM = 0.06


@dataclass(frozen=True)
class Chart:
    """Figures that belong together (small multiples have several, with the same axes), and their text alternative."""

    figures: list[go.Figure]
    alt: str


def chart_of(found: Table, options: Options) -> Chart:
    """The chart of a table that is not empty."""
    figures = _CHARTS[found.view](found, options)
    said = sentence(found, options.share, options.as_ == "association")
    return Chart(figures, f"{_KINDS[found.view]} {said}")


def _layout(figure: go.Figure, height: int, title: str = "", **more: Any) -> go.Figure:
    figure.update_layout(
        height=height, margin=MARGIN, title={"text": title, "font": {"size": 15}}, bargap=0.25, **more
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure


def _heights(rows: pd.DataFrame, share: bool) -> Any:
    """What the marks stand for: percent, or counts."""
    return 100 * rows["share"].to_numpy() if share else rows["count"].to_numpy()


def _ticks(share: bool) -> dict[str, Any]:
    return {"ticksuffix": "\u00a0%"} if share else {"tickformat": "~s"}


def _written(rows: pd.DataFrame, share: bool) -> list[str]:
    return (
        [percent(value) for value in rows["share"]] if share else [number(value) for value in rows["count"]]
    )


def _hover(rows: pd.DataFrame, unit: str) -> list[str]:
    return [
        f"{number(count)} {unit}, {percent(share)}"
        for count, share in zip(rows["count"], rows["share"], strict=True)
    ]


def _value_axis(highest: float, share: bool) -> dict[str, Any]:
    return {
        "range": [0, highest * (100 if share else 1) * 1.22 or 1],
        "nticks": 4,
        "rangemode": "tozero",
        **_ticks(share),
    }


def _bars(found: Table, options: Options) -> list[go.Figure]:
    """One figure a season: sorted horizontal bars, all on the same axis."""
    column, by = found.facts["column"], found.facts["by"]
    measure = "share" if options.share else "count"
    axis = _value_axis(float(found.rows[measure].max()), options.share)
    figures = []
    for season, rows in found.rows.groupby(by, sort=False):
        places = list(range(len(rows)))
        bar = go.Bar(
            x=_heights(rows, options.share),
            y=places,
            orientation="h",
            text=_written(rows, options.share),
            textposition="outside",
            cliponaxis=False,
            hovertext=_hover(rows, found.unit),
            hoverinfo="text",
            marker=_own_colours(rows) if column == "baseColour" else _one_hue(rows),
        )
        labels = [plotly_text(value) for value in rows[column]]
        sides = {"tickvals": places, "ticktext": labels, "autorange": "reversed", "automargin": True}
        layout = {  # in one piece: updates one by one take longer than the counting
            "height": ROW * len(rows) + 84,
            "margin": MARGIN,
            "bargap": 0.25,
            "title": {
                "text": f"{plotly_text(str(season))} · {number(rows['count'].sum())} {found.unit}",
                "font": {"size": 15},
            },
            "xaxis": axis | {"fixedrange": True},
            "yaxis": sides | {"showgrid": False, "fixedrange": True},
        }
        figures.append(go.Figure(bar, layout))
    return figures


def _one_hue(rows: pd.DataFrame) -> dict[str, Any]:
    return {"color": [HUE[1] if kind == "value" else NEUTRAL for kind in rows["kind"]]}


def _own_colours(rows: pd.DataFrame) -> dict[str, Any]:
    """Each bar in its own colour, outlined; hatched where one colour is not the truth."""
    paints = [paint_of(value, kind) for value, kind in zip(rows["baseColour"], rows["kind"], strict=True)]
    return {
        "color": [paint.fill for paint in paints],
        "line": {"color": NEUTRAL, "width": 1.5},
        "pattern": {
            "shape": ["/" if paint.hatch else "" for paint in paints],
            "fgcolor": [paint.hatch or NEUTRAL for paint in paints],
            "bgcolor": [paint.fill for paint in paints],
            "fillmode": "replace",
            "size": 7,
            "solidity": 0.45,
        },
    }


def _categories(found: Table, options: Options) -> list[go.Figure]:
    """Categories side by side in each season."""
    measure = "share" if options.share else "count"
    seasons = list(dict.fromkeys(found.rows["season"]))
    groups = list(found.rows.groupby("masterCategory", sort=False))
    hues = hues_of([str(name) for name, _ in groups], [rows["kind"].iloc[0] for _, rows in groups])
    figure = go.Figure()
    for name, rows in groups:
        figure.add_bar(
            x=list(range(len(seasons))),
            y=_heights(rows, options.share),
            name=plotly_text(str(name)),
            marker={"color": hues[str(name)]},
            text=_written(rows, options.share) if len(groups) <= 3 else None,
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertext=_hover(rows, found.unit),
            hoverinfo="text+name",
        )
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}
    _layout(figure, 420, barmode="group", legend=legend)
    figure.update_xaxes(
        tickvals=list(range(len(seasons))), ticktext=[plotly_text(season) for season in seasons]
    )
    figure.update_yaxes(**_value_axis(float(found.rows[measure].max()), options.share), automargin=True)
    return [figure]


def _shares(found: Table, options: Options) -> list[go.Figure]:
    return _pies(found, options) if options.form == "pies" else [_stacked(found, options)]


def _stacked(found: Table, options: Options) -> go.Figure:
    """One bar a season, divided among the categories."""
    measure = "share" if options.share else "count"
    seasons = list(dict.fromkeys(found.rows["season"]))
    groups = list(found.rows.groupby("masterCategory", sort=False))
    hues = hues_of([str(name) for name, _ in groups], [rows["kind"].iloc[0] for _, rows in groups])
    longest = float(found.rows.groupby("season")[measure].sum().max()) or 1.0
    figure = go.Figure()
    for name, rows in groups:
        texts = [
            text if value >= ROOM * longest else ""
            for text, value in zip(_written(rows, options.share), rows[measure], strict=True)
        ]
        figure.add_bar(
            x=_heights(rows, options.share),
            y=list(range(len(seasons))),
            orientation="h",
            name=plotly_text(str(name)),
            marker={"color": hues[str(name)], "line": {"color": "#ffffff", "width": 1}},
            text=texts,
            textposition="inside",
            textangle=0,
            insidetextanchor="middle",
            insidetextfont={"color": "#ffffff"},
            constraintext="none",
            hovertext=_hover(rows, found.unit),
            hoverinfo="text+name",
        )
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "traceorder": "normal"}
    _layout(figure, 64 * len(seasons) + 150, barmode="stack", legend=legend)
    figure.update_xaxes(range=[0, longest * (100 if options.share else 1)], nticks=5, **_ticks(options.share))
    labels = [plotly_text(season) for season in seasons]
    figure.update_yaxes(
        tickvals=list(range(len(seasons))),
        ticktext=labels,
        autorange="reversed",
        automargin=True,
        showgrid=False,
    )
    return figure


def _pies(found: Table, options: Options) -> list[go.Figure]:
    """One pie a season, the same colours in all."""
    totals = found.rows.groupby(["masterCategory", "kind"], sort=False)["count"].sum().reset_index()
    hues = hues_of(totals["masterCategory"].tolist(), totals["kind"].tolist())
    figures = []
    for season, rows in found.rows.groupby("season", sort=False):
        pie = go.Pie(
            labels=[plotly_text(value) for value in rows["masterCategory"]],
            values=rows["count"].to_numpy(),
            marker={
                "colors": [hues[value] for value in rows["masterCategory"]],
                "line": {"color": "#ffffff", "width": 1},
            },
            sort=False,
            direction="clockwise",
            text=_written(rows, options.share),
            textinfo="text",
            textposition="inside",
            insidetextfont={"color": "#ffffff"},
            insidetextorientation="horizontal",
            hovertext=_hover(rows, found.unit),
            hoverinfo="label+text",
        )
        title = f"{plotly_text(str(season))} · {number(rows['count'].sum())} {found.unit}"
        figure = _layout(go.Figure(pie), 340, title, uniformtext={"minsize": 10, "mode": "hide"})
        figures.append(figure.update_layout(legend={"orientation": "h", "y": -0.05}))
    return figures


DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "triangle-down", "hexagon")


def _time(found: Table, options: Options) -> list[go.Figure]:
    """Lines in true order; the marks of small periods are hollow."""
    column = found.facts["column"]
    periods = list(dict.fromkeys(found.rows["period"]))
    figure = go.Figure()
    for place, (value, rows) in enumerate(found.rows.groupby(column, sort=False)):
        hover = [
            f"{plotly_text(str(value))}, {plotly_text(row.period)}: {number(row.count)} of {number(row.total)} "
            f"{found.unit}, {percent(row.share)} (95 %: {percent(row.low)} to {percent(row.high)})"
            + (", a small period" if row.small else "")
            for row in records(rows)
        ]
        figure.add_scatter(
            x=list(range(len(periods))),
            y=_heights(rows, options.share),
            mode="lines+markers",
            name=plotly_text(str(value)),
            line={"color": HUE[place], "dash": DASHES[place // 4], "width": 2},
            marker={
                "symbol": [SYMBOLS[place] + ("-open" if small else "") for small in rows["small"]],
                "size": 9,
                "color": HUE[place],
                "line": {"color": HUE[place], "width": 1.5},
            },
            hovertext=hover,
            hoverinfo="text",
        )
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}
    _layout(figure, 460, legend=legend)
    step = max(1, -(-len(periods) // 13))
    ticks = list(range(0, len(periods), step))
    figure.update_xaxes(
        tickvals=ticks, ticktext=[plotly_text(periods[place]) for place in ticks], tickangle=-45
    )
    figure.update_xaxes(automargin=True, range=[-0.5, len(periods) - 0.5])
    figure.update_yaxes(**_ticks(options.share), rangemode="tozero", automargin=True)
    return [figure]


def _gender(found: Table, options: Options) -> list[go.Figure]:
    """A heat map; every cell carries its number."""
    measure = {"count": "count", "share": "share", "association": "residual"}[options.as_]
    types, genders = (list(dict.fromkeys(found.rows[column])) for column in ("articleType", "gender"))
    cells = found.rows[measure].to_numpy(dtype=np.float64).reshape(len(types), len(genders))
    if options.as_ == "association":
        text = [[f"{value:+.1f}".replace("-", "−") for value in row] for row in cells]
        colours: dict[str, Any] = {
            "zmin": -RESIDUAL_RANGE,
            "zmax": RESIDUAL_RANGE,
            "colorscale": _scale(DIVERGING),
        }
    else:
        write = percent if options.as_ == "share" else number
        text = [[write(value) for value in row] for row in cells]
        colours = {"zmin": 0, "zmax": 1 if options.as_ == "share" else None, "colorscale": _scale(SEQUENTIAL)}
    hover = [
        f"{plotly_text(row.articleType)} · {plotly_text(row.gender)}: {number(row.count)} {found.unit}, "
        f"{percent(row.share)} of the type, {number(round(row.expected))} expected, residual {row.residual:+.1f}"
        for row in records(found.rows)
    ]
    heat = go.Heatmap(
        z=cells,
        hovertext=np.array(hover).reshape(cells.shape),
        hoverinfo="text",
        showscale=False,
        xgap=2,
        ygap=2,
        **colours,
    )
    figure = _layout(go.Figure([heat, _cell_text(cells, text, colours)]), ROW * len(types) + 84)
    figure.update_xaxes(
        tickvals=list(range(len(genders))),
        ticktext=[plotly_text(gender, 12) for gender in genders],
        side="top",
    )
    figure.update_yaxes(
        tickvals=list(range(len(types))),
        ticktext=[plotly_text(kind) for kind in types],
        autorange="reversed",
        automargin=True,
    )
    figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)
    return [figure]


def _cell_text(cells: Any, text: list[list[str]], colours: dict[str, Any]) -> go.Scatter:
    """The numbers on the cells, black or white by what stands out more."""
    low, high = colours["zmin"], colours["zmax"] or float(cells.max()) or 1.0
    places = np.clip((cells.ravel() - low) / (high - low), 0, 1)
    fills = sample_colorscale(colours["colorscale"], places.tolist(), colortype="tuple")
    return go.Scatter(
        x=np.tile(np.arange(cells.shape[1]), cells.shape[0]),
        y=np.repeat(np.arange(cells.shape[0]), cells.shape[1]),
        mode="text",
        text=[value for row in text for value in row],
        textfont={
            "color": ["#000000" if luminance(fill) > 0.18 else "#ffffff" for fill in fills],
            "size": 11,
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _scale(colours: tuple[str, ...]) -> list[list[Any]]:
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def _difference(found: Table, options: Options) -> list[go.Figure]:
    """The clear differences: as points of share with their intervals, or the two counts."""
    column, rows = found.facts["column"], clear_rows(found)
    if rows.empty:
        return []
    names = [plotly_text(value) for value in rows[column]]
    if not options.share:
        ends = [(found.facts[end], rows[f"count_{end}"].to_numpy()) for end in ("before", "after")]
        return [_dumbbell(names, ends, found.unit)]
    places = list(range(len(rows)))
    hover = [
        f"{name}: {percent(row.share_before)} to {percent(row.share_after)}, {points(row.difference)} points "
        f"({points(row.low)} to {points(row.high)})"
        for name, row in zip(names, records(rows), strict=True)
    ]
    figure = go.Figure(
        go.Scatter(
            x=100 * rows["difference"].to_numpy(),
            y=places,
            mode="markers+text",
            text=[points(value) for value in rows["difference"]],
            textposition="top center",
            marker={"size": 11, "color": [HUE[1] if value > 0 else HUE[0] for value in rows["difference"]]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": 100 * (rows["high"] - rows["difference"]).to_numpy(),
                "arrayminus": 100 * (rows["difference"] - rows["low"]).to_numpy(),
                "color": NEUTRAL,
            },
            hovertext=hover,
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    _layout(figure, 38 * len(rows) + 100)
    figure.add_vline(x=0, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(title={"text": DIFFERENCE.format_map(found.facts)}, zeroline=False)
    figure.update_yaxes(
        tickvals=places, ticktext=names, range=[len(rows) - 0.4, -0.8], automargin=True, zeroline=False
    )
    return [figure]


def _dumbbell(names: list[str], ends: list[tuple[str, Any]], axis: str, share: bool = False) -> go.Figure:
    """Two marks a row joined by a line: the first hollow, the second filled."""
    places, scale = list(range(len(names))), 100 if share else 1
    figure = go.Figure()
    for place in places:
        pair = [scale * float(values[place]) for _, values in ends]
        figure.add_scatter(
            x=pair,
            y=[place, place],
            mode="lines",
            line={"color": NEUTRAL, "width": 3},
            hoverinfo="skip",
            showlegend=False,
        )
    for number_of, (name, values) in enumerate(ends):
        figure.add_scatter(
            x=scale * values,
            y=places,
            mode="markers",
            name=plotly_text(name),
            marker={
                "size": 12,
                "symbol": "circle-open" if number_of == 0 else "circle",
                "color": HUE[number_of],
                "line": {"width": 2, "color": HUE[number_of]},
            },
            hovertext=[
                f"{row}, {plotly_text(name)}: {percent(value) if share else number(round(value, 1))}"
                for row, value in zip(names, values, strict=True)
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    _layout(figure, 38 * len(names) + 120, legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0})
    figure.update_xaxes(
        title={"text": axis},
        **_ticks(share),
        rangemode="tozero",
        zeroline=False,
        nticks=6,
    )
    figure.update_yaxes(
        tickvals=places, ticktext=names, range=[len(names) - 0.4, -0.6], automargin=True, zeroline=False
    )
    return figure


def _gaps(found: Table, options: Options) -> list[go.Figure]:
    """What is expected (hollow) and what is there (filled), the largest gaps."""
    rows = found.rows.head(TOP + 2)
    if rows.empty:
        return []
    names = [
        f"{plotly_text(row.baseColour, 14)} {plotly_text(row.articleType, 16)}<br>{plotly_text(row.gender, 14)}"
        for row in records(rows)
    ]
    columns = ("expected_share", "share") if options.share else ("expected", "count")
    ends = [
        (name, rows[column].to_numpy()) for name, column in zip(("expected", "there"), columns, strict=True)
    ]
    axis = f"share of the type's {found.unit}" if options.share else found.unit
    return [_dumbbell(names, ends, axis, options.share)]


_CHARTS: dict[str, Callable[[Table, Options], list[go.Figure]]] = {
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

_KINDS = {
    "types": "Bar charts of product types, one a season.",
    "colours": "Bar charts of colours, one a season, each bar in its colour.",
    "categories": "Bars of categories side by side, by season.",
    "shares": "How each season divides among categories.",
    "time": "Lines over time.",
    "gender": "Heat map of product types and genders.",
    "moved": "Differences of shares with their intervals.",
    "apart": "Differences of shares with their intervals.",
    "gaps": "Expected and actual numbers of thin combinations.",
}
