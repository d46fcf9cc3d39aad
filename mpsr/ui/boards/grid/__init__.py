"""The products of a board as a grid: drag them, move them with the keyboard, write notes, remove products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import streamlit as st

from mpsr.boards.view import Seen


def _file(kind: str) -> str:
    return Path(__file__).with_name(f"boardgrid.{kind}").read_text(encoding="utf-8")


_component = st.components.v2.component(
    "mpsr_boardgrid", html=_file("html"), css=_file("css"), js=_file("js")
)


def board_grid(
    seen: Sequence[Seen],
    first: int,
    count: int,
    picture_of: Callable[[Seen], str | None],
    done: Mapping[str, int],
    on_reports: Callable[[Mapping[str, Any]], None],
    on_similar: Callable[[str], None],
    key: str,
    fixed: bool = False,
) -> None:
    """Show products of a board.

    Args:
        seen: those on this page, in their order.
        first: position of the first of them, counted from 1.
        count: how many the board has.
        picture_of: address of a product's picture, None where there is none.
        done: how far reports were done, from ``Outbox.done``.
        on_reports: called with what the user did, for ``Outbox.fresh``.
        on_similar: called with the id of the product whose neighbours are wanted.
        key: of the widget.
        fixed: the board can be looked at and not changed.
    """

    def reported() -> None:
        reports = st.session_state[key].reports
        if reports:
            on_reports(reports)

    def asked() -> None:
        if st.session_state[key].similar:
            on_similar(str(st.session_state[key].similar))

    cards = [_card(one, picture_of(one)) for one in seen]
    data = {"cards": cards, "first": first, "count": count, "done": dict(done), "fixed": fixed}
    _component(key=key, data=data, on_reports_change=reported, on_similar_change=asked)


class CardData(TypedDict):
    """A product as the grid shows it.

    Attributes:
        key: the store's name and the product's id.
        name: of the product.
        detail: one quiet line: id, type, colour.
        note: what the board says about it.
        picture: its address, None where there is none.
        absent: said in the picture's place.
        there: whether the product is in an open catalogue.
    """

    key: list[str]
    name: str
    detail: str
    note: str
    picture: str | None
    absent: str
    there: bool


def _card(one: Seen, picture: str | None) -> CardData:
    attributes = one.attributes()
    told = [
        one.item.key.product,
        *(str(attributes[name]) for name in ("articleType", "baseColour") if attributes.get(name)),
    ]
    absent = {
        "there": "no picture",
        "gone": f"no longer in {one.item.key.store}",
        "closed": f"from {one.item.key.store}, not open here",
    }
    return {
        "key": list(one.item.key),
        "name": one.name,
        "detail": " · ".join(told),
        "note": one.item.note,
        "picture": picture,
        "absent": absent[one.state],
        "there": one.state == "there",
    }
