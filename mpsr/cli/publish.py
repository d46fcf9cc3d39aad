"""The command that hands a store's vectors to an engine: publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(publish)


def publish(
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="http://HOST:PORT of a Milvus, or FILE.db.")
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a store's vectors into Milvus, from which other programs and --engine are served (extra milvus).

    The first time, and after a new fit, all of it goes into a new collection; after a small change, what has changed.
    """
    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.engines.publish import publish as run
    from mpsr.search.store_reader import OpenStore
    from mpsr.store import newest_store

    with ConsoleReporter() as reporter:
        done = run(OpenStore(store or newest_store(), indexed=False), to, reporter)
    if as_json:
        print_json({"to": to, "spaces": [asdict(one) for one in done]})
        return
    for one in done:
        typer.echo(
            f"{one.space:<8} {one.way}: {one.written:,} products written, {one.removed:,} removed; "
            f"{one.alias} is {one.collection}"
        )
