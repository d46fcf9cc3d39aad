"""Where a catalogue's table and pictures are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from textwrap import shorten

from mpsr.catalogue.formats import header_of, is_table
from mpsr.catalogue.mapping import PICTURE, Mapping
from mpsr.catalogue.presets import recognised
from mpsr.catalogue.source import Source, open_source
from mpsr.catalogue.types import COLUMNS
from mpsr.errors import InputError

KAGGLE_TABLE = "styles.csv"
KAGGLE_PICTURES = "images"

#: So many of the ten columns make a table one of that data set's.
KAGGLE_COLUMNS = 6
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
        columns = ", ".join(mapping.theirs(PICTURE))
        return f"named in the column {columns}" if columns else str(mapping.pictures)


def is_picture(name: str) -> bool:
    """Whether a file is called like a picture; its content decides."""
    return name.lower().endswith(PICTURE_SUFFIXES)


def _file_name(member: str) -> str:
    return member.rpartition("/")[2]


def locate(path: Path, mapping: Mapping | None = None) -> Located:
    """Find the table and the pictures at ``path`` (a folder, a zip, or a table with its pictures beside it).

    Of several ``styles.csv`` the one nearest the top counts, so that the copy nested in ``myntradataset/``
    of the original archive is not read twice. Without one, the table is the one that is a known export.

    Raises:
        InputError: there is no such place, no table in it, or none that is known.
    """
    if path.is_file() and is_table(path.name):
        source, table = open_source(path.parent), path.name
    else:
        source = open_source(path)
        table = str(PurePosixPath(mapping.table)) if mapping and mapping.table else ""
    members = source.members()
    if not table:
        found = [name for name in members if _file_name(name) == KAGGLE_TABLE]
        table = min(found, key=lambda name: (name.count("/"), name), default="")
    if not table and mapping is None:
        table, mapping = _known_table(source, path, members)
    elif mapping is None and table in members:
        mapping = _mapping_of(source, table)
    if table not in members:
        raise InputError(f"{path} holds no {table or KAGGLE_TABLE}. {_expected_table(members, mapping)}")
    return _with_pictures(Located(source, table, mapping, members))


def _mapping_of(source: Source, table: str) -> Mapping | None:
    """How a table is read; None for the columns of Kaggle's styles.csv.

    Raises:
        InputError: it is no known export.
    """
    if _file_name(table) == KAGGLE_TABLE:
        return None
    columns = header_of(source, table)
    if len(set(columns) & set(COLUMNS)) >= KAGGLE_COLUMNS:
        return None
    if mapping := recognised(columns):
        return mapping
    there = shorten(", ".join(columns) or "none", 300, placeholder=" …")
    raise InputError(
        f"{table} is no catalogue that is recognised; its columns are {there}. Expected an id and a name among them, "
        f"or a --mapping that says which they are. To begin one: mpsr mapping {table} --to mapping.toml"
    )


def _known_table(source: Source, path: Path, members: dict[str, str]) -> tuple[str, Mapping | None]:
    """The one table of a source that is a known export, and how it is read.

    Raises:
        InputError: there are several.
    """
    known: dict[str, Mapping | None] = {}
    for name in sorted(members, key=lambda name: (name.count("/"), name)):
        if is_table(name) and not _file_name(name).startswith("._") and not name.startswith("__MACOSX/"):
            with suppress(InputError):
                known[name] = _mapping_of(source, name)
    if len(known) > 1:
        raise InputError(
            f"{path} holds several tables: {', '.join(list(known)[:5])}. Expected one; give it by itself, for example: "
            f"mpsr build {path / next(iter(known))}"
        )
    return next(iter(known.items()), ("", None))


def _with_pictures(located: Located) -> Located:
    """The catalogue, if the folder of pictures that its mapping gives holds some.

    Raises:
        InputError: it holds none.
    """
    folder = located.mapping.pictures if located.mapping else None
    if folder and located.by_id and not located.pictures():
        raise InputError(
            f'the mapping says pictures = "{folder}", and there is no picture below {located.picture_root}. Expected a '
            'folder of pictures called after their ids, or a pattern such as pictures = "photos/{id}.jpg".'
        )
    return located


def _expected_table(members: dict[str, str], mapping: Mapping | None) -> str:
    if mapping is None:
        return f"Expected {KAGGLE_TABLE} and {KAGGLE_PICTURES}/<id>.jpg, or your own table with --mapping FILE.toml."
    tables = [name for name in sorted(members) if is_table(name)]
    there = f"one of {', '.join(tables[:5])}" if tables else "a .csv, .xlsx or .parquet file"
    return f'Expected the mapping to say which table to read: table = "...", {there}.'
