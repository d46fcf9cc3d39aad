"""The commands that answer daily questions of a range: substitutes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption
from mpsr.cli.sheets import XlsxOption, check_files, documents, write_files


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(substitutes)


def substitutes(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of products that sell out.")],
    store: StoreOption = None,
    best: Annotated[int, typer.Option(help="Substitutes a product at most.")] = 3,
    price_within: Annotated[float, typer.Option(help="How far the price may differ, 0.2 is 20 %.")] = 0.2,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", "--to", metavar="FILE", help="Write the substitutes to this CSV file."),
    ] = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what to offer in place of products that sell out: same gender and type, in stock, at about the price."""
    from mpsr.assortment.substitutes import substitutes as find
    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.service import open_service

    check_files(csv, xlsx)
    service = open_service(store)
    with ConsoleReporter() as reporter:
        reporter.step("finding substitutes")
        found = find(service, ids, best, price_within, reporter.progress)
    tables = {"substitutes": found.table, "without": found.without}
    write_files(tables, found.notes, csv, xlsx)
    if as_json:
        print_json({**documents(tables), "notes": list(found.notes)})
        return
    for row in found.table.to_dict("records"):
        typer.echo(
            f"{row['id']:>7}  {row['rank']}  {row['score']:.4f}  {row['substitute']:>7}  {row['reason']}"
        )
    for row in found.without.to_dict("records"):
        typer.echo(f"{row['id']:>7}  none: {row['why']}")
    for note in found.notes:
        typer.echo(note)
