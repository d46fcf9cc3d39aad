"""FAISS indexes over unit vectors; inner product is cosine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import faiss
import numpy as np
import numpy.typing as npt

from mpsr.store import save_array
from mpsr.store.layout import LIST_CENTRES, LIST_OF
from mpsr.types import FloatArray

Kind = Literal["exact", "ivf"]
KINDS: tuple[Kind, ...] = ("exact", "ivf")

#: Up to this many numbers (products × dimensions) the exact index is chosen: a scan reads some 11 million of them in a
#: millisecond, so a query takes at most some 12 ms at full recall. The paper's space of the public catalogue is below.
#: Above, IVF answers in a few milliseconds. The curves are in benchmarks/results/bench.json and bench.png.
EXACT_UP_TO = 128_000_000

#: An IVF index sorts N vectors into ``LISTS`` · √N lists, by centres that k-means finds in ``TRAINED`` vectors a list,
#: and searches the lists whose centres are nearest: at least ``PROBED``, and one in ``PROBED_SHARE``. A quarter of them
#: finds all five nearest of a product; the others are for queries that are far from every product. With 64 of 843 lists,
#: recall@5 in the public catalogue's learned space is 1.0000 for products, weighted or mixed, .9960 where only the
#: picture counts and .9613 for random vectors.
LISTS, TRAINED, ROUNDS = 4, 40, 5
PROBED, PROBED_SHARE = 64, 32

#: The lists that are searched hold at least this many times the neighbours asked for.
AROUND = 16

#: A filter that at least this share of the products pass is applied to the results of a search without it, which is
#: faster than testing every product: in a scan, and in lists, most of which are then never searched. That search asks
#: for ``SPARE`` times as many results as would do if the filter's products were spread evenly, and for at least
#: ``WIDE_LIST``, since products that pass a filter are often far from the query (the other gender, say); the time
#: hardly depends on it.
WIDE: dict[Kind, float] = {"exact": 0.25, "ivf": 0.02}
WIDE_LIST, SPARE = 1024, 2

#: FAISS multiplies half-precision rows whose width is a multiple of this with the processor's widest instructions, others
#: one number at a time, which takes eight times as long. So rows are padded with zeros.
WIDTH = 16

#: How far single precision may move a score (a unit vector's inner product with another).
SINGLE_ERROR = 5e-6

#: The same where the vectors are kept in half precision: 11 bits, rounded to the nearest.
HALF_ERROR = 2.0**-11 + SINGLE_ERROR

#: Vectors added at a time; they may be memory-mapped.
PIECE = 16_384

#: Queries whose answers are compared with the exact index to state an index's recall.
RECALL_QUERIES = 500


def choose_kind(count: int, dimension: int) -> Kind:
    """The index kind for that many vectors of that dimension."""
    return "exact" if count * dimension <= EXACT_UP_TO else "ivf"


def build_index(vectors: FloatArray, kind: Kind) -> faiss.Index:
    """An index of that kind over the rows of ``vectors``, shape (N, d), float32, unit norm."""
    return _filled(faiss.IndexFlatIP(vectors.shape[1]) if kind == "exact" else _trained(vectors), vectors)


def _trained(vectors: FloatArray) -> faiss.Index:
    """An empty IVF index that keeps vectors in half precision, its lists found in a sample of them."""
    count = len(vectors)
    lists = max(1, min(int(LISTS * count**0.5), count // TRAINED))
    index = _empty(_width(vectors), lists)
    sample = np.random.default_rng(0).choice(count, min(count, TRAINED * lists), replace=False)
    index.train(as_wide(index, vectors[np.sort(sample)]))
    return index


def _empty(width: int, lists: int) -> faiss.IndexIVF:
    """An untrained IVF index that keeps vectors in half precision."""
    index = faiss.index_factory(width, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = ROUNDS
    index.nprobe = min(lists, max(PROBED, lists // PROBED_SHARE))
    return index


def _filled(index: faiss.Index, vectors: FloatArray) -> faiss.Index:
    for start in range(0, len(vectors), PIECE):
        index.add(as_wide(index, vectors[start : start + PIECE]))
    return index


def as_wide(index: faiss.Index, vectors: FloatArray) -> FloatArray:
    """The vectors padded with zeros to the index's width, which changes no inner product."""
    return np.ascontiguousarray(np.pad(vectors, ((0, 0), (0, index.d - vectors.shape[1]))))


def half_index(vectors: FloatArray) -> faiss.Index:
    """A scan of all vectors in half precision: half the memory and less than half the time of the exact index.

    Its scores are off by at most ``HALF_ERROR``, so candidates that are asked for beyond that and scored again are the
    exact answer.
    """
    half = faiss.ScalarQuantizer.QT_fp16
    return _filled(faiss.IndexScalarQuantizer(_width(vectors), half, faiss.METRIC_INNER_PRODUCT), vectors)


