"""The neighbours of many products at once, under the rules: the same as asking for each, in a fraction of the time.

The stored graph answers a product where no rule can change its list. The others are answered together: products for
which the rules do the same thing are compared with all products that those rules allow in one multiplication. What
single precision cannot decide is asked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mpsr.search.clicked import Clicked
from mpsr.search.ranking import ROUNDING, SLACK
from mpsr.search.ruling import Effect, Ruling, with_pins
from mpsr.space.space import Rows, Scores, Space
from mpsr.types import FloatArray, Weights

#: Products that are answered together.
TOGETHER = 1024

#: Fewer than these are asked one by one: copying the vectors of all products takes longer.
FEW = 4


@dataclass(frozen=True)
class Related:
    """The neighbours of one product.

    Attributes:
        row: the product's row.
        scores: its neighbours in their order, with all shares.
        pinned: rows of those that a rule gave their place.
        from_graph: whether the stored graph held the answer.
    """

    row: int
    scores: Scores
    pinned: frozenset[int]
    from_graph: bool


@dataclass(frozen=True)
class Feed:
    """What is needed to answer for every product.

    Attributes:
        space: where neighbours are looked for, text and image counting the same.
        graph: its neighbour graph, shape (N, N).
        ruling: the rules; None where they are switched off.
        clicked: what was learned from clicks, likewise; a product that it knows is asked alone.
        ask: the answer for one row as a search gives it, for the few that need it.
        k: neighbours a product.
        day: on which the rules have to hold.
    """

    space: Space
    graph: csr_matrix
    ruling: Ruling | None
    clicked: Clicked | None
    ask: Callable[[int, int], Related]
    k: int
    day: date

    def order(self) -> Rows:
        """All rows, those for which the rules do the same beside each other. ``related`` is fastest in this order."""
        if self.ruling is None:
            return np.arange(self.graph.shape[0])
        return np.argsort(self.ruling.alike(self.day), kind="stable")

    @property
    def by_graph_alone(self) -> bool:
        """Whether the stored graph answers for every product."""
        whole = self.graph.nnz == self.graph.shape[0] * (self.graph.shape[0] - 1)
        ruled = self.ruling is not None and not self.ruling.empty
        return (
            not ruled and self.clicked is None and (whole or self.k * self.graph.shape[0] <= self.graph.nnz)
        )

    def related(self, rows: Rows) -> Iterator[Related]:
        """The neighbours of these products, in the order of ``rows``."""
        kinds = self.ruling.alike(self.day)[rows] if self.ruling else np.zeros(len(rows), np.int64)
        ends = np.flatnonzero(np.diff(kinds, append=-1)) + 1
        start = 0
        for end in ends.tolist():
            part = rows[start:end]
            effect = self.ruling.effect([int(part[0])], self.day) if self.ruling else None
            yield from self._alike(part, effect)
            start = end

    def _alike(self, rows: Rows, effect: Effect | None) -> Iterator[Related]:
        """The neighbours of products for which the rules do the same."""
        done = _Alike(self.space, self.graph, effect, self.k)
        for start in range(0, len(rows), TOGETHER):
            part = rows[start : start + TOGETHER].tolist()
            alone = {row for row in part if self.clicked and self.clicked.knows(row)}
            found = {row: None if row in alone else done.from_graph(row) for row in part}
            found |= done.nearest([row for row in part if found[row] is None and row not in alone])
            for row, related in found.items():
                yield related or self.ask(row, self.k)


class _Alike:
    """Answers for products for which the rules do the same: from the graph, or by comparing with all of them."""

    def __init__(self, space: Space, graph: csr_matrix, effect: Effect | None, k: int) -> None:
        self._space, self._graph, self._k, self._count = space, graph, k, graph.shape[0]
        self._weights = space.effective_weights(Weights(), "product")
        self._pins = {} if effect is None else {slot: row for slot, row in effect.pins.items() if slot < k}
        self._flagged = frozenset() if effect is None else frozenset(effect.pins.values())
        self._share = None if effect is None else effect.share
        self._may = np.ones(self._count, bool) if effect is None else effect.allowed.copy()
        self._pins = {slot: row for slot, row in self._pins.items() if self._may[row]}
        self._may[list(self._pins.values())] = False
        #: The most that rules add to a product.
        self._most = 0.0 if self._share is None else float(self._share[self._may].max(initial=0.0))
        self._among: tuple[Rows, FloatArray] | None = None

    def from_graph(self, row: int) -> Related | None:
        """The answer from the stored graph; None where it may not hold it."""
        own = slice(self._graph.indptr[row], self._graph.indptr[row + 1])
        near = np.asarray(self._graph.indices[own], np.int64)
        whole = len(near) == self._count - 1
        near = near[self._may[near]]
        if len(near) < self._k and not whole:
            return None
        best = self._scored(row, near).top(self._k)
        if not whole and (len(best.rows) < self._k or best.total[-1] < self._beyond(own) - ROUNDING):
            return None
        return self._answer(row, best, True)

    def _beyond(self, own: slice) -> float:
        """No product outside the graph's list has a higher score."""
        return float(self._graph.data[own][-1]) + self._most

    def nearest(self, rows: list[int]) -> dict[int, Related | None]:
        """Row → its neighbours by comparing with all products; None where single precision cannot tell."""
        if len(rows) < FEW or not self._may.any():
            return dict.fromkeys(rows)
        columns, vectors = self._allowed()
        queries = _widened(self._space.vectors[rows], np.ones(len(rows)))
        depth = min(self._k + SLACK + 1, len(columns))
        scores, found = faiss.knn(queries, vectors, depth, metric=faiss.METRIC_INNER_PRODUCT)
        whole = depth == len(columns)
        return {
            row: self._sure(row, near, columns[places], whole)
            for row, near, places in zip(rows, scores, found, strict=True)
        }

    def _sure(self, row: int, near: FloatArray, found: Rows, whole: bool) -> Related | None:
        """The k best of those found, where nothing beyond them can belong to them."""
        others = found != row
        last, near, found = float(near[-1]), near[others], found[others]
        if not whole and near[self._k - 1] - last <= ROUNDING:
            return None
        best = self._scored(row, found).top(self._k)
        if not whole and len(best.rows) < self._k:
            return None
        return self._answer(row, best, False)

    def _allowed(self) -> tuple[Rows, FloatArray]:
        """The rows to compare with, and their vectors with what rules add as one more number."""
        if self._among is None:
            rows = np.flatnonzero(self._may)
            share = np.zeros(len(rows)) if self._share is None else self._share[rows]
            self._among = rows, _widened(self._space.vectors[rows], share)
        return self._among

    def _scored(self, row: int, others: Rows) -> Scores:
        scores = self._space.score(np.asarray(self._space.vectors[row]), others, self._weights)
        return scores if self._share is None else replace(scores, rule=self._share[others])

    def _answer(self, row: int, best: Scores, from_graph: bool) -> Related:
        """With the pinned products in their slots."""
        pins = {slot: pinned for slot, pinned in self._pins.items() if pinned != row}
        if pins:
            query, rows = np.asarray(self._space.vectors[row]), np.array(list(pins.values()), np.int64)
            scores = self._space.score(query, rows, self._weights)
            there = np.flatnonzero(~np.isnan(scores.total))
            slots = [list(pins)[place] for place in there]
            best = with_pins(best, scores.take(there), slots, self._k)
        return Related(row, best, self._flagged & set(best.rows.tolist()), from_graph)


def _widened(vectors: FloatArray, further: npt.NDArray[np.float64]) -> FloatArray:
    """The vectors with one more number each."""
    return np.hstack([np.asarray(vectors, np.float32), further[:, None].astype(np.float32)])
