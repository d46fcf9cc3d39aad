"""Where a catalogue's table and pictures are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from mpsr.catalogue.mapping import PICTURE, Mapping
from mpsr.catalogue.source import Source, open_source
from mpsr.errors import InputError

KAGGLE_TABLE = "styles.csv"
KAGGLE_PICTURES = "images"
TABLE_SUFFIXES = (".csv", ".parquet")
PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif"),
    *(".gif", ".bmp", ".tif", ".tiff"),
)


@dataclass(frozen=True)
class Located:
    """A catalogue found but not read: its source, its table, and where its pictures are."""

    source: Source
    table: str
    mapping: Mapping | None
    members: dict[str, str]

    def relevant_members(self) -> dict[str, str]:
        """The table and the files that may be its pictures, and nothing else that lies around."""
        files = self.candidates()
        if self.by_id:
            root = self.picture_root
            files = [name for name in files if name.startswith(root) and is_picture(name)]
        return {name: self.members[name] for name in (self.table, *files)}

    def candidates(self) -> list[str]:
        """The files that a name may lead to: all but the table and what systems leave behind."""
        return [
            name
            for name in self.members
            if name != self.table
            and not name.startswith("__MACOSX/")
            and not _file_name(name).startswith("._")
        ]

    def pictures(self) -> set[str]:
        """The files that are called like pictures, where the catalogue's are looked for."""
        return {name for name in self.relevant_members() if name != self.table and is_picture(name)}

    @property
    def by_id(self) -> bool:
        """Whether pictures are called after their product's id in a folder, and not as the mapping or table says."""
        return not (self.mapping and self.mapping.names_pictures) or self._folder is not None

    @property
    def _folder(self) -> str | None:
        """The mapping's folder of pictures called after their ids; None where it gives none, or a pattern."""
        pattern = self.mapping.pictures if self.mapping and PICTURE not in self.mapping.columns else None
        return None if pattern is None or "{id}" in pattern else pattern.strip("/").removeprefix("./")

    @property
    def table_folder(self) -> str:
        """What the paths of the table's folder begin with."""
        parent = PurePosixPath(self.table).parent
        return "" if parent == PurePosixPath() else f"{parent}/"

    @cached_property
    def picture_root(self) -> str:
        """What the paths of all pictures begin with, where they are found by id."""
        if self._folder is not None:
            return f"{self.table_folder}{self._folder}/"
        usual = f"{self.table_folder}{KAGGLE_PICTURES}/"
        there = any(name.startswith(usual) and is_picture(name) for name in self.members)
        return usual if there else self.table_folder

    @property
    def naming(self) -> str:
        """How pictures are looked for, in words."""
        if self.by_id:
            return f"{self.picture_root}<id>.jpg"
        mapping = self.mapping or Mapping()
        column = mapping.columns.get(PICTURE)
        return f"named in the column {column}" if column else str(mapping.pictures)


def is_picture(name: str) -> bool:
    """Whether a file is called like a picture; its content decides."""
    return name.lower().endswith(PICTURE_SUFFIXES)


def _file_name(member: str) -> str:
    return member.rpartition("/")[2]


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
    located = Located(source, table, mapping, members)
    folder = mapping.pictures if mapping else None
    if folder and located.by_id and not any(map(is_picture, located.relevant_members())):
        raise InputError(
            f'the mapping says pictures = "{folder}", and there is no picture below {located.picture_root}. Expected a '
            'folder of pictures called after their ids, or a pattern such as pictures = "photos/{id}.jpg".'
        )
    return located


def _expected_table(members: dict[str, str], mapping: Mapping | None) -> str:
    if mapping is None:
        return f"Expected {KAGGLE_TABLE} and {KAGGLE_PICTURES}/<id>.jpg, or your own table with --mapping FILE.toml."
    tables = [name for name in sorted(members) if name.lower().endswith(TABLE_SUFFIXES)]
    there = f"one of {', '.join(tables[:5])}" if tables else "a .csv or .parquet file"
    return f'Expected the mapping to say which table to read: table = "...", {there}.'
