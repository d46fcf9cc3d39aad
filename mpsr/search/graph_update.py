"""The neighbour graph of a catalogue that has changed a little, from the graph before.

Every entry is right, and a row lists the best without a gap; but a row may be shorter than ``GRAPH_NEIGHBOURS``. A row's
list says that no other product is more similar than its last entry. That stays true when products go, so the list only
gets shorter, and when products come, once those that are more similar than its last entry are put in. Rows that would
become too short are searched anew, as are the new products'.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mpsr.search.graph import GRAPH_NEIGHBOURS, Rows, nearest_others
from mpsr.types import FloatArray

#: A row that would be left with fewer entries is searched anew.
LEAST = 15

#: Rows compared with the new products at a time, and new products at a time.
BLOCK = 8192


@dataclass(frozen=True)
class Entries:
    """Entries of a graph, unordered: rows, columns and scores, shape (n,) each."""

    rows: Rows
    columns: Rows
    scores: FloatArray


def updated_graph(
    before: csr_matrix, now: Rows, index: faiss.Index, vectors: FloatArray, k: int = GRAPH_NEIGHBOURS
) -> csr_matrix:
    """The neighbour graph of ``vectors``.

    Args:
        before: the graph of M products.
        now: shape (M,), the row of each of them now, -1 where it is gone or its vector has changed.
        index: over ``vectors``.
        vectors: shape (N, d), float32, unit norm.
        k: neighbours a product at most.

    Returns:
        As ``neighbour_graph``, but with rows of ``LEAST`` to k entries.
    """
    count = len(vectors)
    k = min(k, count - 1)
    kept = _kept(before, now)
    lengths = np.bincount(kept.rows, minlength=count)
    searched = np.flatnonzero(lengths < min(LEAST, k))
    is_old = np.zeros(count, dtype=bool)
    is_old[now[now >= 0]] = True
    is_old[searched] = False
    kept = _of(kept, is_old[kept.rows])
    new = np.setdiff1d(np.arange(count), now[now >= 0])
    nearer = _nearer(vectors, is_old, new, _last(kept, count))
    scores, columns = nearest_others(index, vectors, searched, k)
    own = Entries(np.repeat(searched, k), columns.ravel().astype(np.int64), scores.ravel())
    return _graph([kept, nearer, own], count, k)


def _kept(before: csr_matrix, now: Rows) -> Entries:
    """The entries between products that are as they were, under their rows of now."""
    rows = now[np.repeat(np.arange(len(now)), np.diff(before.indptr))]
    columns = now[before.indices]
    stay = (rows >= 0) & (columns >= 0)
    return Entries(rows[stay], columns[stay], np.asarray(before.data)[stay])


def _of(entries: Entries, which: npt.NDArray[np.bool_]) -> Entries:
    return Entries(entries.rows[which], entries.columns[which], entries.scores[which])


def _last(entries: Entries, count: int) -> FloatArray:
    """The lowest score of each row's entries, shape (count,)."""
    last = np.full(count, np.inf, np.float32)
    np.minimum.at(last, entries.rows, entries.scores)
    return last


def _nearer(vectors: FloatArray, is_old: npt.NDArray[np.bool_], new: Rows, last: FloatArray) -> Entries:
    """The new products that are more similar to an old one than the last entry of its list."""
    found: list[Entries] = []
    old = np.flatnonzero(is_old)
    for first in range(0, len(new), BLOCK // 2):
        columns = new[first : first + BLOCK // 2]
        arrivals = np.ascontiguousarray(vectors[columns].T)
        for start in range(0, len(old), BLOCK):
            rows = old[start : start + BLOCK]
            scores = np.asarray(vectors[rows]) @ arrivals
            one, other = np.nonzero(scores > last[rows, None])
            found.append(Entries(rows[one], columns[other], scores[one, other]))
    if not found:
        return Entries(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    parts = [(one.rows, one.columns, one.scores) for one in found]
    return Entries(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _graph(parts: list[Entries], count: int, k: int) -> csr_matrix:
    """The best k entries of each row, by descending score, then column."""
    rows = np.concatenate([part.rows for part in parts])
    columns = np.concatenate([part.columns for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    order = np.lexsort((columns, -scores, rows))
    rows, columns, scores = rows[order], columns[order], scores[order]
    starts = np.searchsorted(rows, np.arange(count))
    best = np.arange(len(rows)) - starts[rows] < k
    rows = rows[best]
    pointers = np.append(0, np.cumsum(np.bincount(rows, minlength=count))).astype(np.int64)
    return csr_matrix((scores[best], columns[best].astype(np.int32), pointers), shape=(count, count))
