"""The commands of stylists, planners and designers: questions of a range that end in a table to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.filters import where_of
from mpsr.cli.options import JsonOption, StoreOption, WhereOption
from mpsr.cli.sheets import CsvOption, XlsxOption, check_files, documents, write_files
from mpsr.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(look)
    app.command()(plan)


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


def plan(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="PLAN", help="The plan, a table with a column target: .csv or .xlsx."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="COLUMN", help="Without a plan: draft one by these columns; repeat."),
    ] = None,
    store: StoreOption = None,
    within: Annotated[float, typer.Option(help="On plan may be off by this share of the target.")] = 0.0,
    where: WhereOption = None,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare a plan with the catalogue: over, under and on plan; with --by, draft a plan from what there is."""
    from mpsr.assortment.plan import against_plan, draft_plan, read_plan
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    check_files(csv, xlsx)
    if (file is None) == (not by):
        raise InputError("expected a plan, or --by with the columns of one to draft: one of the two.")
    filters = where_of(where, None, None, None)
    service = open_service(store)
    notes: tuple[str, ...] = ()
    if file is None:
        tables = {"plan": draft_plan(service, by or [], filters)}
    else:
        found = against_plan(service, read_plan(file.read_bytes(), file.name), within, filters)
        tables = {"lines": found.table, "products": found.products, "unplanned": found.unplanned}
        notes = found.notes
    write_files(tables, notes, csv, xlsx)
    if as_json:
        print_json({**documents(tables), "notes": list(notes)})
        return
    if file is None:
        for row in tables["plan"].to_dict("records"):
            typer.echo(f"{row.pop('target'):>7}  {', '.join(map(str, row.values()))}")
        return
    for line in documents(tables)["lines"]:
        cells = ", ".join(str(line[column]) for column in found.columns if line[column] is not None)
        typer.echo(
            f"{line['line']:>5}  {line['actual']:>6} of {line['target']:>6}  {line['status']:7}  {cells}"
        )
    typer.echo(f"{len(found.unplanned):,} products belong to no line")
    for note in notes:
        typer.echo(note)
