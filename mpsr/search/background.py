"""The background distribution: how a score compares with the scores of random pairs of this catalogue's products."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache
from scipy.optimize import isotonic_regression

from mpsr.space.space import RandomPairs, Rows, Space
from mpsr.types import FloatArray, QueryModality, Weights

#: Products drawn; all their pairs are taken, half a million. Another draw moves the match threshold by .01.
SAMPLE = 1000

#: The match threshold is at most the score that this share of random pairs stays below.
#:
#: Around that score a random pair shares its article type at about even odds or better, though by chance one in twenty
#: does: .98 in the learned space and .54 in the paper's on the public catalogue of 44,446 products (143 types, by
#: chance .05), .98 and .48 on the demo (by chance .03). Below it this falls off fast: where .95 stay below it is .41 and
#: .29, .00 and .15.
#:
#: Where text alone asks it cannot tell all sense from nonsense. A brand's name alone leaves type and colour open and
#: scores low though the brand is found ("fastrack" .57, "titan" .50 in the public catalogue, its threshold at .50), about
#: as high as words that mean nothing there ("lawn mower" .57, "quantum physics" .48). A higher threshold for text was
#: tried: it called brands no good match.
MATCH_PERCENTILE = 0.98

#: A catalogue of one kind, or a small one, has more good pairs than two in a hundred. The threshold is lower where random
#: pairs say so: the lowest score from which on at least ``MATCH_PRECISION`` of them share their article type, but
#: no score that a smaller share than ``Space.lowest_match_percentile`` stays below. Where no product has a type, each
#: product has ``MATCHES`` matches on average.
MATCH_PRECISION = 0.9
MATCHES = 5

#: Groups of pairs of similar scores over which the share of the same type is measured.
BINS = 1000

#: Sorted scores of that many combinations of weights and query modalities are kept, 2 MB each.
KEPT = 32

#: Codes of products' article types, -1 for a missing one, shape (N,).
Kinds = npt.NDArray[np.integer]


class MatchThreshold(NamedTuple):
    """Below ``score`` a result is no good match; the share ``percentile`` of random pairs stays below it."""

    score: float
    percentile: float


@dataclass(frozen=True)
class _Measured:
    """Scores of random pairs, ascending, shape (pairs,), float32; and the match threshold."""

    scores: FloatArray
    threshold: MatchThreshold


class BackgroundDistribution:
    """The scores of random pairs in one space; safe to use from several threads."""

    def __init__(
        self,
        space: Space,
        kinds: Kinds | None = None,
        seed: int = 0,
        lexical: Callable[[Rows], FloatArray] | None = None,
    ) -> None:
        """Measure lazily: nothing is drawn before a score is first compared.

        Args:
            space: the products' vectors.
            kinds: codes of their article types; None without any.
            seed: of the draw.
            lexical: gives the lexical scores of n products' names with those n products, shape (n, n).
        """
        self._space, self._kinds, self._seed, self._lexical = space, kinds, seed, lexical
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[Weights, QueryModality, float], _Measured] = LRUCache(KEPT)

    def percentile(
        self, scores: npt.NDArray[np.float64], weights: Weights, modality: QueryModality, lexical: float = 0.0
    ) -> npt.NDArray[np.float64]:
        """The share of random pairs with a lower score than each of ``scores``, shape (n,), in [0, 1].

        Args:
            scores: shape (n,).
            weights: of text and image, those that count.
            modality: of the query that gave the scores; random pairs ask with the same.
            lexical: weight of the lexical share in the scores; random pairs have it too.
        """
        pairs = self.scores(weights, modality, lexical)
        below = np.searchsorted(pairs, scores.astype(np.float32), side="left")
        return np.asarray(below / max(len(pairs), 1))

    def match_threshold(
        self, weights: Weights, modality: QueryModality, lexical: float = 0.0
    ) -> MatchThreshold:
        """See ``MATCH_PERCENTILE`` and ``MATCH_PRECISION``; the score is -1 if the catalogue has no pairs."""
        return self._measured(weights, modality, lexical).threshold

    def scores(self, weights: Weights, modality: QueryModality, lexical: float = 0.0) -> FloatArray:
        """The scores of the pairs, ascending, shape (pairs,), float32."""
        return self._measured(weights, modality, lexical).scores

    def _measured(self, weights: Weights, modality: QueryModality, lexical: float) -> _Measured:
        key = (weights, modality, lexical)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                pairs = self._pairs.scored(weights, modality)
                scores = pairs.scores
                if lexical:
                    added = self._lexical_scores[pairs.first, pairs.second]
                    scores = np.float32(1 - lexical) * scores + np.float32(lexical) * added
                order = np.argsort(scores)
                scores = scores[order]
                threshold = self._threshold(scores, pairs.first[order], pairs.second[order])
                found = self._kept[key] = _Measured(scores, threshold)
            return found

    def _threshold(
        self, scores: FloatArray, first: npt.NDArray[np.intp], second: npt.NDArray[np.intp]
    ) -> MatchThreshold:
        """The match threshold of pairs in ascending order of their scores."""
        if not len(scores):
            return MatchThreshold(-1.0, 0.0)
        kinds = None if self._kinds is None else self._kinds[self._drawn]
        if kinds is None or not (kinds >= 0).any():
            wanted = 1 - MATCHES / max(len(self._space.vectors) - 1, 1)
        else:
            known = np.flatnonzero((kinds[first] >= 0) & (kinds[second] >= 0))
            wanted = 1.0
            if len(known):
                same = kinds[first[known]] == kinds[second[known]]
                wanted = float(known[_first_precise(same)]) / len(scores) if same.any() else 1.0
        percentile = min(max(wanted, self._space.lowest_match_percentile), MATCH_PERCENTILE)
        score = float(scores[math.ceil(percentile * (len(scores) - 1))])
        return MatchThreshold(score, float(np.searchsorted(scores, score, side="left") / len(scores)))

    @cached_property
    def _drawn(self) -> npt.NDArray[np.int64]:
        """Rows of the products drawn, ascending."""
        count = len(self._space.vectors)
        random = np.random.default_rng(self._seed)
        return np.sort(random.choice(count, min(SAMPLE, count), replace=False))

    @cached_property
    def _lexical_scores(self) -> FloatArray:
        """Of the names of those drawn with those drawn, shape (n, n); 0 where there are no words to compare."""
        count = len(self._drawn)
        return np.zeros((count, count), np.float32) if self._lexical is None else self._lexical(self._drawn)

    @cached_property
    def _pairs(self) -> RandomPairs:
        return self._space.random_pairs(self._drawn)


def _first_precise(same: npt.NDArray[np.bool_]) -> int:
    """Where, in pairs of ascending scores, the share of the same type reaches ``MATCH_PRECISION`` for good.

    The share is fitted by isotonic regression over ``BINS`` bins, so that it rises with the score. The last pair where
    it is never reached.
    """
    bins = np.array_split(same, min(BINS, len(same)))
    sizes = np.array([len(part) for part in bins])
    shares = isotonic_regression([part.mean() for part in bins], weights=sizes).x
    reached = np.flatnonzero(shares >= MATCH_PRECISION)
    return int(sizes[: reached[0]].sum()) if len(reached) else len(same) - 1
