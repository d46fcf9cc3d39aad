"""The neighbour graph: every product's nearest others as a sparse similarity matrix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mpsr.search.index import inner_products, search_index
from mpsr.store import Artefact, save_array
from mpsr.store.layout import GRAPH
from mpsr.types import FloatArray

#: Neighbours kept for each product.
GRAPH_NEIGHBOURS = 20
BATCH = 512

Rows = npt.NDArray[np.int64]


def neighbour_graph(
    index: faiss.Index,
    vectors: FloatArray,
    k: int = GRAPH_NEIGHBOURS,
    progress: Callable[[int, int], None] | None = None,
) -> csr_matrix:
    """The top-k others of every product.

    Args:
        index: over ``vectors``.
        vectors: shape (N, d), float32, unit norm.
        k: neighbours a product, fewer when the catalogue is smaller.
        progress: called with (products done, products in all).

    Returns:
        Shape (N, N), float32 cosines, k entries a row by descending cosine then position, the product itself left
        out. A product whose vector is zero has entries too, with cosine 0.
    """
    count = len(vectors)
    k = min(k, count - 1)
    scores, columns = nearest_others(index, vectors, np.arange(count), k, progress)
    pointers = np.arange(count + 1, dtype=np.int64) * k
    return csr_matrix((scores.ravel(), columns.ravel(), pointers), shape=(count, count))


def nearest_others(
    index: faiss.Index,
    vectors: FloatArray,
    rows: Rows,
    k: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """The scores and rows of the k nearest others of each of ``rows``, shape (n, k) both; see ``neighbour_graph``."""
    scores, columns = np.empty((len(rows), k), np.float32), np.empty((len(rows), k), np.int32)
    for start in range(0, len(rows) if k else 0, BATCH):
        own = rows[start : start + BATCH, None]
        part = slice(start, start + len(own))
        queries = np.ascontiguousarray(vectors[own[:, 0]])
        _, found = search_index(index, queries, k + 1)
        found_scores = inner_products(queries, vectors, found)  # the index may have them in half precision
        # Where duplicates push a product out of its own list, its last neighbour goes instead.
        key = np.where(found == own, -np.inf, found_scores)
        order = np.lexsort((found, -key), axis=1)[:, :k]
        scores[part] = np.take_along_axis(found_scores, order, axis=1)
        columns[part] = np.take_along_axis(found, order, axis=1)
        if progress:
            progress(min(start + BATCH, len(rows)), len(rows))
    return scores, columns


def save_graph(folder: Path, graph: csr_matrix) -> None:
    """Write the graph's three arrays into ``folder``."""
    for part, file in GRAPH.items():
        save_array(folder / file, getattr(graph, part))


def read_graph(artefact: Artefact) -> csr_matrix:
    """The graph of an artefact that ``save_graph`` filled, memory-mapped."""
    data, indices, pointers = (artefact.array(file) for file in GRAPH.values())
    count = len(pointers) - 1
    return csr_matrix((data, indices, pointers), shape=(count, count), copy=False)


def rows_of(graph: csr_matrix, rows: Rows, k: int) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """The first k entries of these rows: columns, -1 where a row has fewer, and scores, 0 there; shape (n, k) both."""
    at = graph.indptr[rows, None] + np.arange(k)
    there = at < graph.indptr[rows + 1][:, None]
    at = np.where(there, at, 0)
    if not graph.nnz:
        return np.full(at.shape, -1, np.int64), np.zeros(at.shape, np.float32)
    columns = np.where(there, graph.indices[at], -1).astype(np.int64)
    return columns, np.where(there, graph.data[at], np.float32(0))
