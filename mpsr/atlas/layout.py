"""Coordinates on the map: UMAP of the neighbour graph the store already has.

UMAP (McInnes, Healy and Melville 2018, arXiv:1802.03426) spends most of its time on finding neighbours; the graph
holds them. It starts from the first two principal components of the vectors: the large shape of the map then
follows the space (Kobak and Linderman 2021, doi:10.1038/s41587-020-00809-z), and nothing depends on an eigensolver
that may give up on a graph of many pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import orthogonal_procrustes
from scipy.sparse import csr_matrix

from mpsr.search.graph import rows_of
from mpsr.types import FloatArray

#: Squared norm below which a vector is missing: a product with neither text nor picture gets no coordinates.
MISSING = 1e-12

#: Rows read at a time; vectors are memory-mapped.
CHUNK = 8192


@dataclass(frozen=True)
class LayoutSettings:
    """What a layout depends on beside the graph and the vectors.

    Attributes:
        neighbours: of each product, itself counted, as UMAP counts them; at most the graph's and one.
        min_dist: how near to each other UMAP puts the nearest.
        epochs: passes over the edges up to ``many`` products, UMAP's own number.
        epochs_many: and above. UMAP would take 200; begun from the principal components half of them are enough: on the
            public catalogue trustworthiness is .987 after 100, .988 after 200, and .976 for umap-learn left alone.
        many: see ``epochs``.
        few: up to this many products the principal components are the map; UMAP needs more.
        seed: of UMAP's random numbers.
        version: changes when the same settings would give another map.
    """

    neighbours: int = 15
    min_dist: float = 0.2
    epochs: int = 500
    epochs_many: int = 100
    many: int = 10_000
    few: int = 50
    seed: int = 0
    version: int = 2


def lay_out(
    graph: csr_matrix,
    vectors: FloatArray,
    settings: LayoutSettings | None = None,
    start: FloatArray | None = None,
) -> FloatArray:
    """Coordinates of every product.

    Args:
        graph: from ``neighbour_graph``, shape (N, N): cosines, as many entries in each row, best first.
        vectors: shape (N, d), the space the graph is of.
        settings: of the layout.
        start: coordinates on an earlier map, shape (N, 2), NaN for products that have none. UMAP begins there, and the
            result is turned to fit them, so that the map keeps its shape. None begins with the principal components.

    Returns:
        Shape (N, 2), float32; the larger extent of the map is from -1 to 1 and its middle at 0. NaN for products
        without a vector. The same input and settings give the same bytes on the same machine.
    """
    settings = settings or LayoutSettings()
    placed = np.flatnonzero(_norms(vectors) > MISSING)
    coordinates = np.full((len(vectors), 2), np.nan, np.float32)
    if len(placed):
        crowd = len(placed) > settings.few
        begun = start is not None and crowd and not np.isnan(start[placed]).all()
        if start is None or not begun:
            first = principal_components(vectors, placed)
            coordinates[placed] = _framed(_umap(graph, placed, first, settings) if crowd else first)
        else:
            earlier = start[placed]
            known = ~np.isnan(earlier[:, 0])
            first = np.where(known[:, None], earlier, earlier[known].mean(0)).astype(np.float64)
            found = _umap(graph, placed, first, settings)
            coordinates[placed] = _framed(_turned(found, earlier, known))
    return coordinates


def _turned(found: FloatArray, earlier: FloatArray, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Turned, perhaps mirrored, so that the known products lie as near to their earlier places as can be.

    The orthogonal Procrustes problem (Schönemann 1966, doi:10.1007/BF02289451).
    """
    centred = found.astype(np.float64) - found[known].mean(0)
    turn, _ = orthogonal_procrustes(centred[known], earlier[known] - earlier[known].mean(0))
    return np.asarray(centred @ turn)


