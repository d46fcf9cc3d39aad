"""Content and clicks mixed on percentiles, given back as a share of the score.

Of the M candidates of a query i, candidate j has the percentile c_j by its similarity and p_j by clicks, both among the
candidates. Its new percentile is

    b_j = c_j + α_i · α_j · (p_j - c_j),    α = n / (n + κ)

so a query without clicks, and a candidate without clicks, stay where they are. What clicks add to the score is the
difference of two similarities: that of the candidates' percentile b_j and its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from mpsr.search.clicked import Clicked
from mpsr.search.filters import Mask
from mpsr.search.ruling import joined
from mpsr.space.space import Scores, Space
from mpsr.types import FloatArray, Weights

Floats = npt.NDArray[np.float64]

#: Candidates by content at least, and times as many as results are wanted.
LISTED, TIMES = 100, 4


def content_percentiles(listed: int, count: int) -> Floats:
    """c_j of ``count`` candidates, of which the first ``listed`` are there by their similarity; 0 for the others."""
    by_content = np.zeros(count)
    by_content[:listed] = 1 - (np.arange(listed) + 0.5) / listed
    return by_content


def mixed_percentiles(clicked: Floats, listed: int, own: float, others: Floats) -> Floats:
    """b_j of the candidates, shape (M,); arguments as of ``click_shares``."""
    by_content = content_percentiles(listed, len(clicked))
    by_clicks = (rankdata(clicked) - 0.5) / len(clicked)
    return np.asarray(by_content + own * others * (by_clicks - by_content))


def click_shares(similarity: Floats, clicked: Floats, listed: int, own: float, others: Floats) -> Floats:
    """What clicks add to the score of each candidate, shape (M,).

    Args:
        similarity: of the candidates, shape (M,): first ``listed`` of them by descending similarity, then those that
            are there only because of clicks.
        clicked: their scores by clicks, shape (M,), 0 for none.
        listed: how many are there by their similarity.
        own: α_i, of the query.
        others: α_j, of the candidates, shape (M,).
    """
    if not own or not listed:
        return np.zeros(len(similarity))
    scale = content_percentiles(listed, listed)[::-1]
    mixed = mixed_percentiles(clicked, listed, own, others)
    shares = np.interp(mixed, scale, similarity[:listed][::-1]) - similarity
    shares[own * others == 0] = 0.0  # not even by rounding
    return np.asarray(shares)


def blended(
    clicked: Clicked,
    space: Space,
    query: FloatArray,
    weights: Weights,
    row: int,
    allowed: Mask,
    wanted: int,
    by_content: Callable[[int, Mask], Scores],
) -> Callable[[int, Mask], Scores]:
    """The nearest of some products by content and clicks, as a function of how many and of which.

    Candidates are the nearest by content and the products chosen together with the query's. No other product's score
    is above theirs, since what clicks add never leaves the range of the candidates' similarities.

    Args:
        clicked: what was learned.
        space: where to search.
        query: the query product's vector, shape (d,).
        weights: of the two blocks.
        row: the query product's.
        allowed: shape (N,), which products there are to choose from.
        wanted: how many results are wanted.
        by_content: the nearest by content of the products of a mask.
    """
    candidates = _candidates(
        clicked, space, query, weights, row, allowed, by_content(max(LISTED, TIMES * wanted), allowed)
    )
    others = np.ones(len(allowed), bool)
    others[candidates.rows] = False

    def nearest(count: int, among: Mask) -> Scores:
        inside = candidates.take(np.flatnonzero(among[candidates.rows]))
        if len(inside.rows) >= count:
            return inside.top(count)
        return joined([inside, by_content(count, among & others)]).top(count)

    return nearest


def _candidates(
    clicked: Clicked,
    space: Space,
    query: FloatArray,
    weights: Weights,
    row: int,
    allowed: Mask,
    listed: Scores,
) -> Scores:
    """The candidates with the shares of clicks."""
    near, values = clicked.near(row)
    further = space.score(query, np.setdiff1d(near[allowed[near]], listed.rows), weights)
    further = further.take(np.flatnonzero(~np.isnan(further.total)))
    both = joined([listed, further])
    by_clicks = np.zeros(len(allowed))
    by_clicks[near] = values
    own = float(clicked.confidence(np.array([row]))[0])
    shares = click_shares(
        both.similarity, by_clicks[both.rows], len(listed.rows), own, clicked.confidence(both.rows)
    )
    return replace(both, click=shares)
