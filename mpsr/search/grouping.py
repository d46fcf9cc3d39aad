"""Results of which only so many share a value: one product of a family, two of a brand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mpsr.space.space import Rows, Scores


@dataclass(frozen=True)
class Group:
    """A limit of results.

    Attributes:
        of: shape (N,), int64: which group each product is in; -1 for none, where the limit does not count.
        most: how many results of one group.
    """

    of: npt.NDArray[np.int64]
    most: int


def at_most(
    best: Callable[[int], Scores], k: int, groups: Sequence[Group], allowed: npt.NDArray[np.bool_]
) -> Scores:
    """The k best of which no group has too many: the best first, each kept unless one of its groups is full.

    Args:
        best: gives the n best products of those allowed.
        k: how many.
        groups: the limits, all of which hold.
        allowed: shape (N,), which products there are to choose from.
    """
    everything = int(allowed.sum())
    k = min(k, *(_possible(group, allowed) for group in groups))
    wanted = 2 * k
    while True:
        ranked = best(min(wanted, everything))
        kept = _kept(ranked.rows, groups, k)
        if len(kept) == k or wanted >= everything:
            return ranked.take(np.array(kept, dtype=np.int64))
        wanted *= 4


def _possible(group: Group, allowed: npt.NDArray[np.bool_]) -> int:
    """How many results there can be at most, so that nobody looks for more."""
    counts = np.bincount(group.of[allowed] + 1, minlength=1)
    return int(counts[0] + np.minimum(counts[1:], group.most).sum())


def _kept(rows: Rows, groups: Sequence[Group], k: int) -> list[int]:
    """Which of the ranked products are kept, k at most, as places in the ranking."""
    taken: list[Counter[int]] = [Counter() for _ in groups]
    columns = [group.of[rows].tolist() for group in groups]
    kept: list[int] = []
    for place, values in enumerate(zip(*columns, strict=True)):
        if len(kept) == k:
            break
        if any(
            value >= 0 and seen[value] >= group.most
            for value, seen, group in zip(values, taken, groups, strict=True)
        ):
            continue
        kept.append(place)
        for value, seen in zip(values, taken, strict=True):
            seen[value] += 1
    return kept
