"""The catalogue as the views count it: eight columns of categories, a weight a product, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.coded import MISSING, by_frequency, has_natural_order, labelled
from mpsr.catalogue.types import ID
from mpsr.errors import InputError

#: The columns that are counted and filtered on.
DIMENSIONS = (
    "season",
    "year",
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "usage",
    "baseColour",
)

#: A column of this name weighs the products → what its sum is called.
WEIGHTS = {"sales": "sales", "quantity": "pieces"}
LISTINGS = "listings"


@dataclass(frozen=True)
class Selection:
    """Which products: column → accepted values (all columns must hold), and perhaps only certain ids.

    Attributes:
        where: pairs of a column of ``DIMENSIONS`` and its accepted values; ``MISSING`` stands for no value.
        ids: only these products; None for all.
        name: what the ids are, for a reader: "the board Linen".
    """

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ids: frozenset[str] | None = None
    name: str = ""

    @classmethod
    def of(
        cls, where: Mapping[str, Iterable[str]], ids: Iterable[str] | None = None, name: str = ""
    ) -> Selection:
        """From a mapping; columns without values do not filter.

        Raises:
            InputError: a column that is not one of ``DIMENSIONS``.
        """
        if unknown := sorted(set(where) - set(DIMENSIONS)):
            raise InputError(
                f"cannot filter on {', '.join(unknown)}. Expected one of {', '.join(DIMENSIONS)}."
            )
        values = {column: tuple(sorted(set(where[column]))) for column in DIMENSIONS if column in where}
        pairs = tuple((column, accepted) for column, accepted in values.items() if accepted)
        return cls(pairs, None if ids is None else frozenset(ids), name)

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.where and self.ids is None

    def words(self) -> str:
        """What is selected, in words: "Summer or Fall · Men · the board Linen"; "" for the whole catalogue."""
        parts = [
            f"{column}: {MISSING}" if accepted == (MISSING,) else " or ".join(accepted)
            for column, accepted in self.where
        ]
        if self.ids is not None:
            chosen = "1 chosen product" if len(self.ids) == 1 else f"{len(self.ids):,} chosen products"
            parts.append(self.name or chosen)
        return " · ".join(parts)


@dataclass(frozen=True)
class Listings:
    """Products ready to be counted.

    Attributes:
        frame: one row a product: the columns of ``DIMENSIONS`` (categories in their natural order, ``MISSING``
            last) and ``weight`` (float, at least 0; 1 for listings).
        unit: what the weights add up to: "listings", "sales" or "pieces".
        catalogue: products in the whole catalogue, before any selection.
        unweighted: products of the whole catalogue without a number in the weight column; they weigh nothing.
        ids: the product ids of the rows.
    """

    frame: pd.DataFrame
    unit: str
    catalogue: int
    unweighted: int
    ids: pd.Index = field(repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def select(self, selection: Selection) -> Listings:
        """The products of a selection; values and ids that do not occur select nothing."""
        if selection.everything:
            return self
        return self.rows(self.mask(selection))

    def rows(self, mask: npt.NDArray[np.bool_]) -> Listings:
        """The products a mask takes."""
        return replace(self, frame=self.frame[mask], ids=self.ids[mask])

    def mask(self, selection: Selection) -> npt.NDArray[np.bool_]:
        """Which rows a selection takes, shape (rows,)."""
        mask = np.ones(len(self.frame), dtype=bool)
        for column, accepted in selection.where:
            values = self.frame[column].cat
            wanted = np.isin(values.categories.astype(str), list(accepted))
            mask &= wanted[values.codes]
        if selection.ids is not None:
            mask &= self.ids.isin(list(selection.ids))
        return mask

    def values(self, column: str) -> list[str]:
        """The values of a column that occur, the most frequent first, ``MISSING`` last."""
        return by_frequency(self._counts(column), missing_last=True)

    def choices(self, column: str) -> list[str]:
        """The values of a column that occur, to choose from: seasons and years in order, others as ``values``."""
        found = list(self._counts(column))
        return found if has_natural_order(found) else self.values(column)

    def totals(self, column: str) -> dict[str, float]:
        """Value → sum of the weights, for every value the catalogue has, in the natural order."""
        sums = self.frame.groupby(column, observed=False)["weight"].sum()
        return {str(value): float(total) for value, total in sums.items()}

    def _counts(self, column: str) -> dict[str, int]:
        """Value → products, in the natural order."""
        counts = self.frame[column].value_counts(sort=False)
        return {str(value): int(count) for value, count in counts.items() if count}


def weight_columns(products: pd.DataFrame) -> list[str]:
    """Columns of the user's table that can weigh its products, upper and lower case alike."""
    return [str(column) for name in WEIGHTS for column in products if str(column).strip().lower() == name]


def listings_of(products: pd.DataFrame, weight: str | None = None) -> Listings:
    """A catalogue's products, ready to be counted.

    Args:
        products: as a catalogue holds them; a column of ``DIMENSIONS`` that is not there is missing throughout.
        weight: the column that weighs them, one of ``weight_columns(products)``; None counts listings.

    Raises:
        InputError: no such column, or it holds something that is no number, or a number below zero.
    """
    frame = pd.DataFrame({column: _categories(products, column) for column in DIMENSIONS})
    unit, unweighted = LISTINGS, 0
    frame["weight"] = 1.0
    if weight is not None:
        weights = _weights(products, weight)
        unit, unweighted = WEIGHTS[weight.strip().lower()], int(weights.isna().sum())
        frame["weight"] = weights.fillna(0.0).to_numpy(dtype=np.float64)
    return Listings(frame, unit, len(frame), unweighted, pd.Index(products[ID].astype("str")))


def _categories(products: pd.DataFrame, column: str) -> pd.Categorical[Any]:
    if column not in products:
        return pd.Categorical([MISSING] * len(products), categories=[MISSING], ordered=True)
    found = labelled(products[column], natural=True)
    return pd.Categorical.from_codes(found.codes, pd.Index(found.values), ordered=True)


def _weights(products: pd.DataFrame, column: str) -> pd.Series:
    if column not in weight_columns(products):
        raise InputError(f"cannot weigh by {column!r}. Expected a column named {' or '.join(WEIGHTS)}.")
    given = products[column]
    numbers = pd.to_numeric(given, errors="coerce").astype("float64")
    wrong = (given.notna() & numbers.isna()) | (numbers < 0) | np.isinf(numbers)
    if wrong.any():
        first = int(np.argmax(wrong.to_numpy()))
        raise InputError(
            f"the column {column} of product {products[ID].iat[first]} holds {given.iat[first]!r}. "
            "Expected a number of at least 0, or nothing, for every product."
        )
    return numbers
