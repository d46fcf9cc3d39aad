"""The state of the Insights page in the address bar: a copied link opens the same view.

The address alone says what is shown. Before a control is drawn it is set from the address; when somebody changes it, it
writes the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mpsr.insights.listings import DIMENSIONS, Listings, Selection
from mpsr.insights.tables import HUES
from mpsr.insights.views import VIEWS, Options, View
from mpsr.ui.insights import conditions

VIEW, AS, WEIGHT = "view", "as", "count"

#: Views by the names that older links call them.
FORMER = {"moved": "changes", "gaps": "underrepresented"}

#: Where the products come from: a board's id, a product's id, or rows of ``mpsr.insights.idset``. (``board`` itself says
#: which board is being filled, on every page.)
ONLY_BOARD, NEAR, IDS = "only_board", "near", "ids"

#: The mark of a chart whose products are shown (``mpsr.insights.picks``).
PICK = "pick"

#: Neighbours that make up "the neighbourhood of a product".
NEIGHBOURHOOD = 100

COLUMNS = ("articleType", "masterCategory", "baseColour", "subCategory", "usage", "gender")


def chosen(name: str, accepted: Sequence[str], default: str | None = None) -> str:
    """A parameter's value when it is an accepted one, else the default: the first accepted unless told otherwise."""
    wanted = st.query_params.get(name, "")
    return wanted if wanted in accepted else (accepted[0] if default is None else default)


def several(name: str, accepted: Sequence[str]) -> list[str]:
    """The accepted ones of a parameter's values."""
    known = set(accepted)
    return [value for value in st.query_params.get_all(name) if value in known]


def write(name: str) -> None:
    """Put the control of that name into the address."""
    value = st.session_state[f"insights-{name}"]
    if isinstance(value, bool):
        value = "1" if value else ""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    if name == VIEW:  # another chart has other marks
        st.query_params.pop(PICK, None)


def clear(names: Sequence[str] = (*DIMENSIONS, ONLY_BOARD, NEAR, IDS)) -> None:
    """Take parameters out of the address, and all conditions."""
    for name in (*names, *conditions.parameters()):
        st.query_params.pop(name, None)


def view_asked(selection: Selection) -> View[Any]:
    """The view in the address; the first one where there is none, or it needs a selection and there is none."""
    wanted = st.query_params.get(VIEW, "")
    first, *_ = VIEWS.values()
    view = VIEWS.get(FORMER.get(wanted, wanted), first)
    return first if view.against_rest and selection.everything else view


def where_asked(catalogue: Listings) -> tuple[dict[str, list[str]], list[str]]:
    """The filters in the address, and those of its values that this catalogue does not have."""
    where: dict[str, list[str]] = {}
    unknown: list[str] = []
    for column in DIMENSIONS:
        wanted = st.query_params.get_all(column)
        where[column] = several(column, [str(value) for value in catalogue.frame[column].cat.categories])
        unknown += [f"{column}={value}" for value in wanted if value not in where[column]]
    return where, unknown


def options_asked(view: View[Any], listings: Listings) -> Options:
    """What the view is asked beyond the selection."""
    column = chosen("of", COLUMNS)
    by = chosen("by", ["year", "season"])
    usual = "share" if st.query_params.get(AS) == "association" else view.ways[0]
    values = listings.values(column)
    periods = listings.values(by)
    return Options(
        as_=chosen(AS, view.ways, usual),  # type: ignore[arg-type]
        column=column,
        values=tuple(several("value", values)[:HUES]),
        step="season" if st.query_params.get("step") == "season" else "year",
        every=st.query_params.get("every") == "1",
        form="pies" if st.query_params.get("form") == "pies" else "bars",
        by="season" if by == "season" else "year",
        before=chosen("from", periods, ""),
        after=chosen("to", periods, ""),
    )
