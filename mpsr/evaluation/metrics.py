"""Retrieval metrics over many queries at once.

The result of a query is the list of the grades of its hits, best first; 0 is not relevant. For a cut k, with
``rel_i`` = 1 where the i-th result counts as relevant and R relevant items in the gallery:

    P@k      Σ_{i≤k} rel_i / k
    hit@k    1 where any of the first k is relevant
    recall@k Σ_{i≤k} rel_i / R
    MRR@k    1 / rank of the first relevant result among the first k, else 0
    mAP@k    Σ_{i≤k} rel_i · P@i / min(R, k)
    nDCG@k   DCG@k / DCG@k of the best possible order,  DCG@k = Σ_{i≤k} gain_i / log2(i + 1)

The gain is the grade itself, as in trec_eval, BEIR and scikit-learn's ``ndcg_score`` (Järvelin & Kekäläinen,
"Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002). mAP is cut at min(R, k), so that a perfect
first page is 1 however large the gallery is (trec_eval's ``map_cut`` divides by R instead). The others as in Manning,
Raghavan & Schütze, "Introduction to Information Retrieval", chapter 8.

P@k divides by k even where there are fewer than k results.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

#: Where results are cut; no metric looks deeper.
DEPTH = 10

#: The metrics of ``measure`` in the order they are shown.
METRICS = (
    "nDCG@10",
    "P@1",
    "P@5",
    "P@10",
    "hit@1",
    "hit@5",
    "hit@10",
    "recall@1",
    "recall@10",
    "MRR@10",
    "mAP@10",
)

RESAMPLES = 1000


@dataclass(frozen=True)
class Judged:
    """The judged results of Q queries.

    Attributes:
        grades: shape (Q, DEPTH), int; grades of the results, best first; 0 where not relevant or no further result.
        available: shape (Q, G + 1), int; how many gallery items have grade 0, 1, ... G for each query.
    """

    grades: npt.NDArray[np.integer]
    available: npt.NDArray[np.integer]

    def at_least(self, grade: int) -> Judged:
        """The same results with two grades only: 1 where the grade is at least ``grade``."""
        below, above = self.available[:, :grade].sum(axis=1), self.available[:, grade:].sum(axis=1)
        return Judged((self.grades >= grade).astype(np.int64), np.stack([below, above], axis=1))

    def answerable(self) -> npt.NDArray[np.bool_]:
        """Queries with a relevant item in the gallery, shape (Q,)."""
        return self.available[:, 1:].sum(axis=1) > 0

    def of(self, chosen: npt.NDArray[np.bool_]) -> Judged:
        """The results of some of the queries."""
        return Judged(self.grades[chosen], self.available[chosen])


def best_order(available: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The grades of the best possible first ``DEPTH`` results, shape (Q, DEPTH)."""
    best = np.zeros((len(available), DEPTH), np.int64)
    filled = np.zeros(len(available), np.int64)
    place = np.arange(DEPTH)[None, :]
    for grade in range(available.shape[1] - 1, 0, -1):
        upto = np.minimum(filled + available[:, grade], DEPTH)
        best[(place >= filled[:, None]) & (place < upto[:, None])] = grade
        filled = upto
    return best


def dcg(grades: npt.NDArray[np.integer]) -> Values:
    """Discounted cumulated gain of each row, shape (Q,)."""
    discount = 1 / np.log2(np.arange(grades.shape[1]) + 2)
    return np.asarray(grades @ discount, dtype=np.float64)


