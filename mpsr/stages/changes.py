"""How the products of a build relate to those of the build before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.store import Artefact
from mpsr.store.layout import DIGESTS, IDS

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Changes:
    """The N products of a build, and the M of the build before.

    Attributes:
        before: shape (N,), the row that a product had in the build before if it was there with the same text and the
            same picture, else -1.
        count_before: M.
    """

    before: Rows
    count_before: int

    @cached_property
    def new(self) -> Rows:
        """The rows of products that were not there, or not like that."""
        return np.flatnonzero(self.before < 0)

    @cached_property
    def same(self) -> Rows:
        """The other rows."""
        return np.flatnonzero(self.before >= 0)

    @cached_property
    def now(self) -> Rows:
        """Shape (M,), the row that each product of the build before has now, -1 where it is gone or has changed."""
        now = np.full(self.count_before, -1, np.int64)
        now[self.before[self.same]] = self.same
        return now


def changes_between(
    ids_before: npt.NDArray[np.str_],
    digests_before: npt.NDArray[np.uint8],
    ids: npt.NDArray[np.str_],
    digests: npt.NDArray[np.uint8],
) -> Changes:
    """The changes from one set of products to another.

    Args:
        ids_before: shape (M,).
        digests_before: of what their vectors were made from, shape (M, 64).
        ids: shape (N,).
        digests: shape (N, 64).
    """
    before = np.asarray(pd.Index(ids_before).get_indexer(pd.Index(ids)), np.int64)
    there = np.flatnonzero(before >= 0)
    equal = (digests_before[before[there]] == digests[there]).all(axis=1)
    before[there[~equal]] = -1
    return Changes(before, len(ids_before))


def contents(text: Artefact, image: Artefact) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.uint8]]:
    """The ids of the products of two embeddings, and what their vectors were made from, shape (N, 64)."""
    digests = np.hstack([np.asarray(one.array(DIGESTS)) for one in (text, image)])
    return np.asarray(text.array(IDS)), digests
