"""The command that lists the boards and exports one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.options import JsonOption
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.boards import Board

#: File endings a board can be exported to.
ENDINGS = ("pdf", "png", "zip", "csv")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("boards")(boards)


def boards(
    board: Annotated[
        str | None, typer.Argument(metavar="ID", help="A board; without one, all are listed.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Write it to this file: .pdf, .png, .csv (.zip: PNGs of several pages)."),
    ] = None,
    paper: Annotated[str, typer.Option(help="Paper of the contact sheet: A4, A3 or Letter.")] = "A4",
    columns: Annotated[
        int | None, typer.Option(help="Pictures in a row. Default: the fewest that fit on one page.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the boards (see MPSR_BOARDS_URL), or export one as a contact sheet or a table."""
    from mpsr.boards import Boards

    kept = Boards()
    if board is None:
        listed = [
            {"id": one.id, "name": one.name, "products": one.count, "changed": one.changed}
            for one in kept.listed()
        ]
        text = "\n".join(f"{one['id']}  {one['products']:>5}  {one['name']}" for one in listed)
        _say(listed, text or "There are no boards yet. Create one in the app.", as_json)
        return
    found = kept.get(board)
    if to is None:
        text = "\n".join(f"{item.key.store}  {item.key.product:>8}  {item.name}" for item in found.items)
        _say(_document(found), f"{found.name}\n{text}", as_json)
        return
    to.write_bytes(_exported(found, to.suffix.lower().removeprefix("."), paper, columns))
    if to.suffix.lower() != ".csv":
        _tell_lacking(found)
    _say({"board": board, "file": str(to)}, str(to), as_json)


def _tell_lacking(board: Board) -> None:
    """Say which characters a contact sheet could not show."""
    from mpsr.boards.typeset import lacking
    from mpsr.fonts import font_file

    texts = [board.name, board.note, *(f"{item.name}{item.note}" for item in board.items)]
    if missing := sorted(lacking("".join(texts))):
        typer.echo(
            f"mpsr: {len(missing):,} characters are missing from the font {font_file().stem} and drawn as �: "
            f"{' '.join(missing[:40])}. Set MPSR_FONT to a TrueType file that contains them.",
            err=True,
        )


def _document(board: Board) -> dict[str, object]:
    items = [
        {"store": item.key.store, "product": item.key.product, "name": item.name, "note": item.note}
        for item in board.items
    ]
    return {"id": board.id, "name": board.name, "note": board.note, "changed": board.changed, "items": items}


def _exported(board: Board, ending: str, paper: str, columns: int | None) -> bytes:
    from mpsr.boards.export import sheet, table
    from mpsr.boards.palette import palette
    from mpsr.boards.pdf import pdf
    from mpsr.boards.png import png
    from mpsr.boards.view import look
    from mpsr.service import open_service
    from mpsr.store import known_stores

    if ending not in ENDINGS:
        raise InputError(
            f"a board cannot be exported as {ending!r}. Expected a file ending in {', '.join(ENDINGS)}."
        )
    wanted = [path for path in known_stores() if path.name in board.stores]
    seen = look(board.items, [open_service(path, verify=False) for path in wanted])
    if ending == "csv":
        return table(seen)
    made = sheet(board, seen, palette([shown for one in seen if (shown := one.shown())]), "", paper, columns)
    if ending == "pdf":
        return pdf(made)
    data, needed = png(made)
    if needed != ending:
        raise InputError(
            f"the contact sheet has {'one page' if needed == 'png' else 'several pages'}. Use a file ending in .{needed}."
        )
    return data


def _say(document: object, text: str, as_json: bool) -> None:
    from mpsr.cli.console import print_json

    if as_json:
        print_json(document)
    else:
        typer.echo(text)
