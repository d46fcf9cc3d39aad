"""The commands about what people click: import-events, learn-clicks, clicks, forget-session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    import pandas as pd

#: Rows of a table that are printed, and rows that were no event that are named.
SHOWN, NAMED = 10, 5


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("import-events")(import_events)
    app.command("learn-clicks")(learn_clicks)
    app.command("clicks")(clicks)
    app.command("forget-session")(forget_session)


def import_events(
    file: Annotated[
        Path, typer.Argument(help="CSV file of Google Analytics 4, of Algolia, or with our own columns.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Import events; imported again, a file changes nothing."""
    from mpsr.cli.console import print_json
    from mpsr.clicks import Event, Events
    from mpsr.clicks.imports import Refused, read_events
    from mpsr.clicks.types import MOST

    store, waiting, received, new = Events(), list[Event](), 0, 0
    refused: list[Refused] = []
    for found in read_events(file):
        if isinstance(found, Refused):
            refused.append(found)
            continue
        waiting.append(found)
        received += 1
        if len(waiting) == MOST:
            new += store.add(waiting)
            waiting = []
    new += store.add(waiting)
    if as_json:
        lines = [{"line": one.line, "why": one.why} for one in refused]
        print_json({"received": received, "new": new, "refused": lines})
        return
    typer.echo(f"{received:,} events, {new:,} of them new")
    for one in refused[:NAMED]:
        typer.echo(f"mpsr: line {one.line}: {one.why}", err=True)
    if refused:
        typer.echo(f"mpsr: {len(refused):,} rows are no events", err=True)


def learn_clicks(
    store: StoreOption = None,
    always: Annotated[
        bool, typer.Option("--always", help="Rank by clicks even where they do not help.")
    ] = False,
    keep_days: Annotated[float, typer.Option(help="Remove events that are older than this first.")] = 365,
    anew: Annotated[
        bool, typer.Option("--anew", help="Read all events again, not only those since the last time.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn which products people choose together; the store ranks by it where that helps on the last week's clicks.

    Only events since the last time are read, unless some were removed in between.
    """
    from dataclasses import asdict

    from mpsr.cli.console import print_json
    from mpsr.clicks import Events
    from mpsr.service import open_service
    from mpsr.shop.learn_clicks import learn_clicks as learn

    learned = learn(open_service(store), Events(), always, keep_days, anew)
    if as_json:
        print_json(asdict(learned))
        return
    choice = learned.choice
    which = f"all, because {learned.why_all}" if learned.why_all else "since the last time"
    typer.echo(f"{learned.new:,} choices read ({which})")
    typer.echo(
        f"{learned.events:,} choices, {learned.products:,} products chosen, {learned.pairs:,} pairs together"
    )
    typer.echo(
        f"replay of {choice.replayed:,} later clicks, nDCG@10: content {choice.content:.4f}, "
        f"with clicks {choice.blend:.4f} ({choice.gain:+.4f} ± {choice.error:.4f})"
    )
    typer.echo(f"λ = {choice.shrinkage:g}, κ = {choice.confidence:g}")
    typer.echo(
        "used from now on, by open servers and apps too"
        if learned.used
        else "not used: content alone is as good"
    )


def clicks(as_json: JsonOption = False) -> None:
    """What people click: rates by position, products seen and never clicked, and which ranking won."""
    from dataclasses import asdict

    from mpsr.cli.console import print_json
    from mpsr.clicks import Events
    from mpsr.clicks.statistics import by_position, duel, never_clicked

    table = Events().table()
    positions, unseen, fought = by_position(table), never_clicked(table), duel(table)
    if as_json:
        print_json(
            {
                "events": len(table),
                "by_position": positions.to_dict("records"),
                "never_clicked": unseen.to_dict("records"),
                "duel": asdict(fought),
            }
        )
        return
    typer.echo(f"{len(table):,} events in {table['session'].nunique():,} sessions\n")
    typer.echo(_printed("clicks by position, intervals at 95 %", positions))
    typer.echo(_printed("seen and never clicked", unseen))
    typer.echo(
        f"interleaved: clicks won {fought.clicks:,} sessions, content {fought.content:,}, {fought.ties:,} ties, "
        f"p = {fought.p:.3f}"
    )


def _printed(title: str, table: pd.DataFrame) -> str:
    if table.empty:
        return f"{title}: none\n"
    rows = table.head(SHOWN).to_string(index=False, float_format=lambda number: f"{number:.4f}")
    more = f"\n… {len(table) - SHOWN:,} more" if len(table) > SHOWN else ""
    return f"{title}\n{rows}{more}\n"


def forget_session(
    session: Annotated[str, typer.Argument(help="The session whose events are removed.")],
    as_json: JsonOption = False,
) -> None:
    """Remove all events of a session. What was learned forgets them with the next mpsr learn-clicks."""
    from mpsr.cli.console import print_json
    from mpsr.clicks import Events

    removed = Events().forget(session)
    if as_json:
        print_json({"session": session, "removed": removed})
    else:
        typer.echo(f"{removed:,} events removed")
