"""What the views of the Range page share: rows of pictures, notes, the files to take away, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from mpsr.assortment.workbook import to_xlsx
from mpsr.csvsafe import to_csv
from mpsr.service import Service
from mpsr.ui import card

#: Pictures in a row at most; of more, the row says how many there are.
IN_A_ROW = 12

#: Entries of a view on one page.
ON_A_PAGE = 10


def row_of_pictures(service: Service, ids: Sequence[str], linked: bool = True) -> Markup:
    """Small pictures beside each other; each leads to its product, where that is of the open store."""
    shown = [card.thumbnail(service, one) if linked else picture(service, one) for one in ids[:IN_A_ROW]]
    more = Markup("<span>and {:,} more</span>").format(len(ids) - IN_A_ROW) if len(ids) > IN_A_ROW else ""
    return Markup('<div class="mpsr-row">{}{}</div>').format(Markup().join(shown), more)


def picture(service: Service, product: str) -> Markup:
    """A small picture that leads nowhere: its product may be another store's."""
    return Markup('<span class="mpsr-thumbnail mpsr-other">{}</span>').format(card.image(service, product))


def line(title: str, detail: str) -> Markup:
    """The heading of an entry."""
    return Markup('<div class="mpsr-entry"><p>{}</p><p class="mpsr-quiet">{}</p></div>').format(title, detail)


def page_of(key: str, count: int) -> slice:
    """Which entries of a long list are shown, with the control that turns its pages."""
    pages = -(-count // ON_A_PAGE)
    # another number of pages is another control: the page that was open may be beyond its end
    page = st.pagination(pages, key=f"range-page-{key}-{pages}") if pages > 1 else 1
    return slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)


def take_away(name: str, tables: Mapping[str, pd.DataFrame], notes: Sequence[str]) -> None:
    """The notes, and the tables as files: the first as CSV, all as a spreadsheet. Files are made when asked for."""
    sheets = {**tables, "notes": pd.DataFrame({"note": list(notes)})}
    first = next(iter(tables.values()))
    with st.container(horizontal=True):
        for label, data, ending, kind in (
            ("Table (CSV)", partial(to_csv, first), "csv", "text/csv"),
            ("All tables (XLSX)", partial(to_xlsx, sheets), "xlsx",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ):  # fmt: skip
            st.download_button(
                label, data, f"mpsr-{name}.{ending}", kind, on_click="ignore", icon=":material/download:",
                key=f"range-{name}-{ending}",
            )  # fmt: skip
    for note in notes:
        st.html(card.quiet(note))


@contextmanager
def progress(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar while something takes its time."""
    bar = st.progress(0.0, text)

    def told(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), text)

    try:
        yield told
    finally:
        bar.empty()
