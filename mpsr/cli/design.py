"""The commands of stylists, planners and designers: questions of a range that end in a table to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption
from mpsr.cli.sheets import XlsxOption, check_files, documents, write_files


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(look)


def look(
    product: Annotated[str, typer.Argument(help="The product to complete.")],
    store: StoreOption = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", "--out", metavar="FILE", help="Write the pieces to this CSV file.")
    ] = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Complete the look: for a product, one of each complementary type, by rules that are printed."""
    from mpsr.assortment.look import complete_look
    from mpsr.catalogue.types import NAME
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    check_files(csv, xlsx)
    found = complete_look(open_service(store).products, product)
    tables = {"pieces": found.pieces, "missing": found.missing}
    write_files(tables, found.rules, csv, xlsx)
    if as_json:
        print_json({"product": product, "rules": list(found.rules), **documents(tables)})
        return
    for rule in found.rules:
        typer.echo(rule)
    for piece in found.pieces.to_dict("records"):
        colour = f"{piece['baseColour']}, {piece['colours']}"
        typer.echo(f"{piece['role']:10} {piece['id']:>8}  {piece[NAME]}  ({colour})")
    for gap in found.missing.to_dict("records"):
        typer.echo(f"{gap['role']:10} {'-':>8}  {gap['reason']}")
