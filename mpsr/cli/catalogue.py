"""The command that writes down how an export is read, to be adjusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(mapping)


def mapping(
    source: Annotated[Path, typer.Argument(help="An export: a table, or a folder or zip that holds one.")],
    to: Annotated[Path | None, typer.Option("--to", help="The file to write. Default: print it.")] = None,
) -> None:
    """Write the mapping of an export: which of its columns is read as what, as a TOML file to adjust.

    Then: mpsr build FOLDER --mapping mapping.toml
    """
    from mpsr.catalogue.mapping_file import mapping_file
    from mpsr.errors import InputError

    text = mapping_file(source)
    if to is None:
        typer.echo(text, nl=False)
        return
    if to.exists():
        raise InputError(f"{to} is there already and was not touched. Give another name with --to.")
    to.write_text(text, encoding="utf-8")
    typer.echo(f"{to}\nNext:  mpsr build {source if source.is_dir() else source.parent} --mapping {to}")
