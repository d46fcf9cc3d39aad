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


def read_mapping(path: Path) -> Mapping:
    """The mapping in the TOML file at ``path``.

    Raises:
        InputError: it cannot be read, is no TOML, or says something that is not understood.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the mapping {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the mapping {path} is not valid TOML: {error}") from error
    columns = content.pop("columns", {})
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
    if (
        not all(isinstance(value, str) and value for value in values)
        or len(content.get("delimiter", ",")) != 1
    ):
        raise InputError(f"the mapping {path} holds a value that is no text (delimiter: one character).")
    return Mapping(**content, columns=columns)
