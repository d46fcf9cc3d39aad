"""Filters on a catalogue's columns: which products pass, and how many would."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.coded import MISSING, Coded, label_of, labelled
from mpsr.catalogue.types import ATTRIBUTES, ID, INTERNAL, NAME
from mpsr.errors import InputError
from mpsr.search.conditions import Condition, Where, condition_of

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class NumberRange:
    """The numbers that products have in a column: the least, the most, and how many products have one."""

    least: float
    most: float
    products: int


class Filters:
    """The filter columns of a catalogue; each is coded when it is first needed."""

    def __init__(self, products: pd.DataFrame) -> None:
        self._products = products
        self._columns: dict[str, Coded] = {}
        self._numbers: dict[str, npt.NDArray[np.float64]] = {}

    def __len__(self) -> int:
        return len(self._products)

    @cached_property
    def names(self) -> list[str]:
        """Columns that ``where`` accepts: the ten's attributes, then any further ones of the table."""
        known = {ID, NAME, *INTERNAL, *ATTRIBUTES}
        further = [str(column) for column in self._products if column not in known]
        return [*(name for name in ATTRIBUTES if name in self._products), *further]

    @cached_property
    def counted(self) -> list[str]:
        """Columns worth choosing a value from: two values or more, and most of them repeat.

        A column of one value tells no product from another, and a description of each product's own tells all of them.
        """
        return [name for name in self.names if 1 < len(self.column(name).values) <= len(self._products) / 2]

    @cached_property
    def numeric(self) -> list[str]:
        """Columns of numbers, which ranges can be asked of."""
        return [name for name in self.names if _holds_numbers(self._products[name])]

    def column(self, name: str) -> Coded:
        """A column as codes, the most frequent value first; ``MISSING`` stands for no value.

        Raises:
            InputError: there is none of that name.
        """
        if name not in self.names:
            raise InputError(f"unknown column {name!r}. Expected one of {', '.join(self.names)}.")
        if name not in self._columns:
            self._columns[name] = labelled(self._products[name])
        return self._columns[name]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """A column's numbers, shape (N,); nan where a product has none.

        Raises:
            InputError: there is no column of that name, or it holds no numbers.
        """
        self.column(name)
        if name not in self.numeric:
            known = ", ".join(self.numeric) or "none here"
            raise InputError(
                f"{name} is no column of numbers, so it has no ranges. Columns of numbers: {known}."
            )
        if name not in self._numbers:
            self._numbers[name] = self._products[name].to_numpy(dtype=np.float64, na_value=np.nan)
        return self._numbers[name]

    def groups(self, name: str) -> npt.NDArray[np.int64]:
        """Which products share a value of a column: a number for each value, shape (N,); -1 for none.

        Raises:
            InputError: there is no column of that name.
        """
        column = self.column(name)
        return np.where(column.where(MISSING), -1, column.codes)

    def mask(self, where: Where, query: Sequence[int] = ()) -> Mask:
        """Which products pass all the filters, shape (N,).

        Args:
            where: column → accepted values, or a condition.
            query: rows of the products asked for, whose values "same" stands for.

        Raises:
            InputError: unknown column, a value no product has, a range of a column without numbers, or "same" where no
                product was asked for.
        """
        mask = np.ones(len(self._products), dtype=bool)
        for name, said in where.items():
            mask &= self._passing(name, condition_of(said), query)
        return mask

    def _passing(self, name: str, said: Condition, query: Sequence[int]) -> Mask:
        column = self.column(name)
        accepted = np.ones(len(column.values), dtype=bool)
        if said.one_of is not None:
            accepted &= self._named(name, said.one_of)
        if said.none_of:
            accepted &= ~self._named(name, said.none_of)
        if said.same:
            accepted &= self._of_the_query(name, query)
        mask = np.asarray(accepted[column.codes])
        if said.has_range:
            numbers = self.numbers(name)
            mask &= numbers >= (-np.inf if said.least is None else said.least)
            mask &= numbers <= (np.inf if said.most is None else said.most)
        return mask

    def _named(self, name: str, values: Sequence[str]) -> Mask:
        """Which of a column's values are among these, shape (values,)."""
        column = self.column(name)
        wanted = np.zeros(len(column.values), dtype=bool)
        for value in values:
            spelled = value if value in column.values else self._as_number(name, value)
            if spelled not in column.values:
                near = difflib.get_close_matches(value, column.values[:50], 3, 0.5) or column.values[:5]
                raise InputError(f"no product has {name}={value}. Did you mean {', '.join(near)}?")
            wanted[column.values.index(spelled)] = True
        return wanted

    def _as_number(self, name: str, value: str) -> str:
        """A number as the column's labels are written: 29.90 as 29.9."""
        if name not in self.numeric:
            return value
        try:
            return label_of(float(value))
        except ValueError:
            return value

    def _of_the_query(self, name: str, query: Sequence[int]) -> Mask:
        """Which of a column's values the products asked for have, shape (values,)."""
        if not len(query):
            raise InputError(
                f"the filter asks for the same {name} as the query's, which has no product. Ask with a product, or name "
                "the values."
            )
        column = self.column(name)
        wanted = np.zeros(len(column.values), dtype=bool)
        wanted[column.codes[np.asarray(query)]] = True
        return wanted

    def counts(self, where: Where, query: Sequence[int] = ()) -> dict[str, dict[str, int]]:
        """For each column worth choosing from: value → products that pass the filters on all *other* columns.

        Most frequent first, equal counts in the whole catalogue's order; values without any are left out, but for
        those named in ``where``, whose columns are always there.

        Raises:
            InputError: as ``mask``.
        """
        others = self._passing_others(where, query)
        return {
            name: self._counted(name, others(name), condition_of(where.get(name, ())).named)
            for name in dict.fromkeys([*self.counted, *where])
        }

    def ranges(self, where: Where, query: Sequence[int] = ()) -> dict[str, NumberRange]:
        """For each column of numbers those of the products that pass the filters on all *other* columns.

        Columns in which those products have no number are left out.

        Raises:
            InputError: as ``mask``.
        """
        others = self._passing_others(where, query)
        found = {}
        for name in self.numeric:
            numbers = self.numbers(name)
            numbers = numbers[~np.isnan(numbers) & others(name)]
            if len(numbers):
                found[name] = NumberRange(float(numbers.min()), float(numbers.max()), len(numbers))
        return found

    def _passing_others(self, where: Where, query: Sequence[int]) -> Callable[[str], Mask]:
        """Column → which products pass the filters on all other columns."""
        passing = {name: self._passing(name, condition_of(said), query) for name, said in where.items()}
        everything = np.ones(len(self._products), dtype=bool)

        def others(name: str) -> Mask:
            return np.logical_and.reduce(
                [everything, *(mask for one, mask in passing.items() if one != name)]
            )

        return others

    def _counted(self, name: str, passing: Mask, named: Sequence[str]) -> dict[str, int]:
        column = self.column(name)
        counts = np.bincount(column.codes[passing], minlength=len(column.values))
        chosen = {value if value in column.values else self._as_number(name, value) for value in named}
        return {
            column.values[code]: int(counts[code])
            for code in np.argsort(-counts, kind="stable")
            if counts[code] or column.values[code] in chosen
        }


def _holds_numbers(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
