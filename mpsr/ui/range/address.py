"""The state of the Range page in the address bar: a copied link opens the same view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui.insights import conditions
from mpsr.ui.text import plain

VIEW = "view"

#: What the session calls the controls that are bound to the address.
KEY = "range-{name}"


def one_of(name: str, accepted: Sequence[str]) -> str:
    """A parameter's value where it is an accepted one, else the first accepted."""
    wanted = st.query_params.get(name, "")
    return wanted if wanted in accepted else accepted[0]


def number(name: str, usual: int, least: int, most: int) -> int:
    """A parameter's whole number within its limits; ``usual`` where it is none."""
    said = st.query_params.get(name, "")
    return min(max(int(said), least), most) if said.isdecimal() and said.isascii() else usual


def bound(name: str, value: Any) -> dict[str, Any]:
    """Binds a control to the address: it shows ``value`` from there and writes there when it is changed."""
    key = KEY.format(name=name)
    st.session_state[key] = value
    return {"key": key, "on_change": partial(_write, name)}


def _write(name: str) -> None:
    value = st.session_state[KEY.format(name=name)]
    if value in ("", None, []):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value if isinstance(value, list) else str(value)


def filters(service: Service) -> Where:
    """The filters in the address, and the controls that change them, in the side bar."""
    question, wrong = conditions.asked(service)
    if wrong:
        st.warning("These filters of the link cannot be used:", icon=":material/link_off:")
        st.text("\n".join(wrong))
    with st.sidebar:
        found = conditions.controls(service, question, (), "Filters")
        st.button("Clear all filters", on_click=_clear, disabled=not question.narrowed, width="stretch")
    return found


def _clear() -> None:
    for name in conditions.parameters():
        st.query_params.pop(name, None)


def known_ids(service: Service, asked: Sequence[str]) -> list[str]:
    """Those of the ids that this store has; the others are named."""
    known = set(service.ids)
    if unknown := [one for one in asked if one not in known]:
        st.warning(plain(f"There is no product {', '.join(unknown)} here."), icon=":material/link_off:")
    return [one for one in asked if one in known]
