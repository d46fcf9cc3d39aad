"""A selection from filters of every kind: values of the columns that are counted, and conditions on any column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from mpsr.insights.listings import DIMENSIONS, Selection
from mpsr.search.conditions import Condition, Where, condition_of, number_text

#: Which products pass filters, shape (N,); as ``mpsr.service.Service.mask``.
MaskOf = Callable[[Where], npt.NDArray[np.bool_]]


def selection_of(
    where: Where,
    ids: Sequence[str],
    mask: MaskOf,
    only: Iterable[str] | None = None,
    name: str = "",
    accepted: Mapping[str, Sequence[str]] | None = None,
) -> Selection:
    """The products that pass all filters.

    Args:
        where: column → accepted values, or a condition, on any column of the table.
        ids: of all products.
        mask: which of them pass filters.
        only: ids of the products to choose among; None for all.
        name: what ``only`` is, for a reader.
        accepted: further filters: column of those that are counted → accepted values; none accept all.

    Raises:
        InputError: unknown column, a value no product has, or a range of a column without numbers.
    """
    values = {column: tuple(said) for column, said in (accepted or {}).items() if said}
    further: dict[str, Condition] = {}
    for column, said in where.items():
        if column in DIMENSIONS and column not in values and not isinstance(said, Condition):
            values[column] = tuple(said)
        else:
            further[column] = condition_of(said)
    if not further:
        return Selection.of(values, only, name)
    passing = [ids[row] for row in np.flatnonzero(mask(further)).tolist()]
    told = [condition_words(column, said) for column, said in further.items()]
    if only is not None:
        among = set(only)
        passing = [product for product in passing if product in among]
        told.append(name or f"{len(among):,} chosen products")
    return Selection.of(values, passing, " · ".join(told))


def condition_words(column: str, said: Condition) -> str:
    """A condition in words: "price from 20 to 50", "baseColour not Black"."""
    parts = [" or ".join(said.one_of)] if said.one_of else []
    parts += [f"from {number_text(said.least)}"] if said.least is not None else []
    parts += [f"to {number_text(said.most)}"] if said.most is not None else []
    parts += [f"not {' or '.join(said.none_of)}"] if said.none_of else []
    return f"{column} {' '.join(parts)}"
