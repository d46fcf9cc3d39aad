"""The background distribution: how a score compares with the scores of random pairs of this catalogue's products."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from mpsr.space.space import RandomPairs, Rows, Space
from mpsr.types import FloatArray, QueryModality, Weights

#: Products drawn; all their pairs are taken, half a million. Another draw moves the match threshold by .01.
SAMPLE = 1000

#: The match threshold is the score that this share of random pairs stays below.
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

#: Sorted scores of that many combinations of weights and query modalities are kept, 2 MB each.
KEPT = 32


class BackgroundDistribution:
    """The scores of random pairs in one space; safe to use from several threads."""

    def __init__(
        self, space: Space, seed: int = 0, lexical: Callable[[Rows], FloatArray] | None = None
    ) -> None:
        """Of a space; ``lexical`` gives the lexical scores of n products' names with the n products, shape (n, n)."""
        self._space, self._seed, self._lexical = space, seed, lexical
        self._lock = threading.Lock()
        self._sorted: LRUCache[tuple[Weights, QueryModality, float], FloatArray] = LRUCache(KEPT)

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

    def match_threshold(self, weights: Weights, modality: QueryModality, lexical: float = 0.0) -> float:
        """The score that ``MATCH_PERCENTILE`` of the random pairs stay below; -1 where a catalogue has no pairs."""
        pairs = self.scores(weights, modality, lexical)
        return float(pairs[math.ceil(MATCH_PERCENTILE * (len(pairs) - 1))]) if len(pairs) else -1.0

    def scores(self, weights: Weights, modality: QueryModality, lexical: float = 0.0) -> FloatArray:
        """The scores of the pairs, ascending, shape (pairs,), float32."""
        key = (weights, modality, lexical)
        with self._lock:
            found = self._sorted.get(key)
            if found is None:
                found = self._sorted[key] = np.sort(self._unsorted(weights, modality, lexical))
            return found

    def _unsorted(self, weights: Weights, modality: QueryModality, lexical: float) -> FloatArray:
        """With a lexical weight w: (1 - w) · cosine + w · lexical score."""
        if not lexical:
            return self._pairs.scores(weights, modality)
        added = self._lexical_pairs * np.float32(lexical / (1 - lexical))
        return np.asarray(np.float32(1 - lexical) * self._pairs.scores(weights, modality, added))

    @cached_property
    def _drawn(self) -> Rows:
        count = len(self._space.vectors)
        random = np.random.default_rng(self._seed)
        return np.sort(random.choice(count, min(SAMPLE, count), replace=False))

    @cached_property
    def _pairs(self) -> RandomPairs:
        return self._space.random_pairs(self._drawn)

    @cached_property
    def _lexical_pairs(self) -> FloatArray:
        """The lexical scores of the pairs in their order; 0 where there are no words to compare."""
        count = len(self._drawn)
        if self._lexical is None:
            return np.zeros(count * (count - 1) // 2, np.float32)
        return self._lexical(self._drawn)[np.triu_indices(count, 1)]
