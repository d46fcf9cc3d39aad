"""What a score is worth: how it compares with the scores of random pairs of this catalogue's products."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mpsr.search.point import Voice
from mpsr.search.similar import TINY, Space
from mpsr.types import FloatArray, Weights

#: Products drawn; all their pairs are taken, half a million. Another draw moves the score at the floor by .01.
DRAWN = 1000

#: The floor is the score that this share of random pairs stays below.
#:
#: Around that score a random pair shares its article type at about even odds or better, though by chance one in twenty
#: does: .88 in the learned space and .54 in the paper's on the public catalogue of 44,446 products (143 types, by
#: chance .05), .74 and .48 on the demo (by chance .03). Below it this falls off fast: where .95 stay below it is .50 and
#: .29, .07 and .15. It tells sense from nonsense, too: in the learned space of the public catalogue, with the floor of
#: words at .56, the best answers to "red saree", "black casual shirts for men" and "women running shoes pink" score .85,
#: .83 and .83, those to "lawn mower", "washing machine", "asdf qwer zxcv" and "quantum physics" .49, .47, .44 and .41.
FLOOR = 0.98

#: Sorted scores of that many combinations of weights and voices are kept, 2 MB each.
KEPT = 32


class Chance:
    """The scores of random pairs in one space; safe to use from several threads."""

    def __init__(self, space: Space, seed: int = 0) -> None:
        self._space, self._seed = space, seed
        self._lock = threading.Lock()
        self._sorted: OrderedDict[tuple[Weights, Voice], FloatArray] = OrderedDict()

    def percentile(
        self, scores: npt.NDArray[np.float64], weights: Weights, voice: Voice
    ) -> npt.NDArray[np.float64]:
        """The share of random pairs with a lower score than each of ``scores``, in [0, 1].

        Args:
            scores: shape (n,).
            weights: of words and picture.
            voice: "both" compares whole products; "words" (or "picture") the words (the picture) of one with
                the whole other, as such a query does; "mixed" takes the pairs of both.
        """
        pairs = self.scores(weights, voice)
        below = np.searchsorted(pairs, scores.astype(np.float32), side="left")
        return np.asarray(below / max(len(pairs), 1))

    def floor(self, weights: Weights, voice: Voice) -> float:
        """The score that ``FLOOR`` of the random pairs stay below; -1 where a catalogue has no pairs."""
        pairs = self.scores(weights, voice)
        return float(np.quantile(pairs, FLOOR, method="higher")) if len(pairs) else -1.0

    def scores(self, weights: Weights, voice: Voice) -> FloatArray:
        """The scores of the pairs, ascending, shape (pairs,), float32."""
        key = (weights, voice if self._space.blockwise else "both")
        with self._lock:
            if key not in self._sorted:
                self._sorted[key] = np.sort(self._pairs.scores(*key))
                while len(self._sorted) > KEPT:
                    self._sorted.popitem(last=False)
            self._sorted.move_to_end(key)
            return self._sorted[key]

    @cached_property
    def _pairs(self) -> Pairs:
        count = len(self._space.vectors)
        chance = np.random.default_rng(self._seed)
        return pairs_of(self._space, np.sort(chance.choice(count, min(DRAWN, count), replace=False)))


@dataclass(frozen=True)
class Pairs:
    """Inner products of the blocks of n drawn products, shape (n, n) each, float32.

    Attributes:
        text: words with words.
        image: picture with picture.
        crossed: words (rows) with picture (columns); only of a blockwise space, where the two can be compared.
        norms: shape (n, 2): of the two blocks, 0 for a missing one.
        blockwise: as the space.
    """

    text: FloatArray
    image: FloatArray
    crossed: FloatArray
    norms: FloatArray
    blockwise: bool

    def scores(self, weights: Weights, voice: Voice) -> FloatArray:
        """The scores of all pairs that have one, shape (pairs,)."""
        if not self.blockwise:
            return self._whole(weights)
        if voice == "mixed":
            return np.concatenate([self.scores(weights, "words"), self.scores(weights, "picture")])
        text, image = {
            "both": (self.text, self.image),
            "words": (self.text, self.crossed),
            "picture": (self.crossed.T, self.image),
        }[voice]
        rows, columns = np.triu_indices(len(text), 1)
        sides = {"both": [0, 1], "words": [0], "picture": [1]}[voice]
        kept = np.flatnonzero(self.norms[:, sides].sum(axis=1)[rows])
        total = 2 * (weights.text * text + weights.image * image)
        return np.asarray(total[rows[kept], columns[kept]], np.float32)

    def _whole(self, weights: Weights) -> FloatArray:
        """Cosines of the whole weighted vectors."""
        norms = np.sqrt(np.square(self.norms) @ np.array([weights.text, weights.image]))
        scale = np.where(norms > TINY, 1 / np.maximum(norms, TINY), np.nan)
        total = (weights.text * self.text + weights.image * self.image) * np.outer(scale, scale)
        found = total[np.triu_indices(len(total), 1)]
        return np.asarray(found[~np.isnan(found)], np.float32)


def pairs_of(space: Space, drawn: npt.NDArray[np.int64]) -> Pairs:
    """The pairs of the products at ``drawn``."""
    rows = np.asarray(space.vectors[drawn], np.float32)
    text, image = rows[:, : space.split], rows[:, space.split :]
    norms = np.stack([np.linalg.norm(text, axis=1), np.linalg.norm(image, axis=1)], axis=1)
    crossed = text @ image.T if space.blockwise else np.empty((0, 0), np.float32)
    return Pairs(text @ text.T, image @ image.T, crossed, norms, space.blockwise)
