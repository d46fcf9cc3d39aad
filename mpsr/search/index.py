"""FAISS indexes over unit vectors; inner product is cosine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import faiss
import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray

Kind = Literal["exact", "hnsw"]
KINDS: tuple[Kind, ...] = ("exact", "hnsw")

#: Up to this many numbers (products × dimensions) the exact index is chosen: a scan goes through some 11
#: million of them a millisecond, so a question takes at most some 12 ms and nothing is lost; the paper's space
#: of the public catalogue is within. Above, HNSW answers in a few milliseconds. The curves are in
#: benchmarks/results/bench.json and bench.png.
EXACT_UP_TO = 128_000_000

HNSW_LINKS, HNSW_BUILD, HNSW_SEARCH = 32, 80, 640

#: With a filter, an HNSW index is asked for ``HNSW_SPARE`` times as many as should do, were the filter's products spread
#: evenly, at most for ``HNSW_MOST``; beyond, a pass over the filter's products is faster.
HNSW_SPARE, HNSW_MOST = 2, 2048

#: A filter that at least this share of the products pass is applied to the nearest that a scan finds, which is faster
#: than asking it about every product. So many are asked for at least, since what a filter lets through often lies apart
#: from the query (the other gender, say); a scan's time hardly depends on it.
WIDE, WIDE_LIST = 0.25, 1024

#: FAISS multiplies half-precision rows of a multiple of this width with the processor's widest instructions, others one
#: number at a time, which takes eight times as long; narrower rows are filled up with zeros.
WIDTH = 16

#: How far single precision may move a score (a unit vector's inner product with another).
SINGLE_ERROR = 5e-6

#: The same where the vectors are kept in half precision: 11 bits, rounded to the nearest.
HALF_ERROR = 2.0**-11 + SINGLE_ERROR

#: Queries whose answers are compared with the exact index to state an index's recall.
RECALL_QUERIES = 500


def choose_kind(count: int, dimension: int) -> Kind:
    """The index kind for that many vectors of that dimension."""
    return "exact" if count * dimension <= EXACT_UP_TO else "hnsw"


def build_index(vectors: FloatArray, kind: Kind) -> faiss.Index:
    """An index of that kind over the rows of ``vectors``, shape (N, d), float32, unit norm."""
    dimension = vectors.shape[1]
    if kind == "exact":
        index = faiss.IndexFlatIP(dimension)
    else:
        index = faiss.IndexHNSWFlat(dimension, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = HNSW_BUILD
        index.hnsw.efSearch = HNSW_SEARCH
    return _filled(index, vectors)


def _filled(index: faiss.Index, vectors: FloatArray) -> faiss.Index:
    for start in range(0, len(vectors), 16_384):  # vectors may be memory-mapped; add them piece by piece
        index.add(as_wide(index, vectors[start : start + 16_384]))
    return index


def as_wide(index: faiss.Index, rows: FloatArray) -> FloatArray:
    """The rows as wide as the index, filled up with zeros, which change no inner product."""
    return np.ascontiguousarray(np.pad(rows, ((0, 0), (0, index.d - rows.shape[1]))))


def half_index(vectors: FloatArray) -> faiss.Index:
    """A scan of all vectors in half precision: half the memory and less than half the time of the exact index.

    Its scores are off by at most ``HALF_ERROR``, so candidates that are asked for beyond that and scored again are the
    exact answer.
    """
    width = -(-vectors.shape[1] // WIDTH) * WIDTH
    index = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return _filled(index, vectors)


def error_of(index: faiss.Index) -> float:
    """How far a score of this index may be from the true one, for vectors and queries of norm 1."""
    return HALF_ERROR if isinstance(index, faiss.IndexScalarQuantizer) else SINGLE_ERROR


def can_filter(index: faiss.Index, k: int, allowed: int) -> bool:
    """Whether the index should be asked for the k best of ``allowed`` products, or they should be passed over."""
    return not isinstance(index, faiss.IndexHNSW) or _enough(index, k, allowed) <= HNSW_MOST


def _enough(index: faiss.Index, k: int, allowed: int) -> int:
    """How many of the nearest hold k that are allowed, with some to spare, were those spread evenly."""
    return min(index.ntotal, -(-HNSW_SPARE * k * index.ntotal // max(allowed, 1)))


def search_index(
    index: faiss.Index, queries: FloatArray, k: int, allowed: npt.NDArray[np.bool_] | None = None
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """The k best of each query by descending inner product.

    Args:
        index: from ``build_index``.
        queries: shape (q, d), float32.
        k: how many; -1 fills up where there are fewer.
        allowed: shape (N,), bool; only these may come back.

    Returns:
        Scores (q, k) float32 and positions (q, k) int64. What an HNSW index returns under a filter is as sure as what it
        returns without: the nearest are found first and then filtered. Where too few of them pass, fewer come back.
    """
    queries = as_wide(index, queries)
    graph = isinstance(index, faiss.IndexHNSW)
    if allowed is None:
        return _search(index, queries, k)
    if graph or allowed.sum() >= WIDE * len(allowed):
        wanted = max(k, _enough(index, k, int(allowed.sum())), 0 if graph else min(WIDE_LIST, index.ntotal))
        found = _filtered(*_search(index, queries, wanted), k, allowed)
        if graph or (found[1] >= 0).all():
            return found
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
    scores, positions = index.search(queries, k, params=faiss.SearchParameters(sel=selector))
    return scores, positions


def _search(index: faiss.Index, queries: FloatArray, k: int) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    parameters = None
    if isinstance(index, faiss.IndexHNSW):
        parameters = faiss.SearchParametersHNSW(efSearch=max(HNSW_SEARCH, 2 * k))
    scores, positions = index.search(queries, k, params=parameters)
    return scores, positions


def _filtered(
    scores: FloatArray, positions: npt.NDArray[np.int64], k: int, allowed: npt.NDArray[np.bool_]
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """The first k of each row that are allowed, in their order; -1 fills up."""
    out = (positions < 0) | ~allowed[positions]
    order = np.argsort(out, axis=1, kind="stable")[:, :k]
    scores, positions = np.where(out, -np.inf, scores), np.where(out, -1, positions)
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(positions, order, axis=1)


def write_index(index: faiss.Index, path: Path) -> None:
    """Write an index; it is a cache and can be rebuilt from the vectors."""
    faiss.write_index(index, str(path))


def read_index(path: Path) -> faiss.Index:
    """Read an index whose file was checked against its manifest before."""
    return faiss.read_index(str(path))


def recall_at(index: faiss.Index, vectors: FloatArray, k: int, seed: int = 0) -> float:
    """recall@k against exact search for a sample of the vectors themselves, each left out of its own answer.

    A neighbour counts as found when its true score reaches the k-th best true score, so equal scores are no misses.
    """
    count = len(vectors)
    k = min(k, count - 1)
    if k < 1:
        return 1.0
    sample = np.sort(np.random.default_rng(seed).choice(count, min(RECALL_QUERIES, count), replace=False))
    queries = np.ascontiguousarray(vectors[sample])
    _, exact = faiss.knn(queries, np.ascontiguousarray(vectors), k + 1, metric=faiss.METRIC_INNER_PRODUCT)
    _, found = search_index(index, queries, k + 1)
    best, reached = (_true_scores(vectors, queries, sample, positions)[:, :k] for positions in (exact, found))
    return float((reached >= best[:, -1:] - 1e-5).mean())


def _true_scores(
    vectors: FloatArray, queries: FloatArray, own: npt.NDArray[np.int64], positions: npt.NDArray[np.int64]
) -> FloatArray:
    """Inner products with the vectors at ``positions``, best first; the query itself and gaps come last."""
    scores = np.einsum("qd,qkd->qk", queries, vectors[positions])
    scores[(positions == own[:, None]) | (positions < 0)] = -np.inf
    return -np.sort(-scores, axis=1)
