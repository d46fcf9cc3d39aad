"""One board: its name, its note, its colours, its products, and what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from mpsr.boards import Board, Boards, ConflictError, Item, Key
from mpsr.boards.events import Outbox, obey
from mpsr.boards.limits import LONGEST_NAME, LONGEST_NOTE
from mpsr.boards.palette import Swatch, palette
from mpsr.boards.view import Seen, look, without_variants
from mpsr.errors import InputError, MPSRError
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.types import Part, Query
from mpsr.ui import card, pictures
from mpsr.ui.boards import filling
from mpsr.ui.boards.export import export
from mpsr.ui.boards.grid import board_grid
from mpsr.ui.boards.overview import delete
from mpsr.ui.boards.pictures import catalogues
from mpsr.ui.insights.links import board_insights_link

#: Products on a page of a board.
PAGE = 60

#: Products suggested below a board.
MORE = 10

#: In the session: what could not be written, reports that were done, and the product whose neighbours are wanted.
TOLD, OUTBOX, SIMILAR = "board_told", "board_outbox", "board_similar"

ARRANGE = {
    "name": "Name",
    "articleType": "Type",
    "baseColour": "Colour",
    "gender": "Gender",
    "season": "Season",
}


@dataclass(frozen=True)
class Conflict:
    """A name or a note that somebody else changed meanwhile, and what to do to write it all the same."""

    error: ConflictError
    again: Any


def board_view(boards: Boards, board: Board) -> None:
    """The page of a board."""
    st.button("All boards", icon=":material/arrow_back:", type="tertiary", on_click=filling.leave)
    services = catalogues(key.store for key in board.keys)
    seen = look(board.items, services)
    swatches = board_palette(seen)
    _tell()
    st.html(Markup('<div class="mpsr-board"><h1>{}</h1><p>{}</p></div>').format(board.name, board.note))
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = without_variants(seen) if _hide_variants() else seen
        with st.popover("Name and note", icon=":material/edit:"):
            _name_and_note(boards, board)
        _tools(boards, board, seen)
        if seen:
            with st.popover("Export", icon=":material/download:"):
                export(board, shown, swatches)
            board_insights_link(board.id, board.stores[0], "Read as charts")
    _undo(boards, board)
    _missing(board, seen)
    if not seen:
        _empty()
        return
    show_palette(swatches)
    _products(boards, board, shown)
    _more(services[0], seen)


# -- name and note ------------------------------------------------------------------------------------------


def _name_and_note(boards: Boards, board: Board) -> None:
    """The fields hold what is written now; their keys change with it, so that another's change is seen."""
    name, note = f"name-{board.id}-{board.name}", f"note-{board.id}-{board.note}"
    st.text_input(
        "Name",
        board.name,
        LONGEST_NAME,
        key=name,
        on_change=lambda: _write(boards.rename, board.id, name, board.name),
    )
    st.text_area(
        "Note",
        board.note,
        120,
        LONGEST_NOTE,
        key=note,
        placeholder="What is this board for?",
        on_change=lambda: _write(boards.annotate, board.id, note, board.note),
    )


def _write(write: Any, board: str, key: str, seen: str) -> None:
    wanted = st.session_state[key]
    _do(partial(write, board, wanted, seen), lambda error: partial(write, board, wanted, error.now))


def _do(action: Any, again: Any = None) -> Any:
    """Do something to the board; what cannot be done is told by the next run of the page."""
    try:
        return action()
    except ConflictError as error:
        st.session_state.setdefault(TOLD, []).append(Conflict(error, again(error) if again else None))
    except MPSRError as error:
        st.session_state.setdefault(TOLD, []).append(str(error))
    return None


