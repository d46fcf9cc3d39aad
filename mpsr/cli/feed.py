"""The command that writes the neighbours of every product for a shop: feed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, NoClicksOption, NoRulesOption, RulesOption, StoreOption


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(feed)


def feed(
    out: Annotated[Path, typer.Option("--out", help="The file; it ends in .jsonl, .csv, .parquet or .xlsx.")],
    store: StoreOption = None,
    k: Annotated[int, typer.Option("-k", "--k", help="How many neighbours a product.")] = 20,
    space: Annotated[str | None, typer.Option(help="paper or learned. Default: the store's first.")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="An earlier snapshot: only products whose neighbours may have changed since."),
    ] = None,
    rules: RulesOption = None,
    no_rules: NoRulesOption = False,
    no_clicks: NoClicksOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the neighbours of every product, with rules applied, as a file that a shop imports.

    Interrupted, the same command resumes. The order is that of the catalogue.
    """
    from dataclasses import asdict

    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.service import open_service
    from mpsr.shop.feed import write_feed

    service = open_service(store, rules=None if no_rules else rules)
    for told in service.idle_rules:
        typer.echo(f"mpsr: {told}", err=True)
    with ConsoleReporter() as reporter:
        facts = write_feed(service, out, k, space, not no_rules, not no_clicks, since, reporter)
    if as_json:
        print_json(asdict(facts))
        return
    typer.echo(
        f"{facts.out}\n{facts.products:,} products, {facts.rows:,} neighbours, snapshot {facts.snapshot[:12]}"
    )
    if facts.since:
        typer.echo(f"since {facts.since[:12]}: {facts.removed:,} products are gone")
