"""From a row under the table's own column names to one under ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from textwrap import shorten

from mpsr.catalogue.mapping import IN_BRACES, OPTION, PICTURE, Mapping, Variants
from mpsr.catalogue.rows import Row, harmless, refusal
from mpsr.catalogue.types import ID, INTERNAL, NAME, VARIANT_OF, Reject
from mpsr.catalogue.values import clean, clean_id, is_missing
from mpsr.errors import InputError


class Columns:
    """The columns of a table that a mapping reads.

    Raises:
        InputError: a column that is to be read is not there, or there twice.
    """

    def __init__(self, header: Row, mapping: Mapping, table: str) -> None:
        self._mapping = mapping
        self._table = table
        self._header = header
        self._given = (
            {name.casefold(): name for name in reversed(list(header.fields))} if mapping.preset else {}
        )
        self.used = {ours: self._there(ours) for ours in mapping.columns}
        self._check()
        path = mapping.path and self.name_of(mapping.path.column)
        self._path = path or None
        options = ((self.name_of(name), self.name_of(value)) for name, value in mapping.options.items())
        self._options = [(name, value) for name, value in options if name and value]
        self._read = {
            name for theirs in self.used.values() for one in theirs for name in self._columns_of(one)
        }
        self._read |= {name for pair in self._options for name in pair}

    def name_of(self, theirs: str) -> str | None:
        """The table's name for a column; a preset does not tell upper from lower case."""
        return theirs if theirs in self._header.fields else self._given.get(theirs.casefold())

    def _there(self, ours: str) -> tuple[str, ...]:
        theirs = self._mapping.theirs(ours)
        return tuple(one for one in theirs if self._columns_of(one)) if self._mapping.preset else theirs

    def _columns_of(self, theirs: str) -> list[str]:
        """The columns that a name, a pattern or an option is read from, of those that are there."""
        if name := self.name_of(theirs):
            return [name]
        if theirs.startswith(OPTION):
            return [
                name for pair in self._mapping.options.items() for one in pair if (name := self.name_of(one))
            ]
        return [name for one in IN_BRACES.findall(theirs) if (name := self.name_of(one))]

    def _check(self) -> None:
        given = list(self._header.fields.values())
        wanted = [one for theirs in self.used.values() for one in theirs]
        if twice := sorted({theirs for theirs in wanted if given.count(theirs) > 1}):
            raise InputError(
                f"{self._table} has more than one column named {', '.join(twice)}. Expected each that is read once."
            )
        absent = [theirs for theirs in wanted if not self._columns_of(theirs)]
        absent += (
            []
            if self._mapping.preset
            else [one for one in self._mapping.numbers if one not in self._header.fields]
        )
        absent += [ours for ours in (ID, NAME) if not self.used.get(ours)]
        if absent:
            there = shorten(", ".join(self._header.fields) or "none", 500, placeholder=" …")
            raise InputError(
                f"{self._table} lacks the column(s) {', '.join(absent)}; it has {there}. "
                "Expected the columns of styles.csv, or a --mapping that names yours."
            )

    def named(self, row: Row) -> Row | Reject:
        """The row under our column names, or why it is refused."""
        options = self._options_of(row)
        ours = {name: self._value(name, row, options) for name in self.used if name != PICTURE}
        shown = replace(row, fields={name: row.fields[name] for name in row.fields if name in self._read})
        if refused := refusal(shown, ours[ID]):
            return refused
        ours[ID] = clean_id(ours[ID])
        if row.variant_of:
            ours[VARIANT_OF] = row.variant_of
        for name, value in self._path_of(row).items():
            if is_missing(ours.get(name, "")):
                ours[name] = value
        pictures = tuple(
            cell
            for one in self.used.get(PICTURE, ())
            if not is_missing(cell := self._cell(one, row, options))
        )
        others: dict[str, str] = {}
        for name, value in (*options.items(), *row.fields.items()):
            if name not in self._read and name not in ours:
                others[as_given(name, row.fields)] = clean(harmless(value))
        return replace(row, fields=ours | others, pictures=(*pictures, *row.pictures))

    def _options_of(self, row: Row) -> dict[str, str]:
        """The row's options by their names; a list of several values is the parent's of variants, and not its own."""
        pairs = ((clean(row.fields[name]), clean(row.fields[value])) for name, value in self._options)
        return {name: value for name, value in pairs if name and not is_missing(value) and "," not in value}

    def _value(self, ours: str, row: Row, options: dict[str, str]) -> str:
        """The first of a column's sources that has a value, by the words that the mapping has for it."""
        cells = (self._cell(theirs, row, options) for theirs in self.used[ours])
        value = next((cell for cell in cells if not is_missing(cell)), None)
        if value is None:
            return self._cell(self.used[ours][0], row, options) if self.used[ours] else ""
        return self._mapping.values.get(ours, {}).get(value.casefold(), value)

    def _cell(self, theirs: str, row: Row, options: dict[str, str]) -> str:
        if name := self.name_of(theirs):
            return self._plain(row.fields[name])
        if theirs.startswith(OPTION):
            wanted = theirs.removeprefix(OPTION).casefold()
            return next((value for name, value in options.items() if name.casefold() == wanted), "")
        filled = IN_BRACES.sub(
            lambda found: self._plain(row.fields.get(self.name_of(found[1]) or "", "")), theirs
        )
        return re.sub(r"/{2,}", "/", filled).strip("/ ")

    def _plain(self, value: str) -> str:
        value = clean(value)
        return "" if value in self._mapping.blank else value

    def _path_of(self, row: Row) -> dict[str, str]:
        """The categories of a path, the widest first; of several paths the first that is one."""
        if not self._path or not self._mapping.path:
            return {}
        separator = self._mapping.path.separator
        paths = [part for part in re.split(r"[,|\n]", clean(row.fields[self._path])) if part.strip()]
        chosen = next((path for path in paths if separator in path), paths[0] if paths else "")
        parts = [part.strip() for part in chosen.split(separator) if part.strip()]
        if not parts or (parts == [chosen.strip()] and chosen.strip().isdecimal()):
            return {}
        found = {"articleType": parts[-1]}
        if len(parts) > 1:
            found["masterCategory"] = parts[0]
        if len(parts) > 2:
            found["subCategory"] = parts[1]
        return found

    def variants(self) -> Variants | None:
        """How rows of one product stand together, under the names of this table; None where they do not."""
        variants = self._mapping.variants
        if variants is None or not (of := self.name_of(variants.of)):
            return None
        return Variants(
            of,
            own=self._names(variants.own),
            fill=self._names(variants.fill),
            pictures=self.name_of(variants.pictures) or "",
            order=self.name_of(variants.order) or "",
            needs=self._names(variants.needs),
        )

    def _names(self, theirs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for one in theirs if (name := self.name_of(one)))


def as_given(name: str, taken: Iterable[str]) -> str:
    """The name of a further column: its own, or where we have a column of that name, one that is not taken."""
    if name not in INTERNAL:
        return name
    given, others = f"{name}_given", set(taken)
    while given in others:
        given += "_given"
    return given