def _tell() -> None:
    """What could not be written; a conflict stays until it is decided."""
    told: list[str | Conflict] = st.session_state.get(TOLD, [])
    for number, one in enumerate(told):
        if isinstance(one, Conflict):
            st.warning(
                "Somebody else changed this meanwhile. Nothing was overwritten.",
                icon=":material/sync_problem:",
            )
            st.text(f"There now: {one.error.now or '(nothing)'}\nYours: {one.error.wanted or '(nothing)'}")
            with st.container(horizontal=True):
                st.button("Keep theirs", key=f"keep-{number}", on_click=_decide, args=(one, False))
                st.button("Write mine", key=f"mine-{number}", on_click=_decide, args=(one, True))
        else:
            st.warning("That could not be done.", icon=":material/error:")
            st.text(one)
    st.session_state[TOLD] = [one for one in told if isinstance(one, Conflict)]


def _decide(conflict: Conflict, mine: bool) -> None:
    st.session_state[TOLD] = [one for one in st.session_state.get(TOLD, []) if one is not conflict]
    if mine and conflict.again:
        _do(conflict.again)


# -- what may be done with the board ------------------------------------------------------------------------


def _hide_variants() -> bool:
    return st.toggle(
        "Hide variants",
        key="variants_hidden",
        bind="query-params",
        help="Show one product of those that share a name or nearly share a picture. They stay on the board.",
    )


def _tools(boards: Boards, board: Board, seen: Sequence[Seen]) -> None:
    st.menu_button(
        "Arrange by",
        list(ARRANGE),
        format_func=ARRANGE.__getitem__,
        icon=":material/sort:",
        key="arrange",
        disabled=len(seen) < 2,
        on_click=lambda: _do(lambda: boards.arrange(board.id, _arranged(seen, st.session_state["arrange"]))),
    )
    st.button(
        "Duplicate", icon=":material/content_copy:", on_click=lambda: _do(lambda: _duplicate(boards, board))
    )
    st.button("Delete", icon=":material/delete:", on_click=lambda: _do(lambda: delete(board.id)))


def _arranged(seen: Sequence[Seen], by: str) -> list[Key]:
    """The products in the order of a column, those without a value last."""

    def rank(one: Seen) -> tuple[bool, str]:
        value = one.name if by == "name" else one.attributes().get(by)
        return value is None, str(value).casefold()

    return [one.item.key for one in sorted(seen, key=rank)]


def _duplicate(boards: Boards, board: Board) -> None:
    filling.fill(boards.duplicate(board.id, f"{board.name[: LONGEST_NAME - 7]} (copy)"))


def _undo(boards: Boards, board: Board) -> None:
    gone = [item for item in filling.taken_off(board.id) if item.key not in set(board.keys)]
    if gone:
        with st.container(horizontal=True, vertical_alignment="center"):
            count = "1 product was" if len(gone) == 1 else f"{len(gone):,} products were"
            st.markdown(f":material/undo: {count} taken off the board.")
            st.button(
                "Undo", key="undo_remove", on_click=lambda: _do(lambda: boards.put_back(board.id, gone))
            )


