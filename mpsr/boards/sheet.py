"""The contact sheet: what stands where, page by page, in points (1/72 inch) from the top left. Drawn by png and pdf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from mpsr.boards.palette import Swatch
from mpsr.boards.typeset import fit
from mpsr.errors import InputError

#: Width and height of the papers, in points.
PAPERS = {"A4": (595.0, 842.0), "A3": (842.0, 1191.0), "Letter": (612.0, 792.0)}

#: Columns to choose from.
COLUMNS = (3, 4, 5, 6, 8, 10)

#: Where a board does not fit one page, the columns that keep names readable.
READABLE = 6

#: Most columns chosen automatically to fit a board on one page, and lines of a product's note.
MOST_ON_ONE, NOTE_LINES = 8, 2

MARGIN, GAP, FOOTER = 36.0, 9.0, 22.0
INK, QUIET, LINE, PLACE = "#26221e", "#6b645c", "#d9d4cc", "#f1eee9"

#: Height of a line of text, as a multiple of its size.
LEADING = 1.25


@dataclass(frozen=True)
class Cell:
    """One product on the sheet.

    Attributes:
        name: its name.
        detail: one quiet line: id, type, colour.
        note: what the board says about it.
        picture: gives the encoded picture when it is drawn, None where there is none.
        absent: text in place of a missing picture.
    """

    name: str
    detail: str
    note: str
    picture: Callable[[], bytes | None]
    absent: str = "no picture"


@dataclass(frozen=True)
class Sheet:
    """What is on the paper.

    Attributes:
        title: the board's name.
        note: the board's note.
        summary: one line: how many products, which date.
        link: the board's address, "" where it has none.
        palette: its colours.
        cells: its products in their order.
        paper: one of ``PAPERS``.
        columns: pictures in a row; None: the fewest that fit on one page, else ``READABLE``.
    """

    title: str
    note: str
    summary: str
    link: str
    palette: Sequence[Swatch]
    cells: Sequence[Cell]
    paper: str = "A4"
    columns: int | None = None

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise InputError(f"paper is {self.paper!r}. Expected one of {', '.join(PAPERS)}.")
        if self.columns is not None and self.columns not in COLUMNS:
            raise InputError(f"columns is {self.columns}. Expected one of {', '.join(map(str, COLUMNS))}.")


@dataclass(frozen=True)
class Text:
    """One line; ``y`` is its baseline."""

    x: float
    y: float
    size: float
    text: str
    colour: str = INK
    bold: bool = False
    right: bool = False
    link: str = ""


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, as large as it fits and in the middle."""

    x: float
    y: float
    width: float
    height: float
    picture: Callable[[], bytes | None]
    absent: str


Mark = Text | Box | Picture


@dataclass
class Page:
    """A page's marks, drawn in this order."""

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class _Grid:
    """Sizes that follow from paper and columns."""

    columns: int
    cell: float
    picture: float
    name: float

    def height(self, row: Sequence[Cell]) -> float:
        """Of a row of products and the gap below it; notes take room only where there are some."""
        lines = 3 + (NOTE_LINES if any(cell.note for cell in row) else 0)
        return self.picture + 3 + lines * self.name * LEADING + GAP


def pages(sheet: Sheet) -> Iterator[Page]:
    """The pages one after the other; a board without products has one."""
    grid = _grid(sheet, sheet.columns or _columns(sheet))
    heads = [_head(sheet), _later_head(sheet)]
    filled = list(_filled(sheet, grid, [bottom for _, bottom in heads]))
    for number, rows in enumerate(filled, 1):
        page = Page(*PAPERS[sheet.paper])
        marks, y = heads[0 if number == 1 else 1]
        page.marks += marks
        for row in rows:
            for column, cell in enumerate(row):
                _draw_cell(page, grid, cell, MARGIN + column * (grid.cell + GAP), y)
            y += grid.height(row)
        page.marks += _foot(sheet, page, number, len(filled))
        yield page


def page_count(sheet: Sheet) -> int:
    """How many pages there are."""
    grid = _grid(sheet, sheet.columns or _columns(sheet))
    return sum(1 for _ in _filled(sheet, grid, [_head(sheet)[1], _later_head(sheet)[1]]))


def _columns(sheet: Sheet) -> int:
    top = _head(sheet)[1]
    for columns in COLUMNS:
        if columns <= MOST_ON_ONE:
            _, *further = islice(_filled(sheet, _grid(sheet, columns), [top, top]), 2)
            if not further:
                return columns
    return READABLE


