"""Draws a chart for the screen: Plotly figures, one a panel.

Text of a catalogue is escaped: Plotly reads markup in labels. Marks stand at numbered places with labels, not at
names, so that two names that are cut to the same do not fall together. Colours of text, axes and grid are left to the
page's theme.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

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
    Pick,
    Pie,
    Series,
    Stack,
)
from mpsr.insights.picks import written
from mpsr.insights.style import DARK_TEXT, DASHES, HUE, NEUTRAL, SYMBOLS, Paint, luminance

#: Pixels of a row of bars or cells, and of one with two marks.
ROW, WIDE_ROW = 26, 38

#: Pixels of a letter of an axis label, about; full-width letters count as two.
LETTER = 6.6

MARGIN = {"l": 4, "r": 12, "t": 44, "b": 36}
LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}


def figures_of(chart: Chart) -> list[go.Figure]:
    """The figures of a chart, one a panel, with the same axes."""
    left = _label_room(chart)
    return [_drawn(panel, left) for panel in chart.panels]


def _drawn(panel: Panel, left: float) -> go.Figure:
    figure = _figure(panel.mark)
    if panel.title:
        figure.update_layout(title={"text": escaped(panel.title), "font": {"size": 15}})
    if isinstance(
        panel.mark, Bars
    ):  # the same room for labels in every panel, so that the axes are equally long
        figure.update_layout(margin={"l": left}).update_yaxes(automargin=False)
        figure.update_layout(xaxis_title={"text": escaped(panel.note), "font": {"size": 12}})
    return figure.update_xaxes(fixedrange=True).update_yaxes(fixedrange=True)


def _figure(mark: Mark) -> go.Figure:
    match mark:
        case Bars():
            return _bars(mark)
        case Groups():
            return _groups(mark)
        case Stack():
            return _stack(mark)
        case Pie():
            return _pie(mark)
        case Lines():
            return _lines(mark)
        case Heat():
            return _heat(mark)
        case Intervals():
            return _intervals(mark)
        case Pairs():
            return _pairs(mark)
        case _:
            assert_never(mark)


def escaped(text: str) -> str:
    """Text without markup for Plotly; a line break stays one."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def _all(texts: Iterable[str]) -> list[str]:
    return [escaped(text) for text in texts]


def _told(picks: Iterable[Pick]) -> list[str]:
    """Which products each mark stands for, as a click reports it (``mpsr.insights.picks``)."""
    return [written(pick) for pick in picks]


def _label_room(chart: Chart) -> float:
    """Pixels that the longest label of all panels of bars takes."""
    labels = [label for panel in chart.panels if isinstance(panel.mark, Bars) for label in panel.mark.labels]
    wide = [
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text) for text in labels
    ]
    return 12 + LETTER * max(wide, default=0)


def _layout(figure: go.Figure, height: float, **more: Any) -> go.Figure:
    return figure.update_layout(height=height, margin=MARGIN, bargap=0.25, **more)


def _value_axis(axis: Axis) -> dict[str, Any]:
    ticks = {"ticksuffix": "\u00a0%"} if axis.percent else {"tickformat": "" if axis.signed else "~s"}
    title = {"title": {"text": escaped(axis.title)}} if axis.title else {}
    end = {"range": [0, axis.high]} if axis.high else {}
    return {"nticks": 7, "automargin": True, **ticks, **title, **end} | (
        {} if axis.signed else {"rangemode": "tozero"}
    )


def _label_axis(labels: Iterable[str], downwards: bool = True) -> dict[str, Any]:
    texts = _all(labels)
    axis = {"tickvals": list(range(len(texts))), "ticktext": texts, "automargin": True}
    return axis | ({"autorange": "reversed", "showgrid": False} if downwards else {})


def _bars(mark: Bars) -> go.Figure:
    bar = go.Bar(
        x=mark.values,
        y=list(range(len(mark.values))),
        orientation="h",
        text=_all(mark.texts),
        textposition="outside",
        cliponaxis=False,
        hovertext=_all(mark.hovers),
        hoverinfo="text",
        marker=_fills(mark.paints),
        customdata=_told(mark.picks),
    )
    figure = _layout(go.Figure(bar), ROW * len(mark.values) + 104)
    figure.update_xaxes(**_value_axis(mark.axis) | {"nticks": 5})
    return figure.update_yaxes(**_label_axis(mark.labels))


