"""The products behind a mark of a chart: chosen by a click or from a list, shown below it, and taken elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import streamlit as st

from mpsr.insights.chart import Pick
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.picks import picks_of, read, written
from mpsr.insights.views import Insight
from mpsr.insights.words import counted
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.boards.filling import add_all_button
from mpsr.ui.find.question import Question
from mpsr.ui.insights import conditions
from mpsr.ui.insights.address import IDS, NEAR, ONLY_BOARD, PICK
from mpsr.ui.insights.links import find_link
from mpsr.ui.text import plain

#: Products shown, and how many go onto a board at one click at the most.
SHOWN, ON_BOARD = 24, 1000

#: Products in a row of a wide screen.
IN_A_ROW = 8

#: In the session: how often each chart was drawn anew to take its mark away; the list of a chart's marks.
DRAWN, LISTED = "insights-drawn", "insights-pick"


def chart_key(found: Insight, number: int) -> str:
    """The key of a chart. It changes when a mark of another chart is chosen, which takes its own mark away."""
    name = f"insights-chart-{found.view.key}-{number}"
    return f"{name}-{st.session_state.get(DRAWN, {}).get(name, 0)}"


def on_click(found: Insight, number: int, count: int) -> Any:
    """What a click on a mark of a chart does: it puts what the mark stands for into the address."""
    return functools.partial(_clicked, found, number, count)


def _clicked(found: Insight, number: int, count: int) -> None:
    event = st.session_state[chart_key(found, number)]
    pick = _chosen(event)
    _only(found, number, count)
    _choose(pick)


def _chosen(event: Mapping[str, Any]) -> str:
    """What the mark of an event stands for, "" for nothing."""
    points = event["selection"]["points"]
    told = points[0].get("customdata", "") if points else ""
    return told if isinstance(told, str) else "".join(told[:1])


def _only(found: Insight, number: int | None, count: int) -> None:
    """Draw the other charts of the view anew, without a chosen mark."""
    drawn = st.session_state.setdefault(DRAWN, {})
    for other in range(count):
        if other != number:
            name = f"insights-chart-{found.view.key}-{other}"
            drawn[name] = drawn.get(name, 0) + 1


def _choose(pick: str) -> None:
    if pick:
        st.query_params[PICK] = pick
    else:
        st.query_params.pop(PICK, None)


def products_of_a_mark(service: Service, listings: Listings, found: Insight) -> None:
    """The list of the chart's marks, and the products of the one that is chosen.

    Args:
        service: the open store.
        listings: the selected ones.
        found: the view that is drawn.
    """
    pick = read(st.query_params.get(PICK, ""))
    _list(found, pick)
    if not pick:
        return
    chosen = listings.select(Selection.of({column: [value] for column, value in pick}))
    ids = [str(product) for product in chosen.ids]
    with st.container(key="insights-products"):
        st.subheader(f"{plain(_name(pick))}: {counted(len(ids), 'products')}", anchor=False)
        if not ids:
            st.text("No product of the selection is of these values.")
            return
        _actions(service, found, ids, pick)
        if len(ids) > SHOWN:
            st.caption(f"The first {SHOWN} of {len(ids):,}.")
        grid = st.grid(IN_A_ROW, min_column_width=card.NARROWEST, gap="small")
        for product in ids[:SHOWN]:
            with grid.cell():
                card.product_card(service, product, f"insights-{product}")


def _name(pick: Pick) -> str:
    return Selection.of({column: [value] for column, value in pick}).words()


def _list(found: Insight, pick: Pick) -> None:
    """Every mark by name: for the keyboard, for legends and for pies, which report no click."""
    known = picks_of(found.chart)
    if not known and not pick:
        return
    names = {written(one): _name(one) for one in dict.fromkeys((*known, *filter(None, [pick])))}
    st.session_state[LISTED] = written(pick) or None
    st.selectbox(
        "Products of",
        list(names),
        format_func=names.__getitem__,
        key=LISTED,
        placeholder="click the chart, or choose here",
        on_change=_listed,
        args=(found, len(found.chart.panels)),
        width=420,
    )


def _listed(found: Insight, count: int) -> None:
    _only(found, None, count)
    _choose(st.session_state[LISTED] or "")


def _actions(service: Service, found: Insight, ids: list[str], pick: Pick) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = "Add all to board" if len(ids) <= ON_BOARD else f"Add the first {ON_BOARD:,} to board"
        add_all_button(service, ids[:ON_BOARD], "insights-add", label)
        if not any(name in st.query_params for name in (ONLY_BOARD, NEAR, IDS)):
            find_link(_in_find(service, found.selection, pick).about(ids[0]), "Open in Find")
        st.button("Only these in Insights", icon=":material/filter_alt:", on_click=_filter, args=(pick,))
        st.button("Close", icon=":material/close:", key="insights-close", on_click=_close,
                  args=(found, len(found.chart.panels)))  # fmt: skip


def _in_find(service: Service, selection: Selection, pick: Pick) -> Question:
    """The filters of the page and of the mark, as Find has them."""
    question, _ = conditions.asked(service)
    for column, values in selection.where:
        question = question.filtered(column, values)
    for column, value in pick:
        question = question.filtered(column, [value])
    return question


def _filter(pick: Pick) -> None:
    """Filter the whole page by what the mark stands for."""
    st.query_params.pop(PICK, None)
    for column, value in pick:
        st.query_params[column] = value


def _close(found: Insight, count: int) -> None:
    _only(found, None, count)
    _choose("")
