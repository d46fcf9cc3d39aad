"""The commands of stylists, planners and designers: questions of a range that end in a table to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption
from mpsr.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(look)


def look(
    product: Annotated[str, typer.Argument(help="The product to complete.")],
    store: StoreOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the pieces there too, as CSV.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Complete the look: for a product, one of each complementary type, by rules that are printed."""
    from mpsr.assortment.look import complete_look
    from mpsr.catalogue.types import NAME
    from mpsr.cli.console import print_json
    from mpsr.csvsafe import to_csv
    from mpsr.service import open_service

    if out is not None and out.suffix.lower() != ".csv":
        raise InputError(f"--out is {out}. Expected a file that ends in .csv.")
    found = complete_look(open_service(store).products, product)
    if out is not None:
        out.write_bytes(to_csv(found.pieces))
    if as_json:
        pieces = found.pieces.astype(object).where(found.pieces.notna(), None).to_dict("records")
        missing = found.missing.to_dict("records")
        print_json({"product": product, "rules": list(found.rules), "pieces": pieces, "missing": missing})
        return
    for rule in found.rules:
        typer.echo(rule)
    for piece in found.pieces.to_dict("records"):
        colour = f"{piece['baseColour']}, {piece['colours']}"
        typer.echo(f"{piece['role']:10} {piece['id']:>8}  {piece[NAME]}  ({colour})")
    for gap in found.missing.to_dict("records"):
        typer.echo(f"{gap['role']:10} {'-':>8}  {gap['reason']}")
    if out is not None:
        typer.echo(out)