def _missing(board: Board, seen: Sequence[Seen]) -> None:
    """Products whose catalogue changed or is not open, and what to do."""
    gone = [one.item.key for one in seen if one.state == "gone"]
    if gone:
        count = (
            "1 product is no longer in its"
            if len(gone) == 1
            else f"{len(gone):,} products are no longer in their"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/help: {count} catalogue.")
            st.button(
                "Take off what is gone",
                key="remove_gone",
                on_click=lambda: _do(lambda: filling.take_off(board.id, gone)),
            )
    closed = sorted({one.item.key.store for one in seen if one.state == "closed"})
    if closed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/lock: Not open here, so shown by name only:")
            st.text(", ".join(closed))


def _empty() -> None:
    st.info(
        "Nothing on this board yet. Press **Add to board** below any product.", icon=":material/dashboard:"
    )
    st.page_link("pages/find.py", label="Find products", icon=":material/search:")


# -- its colours --------------------------------------------------------------------------------------------


def board_palette(seen: Sequence[Seen]) -> list[Swatch]:
    """The colours of the board's pictures; the order of the products does not matter."""
    there = sorted((one for one in seen if one.catalogue), key=lambda one: one.item.key)
    snapshots = tuple(sorted({_snapshot(one) for one in there}))
    return _palette("\n".join("\t".join(one.item.key) for one in there), snapshots, there)


def _snapshot(one: Seen) -> str:
    assert isinstance(one.catalogue, Service)
    return one.catalogue.snapshot.fingerprint


@st.cache_data(show_spinner=False, max_entries=64)
def _palette(keys: str, snapshots: tuple[str, ...], _there: Sequence[Seen]) -> list[Swatch]:
    """``keys`` is one text because a thousand pairs take the cache far longer to tell apart."""
    return palette([picture for one in _there if (picture := one.picture())])


def show_palette(swatches: Sequence[Swatch]) -> None:
    """The strip of colours; a colour's name and hex can be selected and copied."""
    if not swatches:
        return
    strip = Markup().join(
        Markup('<i style="width:{:.2f}%;background:{}"></i>').format(100 * one.share, one.hex)
        for one in swatches
    )
    names = Markup().join(
        Markup('<li><i style="background:{}"></i><span>{}<br><code>{}</code> {:.0%}</span></li>').format(
            one.hex, one.name, one.hex, one.share
        )
        for one in swatches
    )
    st.html(
        Markup(
            '<section class="mpsr-palette" aria-label="Colours of the board" title="Of the pictures without their white '
            'background; every product counts the same"><div aria-hidden="true">{}</div><ul>{}</ul></section>'
        ).format(strip, names)
    )


# -- its products -------------------------------------------------------------------------------------------


def _products(boards: Boards, board: Board, shown: Sequence[Seen]) -> None:
    count = -(-len(shown) // PAGE)
    page = st.pagination(count, key=filling.PAGE, bind="query-params") if count > 1 else 1
    first = (min(page, count) - 1) * PAGE
    outbox = st.session_state.setdefault(OUTBOX, Outbox())
    st.text(_counted(board, shown, first))
    board_grid(
        shown[first : first + PAGE],
        first + 1,
        len(shown),
        _picture,
        outbox.done(),
        lambda reports: _obey(boards, board.id, outbox, reports),
        lambda product: st.session_state.update({SIMILAR: product}),
        key=f"grid-{board.id}",
    )


def _counted(board: Board, shown: Sequence[Seen], first: int) -> str:
    """How many products, of which catalogues, and which of them are on this page."""
    stores = Counter(key.store for key in board.keys)
    parts = ["1 product" if len(board.items) == 1 else f"{len(board.items):,} products"]
    parts += [
        f"{count:,} of {name}" if len(stores) > 1 else f"of {name}" for name, count in stores.most_common()
    ]
    if len(shown) < len(board.items):
        parts.append(f"{len(board.items) - len(shown):,} variants hidden")
    if len(shown) > PAGE:
        parts.append(f"{first + 1:,} to {min(first + PAGE, len(shown)):,} shown")
    return " · ".join(parts)


def _picture(one: Seen) -> str | None:
    return pictures.url(one.catalogue, one.item.key.product) if isinstance(one.catalogue, Service) else None


def _obey(boards: Boards, board: str, outbox: Outbox, reports: Mapping[str, Any]) -> None:
    removed: list[Item] = []
    for report in _do(lambda: outbox.fresh(reports)) or []:
        again = _again(boards, board, report)
        removed += _do(partial(obey, boards, board, report), again) or []
    if removed:
        filling.remember(board, removed)


def _again(boards: Boards, board: str, report: Mapping[str, Any]) -> Any:
    return lambda error: partial(obey, boards, board, {**report, "seen": error.now})


# -- more like it -------------------------------------------------------------------------------------------


def _more(service: Service, seen: Sequence[Seen]) -> None:
    """Products near the centre of those that are of the open catalogue."""
    mine = [one.item.key.product for one in seen if one.catalogue is service]
    if not mine:
        return
    st.subheader("More like this board")
    try:
        query = Query(tuple(Part(product=product) for product in mine))
        found = service.search(Request(query, MORE, hide_variants=True))
    except InputError as error:
        st.text(str(error))
        return
    grid = st.grid(5, min_column_width=card.NARROWEST, gap="small")
    for item in found.neighbours:
        with grid.cell().container(gap="xsmall"):
            card.product_card(service, item.id, f"more-{item.id}")
