"""The selection of the map: a paged gallery, what is over- and under-represented, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st
from markupsafe import Markup

from mpsr.atlas.over_representation import over_representation
from mpsr.catalogue.types import INTERNAL
from mpsr.csvsafe import to_csv
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.boards.filling import add_all_button, add_button
from mpsr.ui.insights.links import insights_link
from mpsr.ui.map.data import map_data
from mpsr.ui.text import column as told

#: Products on a page of the gallery.
PAGE = 24

#: Products that go onto a board at one click.
ON_BOARD = 1000

#: Columns that are compared, and how many values are shown of each: over- and under-represented.
TOLD, OVER, UNDER = ("articleType", "baseColour", "gender", "usage"), 6, 3

#: |z| from which a difference is shown: by chance alone one in twenty would reach it.
CLEAR = 1.96

Rows = npt.NDArray[np.int64]


def shown(page: int, total: int) -> tuple[slice, str]:
    """The rows of a page of the gallery, and a line that says which they are of how many."""
    last = max(-(-total // PAGE), 1)
    first = (min(page, last) - 1) * PAGE
    upto = min(first + PAGE, total)
    return slice(first, upto), f"{first + 1 if total else 0:,}–{upto:,} of {total:,} shown"


def gallery(
    service: Service, rows: Rows, page: int, pick: Callable[[str], None], turn: Callable[[int], None]
) -> None:
    """A page of the selected products, those in the middle of the selection first."""
    window, line = shown(page, len(rows))
    st.text(line)
    grid = st.grid(6, min_column_width=card.NARROWEST)
    for row in rows[window]:
        product = service.ids[row]
        with grid.cell(), card.named_card(f"map-{product}"):
            card.face(service, product, card.attributes(service, product))
            st.button("Show", key=f"pick-{product}", on_click=pick, args=(product,), width="stretch",
                      help="Show it beside the map, with the most similar products")  # fmt: skip
            add_button(service, product, f"map-board-{product}")
    pages = max(-(-len(rows) // PAGE), 1)
    if pages > 1:
        key, now = f"map-page-{page}-{len(rows)}", min(page, pages)
        st.pagination(pages, default=now, key=key, on_change=lambda: turn(st.session_state[key]))


def actions(service: Service, rows: Rows) -> None:
    """Put the selection on a board, open it in Insights, or download it."""
    ids = [service.ids[row] for row in rows[:ON_BOARD]]
    label = "Add all to board" if len(rows) <= ON_BOARD else f"Add the first {ON_BOARD:,} to board"
    add_all_button(service, ids, "map-add-all", label)
    insights_link(service, rows, "Open in Insights")
    st.download_button(
        "Download CSV",
        data=lambda: table(service, rows),
        file_name="selection.csv",
        mime="text/csv",
        icon=":material/download:",
        key="map-csv",
        on_click="ignore",
    )


def table(service: Service, rows: Rows) -> bytes:
    """The selected products as CSV: the catalogue's columns and the coordinates on the map."""
    columns = [column for column in service.products if column not in INTERNAL]
    chosen = service.products.iloc[rows][columns]
    coordinates = service.atlas.coordinates[rows]
    return to_csv(chosen.assign(map_x=coordinates[:, 0], map_y=coordinates[:, 1]))


def make_up(service: Service, chosen: npt.NDArray[np.bool_]) -> None:
    """What is over- and under-represented in the selection, column by column."""
    data = map_data(service)
    grid = st.grid(2, min_column_width=300)
    for column in (name for name in TOLD if name in data.columns):
        with grid.cell():
            st.html(make_up_table(told(column), over_representation(data.coded(column), chosen)))


def make_up_table(column: str, values: pd.DataFrame) -> Markup:
    """One column's most over- and under-represented values as a table with bars.

    Args:
        column: its name.
        values: from ``over_representation``.
    """
    over, under = values[values["z"] >= CLEAR].head(OVER), values[values["z"] <= -CLEAR].tail(UNDER)
    if over.empty and under.empty:
        return Markup(
            '<p><b>{}</b><br><span class="mpsr-quiet">much as in the whole catalogue</span></p>'
        ).format(column)
    return Markup(
        '<table class="mpsr-makeup"><caption>{}</caption><thead><tr><th scope="col">Value</th>'
        '<th scope="col">Selection</th><th scope="col">Catalogue</th><th scope="col">Ratio</th></tr></thead>'
        "<tbody>{}{}</tbody></table>"
    ).format(column, _lines(over, "more"), _lines(under, "less"))


def _lines(values: pd.DataFrame, kind: str) -> Markup:
    line = Markup(
        '<tr class="{}"><th scope="row">{}</th><td><i style="width:{:.0f}%"></i>{:.1f} %</td><td>{:.1f} %</td>'
        "<td>× {:.2g}</td></tr>"
    )
    columns = (values[name].tolist() for name in ("value", "share", "share_all", "lift"))
    lines = [
        line.format(kind, value, 100 * here, 100 * here, 100 * everywhere, lift)
        for value, here, everywhere, lift in zip(*columns, strict=True)
    ]
    return Markup().join(lines)