def _fills(paints: tuple[Paint, ...]) -> dict[str, Any]:
    """Each bar's colour, outlined where they differ (white must not vanish), hatched where its paint says so."""
    fills = [paint.fill or "rgba(0,0,0,0)" for paint in paints]
    if set(fills) <= {*HUE}:
        return {"color": fills}
    return {
        "color": fills,
        "line": {"color": NEUTRAL, "width": 1.5},
        "pattern": {
            "shape": ["/" if paint.hatch else "" for paint in paints],
            "fgcolor": [paint.hatch or NEUTRAL for paint in paints],
            "bgcolor": fills,
            "fillmode": "replace",
            "size": 7,
            "solidity": 0.45,
        },
    }


def _groups(mark: Groups) -> go.Figure:
    figure = go.Figure(
        [
            go.Bar(
                x=list(range(len(mark.labels))),
                y=series.values,
                text=_all(series.texts),
                textposition="outside",
                textangle=0,
                cliponaxis=False,
                **_named(series),
            )
            for series in mark.series
        ]
    )
    _layout(figure, 420, barmode="group", legend=LEGEND)
    return figure.update_xaxes(**_label_axis(mark.labels, False)).update_yaxes(**_value_axis(mark.axis))


def _named(series: Series) -> dict[str, Any]:
    return {
        "name": escaped(series.name),
        "marker": {"color": series.colour},
        "customdata": _told(series.picks),
        "hovertext": _all(series.hovers),
        "hoverinfo": "text",
    }


def _stack(mark: Stack) -> go.Figure:
    figure = go.Figure()
    for series in mark.series:
        figure.add_bar(
            x=series.values,
            y=list(range(len(mark.labels))),
            orientation="h",
            text=_all(series.texts),
            textposition="inside",
            textangle=0,
            insidetextanchor="middle",
            insidetextfont={"color": "#ffffff"},
            constraintext="none",
            **_named(series),
        )
    figure.update_traces(marker_line={"color": "#ffffff", "width": 1})
    _layout(figure, 64 * len(mark.labels) + 150, barmode="stack", legend={**LEGEND, "traceorder": "normal"})
    return figure.update_xaxes(**_value_axis(mark.axis)).update_yaxes(**_label_axis(mark.labels))


def _pie(mark: Pie) -> go.Figure:
    pie = go.Pie(
        labels=_all(mark.names),
        values=mark.values,
        marker={"colors": mark.colours, "line": {"color": "#ffffff", "width": 1}},
        sort=False,
        direction="clockwise",
        text=_all(mark.texts),
        textinfo="text",
        textposition="inside",
        insidetextfont={"color": "#ffffff"},
        insidetextorientation="horizontal",
        hovertext=_all(mark.hovers),
        hoverinfo="text",
    )
    figure = _layout(go.Figure(pie), 340, uniformtext={"minsize": 10, "mode": "hide"})
    return figure.update_layout(legend={"orientation": "h", "y": -0.05})


