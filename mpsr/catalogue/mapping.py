"""A retailer's own table: which of its columns is which, in a small TOML file.

table = "products.csv"            # inside the source; .csv or .parquet
pictures = "photos/{id}.jpg"      # or a column below that names each product's picture
delimiter = ";"
encoding = "utf-8"

[columns]
id = "sku"
productDisplayName = "title"
baseColour = "color"
picture = "photo_file"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from mpsr.catalogue.types import COLUMNS, ID, NAME
from mpsr.errors import InputError

PICTURE = "picture"


@dataclass(frozen=True)
class Mapping:
    """How a table's columns map to ours; ``columns`` is ours → theirs."""

    table: str | None = None
    pictures: str | None = None
    delimiter: str = ","
    encoding: str | None = None
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def names_pictures(self) -> bool:
        """Whether it says where the pictures are; without, they are ``images/<id>.jpg`` beside the table."""
        return self.pictures is not None or PICTURE in self.columns


def read_mapping(path: Path) -> Mapping:
    """The mapping in the TOML file at ``path``.

    Raises:
        InputError: it cannot be read, is no TOML, or says something that is not understood.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read the mapping {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the mapping {path} is not valid TOML: {error}") from error
    columns = content.pop("columns", {})
    if not isinstance(columns, dict):
        raise InputError(
            f"the mapping {path} has columns = {columns!r}. Expected a table that begins [columns]."
        )
    known = {"table", "pictures", "delimiter", "encoding"}
    if unknown := sorted(set(content) - known):
        raise InputError(
            f"the mapping {path} has unknown keys {unknown}. Expected {sorted(known)} and [columns]."
        )
    ours = {*COLUMNS, PICTURE}
    if unknown := sorted(set(columns) - ours):
        raise InputError(
            f"the mapping {path} maps unknown columns {unknown}. Expected some of {sorted(ours)}."
        )
    if missing := sorted({ID, NAME} - set(columns)):
        raise InputError(
            f"the mapping {path} lacks {missing} under [columns]; a product needs an id and a name."
        )
    values = [*content.values(), *columns.values()]
    if not all(isinstance(value, str) and value for value in values):
        raise InputError(
            f"the mapping {path} holds a value that is no text, or empty. Expected text in quotes."
        )
    delimiter = content.get("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '\r\n" \0':
        raise InputError(
            f"the mapping {path} has delimiter = {delimiter!r}. Expected one character, such as ; or |."
        )
    return Mapping(**content, columns=columns)
