"""Answer a query: where it lies, who is nearest, what the scores are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError
from mpsr.search.background import Chance
from mpsr.search.diversity import chosen, one_a_family, pool_size
from mpsr.search.query_encoder import Encoders
from mpsr.search.query_vector import Point, point_of, voice_of
from mpsr.search.ranking import ROUNDING, rank
from mpsr.search.spaces import Positions, Ranked, Space
from mpsr.search.store_reader import OpenStore
from mpsr.types import Neighbour, Neighbours, Query, Weights


@dataclass(frozen=True)
class Asked:
    """A question in full.

    Attributes:
        query: what.
        k: how many, at least 1.
        space: where.
        weights: of words and picture.
        where: column → accepted values.
        passing: shape (N,), bool: products that pass them; None without filters.
        hide_variants: one product of a family, none of the query's families.
        variety: from 0 to 1.

    Raises:
        InputError: k < 1, or variety outside 0 to 1.
    """

    query: Query
    k: int
    space: Space
    weights: Weights
    where: Mapping[str, Sequence[str]]
    passing: npt.NDArray[np.bool_] | None = None
    hide_variants: bool = False
    variety: float = 0.0

    def __post_init__(self) -> None:
        if self.k < 1:
            raise InputError(f"k is {self.k}; expected at least 1.")
        if not 0 <= self.variety <= 1:
            raise InputError(f"variety is {self.variety}; expected a number from 0 to 1.")


class Asker:
    """Answers questions about one open store."""

    def __init__(self, store: OpenStore, encoders: Encoders, names: Sequence[str]) -> None:
        self._store, self._encoders, self._names = store, encoders, names
        self._chance = {name: Chance(space) for name, space in store.spaces.items()}

    def answer(self, asked: Asked) -> Neighbours:
        """The answer; raises as ``mpsr.service.Service.search``."""
        point = self.point(asked.query, asked.space, asked.weights)
        ranked = self._ranked(asked, point)
        chance = self._chance[asked.space.name]
        worth = chance.percentile(ranked.text + ranked.image, point.weights, point.voice)
        neighbours = [
            Neighbour(self._store.ids[at], self._names[at], float(text), float(image), float(percentile))
            for at, text, image, percentile in zip(
                ranked.positions, ranked.text, ranked.image, worth, strict=True
            )
        ]
        return Neighbours(
            self._called(asked.query), asked.space.name, asked.k, asked.weights,
            {name: list(values) for name, values in asked.where.items()},
            self._store.snapshot.fingerprint, neighbours, asked.query, asked.hide_variants, asked.variety,
            chance.floor(point.weights, point.voice),
        )  # fmt: skip

    def _called(self, query: Query) -> dict[str, str]:
        """Id and name of the product asked about, or "" and the whole query in one line."""
        if len(query.parts) == 1 and query.products:
            product = query.products[0]
            return {"id": product, "name": self._names[self._store.row_of(product)]}
        return {"id": "", "name": query.label}

    def point(self, query: Query, space: Space, weights: Weights) -> Point:
        """Where the query lies in the space."""
        return point_of(query, space, weights, self._store, self._encoders)

    def percentile(self, score: float, space: Space, weights: Weights, query: Query | None) -> float:
        """As ``mpsr.service.Service.percentile``."""
        voice, weights = voice_of(query, space, weights)
        return float(self._chance[space.name].percentile(np.array([score]), weights, voice)[0])

    def floor(self, space: Space, weights: Weights, query: Query | None) -> float:
        """As ``mpsr.service.Service.floor``."""
        voice, weights = voice_of(query, space, weights)
        return self._chance[space.name].floor(weights, voice)

    @cached_property
    def _family(self) -> npt.NDArray[np.int64]:
        return self._store.families()

    def _ranked(self, asked: Asked, point: Point) -> Ranked:
        """The k results in their order."""
        allowed = self._allowed(asked, point)
        most = int(allowed.sum())

        def best(count: int) -> Ranked:
            return self._best(asked, point, allowed, count)

        wanted = pool_size(asked.k) if asked.variety else asked.k
        ranked = one_a_family(best, wanted, self._family, most) if asked.hide_variants else best(wanted)
        return chosen(asked.space, ranked, asked.k, point.weights, asked.variety) if asked.variety else ranked

    def _allowed(self, asked: Asked, point: Point) -> npt.NDArray[np.bool_]:
        """Which products may be among the results, shape (N,)."""
        allowed = np.ones(len(self._store), dtype=bool) if asked.passing is None else asked.passing.copy()
        allowed[point.own] = False
        if asked.hide_variants:
            allowed &= ~np.isin(self._family, self._family[point.own])
        return allowed

    def _best(self, asked: Asked, point: Point, allowed: npt.NDArray[np.bool_], count: int) -> Ranked:
        """The ``count`` best of the products allowed, from the graph where it is sure to hold them."""
        candidates = None
        if point.alone is not None and asked.passing is None and point.weights.equal:
            candidates = self._from_graph(asked.space.name, point.alone, count, allowed)
        return rank(asked.space, point.vector, count, point.weights, allowed, candidates)

    def _from_graph(self, space: str, place: int, k: int, allowed: npt.NDArray[np.bool_]) -> Positions | None:
        """The graph's neighbours of a product that are allowed, when they are sure to hold the k best."""
        graph = self._store.graphs[space]
        row = slice(graph.indptr[place], graph.indptr[place + 1])
        scores, positions = graph.data[row], np.asarray(graph.indices[row], np.int64)
        whole = len(positions) == len(self._store) - 1
        last = scores[-1] if len(scores) else 0.0
        kept = allowed[positions]
        scores, positions = scores[kept], positions[kept]
        if whole or (k <= len(positions) and scores[k - 1] - last > ROUNDING):
            return positions
        return None