def measure(judged: Judged) -> dict[str, Values]:
    """Every metric for every query, shape (Q,) each.

    nDCG@10 uses the grades, the others count any grade above 0. A query without a relevant item gives nan, so that
    it cannot be averaged over by mistake.
    """
    relevant = (judged.grades > 0).astype(np.float64)
    total = judged.available[:, 1:].sum(axis=1).astype(np.float64)
    total[total == 0] = np.nan
    found = relevant.cumsum(axis=1)
    precision = found / np.arange(1, DEPTH + 1)
    first = np.where(relevant.any(axis=1), relevant.argmax(axis=1) + 1.0, np.inf)
    ideal = dcg(best_order(judged.available))
    values = {
        "nDCG@10": dcg(judged.grades) / np.where(ideal > 0, ideal, np.nan),
        **{f"P@{k}": precision[:, k - 1] for k in (1, 5, 10)},
        **{f"hit@{k}": (found[:, k - 1] > 0).astype(np.float64) for k in (1, 5, 10)},
        **{f"recall@{k}": found[:, k - 1] / total for k in (1, 10)},
        "MRR@10": 1 / first,
        "mAP@10": (relevant * precision).sum(axis=1) / np.minimum(total, DEPTH),
    }
    unanswerable = np.isnan(total)
    return {name: np.where(unanswerable, np.nan, values[name]) for name in METRICS}


def judge(scores: npt.NDArray[np.floating], grades: npt.NDArray[np.integer], highest: int) -> Judged:
    """Rank a gallery by its scores and look the results up.

    Args:
        scores: shape (Q, G); -inf for what is left out.
        grades: shape (Q, G), int; -1 for what is left out.
        highest: the highest grade there is.

    Equal scores keep the gallery's order.
    """
    return Judged(look_up(scores, grades), count_grades(grades, highest))


def count_grades(grades: npt.NDArray[np.integer], highest: int) -> npt.NDArray[np.int64]:
    """How many of each row have grade 0, 1, ... ``highest``, shape (Q, highest + 1)."""
    return np.stack([(grades == grade).sum(axis=1) for grade in range(highest + 1)], axis=1)


def look_up(scores: npt.NDArray[np.floating], grades: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The grades of the ``DEPTH`` best of each row, shape (Q, DEPTH), 0 where there was no further result."""
    scores = np.where(grades < 0, -np.inf, scores)
    width = min(DEPTH, scores.shape[1])
    order = _top(scores, width)
    came = np.take_along_axis(scores, order, axis=1) > -np.inf
    found = np.where(came, np.maximum(np.take_along_axis(grades, order, axis=1), 0), 0).astype(np.int64)
    return np.pad(found, ((0, 0), (0, DEPTH - width)))


def _top(scores: npt.NDArray[np.floating], k: int) -> npt.NDArray[np.intp]:
    """Columns of the k best of each row, equal scores by column, shape (Q, k)."""
    if not k:
        return np.empty((len(scores), 0), np.intp)
    last = scores.shape[1] - k
    kth = np.partition(scores, last, axis=1)[:, last : last + 1]
    order = np.empty((len(scores), k), np.intp)
    for row, (values, bound) in enumerate(zip(scores, kth[:, 0], strict=True)):
        candidates = np.flatnonzero(values >= bound)
        order[row] = candidates[np.argsort(-values[candidates], kind="stable")[:k]]
    return order


def intervals(
    values: npt.NDArray[np.floating],
    groups: npt.NDArray[np.integer],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[Values, Values]:
    """95 % bootstrap intervals of the means of several measurements of the same queries.

    Whole groups are drawn with replacement (queries of one family resemble each other), the same draws for every
    column, so that differences of columns are paired.

    Args:
        values: shape (Q, C), one column a system.
        groups: shape (Q,), the group of each query.
        resamples: how many draws.
        seed: of the draws.

    Returns:
        The resampled means, shape (resamples, C), and the bounds, shape (2, C).
    """
    _, group = np.unique(groups, return_inverse=True)
    count = int(group.max(initial=-1)) + 1
    if not count:
        nothing = np.full((resamples, values.shape[1]), np.nan)
        return nothing, nothing[:2]
    sums = np.zeros((count, values.shape[1]))
    np.add.at(sums, group, values)
    sizes = np.bincount(group, minlength=count).astype(np.float64)
    random = np.random.default_rng(seed)
    means = np.empty((resamples, values.shape[1]))
    for draw in range(resamples):
        times = np.bincount(random.integers(0, count, count), minlength=count)
        means[draw] = times @ sums / (times @ sizes)
    return means, np.quantile(means, [0.025, 0.975], axis=0)
