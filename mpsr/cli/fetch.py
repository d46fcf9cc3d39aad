"""The commands that download: the public data set, and the pictures that an export names by URL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption

fetch = typer.Typer(
    help="Download the public data set, or the pictures that an export names by URL.", rich_markup_mode=None
)

ToOption = Annotated[Path, typer.Option("--to", help="Folder to put the catalogue in.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(fetch, name="fetch", no_args_is_help=True)


@fetch.command()
def kaggle(to: ToOption = Path("catalogue"), as_json: JsonOption = False) -> None:
    """Download "Fashion Product Images (Small)", 44,446 products, from Kaggle."""
    _data_set("kaggle", to, as_json)


@fetch.command()
def huggingface(to: ToOption = Path("catalogue"), as_json: JsonOption = False) -> None:
    """Download "Fashion Product Images (Small)", 44,446 products, from Hugging Face."""
    _data_set("huggingface", to, as_json)


def _data_set(hub: str, to: Path, as_json: bool) -> None:
    from mpsr.catalogue.fetch import fetch as run
    from mpsr.cli.console import print_json

    found = run(hub, to)
    if as_json:
        print_json({"hub": hub, "catalogue": str(found)})
    else:
        typer.echo(f"{found}\nNext:  mpsr build {found}")


@fetch.command()
def pictures(
    source: Annotated[Path, typer.Argument(help="An export: a table, or a folder that holds one.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="A folder below the table's. Default: pictures, beside the table."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that maps the table's columns.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Downloads at once; 4 of a host.")] = 16,
    tries: Annotated[int, typer.Option(min=1, max=10, help="Tries of a picture.")] = 4,
    seconds: Annotated[float, typer.Option(min=1, help="For one picture, all tries together.")] = 60.0,
    max_mb: Annotated[int, typer.Option(min=1, max=64, help="The largest picture taken.")] = 20,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also ask addresses of private networks.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Download the pictures that an export names by URL, for mpsr build to find them.

    What is there already is not downloaded again: run the same command again to resume, or to try what failed.
    """
    from mpsr.catalogue import read_mapping
    from mpsr.catalogue.fetch_pictures import FAILED, Manners, fetch_pictures
    from mpsr.catalogue.read import locate
    from mpsr.cli.console import ConsoleReporter, print_json

    located = locate(source, read_mapping(mapping) if mapping else None)
    folder = to or located.source.location / located.table_folder / "pictures"
    manners = Manners(
        at_once, tries=tries, seconds=seconds, max_bytes=max_mb << 20, allow_private=allow_private
    )
    with ConsoleReporter() as reporter:
        reporter.step("pictures")
        found = fetch_pictures(located, folder, manners, reporter.progress)
    if as_json:
        print_json(
            {
                "pictures": str(folder),
                "downloaded": found.downloaded,
                "there": found.there,
                "failed": found.failed,
            }
        )
        return
    typer.echo(
        f"{found.downloaded:,} downloaded, {found.there:,} there already, {len(found.failed):,} failed"
    )
    if found.failed:
        typer.echo(f"What failed, and why: {folder / FAILED}")
    typer.echo(f"Next:  mpsr build {source}")