def _width(vectors: FloatArray) -> int:
    return -(-vectors.shape[1] // WIDTH) * WIDTH


def error_of(index: faiss.Index) -> float:
    """How far a score of this index may be from the true one, for vectors and queries of norm 1."""
    return SINGLE_ERROR if isinstance(index, faiss.IndexFlat) else HALF_ERROR


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
        Scores (q, k) float32 and rows (q, k) int64. A filter costs no recall: either the nearest are found first and then
        filtered, or everything that passes is searched.
    """
    queries = as_wide(index, queries)
    if allowed is None:
        return _search(index, queries, k)
    passing = int(allowed.sum())
    kind: Kind = "ivf" if isinstance(index, faiss.IndexIVF) else "exact"
    if passing >= WIDE[kind] * len(allowed):
        wanted = max(k, SPARE * k * index.ntotal // max(passing, 1), WIDE_LIST)
        found = _filtered(*_search(index, queries, min(wanted, index.ntotal)), k, allowed)
        if (found[1] >= 0).all():
            return found
    return _everywhere(index, queries, k, faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))


def _search(index: faiss.Index, queries: FloatArray, k: int) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    if not isinstance(index, faiss.IndexIVF):
        return index.search(queries, k)
    around = min(index.nlist, max(index.nprobe, AROUND * k * index.nlist // index.ntotal))
    scores, rows = index.search(queries, k, params=faiss.SearchParametersIVF(nprobe=around))
    if k <= index.ntotal and (rows < 0).any():  # lists that hold too few
        return _everywhere(index, queries, k)
    return scores, rows


def _everywhere(
    index: faiss.Index, queries: FloatArray, k: int, selector: faiss.IDSelector | None = None
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """A search in all lists."""
    if isinstance(index, faiss.IndexIVF):
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=index.nlist)
    else:
        parameters = faiss.SearchParameters(sel=selector)
    return index.search(queries, k, params=parameters)


def _filtered(
    scores: FloatArray, rows: npt.NDArray[np.int64], k: int, allowed: npt.NDArray[np.bool_]
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """The first k of each row that are allowed, in their order; -1 fills up."""
    out = (rows < 0) | ~allowed[rows]
    order = np.argsort(out, axis=1, kind="stable")[:, :k]
    scores, rows = np.where(out, -np.inf, scores), np.where(out, -1, rows)
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(rows, order, axis=1)


def index_with_centres(vectors: FloatArray, centres: FloatArray) -> faiss.IndexIVF:
    """An IVF index over vectors with the centres of another one."""
    index = _empty(_width(vectors), len(centres))
    index.quantizer.add(np.ascontiguousarray(centres))
    index.train(centres)  # the centres are there, so nothing is sought
    return _filled(index, vectors)


def save_index(index: faiss.IndexIVF, folder: Path) -> None:
    """Write what an IVF index has found beyond the vectors: the centres of its lists, and each vector's list.

    FAISS's own files are not used: its reader trusts them, and a damaged one can end the process.
    """
    centres = faiss.downcast_index(index.quantizer).reconstruct_n(0, index.nlist)
    lists = np.empty(index.ntotal, np.int32)
    for number in range(index.nlist):
        held = index.invlists.list_size(number)
        if held:
            lists[faiss.rev_swig_ptr(index.invlists.get_ids(number), held)] = number
    save_array(folder / LIST_CENTRES, centres)
    save_array(folder / LIST_OF, lists)


def restore_index(vectors: FloatArray, centres: FloatArray, lists: npt.NDArray[np.int32]) -> faiss.IndexIVF:
    """The IVF index that ``save_index`` wrote; it answers exactly as before.

    Args:
        vectors: shape (N, d), float32, those it was built over.
        centres: shape (lists, width).
        lists: shape (N,), each vector's list.

    Raises:
        ValueError: the three do not belong together.
    """
    width = _width(vectors)
    if centres.shape[1:] != (width,) or len(lists) != len(vectors) or not len(centres):
        raise ValueError(
            f"centres of the shape {centres.shape} and {len(lists):,} entries of lists; expected (lists, {width}) and "
            f"{len(vectors):,} entries"
        )
    index = _empty(width, len(centres))
    index.quantizer.add(np.ascontiguousarray(centres))
    index.train(centres)  # the centres are there, so nothing is sought
    for start in range(0, len(vectors), PIECE):
        block = as_wide(index, vectors[start : start + PIECE])
        of_list = np.asarray(lists[start : start + PIECE], np.int64)
        index.add_core(len(block), faiss.swig_ptr(block), None, faiss.swig_ptr(of_list))
    return index


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
    best, reached = (_true_scores(vectors, queries, sample, rows)[:, :k] for rows in (exact, found))
    return float((reached >= best[:, -1:] - 1e-5).mean())


def _true_scores(
    vectors: FloatArray, queries: FloatArray, own: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> FloatArray:
    """Inner products with the vectors at ``rows``, best first; the query itself and gaps come last."""
    scores = inner_products(queries, vectors, rows)
    scores[(rows == own[:, None]) | (rows < 0)] = -np.inf
    return -np.sort(-scores, axis=1)


def inner_products(queries: FloatArray, vectors: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    """Of each query, shape (q, d), with the vectors at its rows, shape (q, k): shape (q, k), float32."""
    return np.einsum("qd,qkd->qk", queries, vectors[rows])
