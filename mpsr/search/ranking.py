"""The products most similar to a query vector: candidates from an index or a scan, then exact scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mpsr.search.engine import InProcessNearest, Nearest
from mpsr.search.lexical_shares import LexicalShares
from mpsr.space.space import Rows, Scores, Space
from mpsr.types import FloatArray, Weights

#: Candidates asked for beyond k, so that rounding inside the index cannot hide a better one.
SLACK = 16

#: How many of the best by cosine, and by words, are looked at before all products are.
LISTED = 512

#: Scores nearer than this may have changed places in single precision; both are scored again.
ROUNDING = 1e-5


def rank(
    space: Space,
    query: FloatArray,
    k: int,
    weights: Weights,
    allowed: npt.NDArray[np.bool_] | None = None,
    candidates: Rows | None = None,
    words: LexicalShares | None = None,
    nearest: Nearest | None = None,
) -> Scores:
    """The k products most similar to ``query``, best first, equal scores in catalogue order.

    Args:
        space: where to search.
        query: shape (d,), float32, from the same space.
        k: how many.
        weights: of the two blocks.
        allowed: shape (N,), bool; None allows all. A query product must not be allowed.
        candidates: rows among which the answer is known to be, from the neighbour graph.
        words: the lexical shares; None where they do not count.
        nearest: finds candidates; None is the space's own index.
    """
    count = len(space.vectors)
    k = min(k, count if allowed is None else int(allowed.sum()))
    if k < 1:
        return Scores(np.empty(0, np.int64), np.empty(0), np.empty(0))
    if words is not None:
        near = _candidates_with_words(space, query, k, weights, allowed, words, nearest)
        return words.added_to(space.score(query, near, weights)).top(k)
    if candidates is None:
        candidates = _candidates(space, query, k, weights, allowed, nearest)
    return space.score(query, candidates, weights).top(k)


def _candidates(
    space: Space,
    query: FloatArray,
    k: int,
    weights: Weights,
    allowed: npt.NDArray[np.bool_] | None,
    nearest: Nearest | None,
) -> Rows:
    """Every row that may be among the k best."""
    asked = space.index_query(query, weights)
    if asked is not None:
        found = _ask(nearest or InProcessNearest(space), asked, k, allowed, len(space.vectors))
        if found is not None:
            return found
    rows = np.arange(len(space.vectors)) if allowed is None else np.flatnonzero(allowed)
    return rows if len(rows) <= k else _nearest(space.scan(query, weights, rows), rows, k)


def _candidates_with_words(
    space: Space,
    query: FloatArray,
    k: int,
    weights: Weights,
    allowed: npt.NDArray[np.bool_] | None,
    words: LexicalShares,
    nearest: Nearest | None,
) -> Rows:
    """As ``_candidates`` where every score has a lexical share, too.

    The best by cosine and the best by words hold the k best if no product outside both lists can reach the k-th score
    (the threshold algorithm of Fagin, Lotem and Naor, PODS 2001); otherwise all products are scanned.
    """
    rows = np.arange(len(space.vectors)) if allowed is None else np.flatnonzero(allowed)
    depth = max(LISTED, 4 * k)
    asked = space.index_query(query, weights)
    if asked is not None and len(rows) > 4 * depth:
        nearest = nearest or InProcessNearest(space)
        answer = nearest(asked, depth, allowed)
        if answer is not None and len(answer[1]) >= depth:
            cosines, found = answer
            lexical = words.lexical[rows]
            by_words = np.argpartition(lexical, len(rows) - depth)[len(rows) - depth :]
            listed = np.union1d(found, rows[by_words])
            scores = words.rest * space.scan(query, weights, listed) + words.lexical[listed]
            outside = words.rest * (cosines[-1] + nearest.error * float(np.linalg.norm(asked)))
            kth = np.partition(scores, len(scores) - k)[len(scores) - k]
            if kth - ROUNDING > outside + lexical[by_words].min():
                return _nearest(scores, listed, k)
    return _nearest(words.rest * space.scan(query, weights, rows) + words.lexical[rows], rows, k)


def _nearest(scores: npt.NDArray[np.floating], rows: Rows, k: int) -> Rows:
    """The rows whose scores in single precision may be among the k best."""
    if len(rows) <= k:
        return rows
    kth = np.partition(scores, len(scores) - k)[len(scores) - k]
    return rows[scores >= kth - ROUNDING]


def _ask(
    nearest: Nearest, query: FloatArray, k: int, allowed: npt.NDArray[np.bool_] | None, count: int
) -> Rows | None:
    """Every row that may be among the k best, from an engine; None where it cannot tell.

    Scores of an index are not exact, and equal ones at the end of the list may go on behind it. So the list grows
    until its last score is so far from the k-th that nothing behind it can belong to the k best.
    """
    available = count if allowed is None else int(allowed.sum())
    wanted = k + SLACK
    apart = 2 * nearest.error * float(np.linalg.norm(query))
    while True:
        wanted = min(wanted, available)
        answer = nearest(query, wanted, allowed)
        if answer is None:
            return None
        scores, found = answer
        if wanted == available or (len(found) >= k and scores[k - 1] - scores[-1] > apart):
            return found
        wanted *= 4
