"""One board: its name, its note, its colours, its products, and what can be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from mpsr.boards import Board, Boards, ConflictError, Item, Key
from mpsr.boards.database import read_only
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
from mpsr.ui.text import counted

#: Products on a page of a board.
PAGE = 60

#: Products suggested below a board.
MORE = 10

#: In the session: what could not be saved, reports that were done, and the product to find similar ones to.
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
    """A name or a note that somebody else changed meanwhile, and how to save one's own anyway."""

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
        if not read_only():
            with st.popover("Name and note", icon=":material/edit:"):
                _name_and_note(boards, board)
            _tools(boards, board, seen)
        if seen:
            with st.popover("Export", icon=":material/download:"):
                export(board, shown, swatches)
            board_insights_link(board.id, board.stores[0], "Open in Insights")
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
    """The fields hold what is saved; their keys change with it, so that somebody else's change is shown."""
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
    """Do something to the board; the next run of the page reports what could not be done."""
    try:
        return action()
    except ConflictError as error:
        st.session_state.setdefault(TOLD, []).append(Conflict(error, again(error) if again else None))
    except MPSRError as error:
        st.session_state.setdefault(TOLD, []).append(str(error))
    return None


def _tell() -> None:
    """What could not be saved; a conflict stays until it is decided."""
    told: list[str | Conflict] = st.session_state.get(TOLD, [])
    for number, one in enumerate(told):
        if isinstance(one, Conflict):
            st.warning(
                "Somebody else changed this in the meantime. Nothing was overwritten.",
                icon=":material/sync_problem:",
            )
            st.text(f"Saved: {one.error.now or '(empty)'}\nYours: {one.error.wanted or '(empty)'}")
            with st.container(horizontal=True):
                st.button("Keep theirs", key=f"keep-{number}", on_click=_decide, args=(one, False))
                st.button("Save mine", key=f"mine-{number}", on_click=_decide, args=(one, True))
        else:
            st.warning("The board was not changed.", icon=":material/error:")
            st.text(one)
    st.session_state[TOLD] = [one for one in told if isinstance(one, Conflict)]


def _decide(conflict: Conflict, mine: bool) -> None:
    st.session_state[TOLD] = [one for one in st.session_state.get(TOLD, []) if one is not conflict]
    if mine and conflict.again:
        _do(conflict.again)


# -- what can be done with the board ------------------------------------------------------------------------


def _hide_variants() -> bool:
    return st.toggle(
        "Hide variants",
        key="variants_hidden",
        bind="query-params",
        help="Show one product of those that share a name or have nearly the same picture. All stay on the board.",
    )


def _tools(boards: Boards, board: Board, seen: Sequence[Seen]) -> None:
    st.menu_button(
        "Sort by",
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
    gone = [item for item in filling.removed_items(board.id) if item.key not in set(board.keys)]
    if gone:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/undo: {counted(len(gone), 'product')} removed from the board.")
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
            if not read_only():
                st.button(
                    "Remove missing products",
                    key="remove_gone",
                    on_click=lambda: _do(lambda: filling.remove(board.id, gone)),
                )
    closed = sorted({one.item.key.store for one in seen if one.state == "closed"})
    if closed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/lock: From catalogues that are not open here, so shown by name only:")
            st.text(", ".join(closed))


def _empty() -> None:
    how = "" if read_only() else " Use **Add to board** below any product."
    st.info(f"This board is empty.{how}", icon=":material/dashboard:")
    st.page_link("pages/find.py", label="Find products", icon=":material/search:")


# -- its colours --------------------------------------------------------------------------------------------


def board_palette(seen: Sequence[Seen]) -> list[Swatch]:
    """The colours of the board's pictures; the order of the products does not matter."""
    there = sorted((one for one in seen if one.catalogue), key=lambda one: one.item.key)
    snapshots = tuple(sorted({_snapshot(one) for one in there}))
    return _palette("\n".join("\t".join(one.item.key) for one in there), snapshots, there)


def _snapshot(one: Seen) -> str:
    if not isinstance(one.catalogue, Service):
        raise TypeError(f"expected a product of an open store; {one.name!r} is of {one.catalogue!r}.")
    return one.catalogue.snapshot.fingerprint


@st.cache_data(show_spinner=False, max_entries=64)
def _palette(keys: str, snapshots: tuple[str, ...], _there: Sequence[Seen]) -> list[Swatch]:
    """``keys`` is one text because a thousand pairs take the cache far longer to tell apart."""
    return palette([shown for one in _there if (shown := one.shown())])


def show_palette(swatches: Sequence[Swatch]) -> None:
    """The colours as a strip and with their names and hex codes, as text to copy."""
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
            '<section class="mpsr-palette" aria-label="Colours of the board" title="From the products in the '
            'pictures, without ground and skin; every product counts the same">'
            '<div aria-hidden="true">{}</div><ul>{}</ul></section>'
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
        fixed=read_only(),
    )


def _counted(board: Board, shown: Sequence[Seen], first: int) -> str:
    """How many products, from which catalogues, and which of them are on this page."""
    stores = Counter(key.store for key in board.keys)
    parts = [counted(len(board.items), "product")]
    parts += [
        f"{count:,} from {name}" if len(stores) > 1 else f"from {name}"
        for name, count in stores.most_common()
    ]
    if len(shown) < len(board.items):
        parts.append(f"{counted(len(board.items) - len(shown), 'variant')} hidden")
    if len(shown) > PAGE:
        parts.append(f"showing {first + 1:,}–{min(first + PAGE, len(shown)):,}")
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
    """Products most similar to the mean of the board's products that are from the open catalogue."""
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
        with grid.cell():
            card.product_card(service, item.id, f"more-{item.id}")