def _grid(sheet: Sheet, columns: int) -> _Grid:
    cell = (PAPERS[sheet.paper][0] - 2 * MARGIN - (columns - 1) * GAP) / columns
    return _Grid(columns, cell, cell * 4 / 3, min(max(cell / 15, 4.8), 8.5))


def _filled(sheet: Sheet, grid: _Grid, tops: Sequence[float]) -> Iterator[list[Sequence[Cell]]]:
    """The rows of each page, the first page and the later ones beginning at ``tops``; a row at least on each."""
    bottom = PAPERS[sheet.paper][1] - MARGIN - FOOTER + GAP
    filled: list[Sequence[Cell]] = []
    y = tops[0]
    for start in range(0, len(sheet.cells), grid.columns):
        row = sheet.cells[start : start + grid.columns]
        height = grid.height(row)
        if filled and y + height > bottom:
            yield filled
            filled, y = [], tops[1]
        filled.append(row)
        y += height
    yield filled


def _head(sheet: Sheet) -> tuple[list[Mark], float]:
    """The first page's head, and where it ends."""
    room = PAPERS[sheet.paper][0] - 2 * MARGIN
    marks: list[Mark] = []
    y = MARGIN
    for line in fit(sheet.title, 20, room, 2, bold=True):
        y += 20 * LEADING
        marks.append(Text(MARGIN, y - 5, 20, line, bold=True))
    y += 9 * LEADING
    marks.append(Text(MARGIN, y, 9, fit(sheet.summary, 9, room, 1)[0], QUIET))
    y += 5
    for line in fit(sheet.note, 9.5, room, 6) if sheet.note else []:
        y += 9.5 * LEADING
        marks.append(Text(MARGIN, y, 9.5, line))
    if sheet.palette:
        marks += _palette(sheet, room, y + 10)
        y += 10 + 40
    return marks, y + 14


def _palette(sheet: Sheet, room: float, y: float) -> list[Mark]:
    """A strip cut by the shares of the colours, and below it their names, each under its own square."""
    marks: list[Mark] = []
    x = MARGIN
    for swatch in sheet.palette:
        marks.append(Box(x, y, room * swatch.share, 12, swatch.hex))
        x += room * swatch.share
    marks.append(Box(MARGIN, y, room, 12, "", LINE))
    each = room / len(sheet.palette)
    for place, swatch in enumerate(sheet.palette):
        x = MARGIN + place * each
        marks.append(Box(x, y + 19, 16, 16, swatch.hex, LINE))
        marks.append(Text(x + 20, y + 25.5, 6.5, fit(swatch.name, 6.5, each - 22, 1)[0]))
        marks.append(Text(x + 20, y + 34, 6.5, f"{swatch.hex} · {swatch.share:.0%}", QUIET))
    return marks


def _later_head(sheet: Sheet) -> tuple[list[Mark], float]:
    line = fit(sheet.title, 10, PAPERS[sheet.paper][0] - 2 * MARGIN, 1, bold=True)[0]
    return [Text(MARGIN, MARGIN + 10, 10, line, bold=True)], MARGIN + 24


def _foot(sheet: Sheet, page: Page, number: int, count: int) -> list[Mark]:
    y, room = page.height - MARGIN, page.width - 2 * MARGIN
    marks: list[Mark] = [Text(page.width - MARGIN, y, 7.5, f"{number} of {count}", QUIET, right=True)]
    if sheet.link:
        line = fit(sheet.link, 7.5, room - 60, 1)[0]
        marks.append(Text(MARGIN, y, 7.5, line, QUIET, link=sheet.link))
    return marks


def _draw_cell(page: Page, grid: _Grid, cell: Cell, x: float, y: float) -> None:
    page.marks.append(Picture(x, y, grid.cell, grid.picture, cell.picture, cell.absent))
    y += grid.picture + 3
    lines = fit(cell.name, grid.name, grid.cell, 2)
    for line in lines:
        y += grid.name * LEADING
        page.marks.append(Text(x, y - 1, grid.name, line))
    quiet = fit(cell.detail, 0.9 * grid.name, grid.cell, 1)
    quiet += fit(cell.note, 0.9 * grid.name, grid.cell, NOTE_LINES)
    for place, line in enumerate(quiet):
        y += grid.name * LEADING
        page.marks.append(Text(x, y - 1, 0.9 * grid.name, line, QUIET if place == 0 else INK))
