"""Exact scores and their split into words and picture, for candidates or for all."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from mpsr.search.index import error_of, search_index
from mpsr.types import FloatArray, Weights

Positions = npt.NDArray[np.int64]

#: Candidates asked for beyond k, so that rounding inside the index cannot hide a better one.
SLACK = 16

#: Rows that are multiplied at a time when products are passed over: 16 MB of 512 dimensions.
PASS = 8192

#: Scores nearer than this may have changed places in single precision; both are scored again.
ROUNDING = 1e-5

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


def rank(
    space: Space,
    query: FloatArray,
    k: int,
    weights: Weights,
    allowed: npt.NDArray[np.bool_] | None = None,
    candidates: Positions | None = None,
) -> Ranked:
    """The k products most similar to ``query``.

    Args:
        space: where to search.
        query: shape (d,), float32, unit norm, from the same space.
        k: how many.
        weights: of the two blocks; unless they are equal or the space is blockwise, every allowed product is scanned.
        allowed: shape (N,), bool; None allows all. A query product must not be allowed.
        candidates: positions among which the answer is known to be, from the neighbour graph.

    Weighted, the cosine of [√w_t x_t | √w_i x_i]: the blocks of both sides are scaled, then the norms are taken.
    """
    count = len(space.vectors)
    k = min(k, count if allowed is None else int(allowed.sum()))
    if k < 1:
        return Ranked(np.empty(0, np.int64), np.empty(0), np.empty(0))
    if candidates is None:
        if weights.equal or space.blockwise:
            candidates = _ask_index(space, _scaled(space, query, weights), k, allowed)
        else:
            everything = np.arange(count) if allowed is None else np.flatnonzero(allowed)
            candidates = _scan(space, query, k, weights, everything)
    return score(space, query, candidates, weights).top(k)


def _scaled(space: Space, query: FloatArray, weights: Weights) -> FloatArray:
    """The query with its blocks weighed, so that its inner product with a product's vector ranks as the score does.

    In a blockwise space it is the score itself, for any weights.
    """
    factors = np.array([2 * weights.text, 2 * weights.image], np.float32)
    return np.concatenate([query[: space.split] * factors[0], query[space.split :] * factors[1]])


def _scan(space: Space, query: FloatArray, k: int, weights: Weights, positions: Positions) -> Positions:
    """Every position that may be among the k best, by a pass over all of ``positions`` in single precision."""
    scaled = _scaled(space, query, weights)
    dots = _dots(space.vectors, scaled, positions)
    norms = np.sqrt(np.square(space.norms[positions]) @ np.array([weights.text, weights.image], np.float32))
    fast = np.where(norms > TINY, dots / np.maximum(norms, TINY), -np.inf)
    if len(fast) <= k:
        return positions
    kth = np.partition(fast, len(fast) - k)[len(fast) - k]
    return positions[fast >= kth - ROUNDING]


def _dots(vectors: FloatArray, query: FloatArray, positions: Positions) -> FloatArray:
    """Inner products with the vectors at ``positions``, a part at a time."""
    if 4 * len(positions) > len(vectors):  # reading all in their order is faster than picking out this many
        parts = [vectors[at : at + PASS] @ query for at in range(0, len(vectors), PASS)]
        return np.concatenate(parts)[positions]
    return np.concatenate(
        [vectors[positions[at : at + PASS]] @ query for at in range(0, len(positions), PASS)]
    )


def _ask_index(space: Space, query: FloatArray, k: int, allowed: npt.NDArray[np.bool_] | None) -> Positions:
    """Every position that may be among the k best, from the index.

    Scores of the index are not exact, and equal ones at the end of the list may go on behind it. So the list grows
    until its last score is so far from the k-th that nothing behind it can belong to the k best.
    """
    available = len(space.vectors) if allowed is None else int(allowed.sum())
    wanted = k + SLACK
    apart = 2 * error_of(space.index) * float(np.linalg.norm(query))
    while True:
        wanted = min(wanted, available)
        scores, found = search_index(space.index, query[None], wanted, allowed)
        if wanted == available or scores[0, k - 1] - scores[0, -1] > apart:
            return found[0][found[0] >= 0]
        wanted *= 4


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
