"""Where a catalogue's table and pictures are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mpsr.catalogue.mapping import Mapping
from mpsr.catalogue.source import Source, open_source
from mpsr.errors import InputError

KAGGLE_TABLE = "styles.csv"
KAGGLE_PICTURES = "images"
TABLE_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Located:
    """A catalogue found but not read: its source, its table, and where its pictures are."""

    source: Source
    table: str
    mapping: Mapping | None
    members: dict[str, str]

    def relevant_members(self) -> dict[str, str]:
        """The table and the pictures beside it, and nothing else that lies around."""
        base = self.picture_root
        return {
            name: stamp for name, stamp in self.members.items() if name == self.table or name.startswith(base)
        }

    @property
    def picture_root(self) -> str:
        """What the paths of all pictures begin with."""
        parent = PurePosixPath(self.table).parent
        if self.mapping is None or not self.mapping.names_pictures:
            return f"{parent / KAGGLE_PICTURES}/"
        return "" if parent == PurePosixPath() else f"{parent}/"


def locate(path: Path, mapping: Mapping | None = None) -> Located:
    """Find the table and the pictures at ``path`` (a folder, a zip, or a table with its pictures beside it).

    Of several ``styles.csv`` the one nearest the top counts, so that the copy nested in ``myntradataset/``
    of the original archive is not read twice.

    Raises:
        InputError: there is no such place, or no table in it.
    """
    if path.is_file() and path.suffix.lower() in TABLE_SUFFIXES:
        source, table = open_source(path.parent), path.name
    else:
        source, table = (
            open_source(path),
            str(PurePosixPath(mapping.table)) if mapping and mapping.table else "",
        )
    members = source.members()
    if not table:
        found = [name for name in members if PurePosixPath(name).name == KAGGLE_TABLE]
        table = min(found, key=lambda name: (name.count("/"), name), default="")
    if table not in members:
        raise InputError(f"{path} holds no {table or KAGGLE_TABLE}. {_expected_table(members, mapping)}")
    return Located(source, table, mapping, members)


def _expected_table(members: dict[str, str], mapping: Mapping | None) -> str:
    if mapping is None:
        return f"Expected {KAGGLE_TABLE} and {KAGGLE_PICTURES}/<id>.jpg, or your own table with --mapping FILE.toml."
    tables = [name for name in sorted(members) if name.lower().endswith(TABLE_SUFFIXES)]
    there = f"one of {', '.join(tables[:5])}" if tables else "a .csv or .parquet file"
    return f'Expected the mapping to say which table to read: table = "...", {there}.'
