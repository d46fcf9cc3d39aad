"""Results that do not repeat themselves: one product of a family, and maximal marginal relevance.

Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents
and producing summaries", SIGIR 1998) chooses one result after the other, each time the candidate with the greatest

    (1 - variety) · score(query, candidate) - variety · max over those chosen of score(chosen, candidate)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mpsr.search.spaces import TINY, Positions, Ranked, Space
from mpsr.types import Weights

#: How many of the best are chosen from, as a multiple of k and at least: wide enough to vary, and all still near the
#: query. With variety 1 anything goes that is in here, so this is what keeps the results relevant.
POOL_TIMES, POOL_LEAST = 4, 40


def pool_size(k: int) -> int:
    """How many of the best ``chosen`` picks k from."""
    return max(POOL_TIMES * k, POOL_LEAST)


def chosen(space: Space, ranked: Ranked, k: int, weights: Weights, variety: float) -> Ranked:
    """Choose k of the results by maximal marginal relevance, in the order they were chosen; the best comes first.

    Args:
        space: where they lie.
        ranked: the pool, best first.
        k: how many.
        weights: of words and picture, for the candidates among each other as for the query.
        variety: 0 chooses by score alone, 1 by difference from those already chosen alone.
    """
    relevance = ranked.text + ranked.image
    alike = between(space, ranked.positions, weights)
    taken: list[int] = []
    nearest = np.zeros(len(relevance))
    left = np.ones(len(relevance), dtype=bool)
    for turn in range(min(k, len(relevance))):
        value = relevance if turn == 0 else (1 - variety) * relevance - variety * nearest
        best = int(np.argmax(np.where(left, value, -np.inf)))
        taken.append(best)
        left[best] = False
        nearest = alike[best] if turn == 0 else np.maximum(nearest, alike[best])
    return ranked.of(np.array(taken, dtype=np.int64))


def between(space: Space, positions: Positions, weights: Weights) -> npt.NDArray[np.float64]:
    """Scores of products among each other, shape (n, n); 0 where a product has nothing the weights count."""
    rows = np.asarray(space.vectors[positions], np.float64)
    halves = rows[:, : space.split], rows[:, space.split :]
    dots = weights.text * halves[0] @ halves[0].T + weights.image * halves[1] @ halves[1].T
    if space.blockwise:
        return np.asarray(2 * dots)
    norms = np.sqrt(np.diag(dots))
    scale = np.where(norms > TINY, 1 / np.maximum(norms, TINY), 0)
    return np.asarray(dots * np.outer(scale, scale))


def one_a_family(best: Callable[[int], Ranked], k: int, family: npt.NDArray[np.int64], most: int) -> Ranked:
    """The k best of different families.

    Args:
        best: gives the n best products.
        k: how many.
        family: shape (N,), of each product.
        most: how many products there are to choose from.
    """
    wanted = 2 * k
    while True:
        ranked = best(min(wanted, most))
        _, first = np.unique(family[ranked.positions], return_index=True)
        if len(first) >= k or wanted >= most:
            return ranked.of(np.sort(first)[:k])
        wanted *= 4
