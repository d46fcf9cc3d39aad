"""Which products the Insights page shows: filters, a board, a product's neighbourhood, or rows chosen on another page."""

from __future__ import annotations

import functools

import streamlit as st

from mpsr.catalogue.coded import MISSING
from mpsr.errors import InputError, MPSRError
from mpsr.insights.idset import unpack
from mpsr.insights.listings import DIMENSIONS, Listings, Selection, listings_of, weight_columns
from mpsr.insights.narrowing import selection_of
from mpsr.insights.words import counted
from mpsr.service import Service
from mpsr.ui.boards.filling import boards
from mpsr.ui.insights import conditions
from mpsr.ui.insights.address import (
    IDS,
    NEAR,
    NEIGHBOURHOOD,
    ONLY_BOARD,
    WEIGHT,
    chosen,
    clear,
    where_asked,
    write,
)

#: What the filters are called, in the order they stand in.
FILTERS = {
    "season": "Season",
    "gender": "Gender",
    "masterCategory": "Category",
    "year": "Year",
    "usage": "Usage",
    "subCategory": "Subcategory",
    "articleType": "Type",
    "baseColour": "Colour",
}

COUNT_LISTINGS = "listings"


@st.cache_resource(show_spinner="Counting …", max_entries=4)
def _prepared(_service: Service, snapshot: str, weight: str | None) -> Listings:
    return listings_of(_service.products, weight)


def catalogue_listings(service: Service) -> Listings:
    """The store's listings, prepared once; weighted by a sales column, unless there is none or listings are asked for."""
    columns = weight_columns(service.products)
    asked = chosen(WEIGHT, [*columns, COUNT_LISTINGS])
    if columns:
        st.session_state[f"insights-{WEIGHT}"] = asked
        st.sidebar.segmented_control(
            "Count",
            [*columns, COUNT_LISTINGS],
            key=f"insights-{WEIGHT}",
            required=True,
            on_change=functools.partial(write, WEIGHT),
        )
    if asked != COUNT_LISTINGS:
        try:
            return _prepared(service, service.snapshot.fingerprint, asked)
        except InputError as error:
            with st.container(key="insights-weight-error"):
                st.warning("Listings are counted, because the sales cannot be:", icon=":material/warning:")
                st.text(str(error))
    return _prepared(service, service.snapshot.fingerprint, None)


def selection_asked(service: Service, catalogue: Listings) -> Selection:
    """The selection in the address, and the controls that change it, in the sidebar."""
    where, unknown = where_asked(catalogue)
    if unknown:
        st.warning(
            "This catalogue has no products with these values of the link:", icon=":material/link_off:"
        )
        st.text(", ".join(unknown))
    try:
        ids, name = _source(service)
    except MPSRError as error:
        st.warning("The selection of the link cannot be shown:", icon=":material/link_off:")
        st.text(str(error))
        ids, name = None, ""
    question, wrong = conditions.asked(service)
    if wrong:
        st.warning("These filters of the link cannot be used:", icon=":material/link_off:")
        st.text("\n".join(wrong))
    with st.sidebar:
        st.subheader("Filters")
        _only_board()
        _filters(catalogue, where)
        further = conditions.controls(service, question)
        st.button("Clear all filters", on_click=clear, disabled=not _any_asked(), width="stretch")
    return selection_of(further, service.ids, service.mask, ids, name, where)


def _source(service: Service) -> tuple[list[str] | None, str]:
    """The products of the board, the neighbourhood or the rows in the address; None where it names none.

    Raises:
        InputError: no such board or product, or a selection made in another snapshot.
    """
    board, near, rows = (st.query_params.get(name, "") for name in (ONLY_BOARD, NEAR, IDS))
    if board:
        found = boards().get(board)
        return [
            key.product for key in found.keys if key.store == service.root.name
        ], f"the board {found.name}"
    if near:
        around = service.similar(near, k=NEIGHBOURHOOD).neighbours
        name = service.name(near) or near
        return [
            near,
            *(item.id for item in around),
        ], f"{name} and the {len(around)} products most similar to it"
    if rows:
        chosen_rows = unpack(rows, len(service), service.snapshot.fingerprint)
        ids = service.products["id"].iloc[chosen_rows].tolist()
        return ids, counted(len(ids), "chosen products")
    return None, ""


def _only_board() -> None:
    """The choice of a board to look at, where there are boards."""
    try:
        names = boards().names()
    except MPSRError:
        return  # the chooser of boards above has said why
    if not names:
        return
    wanted = st.query_params.get(ONLY_BOARD, "")
    st.session_state[f"insights-{ONLY_BOARD}"] = wanted if wanted in names else ""
    st.selectbox(
        "Only the board",
        ["", *names],
        format_func=lambda board: names.get(board, "all products"),
        key=f"insights-{ONLY_BOARD}",
        on_change=functools.partial(write, ONLY_BOARD),
    )


def _filters(catalogue: Listings, where: dict[str, list[str]]) -> None:
    for column, label in FILTERS.items():
        values = catalogue.choices(column)
        if values == [MISSING]:
            continue
        st.session_state[f"insights-{column}"] = where[column]
        st.multiselect(
            label,
            values,
            key=f"insights-{column}",
            placeholder="all",
            on_change=functools.partial(write, column),
        )


def _any_asked() -> bool:
    return any(
        name in st.query_params for name in (*DIMENSIONS, ONLY_BOARD, NEAR, IDS, *conditions.parameters())
    )
