"""Example products to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.errors import InputError


@dataclass(frozen=True)
class Examples:
    """Chooses among the products with a picture, or among all where none has one.

    Attributes:
        ids: the N product ids.
        kinds: the article type of each.
        pictured: shape (N,), bool.
    """

    ids: Sequence[str]
    kinds: pd.Series
    pictured: npt.NDArray[np.bool_]

    @cached_property
    def _among(self) -> npt.NDArray[np.intp]:
        shown = np.flatnonzero(self.pictured)
        return shown if len(shown) else np.arange(len(self.ids))

    def drawn(self, seed: int | None) -> str:
        """One at random, the same for the same seed.

        Raises:
            InputError: there are no products.
        """
        if not len(self._among):
            raise InputError("this store has no products to draw one from.")
        return self.ids[int(np.random.default_rng(seed).choice(self._among))]

    @cached_property
    def _firsts(self) -> list[str]:
        """The first product of each article type, the commonest type first; the same for all visitors."""
        kinds = self.kinds.iloc[self._among].fillna("")
        row_of = {kind: row for row, kind in zip(self._among[::-1], kinds.iloc[::-1], strict=True)}
        return [self.ids[row_of[kind]] for kind in kinds.value_counts().index]

    def first(self, n: int) -> list[str]:
        """The first of each of the n commonest article types; fewer when there are fewer types."""
        return self._firsts[:n]
