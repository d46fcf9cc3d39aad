"""All boards: their covers, a new one, and those that were deleted and can be restored."""

from __future__ import annotations

import time

import streamlit as st
from markupsafe import Markup

from mpsr.boards import Boards, Key, Listed
from mpsr.boards.boards import KEPT_DAYS
from mpsr.boards.database import read_only
from mpsr.boards.limits import LONGEST_NAME
from mpsr.errors import MPSRError
from mpsr.ui import card
from mpsr.ui.boards import filling
from mpsr.ui.boards.pictures import Addresses
from mpsr.ui.text import counted

#: Boards on a page.
PAGE = 24

NAME, DELETED, WRONG = "new_board_name", "board_deleted", "new_board_wrong"


def board_list(boards: Boards) -> None:
    """The page without a board."""
    st.title("Boards")
    fixed = read_only()
    if not fixed:
        undo_deletion(boards)
        _new()
    listed = boards.listed()
    if not listed:
        how = " Name one above, or use **Add to board** below any product on **Find similar**."
        st.info(f"No boards yet.{'' if fixed else how}", icon=":material/dashboard:")
        st.page_link("pages/find.py", label="Find products", icon=":material/search:")
    count = -(-len(listed) // PAGE)
    page = st.pagination(count, key="list", bind="query-params") if count > 1 else 1
    addresses = Addresses()
    grid = st.grid(4, min_column_width=200, gap="medium")
    for board in listed[(page - 1) * PAGE : page * PAGE]:
        with grid.cell(), card.named_card(f"board-{board.id}"):
            _face(board, addresses)
            st.button(
                "Open board", key=f"open-{board.id}", on_click=filling.fill, args=(board.id,), width="stretch"
            )
    if not fixed:
        _bin(boards)


def _new() -> None:
    with st.form("new_board", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("New board", key=NAME, max_chars=LONGEST_NAME, placeholder="Summer dresses")
        st.form_submit_button("Create board", icon=":material/add:", on_click=_make)
    if wrong := st.session_state.pop(WRONG, None):
        st.error("The board was not created.", icon=":material/error:")
        st.text(wrong)


def _make() -> None:
    try:
        filling.fill(filling.boards().make(st.session_state[NAME]))
    except MPSRError as error:
        st.session_state[WRONG] = str(error)


def _face(board: Listed, addresses: Addresses) -> None:
    pictures = Markup().join(_cover(addresses, key) for key in board.cover)
    st.html(
        Markup(
            '<div class="mpsr-face" data-name="{}"><div class="mpsr-cover" role="img" aria-label="Cover of {}">{}</div>'
            '<p class="mpsr-name" title="{}">{}</p><p class="mpsr-quiet">{} · {}</p></div>'
        ).format(
            board.name,
            board.name,
            pictures or Markup("<span>empty</span>"),
            board.name,
            board.name,
            counted(board.count, "product"),
            when(board.changed),
        )
    )


def _cover(addresses: Addresses, key: Key) -> Markup:
    address = addresses.of(key)
    return (
        Markup('<img src="{}" alt="" loading="lazy" decoding="async">').format(address)
        if address
        else Markup("<i></i>")
    )


def when(seconds: float) -> str:
    """A time in words, by the server's clock."""
    return time.strftime("%d %b %Y, %H:%M", time.localtime(seconds)).lstrip("0")


def delete(board: str) -> None:
    """Delete a board and show the list, which offers to undo it."""
    filling.boards().delete(board)
    filling.fill(None)
    st.session_state[DELETED] = board


def undo_deletion(boards: Boards) -> None:
    """Right after a deletion: undo it."""
    board = st.session_state.get(DELETED)
    if board and board in {one.id for one in boards.listed(deleted=True)}:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/delete: The board was deleted.")
            st.button("Undo", key="undo_delete", on_click=_restore, args=(board,))


def _bin(boards: Boards) -> None:
    deleted = boards.listed(deleted=True)
    if not deleted:
        return
    with st.expander(f"Deleted boards ({len(deleted):,})", icon=":material/delete:"):
        st.caption(f"Deleted boards are kept for {KEPT_DAYS} days.")
        for board in deleted[:PAGE]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button("Restore", key=f"restore-{board.id}", on_click=_restore, args=(board.id,))
                st.text(f"{board.name} · {counted(board.count, 'product')} · deleted {when(board.changed)}")


def _restore(board: str) -> None:
    filling.boards().restore(board)
    filling.fill(board)
