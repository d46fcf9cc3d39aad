"""The commands of buyers: substitutes for what sells out, what overlaps, and two catalogues side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption, WhereOption, pairs_of, store_of
from mpsr.cli.sheets import CsvOption, XlsxOption, check_files, documents, write_files


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(substitutes)
    app.command()(overlap)
    app.command()(compare)


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
        found = find(service, ids, best, price_within, progress=reporter.progress)
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


def overlap(
    store: StoreOption = None,
    percentile: Annotated[
        float,
        typer.Option(help="Two products of a group score above this share of random pairs, 0.999 is 99.9 %."),
    ] = 0.999,
    where: WhereOption = None,
    show: Annotated[int, typer.Option(min=0, help="Groups and products to print; files hold all.")] = 20,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find groups of products that stand in for each other, and the products that stand alone."""
    from mpsr.assortment.overlap import overlap as find
    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.service import open_service

    check_files(csv, xlsx)
    filters = pairs_of("--where", where, "column=value, for example gender=Men")
    service = open_service(store)
    with ConsoleReporter() as reporter:
        reporter.step("grouping what is alike")
        found = find(service, percentile, filters, reporter.progress)
    tables = {"groups": found.groups, "products": found.products}
    write_files(tables, found.notes, csv, xlsx)
    if as_json:
        asked = {"percentile": found.percentile, "threshold": found.threshold}
        print_json({**asked, **documents(tables), "notes": list(found.notes)})
        return
    grouped = int(found.groups["products"].sum())
    typer.echo(f"{grouped:,} of {len(found.products):,} products are in {len(found.groups):,} groups")
    for row in found.groups.head(show).to_dict("records"):
        typer.echo(f"{row['group']:>5}  {row['products']:>4}  {row['central']:>7}  {row['central_name']}")
    typer.echo("What stands alone:")
    alone = found.products.sort_values("uniqueness", ascending=False, kind="stable")
    for row in alone.head(show).to_dict("records"):
        typer.echo(f"{row['uniqueness']:>7.1%}  {row['score']:.4f}  {row['id']:>7}  {row['name']}")
    for note in found.notes:
        typer.echo(note)


def compare(
    first: Annotated[
        Path,
        typer.Argument(metavar="A", parser=store_of, help="A store's folder or name, such as last year's."),
    ],
    second: Annotated[Path, typer.Argument(metavar="B", parser=store_of, help="The other store.")],
    show: Annotated[int, typer.Option(min=0, help="Pairs and values to print; files hold all.")] = 20,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two catalogues: matched pairs, what only one has, and shares side by side."""
    from mpsr.assortment.compare import compare as find
    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.service import open_service

    check_files(csv, xlsx)
    with ConsoleReporter() as reporter:
        reporter.step("comparing the products of both")
        found = find(open_service(first), open_service(second), reporter.progress)
    tables = {"pairs": found.pairs, "only_a": found.only_a, "only_b": found.only_b, "shares": found.shares}
    write_files(tables, found.notes, csv, xlsx)
    if as_json:
        asked = {
            "space": found.space,
            "match_threshold": found.threshold.score,
            "match_percentile": found.threshold.percentile,
        }
        print_json({**asked, **documents(tables), "notes": list(found.notes)})
        return
    typer.echo(
        f"{len(found.pairs):,} pairs, {len(found.only_a):,} products only in A, {len(found.only_b):,} only in B"
    )
    for row in found.pairs.head(show).to_dict("records"):
        typer.echo(f"{row['score']:.4f}  {row['a']:>7} {row['a_name']}  =  {row['b']:>7} {row['b_name']}")
    typer.echo("Shares in A and B that differ most:")
    differs = (found.shares["low"] > 0) | (found.shares["high"] < 0)
    for row in found.shares[differs].head(show).to_dict("records"):
        interval = f"{row['low']:+.1%} to {row['high']:+.1%}"
        typer.echo(
            f"{row['share_a']:>7.1%} {row['share_b']:>7.1%}  {interval:>18}  {row['column']} {row['value']}"
        )
    for note in found.notes:
        typer.echo(note)
