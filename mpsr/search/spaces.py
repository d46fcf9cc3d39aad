"""The spaces products are compared in, and exact scores with their two shares."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray, Weights

Positions = npt.NDArray[np.int64]


#: A norm below this is a missing vector; its cosine is undefined.
TINY = 1e-6


@dataclass(frozen=True)
class Space:
    """Unit vectors of two blocks, words then picture.

    Attributes:
        name: "paper", ...
        vectors: shape (N, d), float32, unit norm (or zero).
        norms: shape (N, 2), float32, norm of each block of each vector.
        split: where the picture block begins.
        index: FAISS index over ``vectors``.
        blockwise: each block has a cosine of its own and the score is w_t·cos_text + w_i·cos_image, a missing block
            counting 0 (the learned space: blocks of norm √½). Off, the score is the cosine of the whole weighted
            vectors (the paper's space), so that a missing block changes the norm.
        emphasis: shape (split,), float32: of a blockwise space, what each number of a block is multiplied by when words
            alone ask; see ``mpsr.space.towers.Towers.emphasis``. None for no such thing.
    """

    name: str
    vectors: FloatArray
    norms: FloatArray
    split: int
    index: faiss.Index
    blockwise: bool = False
    emphasis: FloatArray | None = None


@dataclass(frozen=True)
class Ranked:
    """Results by descending score, equal scores by position: positions and both shares, float64."""

    positions: Positions
    text: npt.NDArray[np.float64]
    image: npt.NDArray[np.float64]

    def of(self, chosen: Positions) -> Ranked:
        """Some of the results, in the order of ``chosen``, which counts from the best."""
        return Ranked(self.positions[chosen], self.text[chosen], self.image[chosen])


@dataclass(frozen=True)
class Scored:
    """Scores of some positions, not ordered yet."""

    positions: Positions
    text: npt.NDArray[np.float64]
    image: npt.NDArray[np.float64]

    def top(self, k: int) -> Ranked:
        """The k best, equal scores by position; positions without a score (a zero norm) are left out."""
        total = self.text + self.image
        usable = np.flatnonzero(~np.isnan(total))
        order = usable[np.lexsort((self.positions[usable], -total[usable]))[:k]]
        return Ranked(self.positions[order], self.text[order], self.image[order])


def score(space: Space, query: FloatArray, positions: Positions, weights: Weights) -> Scored:
    """Both shares of the weighted cosine, float64; NaN where a weighted norm is zero.

    The arithmetic of a row does not depend on which other rows are scored with it, so a product has the same
    score however it was found.
    """
    factors = (weights.text, weights.image)
    halves = (slice(None, space.split), slice(space.split, None))
    rows = np.asarray(space.vectors[positions], dtype=np.float64)
    point = query.astype(np.float64)
    shares = [f * np.einsum("nd,d->n", rows[:, h], point[h]) for f, h in zip(factors, halves, strict=True)]
    if space.blockwise:  # √½ · √½ is what the inner product of two blocks lacks to be their cosine
        return Scored(positions, 2 * shares[0], 2 * shares[1])
    squares = [
        f * np.einsum("nd,nd->n", rows[:, h], rows[:, h]) for f, h in zip(factors, halves, strict=True)
    ]
    own = sum(f * float(np.square(point[h]).sum()) for f, h in zip(factors, halves, strict=True))
    norm = np.sqrt((squares[0] + squares[1]) * own)
    norm[norm < TINY] = np.nan
    return Scored(positions, shares[0] / norm, shares[1] / norm)
