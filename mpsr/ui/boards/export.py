"""Exporting a board: contact sheet, table, link. Each file is made when it is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from mpsr.boards import Board
from mpsr.boards.export import file_name, page_count, sheet, table
from mpsr.boards.palette import Swatch
from mpsr.boards.sheet import COLUMNS, PAPERS
from mpsr.boards.typeset import lacking
from mpsr.boards.view import Seen
from mpsr.errors import InputError
from mpsr.fonts import font_file
from mpsr.ui.boards.filling import BOARD
from mpsr.ui.stores import STORE, store_to_name
from mpsr.ui.text import counted

AUTOMATIC = "Automatic"


def export(board: Board, seen: Sequence[Seen], palette: Sequence[Swatch]) -> None:
    """The files of the products that are shown, and the link."""
    left, right = st.columns(2)
    paper = left.selectbox("Paper", list(PAPERS), key="paper")
    chosen = right.selectbox(
        "Pictures in a row",
        [None, *COLUMNS],
        format_func=lambda columns: AUTOMATIC if columns is None else str(columns),
        key="columns",
        help="Automatic: the fewest that fit on one page.",
    )
    link = _link(board)
    pages = page_count(board, seen, palette, paper, chosen)
    _files(board, seen, palette, link, paper, chosen, pages)
    st.caption(f"Contact sheet: {counted(pages, 'page')}. Hidden variants are not included.")
    _font(board, seen)
    st.write("Link to this board")
    st.code(link, language=None)


def _files(
    board: Board,
    seen: Sequence[Seen],
    palette: Sequence[Swatch],
    link: str,
    paper: str,
    columns: int | None,
    pages: int,
) -> None:
    def as_pdf() -> bytes:
        from mpsr.boards.pdf import pdf

        return pdf(sheet(board, seen, palette, link, paper, columns))

    def as_png() -> bytes:
        from mpsr.boards.png import png

        return png(sheet(board, seen, palette, link, paper, columns))[0]

    pixels = ("Contact sheet, PNG", "png", "image/png")
    if pages > 1:
        pixels = ("Contact sheet, PNGs in a zip", "zip", "application/zip")
    offered = [
        (("Contact sheet, PDF", "pdf", "application/pdf"), as_pdf),
        (pixels, as_png),
        (("Table, CSV", "csv", "text/csv"), lambda: table(seen)),
    ]
    with st.container(horizontal=True):
        for (label, ending, kind), data in offered:
            name = file_name(board, ending)
            st.download_button(
                label, data, name, kind, f"as-{ending}", icon=":material/download:", on_click="ignore"
            )


def _link(board: Board) -> str:
    """The board's address: of this page, with the board and the store that is open."""
    here = (st.context.url or "").split("?")[0]
    store = store_to_name()
    return f"{here}?{urlencode({**({STORE: store} if store else {}), BOARD: board.id})}"


def _font(board: Board, seen: Sequence[Seen]) -> None:
    """Warn about characters that the sheet cannot draw."""
    try:
        missing = lacking("".join([board.name, board.note, *(f"{one.name}{one.item.note}" for one in seen)]))
    except InputError as error:
        st.error("The contact sheet cannot be made: there is no font.", icon=":material/error:")
        st.text(str(error))
        return
    if missing:
        st.warning(
            f"{counted(len(missing), 'character')} missing from the font {font_file().stem}: drawn as �."
        )
        st.text(f"{' '.join(sorted(missing)[:40])}\nSet MPSR_FONT to a TrueType file that contains them.")
