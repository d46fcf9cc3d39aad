"""The commands that keep a store in order: gc."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from mpsr.store.gc import Swept


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(gc)


def gc(
    store: StoreOption = None,
    keep: Annotated[int, typer.Option(min=1, help="Published builds to keep, the current one counted.")] = 1,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also remove what an interrupted build would resume from.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what earlier builds left in a store: all that neither the builds kept nor an open reader needs."""
    from dataclasses import asdict

    from mpsr.cli.console import print_json
    from mpsr.service import open_service
    from mpsr.store import Store
    from mpsr.store.gc import collect

    root: Path = store or open_service(verify=False).root
    swept = collect(Store(root), keep, unfinished, dry_run)
    if as_json:
        print_json({"store": str(root), "dry_run": dry_run, **asdict(swept)})
    else:
        typer.echo(_text(root, swept, dry_run))


def _text(root: Path, swept: Swept, dry_run: bool) -> str:
    verb = "would remove" if dry_run else "removed"
    lines = [
        f"store      {root}",
        f"{verb:<10} {len(swept.snapshots):,} builds, {len(swept.objects):,} folders",
        f"kept       {len(swept.kept):,} builds"
        + (f", {len(swept.held):,} of them because they are open" if swept.held else ""),
        f"size       {swept.bytes_before / 1e6:,.0f} MB before, {swept.bytes_after / 1e6:,.0f} MB after",
    ]
    return "\n".join(lines)
