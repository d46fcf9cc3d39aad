"""Results that do not repeat themselves: maximal marginal relevance (MMR).

Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents
and producing summaries", SIGIR 1998) chooses one result after the other, each time the candidate with the greatest

    (1 - diversity) · score(query, candidate) - diversity · max over those chosen of score(chosen, candidate)

With λ as in that paper, diversity is 1 - λ.
"""

from __future__ import annotations

import numpy as np

from mpsr.space.space import Scores, Space
from mpsr.types import Weights

#: MMR chooses from this many times k of the best, and at least from so many: wide enough to vary, and all still near the
#: query. With diversity 1 anything goes that is in here, so this is what keeps the results relevant.
POOL_TIMES, POOL_LEAST = 4, 40


def pool_size(k: int) -> int:
    """How many of the best ``diversified`` picks k from."""
    return max(POOL_TIMES * k, POOL_LEAST)


def diversified(space: Space, ranked: Scores, k: int, weights: Weights, diversity: float) -> Scores:
    """Choose k of the results by maximal marginal relevance, in the order they were chosen; the best comes first.

    Args:
        space: where they lie.
        ranked: the pool, best first.
        k: how many.
        weights: of text and image, for the candidates among each other as for the query.
        diversity: 0 chooses by score alone, 1 by difference from those already chosen alone.
    """
    relevance = ranked.total
    similarity = space.pairwise(ranked.rows, weights)
    taken: list[int] = []
    nearest = np.zeros(len(relevance))
    left = np.ones(len(relevance), dtype=bool)
    for turn in range(min(k, len(relevance))):
        value = relevance if turn == 0 else (1 - diversity) * relevance - diversity * nearest
        best = int(np.argmax(np.where(left, value, -np.inf)))
        taken.append(best)
        left[best] = False
        nearest = similarity[best] if turn == 0 else np.maximum(nearest, similarity[best])
    return ranked.take(np.array(taken, dtype=np.int64))
