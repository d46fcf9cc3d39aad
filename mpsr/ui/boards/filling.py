"""Boards from everywhere in the app: which board is being filled, and the buttons that add products to it.

The board that is being filled is in the address (``?board=``) and in the session, so that it outlives both a change of
page and a reload. Names of boards are text: where Streamlit expects Markdown, ``plain`` makes them so.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import streamlit as st

from mpsr.boards import Boards, Item, Key
from mpsr.boards.database import boards_url, read_only
from mpsr.errors import InputError, MPSRError
from mpsr.service import Service
from mpsr.ui.stores import STORE
from mpsr.ui.text import plain

#: In the address and in the session: the id of the board that is being filled.
BOARD = "board"

CHOOSER, OUTSIDE, TROUBLE, REMOVED = "board_chooser", "board_outside", "board_trouble", "board_removed"

#: In the session: whether the page shows the board itself, so that a button's work is seen outside of it too.
SHOWN = "board_shown"

#: In the session: what the board holds that is being filled; read once for all buttons of a page.
HELD = "board_held"

#: In the session: what a button for many has just added: its key, the board, the products.
ADDED = "board_added"

BOARDS_PAGE = "pages/boards.py"

#: In the address: which page of a board is looked at.
PAGE = "page"

#: Boards the chooser offers, the last changed; the Boards page has them all.
OFFERED = 30

#: The chooser's first entry.
NEW = ""

#: What is said when somebody deleted the board that is being filled.
GONE = "The board you were adding to was deleted. **Add to board** creates a new one; **Boards** can restore the old one."


@st.cache_resource(show_spinner=False)
def _opened(url: str) -> Boards:
    return Boards(url)


def boards() -> Boards:
    """The boards of this installation, shared by all sessions.

    Raises:
        MPSRError: they cannot be opened.
    """
    return _opened(boards_url())


def current() -> str | None:
    """The id of the board that is being filled, None while there is none."""
    told = st.query_params.get(BOARD) or st.session_state.get(BOARD)
    return str(told) if told else None


def _labels(names: dict[str, str]) -> dict[str, str]:
    """Id → label, no two the same: Streamlit knows an option by its label, and boards may share a name."""
    often = Counter(names.values())
    return {
        board: plain(f"{name} · {board}" if board and often[name] > 1 else name)
        for board, name in names.items()
    }


def leave() -> None:
    """Look at no board; the one that is being filled stays."""
    for name in (BOARD, PAGE):
        st.query_params.pop(name, None)


def fill(board: str | None) -> None:
    """From now on fill this board; where a board is looked at, look at this one."""
    if board != current():
        st.query_params.pop(PAGE, None)
        st.session_state.pop(PAGE, None)
    st.session_state[BOARD] = board
    if board:
        st.query_params[BOARD] = board
    else:
        st.query_params.pop(BOARD, None)


def chooser(keep_address: bool = True) -> None:
    """The control in the sidebar that says which board is being filled, and switches.

    Args:
        keep_address: a board that is gone leaves the address; off where the address means the board that is looked at.
    """
    st.session_state.pop(OUTSIDE, None)
    st.session_state.pop(HELD, None)
    st.session_state[SHOWN] = not keep_address
    if read_only():
        return
    for message in st.session_state.pop(TROUBLE, []):
        st.warning("The board was not changed.", icon=":material/error:")
        st.text(message)
    try:
        names = boards().names()
    except MPSRError as error:
        st.sidebar.error("The boards cannot be opened.", icon=":material/error:")
        st.sidebar.text(str(error))
        return
    board = current()
    if board is not None and board not in names:
        if keep_address:  # the Boards page says so itself
            st.info(GONE, icon=":material/delete:")
        board = None
    st.session_state[BOARD] = board
    if keep_address and not board:
        st.query_params.pop(BOARD, None)
    st.sidebar.caption("Add products to")
    labels = _labels({NEW: "A new board"} | dict(islice(names.items(), OFFERED)))
    # A menu, not a selectbox: that one keeps a label in the browser, and the label of a board may change meanwhile.
    st.sidebar.menu_button(
        plain(names[board]) if board else labels[NEW],
        list(labels),
        key=CHOOSER,
        on_click=_chosen,
        format_func=labels.__getitem__,
        icon=":material/dashboard:",
        width="stretch",
    )


def _chosen() -> None:
    chosen = st.session_state[CHOOSER]
    if chosen is not None:
        fill(chosen or None)


@st.fragment
def add_button(service: Service, product: str, key: str) -> None:
    """Add a product to the board, or remove it; the board is created when there is none yet.

    Args:
        service: the store the product is of.
        product: its id.
        key: of the widget; a page may show the same product twice.
    """
    if read_only():
        return
    board = current()
    mine = Key(service.root.name, product)
    try:
        held = board is not None and mine in _held(board)
    except MPSRError:
        held = False  # the chooser says what is wrong
    st.button(
        "On the board" if held else "Add to board",
        icon=":material/check:" if held else ":material/add:",
        key=f"{key}-held"
        if held
        else key,  # a second click on what was "Add" is no click on what is there now
        help="Remove it from the board" if held else None,
        on_click=_remove if held else _add_all,
        args=(mine,) if held else (service, [product], key),
        width="stretch",
    )
    if st.session_state.pop(OUTSIDE, False):
        st.rerun()  # what stands outside this button has changed: a new board, or a trouble to tell


def _held(board: str) -> set[Key]:
    """The products of the board, as the page began to run or as a button has left them."""
    if HELD not in st.session_state:
        st.session_state[HELD] = boards().keys(board)
    held: set[Key] = st.session_state[HELD]
    return held


def add_all_button(
    service: Service, products: Sequence[str], key: str, label: str = "Add all to board"
) -> None:
    """Add many products to the board, in this order; then a link to the board and a way back."""
    if read_only():
        return
    st.button(
        label,
        icon=":material/add:",
        key=key,
        on_click=_add_all,
        args=(service, list(products), key),
        disabled=not products,
    )
    added = st.session_state.get(ADDED)
    if added and added[1] and added[0] == key and added[1] == current():
        _, board, keys = added
        st.page_link(
            BOARDS_PAGE, label=_added_words(len(keys)), icon=":material/check:",
            query_params={BOARD: board, STORE: service.root.name},
        )  # fmt: skip
        if keys:
            st.button(
                "Undo", icon=":material/undo:", key=f"{key}-undo", on_click=_take_back, args=(board, keys)
            )


def _added_words(count: int) -> str:
    return f"Added {count:,} – open board" if count else "All on the board already – open board"


def _add_all(service: Service, products: Sequence[str], key: str) -> None:
    st.session_state[ADDED] = (key, *add(service, products)) if products else None


def _take_back(board: str, keys: Sequence[Key]) -> None:
    """Take what was added off the board again."""
    st.session_state.pop(ADDED, None)
    st.session_state.pop(HELD, None)
    try:
        remove(board, keys)
    except MPSRError as error:
        _tell(error)


def add(service: Service, products: Sequence[str]) -> tuple[str | None, tuple[Key, ...]]:
    """Add products to the board that is being filled; one is created when there is none.

    Returns:
        The board, None where nothing could be added, and what was not on it before.
    """
    st.session_state.pop(HELD, None)
    try:
        names = {product: service.name(product) for product in products}
        board = current()
        if board is not None and board not in boards().names():
            raise _deleted(board)
        if board is None:
            board = boards().make(time.strftime("Board of %d %B, %H:%M").replace(" 0", " "))
            fill(board)
            st.session_state[OUTSIDE] = True
        elif st.session_state.get(SHOWN):
            st.session_state[OUTSIDE] = True
        back = [
            item
            for item in removed_items(board)
            if item.key.product in names and item.key.store == service.root.name
        ]
        before = boards().keys(board)
        boards().put_back(board, back)  # with the notes they had
        boards().add(board, service.root.name, names)
    except MPSRError as error:
        _tell(error)
        return None, ()
    mine = (Key(service.root.name, product) for product in products)
    return board, tuple(key for key in mine if key not in before)


def _deleted(board: str) -> InputError:
    """Somebody deleted the board in the meantime; the next run of the page starts without it."""
    return InputError(f"board {board!r} was deleted in the meantime, so nothing was added to it.")


def removed_items(board: str) -> list[Item]:
    """What this session last removed from a board and can still put back."""
    last = st.session_state.get(REMOVED)
    return list(last[1]) if last and last[0] == board else []


def remove(board: str, keys: Sequence[Key]) -> None:
    """Remove products from a board; ``removed_items`` has them until the next removal.

    Raises:
        MPSRError: it cannot be done.
    """
    remember(board, boards().remove(board, keys))


def remember(board: str, items: Sequence[Item]) -> None:
    """Keep what was just removed from a board, for ``removed_items``."""
    st.session_state[REMOVED] = (board, list(items))


def _remove(key: Key) -> None:
    st.session_state.pop(HELD, None)
    board = current()
    try:
        if board:
            remove(board, [key])
            st.session_state[OUTSIDE] = st.session_state.get(SHOWN, False)
    except InputError:
        pass  # the board is gone, and the product with it
    except MPSRError as error:
        _tell(error)


def _tell(error: MPSRError) -> None:
    """Have the next run of the page report what went wrong."""
    st.session_state.setdefault(TROUBLE, []).append(str(error))
    st.session_state[OUTSIDE] = True
