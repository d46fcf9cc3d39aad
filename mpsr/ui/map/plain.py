"""The basic chart: the map as a Plotly scatter, for browsers in which the map itself does not load.

It needs no WebGL, which such browsers may lack and whose Plotly charts compile code that the content security policy
forbids. So it consists of elements of the page, of which a browser bears some thousands.

The figure depends on the colouring alone and never on the selection, so that selecting keeps the view; ids travel in
``customdata``. Of a selection only the outline is used, and the server finds out what is inside.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from mpsr.atlas.colouring import Colouring
from mpsr.service import Service
from mpsr.ui.map.data import map_data
from mpsr.ui.map.events import MapEvent
from mpsr.ui.text import column as told

KEY = "map-plain"

#: Points drawn at most; a selection counts all products inside, drawn or not.
DRAWN = 6000


def figure(service: Service, colours: Colouring) -> go.Figure:
    """The scatter, one trace an entry of the legend; of more than ``DRAWN`` products some, drawn at random."""
    coordinates, ids = service.atlas.coordinates, np.asarray(service.ids)
    names = np.array([escape(service.name(product) or f"product {product}") for product in service.ids])
    shown = np.zeros(len(ids), bool)
    shown[np.random.default_rng(0).permutation(len(ids))[:DRAWN]] = True
    chart = go.Figure()
    for code, entry in enumerate(colours.entries):
        rows = np.flatnonzero((colours.codes == code) & shown)
        chart.add_trace(
            go.Scatter(
                x=coordinates[rows, 0],
                y=coordinates[rows, 1],
                customdata=ids[rows],
                text=names[rows],
                name=escape(entry.label),
                mode="markers",
                marker={
                    "color": entry.hex,
                    "size": 5,
                    "symbol": np.where(service.atlas.added[rows], "circle-open", "circle"),
                    "line": {"color": "rgba(128,118,108,.6)", "width": 0.5},
                },
                hovertemplate="%{text}<extra></extra>",
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )
    axis: dict[str, Any] = {"visible": False, "showgrid": False, "zeroline": False}
    chart.update_layout(
        xaxis=axis,
        yaxis={**axis, "scaleanchor": "x"},
        height=640,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        legend={"orientation": "h"},
        dragmode="lasso",
        clickmode="event+select",
        uirevision="map",
    )
    return chart


def plain_chart(service: Service, column: str, on_event: Callable[[MapEvent], None]) -> None:
    """The chart; ``on_event`` is called with a product that was clicked or a shape, as from the map."""

    def happened() -> None:
        event = event_of(st.session_state[KEY].selection, service)
        if event:
            on_event(event)

    chart = figure(service, map_data(service).colouring(column))
    if len(service) > DRAWN:
        st.caption(
            f"{DRAWN:,} of {len(service):,} products are drawn; a selection holds all that lie inside."
        )
    alt = f"Products as points, similar ones close together, coloured by {told(column).lower()}."
    if service.atlas.added.any():
        st.caption("Hollow: added since the map was laid out, placed beside its most similar products.")
    st.plotly_chart(chart, key=KEY, on_select=happened, selection_mode=("points", "box", "lasso"), alt=alt)


def event_of(selection: Any, service: Service) -> MapEvent | None:
    """What a selection of Plotly's means: its last outline, else a single point that was clicked."""
    outlines = [*selection.get("lasso", []), *selection.get("box", [])]
    if outlines:
        return {"shape": _corners(outlines[-1])}
    points = selection.get("points", [])
    if len(points) == 1:
        return {"pick": service.row_of(str(np.ravel(points[0]["customdata"])[0]))}
    return None


def _corners(outline: Any) -> list[tuple[float, float]]:
    x, y = outline["x"], outline["y"]
    if len(x) == 2:  # a box: two opposite corners
        return [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
    step = -(-len(x) // 120)
    return list(zip(x, y, strict=True))[::step]
