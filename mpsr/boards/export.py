"""The export of a board: its contact sheet and its table."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence

import pandas as pd

from mpsr.boards.palette import Swatch
from mpsr.boards.sheet import Cell, Sheet
from mpsr.boards.sheet import page_count as count_pages
from mpsr.boards.types import Board
from mpsr.boards.view import Seen
from mpsr.catalogue.types import ATTRIBUTES, ID, NAME
from mpsr.csvsafe import to_csv

#: Columns of the table before those of the catalogue.
COLUMNS = ("position", "catalogue", ID, NAME, "note", "state")

#: Attributes in a product's line on the sheet.
TOLD = ("articleType", "baseColour")

_ABSENT = {"there": "no picture", "gone": "no longer in {}", "closed": "from {}, which is not open"}


def table(seen: Sequence[Seen]) -> bytes:
    """The products as CSV that is safe to open in a spreadsheet: position, catalogue, id, name, note, state, attributes.

    ``state`` is "there", "gone" (its catalogue has no such product any more) or "closed" (its catalogue was not open);
    attributes are those of the catalogue and empty where the product is not there.
    """
    rows = []
    for position, one in enumerate(seen, 1):
        key, attributes = one.item.key, one.attributes()
        mine = (position, key.store, key.product, one.item.name, one.item.note, one.state)
        rows.append(
            {**dict(zip(COLUMNS, mine, strict=True)), **{name: attributes.get(name) for name in ATTRIBUTES}}
        )
    return to_csv(pd.DataFrame(rows, columns=[*COLUMNS, *ATTRIBUTES]))


def sheet(
    board: Board,
    seen: Sequence[Seen],
    palette: Sequence[Swatch] = (),
    link: str = "",
    paper: str = "A4",
    columns: int | None = None,
) -> Sheet:
    """The contact sheet of a board.

    Args:
        board: its name, note and date.
        seen: the products to show, in their order.
        palette: colours to show, from ``mpsr.boards.palette``.
        link: where the board is on the web.
        paper: one of ``mpsr.boards.sheet.PAPERS``.
        columns: pictures in a row, None for the fewest that fit on one page.

    Raises:
        InputError: no such paper, or not that many columns.
    """
    changed = time.strftime("%d %B %Y", time.localtime(board.changed)).lstrip("0")
    products = "1 product" if len(seen) == 1 else f"{len(seen):,} products"
    names = sorted({one.item.key.store for one in seen})
    summary = " · ".join([products, *names, changed])
    return Sheet(board.name, board.note, summary, link, palette, [_cell(one) for one in seen], paper, columns)


def page_count(
    board: Board, seen: Sequence[Seen], palette: Sequence[Swatch], paper: str, columns: int | None
) -> int:
    """How many pages the contact sheet has; much quicker than making it."""
    cells = [Cell("", "", one.item.note, one.picture) for one in seen]
    return count_pages(Sheet(board.name, board.note, "-", "", palette, cells, paper, columns))


def _cell(one: Seen) -> Cell:
    attributes = one.attributes()
    told = [one.item.key.product, *(str(attributes[name]) for name in TOLD if attributes.get(name))]
    absent = _ABSENT[one.state].format(one.item.key.store)
    return Cell(one.name, " · ".join(told), one.item.note, one.picture, absent)


def file_name(board: Board, ending: str) -> str:
    """A file name that every system accepts, made from the board's name: letters, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", board.name).encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in ascii_only.lower()).split()
    return f"{'-'.join(words)[:60].strip('-') or 'board'}-{board.id}.{ending}"