def _lines(mark: Lines) -> go.Figure:
    """A trace a line, and one of its hollow marks, which no line connects."""
    figure = go.Figure()
    places = [float(place) for place in range(len(mark.labels))]
    for number, line in enumerate(mark.lines):
        name = escaped(line.name)
        colour, symbol = HUE[number], SYMBOLS[number][0]
        common = {"name": name, "legendgroup": str(number), "hoverinfo": "text"}
        sure = [value if known else None for value, known in zip(line.values, line.sure, strict=True)]
        hovers, picks = _all(line.hovers), _told(line.picks) or [""] * len(line.values)
        figure.add_scatter(
            **common,
            x=_broken(places, mark.breaks),
            y=_broken(sure, mark.breaks),
            mode="lines+markers",
            connectgaps=False,
            line={"color": colour, "dash": DASHES[number // 4][0], "width": 2},
            marker={"symbol": symbol, "size": 9, "color": colour},
            hovertext=_broken(hovers, mark.breaks),
            customdata=_broken(picks, mark.breaks),
        )
        figure.add_scatter(
            **common,
            x=[place for place, known in zip(places, line.sure, strict=True) if not known],
            y=[value for value, known in zip(line.values, line.sure, strict=True) if not known],
            mode="markers",
            marker={"symbol": f"{symbol}-open", "size": 9, "color": colour, "line": {"width": 1.5}},
            hovertext=[hover for hover, known in zip(hovers, line.sure, strict=True) if not known],
            customdata=[pick for pick, known in zip(picks, line.sure, strict=True) if not known],
            showlegend=False,
        )
    _layout(figure, 460, legend=LEGEND)
    step = max(1, -(-len(places) // 13))
    ticks = list(range(0, len(places), step))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=_all(mark.labels[place] for place in ticks),
        tickangle=-45,
        automargin=True,
        range=[-0.5, len(places) - 0.5],
    )
    return figure.update_yaxes(**_value_axis(mark.axis))


def _broken(values: Sequence[Any], breaks: tuple[int, ...]) -> list[Any]:
    """The values with a None before each of those places: there a line breaks."""
    parts = ([None, value] if place in breaks else [value] for place, value in enumerate(values))
    return [value for part in parts for value in part]


def _heat(mark: Heat) -> go.Figure:
    scale = [[place / (len(mark.scale) - 1), colour] for place, colour in enumerate(mark.scale)]
    cells = np.array(mark.cells)
    heat = go.Heatmap(
        z=cells,
        zmin=mark.low,
        zmax=mark.high,
        colorscale=scale,
        hoverinfo="skip",
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure = _layout(go.Figure([heat, _cell_text(mark, cells, scale)]), ROW * len(mark.rows) + 84)
    figure.update_xaxes(**_label_axis(mark.columns, False), side="top")
    figure.update_yaxes(**_label_axis(mark.rows))
    return figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)


def _cell_text(mark: Heat, cells: Any, scale: list[list[Any]]) -> go.Scatter:
    """The texts of the cells, black or white by what stands out more, on squares to point at: no cell can be clicked."""
    places = np.clip((cells.ravel() - mark.low) / (mark.high - mark.low), 0, 1)
    fills = sample_colorscale(scale, places.tolist(), colortype="tuple")
    return go.Scatter(
        x=np.tile(np.arange(cells.shape[1]), cells.shape[0]),
        y=np.repeat(np.arange(cells.shape[0]), cells.shape[1]),
        mode="markers+text",
        text=_all(text for row in mark.texts for text in row),
        textfont={
            "color": ["#000000" if luminance(fill) > DARK_TEXT else "#ffffff" for fill in fills],
            "size": 11,
        },
        marker={"symbol": "square", "size": ROW - 4, "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertext=_all(text for row in mark.hovers for text in row),
        hoverinfo="text",
        customdata=_told(pick for row in mark.picks for pick in row),
        showlegend=False,
    )


def _intervals(mark: Intervals) -> go.Figure:
    values, places = np.array(mark.values), list(range(len(mark.labels)))
    dots = go.Scatter(
        x=values,
        y=places,
        mode="markers+text",
        text=_all(mark.texts),
        textposition="top center",
        marker={"size": 11, "color": [HUE[1] if value > 0 else HUE[0] for value in mark.values]},
        customdata=_told(mark.picks),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": np.array(mark.highs) - values,
            "arrayminus": values - np.array(mark.lows),
            "color": NEUTRAL,
        },
        hovertext=_all(mark.hovers),
        hoverinfo="text",
        cliponaxis=False,
    )
    figure = _layout(go.Figure(dots), WIDE_ROW * len(places) + 100)
    figure.add_vline(x=0, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(**_value_axis(mark.axis), zeroline=False)
    return _rows(figure, mark.labels, 0.8)


def _rows(figure: go.Figure, labels: tuple[str, ...], above: float) -> go.Figure:
    """Labelled rows from top to bottom, with room above the first."""
    axis = _label_axis(labels, False)
    return figure.update_yaxes(**axis, range=[len(labels) - 0.4, -above], zeroline=False)


def _pairs(mark: Pairs) -> go.Figure:
    """Two marks a row joined by a line: the first hollow, the second full."""
    figure = go.Figure()
    for place, pair in enumerate(zip(mark.first.values, mark.second.values, strict=True)):
        figure.add_scatter(
            x=pair,
            y=[place, place],
            mode="lines",
            line={"color": NEUTRAL, "width": 3},
            hoverinfo="skip",
            showlegend=False,
        )
    for series, symbol in ((mark.first, "circle-open"), (mark.second, "circle")):
        line = {"width": 2, "color": series.colour}
        figure.add_scatter(
            x=series.values,
            y=list(range(len(mark.labels))),
            mode="markers",
            cliponaxis=False,
            **_named(series)
            | {"marker": {"size": 12, "symbol": symbol, "color": series.colour, "line": line}},
        )
    _layout(figure, WIDE_ROW * len(mark.labels) + 120, legend=LEGEND)
    figure.update_xaxes(**_value_axis(mark.axis), zeroline=False)
    return _rows(figure, mark.labels, 0.6)
