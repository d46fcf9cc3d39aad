"""Filters on a catalogue's columns: which products pass, and how many would."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.types import ATTRIBUTES, ID, INTERNAL, NAME
from mpsr.errors import InputError

#: What a product without a value is counted under, and how to ask for those.
MISSING = "(missing)"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """A column as codes.

    Attributes:
        values: the distinct values as text, the commonest first; ``MISSING`` among them where some have none.
        codes: shape (N,), int64: index of each product's value in ``values``.
    """

    values: list[str]
    codes: npt.NDArray[np.int64]


class Filters:
    """The filter columns of a catalogue; each is coded when it is first needed."""

    def __init__(self, products: pd.DataFrame) -> None:
        self._products = products
        self._columns: dict[str, Column] = {}

    @cached_property
    def names(self) -> list[str]:
        """Columns that ``where`` accepts: the ten's attributes, then any further ones of the table."""
        known = {ID, NAME, *INTERNAL, *ATTRIBUTES}
        further = [str(column) for column in self._products if column not in known]
        return [*(name for name in ATTRIBUTES if name in self._products), *further]

    @cached_property
    def counted(self) -> list[str]:
        """Columns worth choosing a value from: those where values repeat (a description of each product's own is not)."""
        return [name for name in self.names if 2 * len(self.column(name).values) <= len(self._products)]

    def column(self, name: str) -> Column:
        """A column as codes.

        Raises:
            InputError: there is none of that name.
        """
        if name not in self.names:
            raise InputError(f"unknown column {name!r}. Expected one of {', '.join(self.names)}.")
        if name not in self._columns:
            column = self._products[name]
            text = column.astype("str").where(column.notna(), MISSING).replace("", MISSING)
            counts = text.value_counts()
            order = sorted(counts.index, key=lambda value: (-counts[value], value))
            codes = pd.Categorical(text, categories=order).codes
            self._columns[name] = Column([str(value) for value in order], codes.astype(np.int64))
        return self._columns[name]

    def mask(self, where: Mapping[str, Sequence[str]]) -> Mask:
        """Which products pass all the filters, shape (N,).

        Raises:
            InputError: unknown column, or a value no product has.
        """
        mask = np.ones(len(self._products), dtype=bool)
        for name, values in where.items():
            mask &= self._passing(name, values)
        return mask

    def _passing(self, name: str, values: Sequence[str]) -> Mask:
        column = self.column(name)
        wanted = np.zeros(len(column.values), dtype=bool)
        for value in values:
            if value not in column.values:
                near = difflib.get_close_matches(value, column.values[:50], 3, 0.5) or column.values[:5]
                raise InputError(f"no product has {name}={value}. Did you mean {', '.join(near)}?")
            wanted[column.values.index(value)] = True
        return np.asarray(wanted[column.codes])

    def counts(self, where: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
        """For each column worth choosing from: value → products that pass the filters on all *other* columns.

        Most frequent first, equal counts in the whole catalogue's order; values without any are left out, but for
        those chosen in ``where``.

        Raises:
            InputError: as ``mask``.
        """
        passing = {name: self._passing(name, values) for name, values in where.items()}
        return {
            name: self._counted(name, [mask for other, mask in passing.items() if other != name], where)
            for name in dict.fromkeys([*self.counted, *where])
        }

    def _counted(self, name: str, masks: list[Mask], where: Mapping[str, Sequence[str]]) -> dict[str, int]:
        column = self.column(name)
        codes = column.codes[np.logical_and.reduce(masks)] if masks else column.codes
        counts = np.bincount(codes, minlength=len(column.values))
        chosen = set(where.get(name, ()))
        return {
            column.values[code]: int(counts[code])
            for code in np.argsort(-counts, kind="stable")
            if counts[code] or column.values[code] in chosen
        }