def principal_components(vectors: FloatArray, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The first two principal components of those rows, shape (n, 2); zero where there is no variance left.

    The sign of each is fixed (its largest loading is positive), so that the map is not mirrored at random.
    """
    width = vectors.shape[1]
    total, products = np.zeros(width), np.zeros((width, width))
    for part in _chunks(vectors, rows):
        total += part.sum(0)
        products += part.T @ part
    mean = total / len(rows)
    _, axes = np.linalg.eigh(products / len(rows) - np.outer(mean, mean))
    axes = axes[:, : -min(2, width) - 1 : -1]
    axes = axes * np.sign(np.take_along_axis(axes, np.abs(axes).argmax(0)[None], axis=0))
    found = np.concatenate([(part - mean) @ axes for part in _chunks(vectors, rows)])
    return np.pad(found, ((0, 0), (0, 2 - found.shape[1])))


def _umap(
    graph: csr_matrix, placed: npt.NDArray[np.int64], start: npt.NDArray[np.float64], settings: LayoutSettings
) -> FloatArray:
    """UMAP's two halves, given the neighbours and where to start."""
    import numba
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

    indices, distances = _neighbours(graph, placed, settings.neighbours)
    random = np.random.RandomState(settings.seed)
    extent = max(float(np.abs(start).max()), 1e-9)
    # The noise parts equal vectors; UMAP would otherwise divide by an extent of zero where all are equal.
    start = (10 * start / extent + random.normal(scale=1e-4, size=start.shape)).astype(np.float32)
    threads = numba.get_num_threads()
    numba.set_num_threads(1)  # a sum over several threads would round differently with each number of them
    try:
        fuzzy = fuzzy_simplicial_set(
            start, indices.shape[1], random, "cosine", knn_indices=indices, knn_dists=distances
        )[0]
        epochs = settings.epochs if len(placed) <= settings.many else settings.epochs_many
        a, b = find_ab_params(1.0, settings.min_dist)
        return simplicial_set_embedding(
            None, fuzzy, n_components=2, initial_alpha=1.0, a=a, b=b, gamma=1.0, negative_sample_rate=5,
            n_epochs=epochs, init=start, random_state=random, metric="cosine", metric_kwds={},
            densmap=False, densmap_kwds={}, output_dens=False,
        )[0]  # fmt: skip
    finally:
        numba.set_num_threads(threads)


def _neighbours(
    graph: csr_matrix, placed: npt.NDArray[np.int64], wanted: int
) -> tuple[npt.NDArray[np.int32], FloatArray]:
    """Neighbours and cosine distances as UMAP takes them, each product its own first.

    An entry that points to a product without coordinates points to the product itself instead; UMAP gives such an edge
    no weight.
    """
    count = graph.shape[0]
    longest = int(np.diff(graph.indptr).max(initial=0))
    others, scores = rows_of(graph, placed, min(wanted - 1, longest))
    number = np.full(count, -1, np.int32)
    number[placed] = np.arange(len(placed), dtype=np.int32)
    own = np.arange(len(placed), dtype=np.int32)[:, None]
    found = np.where((others < 0) | (number[others] < 0), own, number[others])
    distances = np.maximum(1 - scores, 0).astype(np.float32)
    return np.hstack([own, found]), np.hstack([np.zeros_like(distances[:, :1]), distances])


def _framed(coordinates: npt.NDArray[np.floating]) -> FloatArray:
    """Moved and scaled, both axes alike, so that the larger extent is [-1, 1]."""
    low, high = coordinates.min(0), coordinates.max(0)
    half = float((high - low).max()) / 2
    return ((coordinates - (low + high) / 2) / (half if half > 0 else 1)).astype(np.float32)


def _norms(vectors: FloatArray) -> FloatArray:
    """Squared norm of each vector."""
    rows = np.arange(len(vectors))
    parts = [np.einsum("nd,nd->n", part, part) for part in _chunks(vectors, rows)]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def _chunks(vectors: FloatArray, rows: npt.NDArray[np.int64]) -> Iterator[FloatArray]:
    """Those rows, some thousand at a time."""
    for start in range(0, len(rows), CHUNK):
        yield np.asarray(vectors[rows[start : start + CHUNK]])
