"""The search engine: what finds the vectors nearest to a query. FAISS in this process, or a server (``mpsr.engines``).

An engine only proposes candidates; ``mpsr.search.ranking`` scores them again, exactly. So which engine is asked never
changes a score, and a wrong answer of an engine can only lack a product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError
from mpsr.search.conditions import Where
from mpsr.search.index import error_of, search_index
from mpsr.space.space import Rows, Space
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.search.filters import Filters, Mask

#: Scores by descending inner product, shape (n,), float32, and the rows they are of, shape (n,), int64.
Found = tuple[FloatArray, Rows]


class Nearest(Protocol):
    """Finds the nearest products of one space that pass one request's filters."""

    @property
    def error(self) -> float:
        """How far a score may be from the true one, for vectors and queries of norm 1."""

    def __call__(self, query: FloatArray, k: int, allowed: Mask | None) -> Found | None:
        """At least the k nearest by inner product, best first; every product that is left out scores below the last.

        Args:
            query: shape (d,), float32: the query with its blocks weighted, as ``Space.index_query`` gives it.
            k: how many, at most as many as there are allowed.
            allowed: shape (N,): the products that may be found, all of which pass the filters; None allows all.

        Returns:
            None where the engine cannot find so many; then all products that are allowed have to be scanned.
        """


class Engine(Protocol):
    """Where vectors are served from. Safe to share between threads."""

    def nearest(self, space: Space, where: Where, asked: Sequence[int]) -> Nearest:
        """What finds the nearest of a space's products under these filters.

        Args:
            space: where to search.
            where: the filters.
            asked: rows of the products asked for, whose values "same" stands for.
        """

    def vectors(self, space: Space, ids: Sequence[str]) -> FloatArray:
        """The vectors of these products, shape (n, d), float32.

        Raises:
            InputError: there is no such product.
        """

    def count(self, space: Space, where: Where, asked: Sequence[int] = ()) -> int:
        """How many products pass the filters."""


class InProcessNearest:
    """The FAISS index of a space; it needs no filters but the mask."""

    def __init__(self, space: Space) -> None:
        if space.index is None:
            raise RuntimeError(
                f"the space {space.name} was opened without an index, to be served by an engine"
            )
        self._index = space.index

    @property
    def error(self) -> float:
        """As ``Nearest``."""
        return error_of(self._index)

    def __call__(self, query: FloatArray, k: int, allowed: Mask | None) -> Found:
        """As ``Nearest``."""
        scores, rows = search_index(self._index, query[None], k, allowed)
        found = rows[0] >= 0
        return scores[0][found], rows[0][found]


class InProcess:
    """The engine of a store opened with its FAISS indexes."""

    def __init__(self, rows: Mapping[str, int], filters: Filters) -> None:
        self._rows, self._filters = rows, filters

    def nearest(self, space: Space, where: Where, asked: Sequence[int]) -> InProcessNearest:
        """As ``Engine``."""
        return InProcessNearest(space)

    def vectors(self, space: Space, ids: Sequence[str]) -> FloatArray:
        """As ``Engine``."""
        return np.asarray(space.vectors[rows_of(ids, self._rows)])

    def count(self, space: Space, where: Where, asked: Sequence[int] = ()) -> int:
        """As ``Engine``."""
        return int(self._filters.mask(where, asked).sum())


def rows_of(ids: Sequence[str], rows: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """The rows of products.

    Raises:
        InputError: there is no such product.
    """
    unknown = [one for one in ids if one not in rows]
    if unknown:
        raise InputError(f"there is no product {unknown[0]!r} here. Expected ids of the catalogue.")
    return np.array([rows[one] for one in ids], dtype=np.int64)
