"""A retailer's own table: which of its columns is which, in a small TOML file.

table = "products.csv"            # inside the source
pictures = "photos/{id}.jpg"      # or a folder of them, or a column below that names each product's picture
delimiter = ";"                   # without, it is found out; so is the encoding
encoding = "utf-8"

numbers = ["weight"]              # columns of numbers, besides price, stock, size, rating and the like
blank = ["TBD"]                   # cells that say nothing, besides NA, null, - and their like

[columns]
id = "sku"
productDisplayName = "title"
baseColour = ["color", "colour"]  # the first that has a value
picture = ["photo", "further"]    # all of them, in order
variant_of = "parent"             # products of one value are variants of one another

[values.gender]                   # other words for a column's values
male = "Men"

[path]                            # a column of categories, the widest first
column = "product_type"
separator = ">"

[options]                         # pairs of columns: an option's name, and its value for this row
"Option1 Name" = "Option1 Value"

[variants]                        # a product's rows stand together; what is written once counts for all
of = "Handle"
fill = ["Title"]
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from mpsr.catalogue.types import COLUMNS, ID, NAME, VARIANT_OF
from mpsr.errors import InputError

PICTURE = "picture"

#: ``option:Colour`` is the value of the option of that name.
OPTION = "option:"

#: The columns of a pattern such as ``{Handle}/{Size}``.
IN_BRACES = re.compile(r"\{([^{}]+)\}")

#: What a mapping may map.
OURS = (*COLUMNS, PICTURE, VARIANT_OF)


@dataclass(frozen=True)
class CategoryPath:
    """A column of categories as a path: the widest to ``masterCategory``, the narrowest to ``articleType``."""

    column: str = ""
    separator: str = ">"


@dataclass(frozen=True)
class Variants:
    """How the rows of one product stand together.

    Attributes:
        of: the column whose value they share, or in which a variant names its parent.
        own: the columns by which a parent is named; without any, rows of one value of ``of`` belong together.
        fill: columns that the first row, or the parent's, holds for all.
        pictures: the column whose pictures are those of all rows.
        order: a column of numbers by which those are ordered.
        needs: a row without a value in any of these holds nothing but a further picture.
    """

    of: str = ""
    own: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    pictures: str = ""
    order: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """How a table's columns map to ours.

    Attributes:
        table: which file of the source it is.
        pictures: a pattern with ``{id}``, or a folder.
        delimiter: None to find out.
        encoding: None to find out.
        columns: ours → theirs; of several the first with a value, of pictures all. Theirs may be a pattern of columns,
            ``{Handle}/{Size}``.
        values: ours → value in lower case → value.
        path: a column of categories.
        options: pairs of columns that hold an option's name and its value.
        variants: how the rows of a product stand together.
        blank: cells that say nothing in this export.
        numbers: columns of the table that hold numbers.
        preset: what the export is called, where it was recognised.
    """

    table: str | None = None
    pictures: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    columns: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    path: CategoryPath | None = None
    options: dict[str, str] = field(default_factory=dict)
    variants: Variants | None = None
    blank: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    preset: str = ""

    @property
    def names_pictures(self) -> bool:
        """Whether it says where the pictures are; without, they are ``images/<id>.jpg`` beside the table."""
        return self.pictures is not None or PICTURE in self.columns

    def theirs(self, ours: str) -> tuple[str, ...]:
        """The table's columns that one of ours is read from, in order."""
        named = self.columns.get(ours, ())
        return (named,) if isinstance(named, str) else named


def read_mapping(path: Path) -> Mapping:
    """The mapping in the TOML file at ``path``.

    Raises:
        InputError: it cannot be read, is no TOML, or says something that is not understood.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read the mapping {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the mapping {path} is not valid TOML: {error}") from error
    return mapping_of(content, f"the mapping {path}")


def mapping_of(content: dict[str, Any], where: str) -> Mapping:
    """The mapping that a TOML document holds.

    Raises:
        InputError: it says something that is not understood; ``where`` begins the message.
    """
    tables = ("columns", "values", "path", "options", "variants")
    for name in tables:
        if not isinstance(content.get(name, {}), dict):
            raise InputError(
                f"{where} has {name} = {content[name]!r}. Expected a table that begins [{name}]."
            )
    texts = {name: value for name, value in content.items() if name not in tables}
    lists = {name: texts.pop(name, []) for name in ("blank", "numbers")}
    _known(texts, ("table", "pictures", "delimiter", "encoding", *lists), where, "keys", " and [columns]")
    columns = content.get("columns", {})
    _known(columns, OURS, where, "columns")
    if missing := sorted({ID, NAME} - set(columns)):
        raise InputError(f"{where} lacks {missing} under [columns]; a product needs an id and a name.")
    delimiter = texts.get("delimiter")
    _texts(texts, where, several=False)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n" \0'):
        raise InputError(f"{where} has delimiter = {delimiter!r}. Expected one character, such as ; or |.")
    values = content.get("values", {})
    _known(values, COLUMNS[1:], where, "columns")
    return Mapping(
        **texts,
        **_texts({name: listed for name, listed in lists.items() if listed}, where),
        columns=_texts(columns, where),
        values={ours: _lower(_texts(words, where, several=False)) for ours, words in values.items()},
        path=_part(CategoryPath, content.get("path"), where, "[path]"),
        options=_texts(content.get("options", {}), where, several=False),
        variants=_part(Variants, content.get("variants"), where, "[variants]"),
    )


def _part(kind: type[Any], content: dict[str, Any] | None, where: str, table: str) -> Any:
    """One of the smaller tables as its dataclass; a single text where several may stand counts as one."""
    if content is None:
        return None
    names = [one.name for one in fields(kind)]
    _known(content, names, where, f"keys in {table}")
    known = {one.name: one.type for one in fields(kind)}
    return kind(
        **{
            name: (value,) if isinstance(value, str) and "tuple" in str(known[name]) else value
            for name, value in _texts(content, where).items()
        }
    )


def _known(content: Any, known: Any, where: str, what: str, further: str = "") -> None:
    if unknown := sorted(set(content) - set(known)):
        raise InputError(f"{where} has unknown {what} {unknown}. Expected some of {sorted(known)}{further}.")


def _texts(content: Any, where: str, several: bool = True) -> dict[str, Any]:
    """The table with lists of texts as tuples.

    Raises:
        InputError: a value is something else, or empty.
    """
    if not isinstance(content, dict):
        raise InputError(f"{where} has {content!r} where a table of texts was expected.")
    found = {
        name: tuple(value) if several and isinstance(value, list) else value
        for name, value in content.items()
    }
    for value in found.values():
        parts = value if isinstance(value, tuple) else (value,)
        if not parts or not all(isinstance(part, str) and part for part in parts):
            raise InputError(f"{where} holds a value that is no text, or empty. Expected text in quotes.")
    return found


def _lower(words: dict[str, str]) -> dict[str, str]:
    return {name.casefold(): value for name, value in words.items()}
