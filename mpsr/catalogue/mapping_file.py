"""The mapping of an export as the TOML file that reads it, to be adjusted."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from mpsr.catalogue.formats import header_of, is_table
from mpsr.catalogue.located import locate
from mpsr.catalogue.mapping import OURS
from mpsr.catalogue.presets import as_toml
from mpsr.catalogue.products import KAGGLE
from mpsr.catalogue.source import open_source
from mpsr.errors import InputError


def mapping_file(path: Path) -> str:
    """The mapping of the export at ``path``; of a table that is not recognised one to fill in.

    Raises:
        InputError: there is no table, or several.
    """
    try:
        located = locate(path)
    except InputError:
        if not (path.is_file() and is_table(path.name)):
            raise
        return _to_fill_in(path)
    mapping = located.mapping or KAGGLE
    columns = header_of(located.source, located.table, mapping.encoding, mapping.delimiter)
    return as_toml(mapping, located.table, columns)


def _to_fill_in(path: Path) -> str:
    columns = header_of(open_source(path.parent), path.name)
    lines = [
        f"# {PurePosixPath(path.name)} is no export that is known. Its columns: {', '.join(columns)}",
        f"# Below [columns], name those that are read as: {', '.join(OURS)}. The first two are needed.",
        f'table = "{path.name}"',
        "",
        "[columns]",
        *(f'{ours} = ""' for ours in ("id", "productDisplayName")),
        *(f'# {ours} = ""' for ours in OURS if ours not in ("id", "productDisplayName")),
    ]
    return "\n".join(lines) + "\n"
