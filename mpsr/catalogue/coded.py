"""A column of the catalogue's table as integer codes, and the order its values are listed in.

Everything that counts, filters, colours or trains on a column starts here, so that a missing value, its label and the
order of values are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: The label of a missing value, where missing values are counted and can be asked for.
MISSING = "(missing)"

#: The order of seasons within a year; "Autumn" is another word for "Fall".
SEASONS = ("Spring", "Summer", "Fall", "Autumn", "Winter")

#: The order of clothing sizes.
SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "2XL", "XXXL", "3XL", "4XL", "5XL", "Free Size", "One Size")

_RANK = {name.lower(): rank for order in (SEASONS, SIZES) for rank, name in enumerate(order)}


@dataclass(frozen=True)
class Coded:
    """A column as integers.

    Attributes:
        codes: shape (N,), int64: which of ``values`` each product has; -1 for none.
        values: the distinct values.
    """

    codes: npt.NDArray[np.int64]
    values: tuple[Any, ...]

    def where(self, value: object) -> npt.NDArray[np.bool_]:
        """Which products have the value, shape (N,)."""
        return self.codes == (self.values.index(value) if value in self.values else len(self.values))


def coded(column: pd.Series) -> Coded:
    """A column's values by first occurrence; a missing or empty value has the code -1."""
    codes, values = pd.factorize(column)
    distinct = values.tolist()
    empty = [code for code, value in enumerate(distinct) if isinstance(value, str) and not value]
    if not empty:
        return Coded(codes.astype(np.int64), tuple(distinct))
    moved = np.array([*range(len(distinct)), -1], dtype=np.int64)  # its last entry is what code -1 becomes
    moved[moved >= empty[0]] -= 1  # there is at most one empty string
    moved[empty] = -1
    return Coded(moved[codes], tuple(value for value in distinct if value != ""))


def labelled(column: pd.Series, natural: bool = False) -> Coded:
    """A column's values as text, ``MISSING`` among them where products have none; no code is -1.

    Args:
        column: of the catalogue's table.
        natural: values in their natural order (``in_natural_order``); without it the most frequent first.
    """
    found = coded(column)
    texts = [label_of(value) for value in found.values]
    counts = np.bincount(found.codes + 1, minlength=len(texts) + 1)
    labels = dict.fromkeys(texts, 0)
    for text, count in zip(texts, counts[1:].tolist(), strict=True):
        labels[text] += count
    if counts[0]:
        labels[MISSING] = labels.get(MISSING, 0) + int(counts[0])
    order = in_natural_order(labels) if natural else by_frequency(labels)
    rank = {label: place for place, label in enumerate(order)}
    moved = np.array([*(rank[text] for text in texts), rank.get(MISSING, -1)], dtype=np.int64)
    return Coded(moved[found.codes], tuple(order))


def label_of(value: object) -> str:
    """A value as text; a whole number without a decimal point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def by_frequency(counts: Mapping[str, float], missing_last: bool = False) -> list[str]:
    """The most frequent value first, equally frequent ones by name.

    Args:
        counts: value → how often it occurs.
        missing_last: list ``MISSING`` last, however frequent it is.
    """
    return sorted(counts, key=lambda value: (missing_last and value == MISSING, -counts[value], value))


def in_natural_order(values: Iterable[str]) -> list[str]:
    """Numbers by size, then seasons and clothing sizes in their order, then the rest by name; ``MISSING`` last."""
    return sorted(values, key=_natural)


def has_natural_order(values: Iterable[str]) -> bool:
    """Whether most values are numbers, seasons or sizes, so that their order tells more than their frequency."""
    known = [_natural(value)[1] < np.inf for value in values if value != MISSING]
    return 2 * sum(known) > len(known)


def _natural(value: str) -> tuple[bool, float, float, str]:
    """Missing, then the number, then the rank among seasons or sizes, then the name."""
    number = float(value) if value.isascii() and value.isdigit() else np.inf
    rank = _RANK.get(value.lower(), np.inf)
    return value == MISSING, min(number, 1e300 if rank < np.inf else np.inf), rank, value
