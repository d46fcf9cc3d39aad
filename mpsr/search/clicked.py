"""What was learned from clicks, over the products of one catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClickModel:
    """What was learned.

    Attributes:
        ids: of the U products that were chosen.
        sessions: n_i, shape (U,).
        scores: s_ij, shape (U, U), sparse, the highest of a row.
        shrinkage: λ.
        confidence: κ: with n sessions, clicks count n / (n + κ).
    """

    ids: tuple[str, ...]
    sessions: Floats
    scores: csr_matrix
    shrinkage: float
    confidence: float

    @property
    def digest(self) -> str:
        """SHA-256 of all it says."""
        parts = (self.sessions, self.scores.data, self.scores.indices, self.scores.indptr)
        told = hashlib.sha256(repr((self.ids, self.shrinkage, self.confidence)).encode())
        for part in parts:
            told.update(np.ascontiguousarray(part).tobytes())
        return told.hexdigest()


class Clicked:
    """A model over the rows of one catalogue; products that are gone are left out. Safe to share between threads."""

    def __init__(self, model: ClickModel, ids: Sequence[str]) -> None:
        """Match the model's products with the catalogue's.

        Args:
            model: what was learned.
            ids: the catalogue's products, in its order.
        """
        row_of = {product: row for row, product in enumerate(ids)}
        rows = np.array([row_of.get(product, -1) for product in model.ids], np.int64)
        there = np.flatnonzero(rows >= 0)
        self._sessions = np.zeros(len(ids))
        self._sessions[rows[there]] = model.sessions[there]
        self._place = {int(rows[at]): int(at) for at in there}
        self._scores, self._rows, self._confidence = model.scores, rows, model.confidence
        #: SHA-256 of the model.
        self.digest = model.digest

    def confidence(self, rows: npt.NDArray[np.integer]) -> Floats:
        """How much clicks count for each of these products: n / (n + κ), 0 without any."""
        sessions = self._sessions[rows]
        return np.asarray(sessions / (sessions + self._confidence))

    def knows(self, row: int) -> bool:
        """Whether anybody chose the product together with another one."""
        place = self._place.get(row)
        return place is not None and self._scores.indptr[place] < self._scores.indptr[place + 1]

    def near(self, row: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """The products chosen in the same sessions as this one, and their scores."""
        place = self._place[row]
        own = slice(self._scores.indptr[place], self._scores.indptr[place + 1])
        rows = self._rows[self._scores.indices[own]]
        return rows[rows >= 0], np.asarray(self._scores.data[own][rows >= 0], np.float64)
