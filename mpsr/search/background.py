"""What a score is worth: how it compares with the scores of random pairs of this catalogue's products."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mpsr.search.query_vector import Voice
from mpsr.search.spaces import TINY, Space
from mpsr.types import FloatArray, Weights

#: Products drawn; all their pairs are taken, half a million. Another draw moves the score at the floor by .01.
DRAWN = 1000

#: The floor is the score that this share of random pairs stays below.
#:
#: Around that score a random pair shares its article type at about even odds or better, though by chance one in twenty
#: does: .98 in the learned space and .54 in the paper's on the public catalogue of 44,446 products (143 types, by
#: chance .05), .98 and .48 on the demo (by chance .03). Below it this falls off fast: where .95 stay below it is .41 and
#: .29, .00 and .15.
#:
#: Where words alone ask it cannot tell all sense from nonsense. A brand's name alone leaves type and colour open and
#: scores low though the brand is found ("fastrack" .57, "titan" .50 in the public catalogue, its floor at .50), about as
#: high as words that mean nothing there ("lawn mower" .57, "quantum physics" .48). A higher floor for words was tried:
#: it called brands no good match.
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
        return float(pairs[math.ceil(FLOOR * (len(pairs) - 1))]) if len(pairs) else -1.0

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
    """All pairs of n drawn products, m = n (n - 1) / 2.

    Attributes:
        sides: voice → inner products of the words and of the pictures of the pairs that voice has, float32: shape (m,),
            fewer where a product lacks the side that speaks.
        rows: shape (m,): the first product of each pair.
        columns: shape (m,): the second.
        norms: shape (n, 2): of the two blocks, 0 for a missing one.
        blockwise: as the space; off, there is only the voice "both".
    """

    sides: dict[Voice, tuple[FloatArray, FloatArray]]
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    norms: FloatArray
    blockwise: bool

    def scores(self, weights: Weights, voice: Voice) -> FloatArray:
        """The scores of all pairs that have one, in no order, shape (pairs,)."""
        if voice == "mixed":
            return np.concatenate([self.scores(weights, "words"), self.scores(weights, "picture")])
        text, image = self.sides[voice]
        factors = np.array([weights.text, weights.image], np.float32)
        if self.blockwise:
            return np.asarray(2 * factors[0] * text + 2 * factors[1] * image)
        norms = np.sqrt(np.square(self.norms) @ factors)
        scale = np.where(norms > TINY, 1 / np.maximum(norms, TINY), np.nan).astype(np.float32)
        total = (factors[0] * text + factors[1] * image) * scale[self.rows] * scale[self.columns]
        return total if np.isfinite(scale).all() else total[~np.isnan(total)]


def pairs_of(space: Space, drawn: npt.NDArray[np.int64]) -> Pairs:
    """The pairs of the products at ``drawn``."""
    vectors = np.asarray(space.vectors[drawn], np.float32)
    text, image = vectors[:, : space.split], vectors[:, space.split :]
    norms = np.stack([np.linalg.norm(text, axis=1), np.linalg.norm(image, axis=1)], axis=1)
    rows, columns = np.triu_indices(len(drawn), 1)
    with_words, with_picture = (norms[rows, side] > 0 for side in (0, 1))
    texts, images = (text @ text.T)[rows, columns], (image @ image.T)[rows, columns]
    if not space.blockwise:
        return Pairs({"both": (texts, images)}, rows, columns, norms, False)
    crossed = text @ image.T  # what the words (rows) have to do with the pictures (columns)
    spoken = text if space.emphasis is None else text * space.emphasis
    there = with_words | with_picture
    sides: dict[Voice, tuple[FloatArray, FloatArray]] = {
        "both": (texts[there], images[there]),
        "words": (
            (spoken @ text.T)[rows, columns][with_words],
            (spoken @ image.T)[rows, columns][with_words],
        ),
        "picture": (crossed[columns, rows][with_picture], images[with_picture]),
    }
    return Pairs(sides, rows, columns, norms, True)
