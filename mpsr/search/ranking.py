"""Exact scores and their split into words and picture, for candidates or for all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mpsr.search.index import error_of, search_index
from mpsr.search.spaces import TINY, Positions, Ranked, Space, score
from mpsr.types import FloatArray, Weights

#: Candidates asked for beyond k, so that rounding inside the index cannot hide a better one.
SLACK = 16

#: Rows that are multiplied at a time when products are passed over: 16 MB of 512 dimensions.
PASS = 8192

#: Scores nearer than this may have changed places in single precision; both are scored again.
ROUNDING = 1e-5


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
