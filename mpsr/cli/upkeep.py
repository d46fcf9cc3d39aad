"""The commands that keep a store up to date and in order: update, gc."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.store.gc import Swept


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(update)
    app.command()(gc)


def update(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A table of new and changed products, with their pictures, as for mpsr build.",
        ),
    ] = None,
    store: StoreOption = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(
            "--remove", help="Ids of products to remove: ID,ID,… or a file with one a line; repeatable."
        ),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that maps the table's columns.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a store up to date with a table that holds only what has changed.

    Each row replaces its product, or is added; a row without a picture keeps the one that its product has. With the
    whole changed catalogue at hand, run mpsr build again instead.
    """
    from dataclasses import replace

    from mpsr.catalogue import read_mapping
    from mpsr.cli.build import print_build
    from mpsr.cli.console import ConsoleReporter
    from mpsr.pipeline import update as run
    from mpsr.service import open_service
    from mpsr.stages.generation import published_settings
    from mpsr.store import Store

    if source is None and not remove:
        raise InputError("nothing to update. Give a table of new and changed products, or --remove ID,ID,…")
    root: Path = store or open_service(verify=False).root
    settings = replace(published_settings(Store(root)), mapping=read_mapping(mapping) if mapping else None)
    with ConsoleReporter() as reporter:
        built = run(source, Store(root), settings, ids_of(remove or []), reporter)
    print_build(root, built, as_json)


def ids_of(given: list[str]) -> list[str]:
    """The ids of ``--remove``: what is a file is read, one id a line.

    Raises:
        InputError: a file is not UTF-8 text.
    """
    found: list[str] = []
    for text in given:
        if not _is_file(text):
            found += text.split(",")
            continue
        try:
            found += Path(text).read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise InputError(f"{text} is not UTF-8 text ({error.reason}). Expected one id a line.") from error
    return [one.strip() for one in found if one.strip()]


def _is_file(text: str) -> bool:
    """Whether there is such a file; a list of ids may be longer than a path can be."""
    try:
        return Path(text).is_file()
    except OSError:
        return False


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
