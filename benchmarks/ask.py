"""Asking: index kinds over sizes, peers, filters and weights; from these curves the rule in ``mpsr.search.index``.

Vectors are synthetic, with the spectrum of a store's own. Recall@5 is against float64 truth among the same vectors:
a neighbour counts when its true score reaches the fifth best.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks.figures import OURS, Figure, Measured, Scale, is_there, p50
from benchmarks.vectors import Synthetic, synthetic
from mpsr.search import index as rule
from mpsr.search.ranking import rank
from mpsr.space.learned import LearnedSpace
from mpsr.space.space import Scores, Space
from mpsr.types import FloatArray, Weights

K = 5
Side = TypeVar("Side")
Ask = Callable[[FloatArray], npt.NDArray[np.int64]]

#: Filters: the share of products that pass.
SHARES = (0.5, 0.1, 0.01)

#: Words count more than the picture, so that the query's blocks are scaled.
UNEVEN = Weights(0.7, 0.3)

#: Answers under a filter whose recall is counted.
CHECKED = 20

#: From this size on some sides are left out, whose indexes would take many minutes more to build.
LARGE, LEFT_OUT = 500_000, ("HNSW", "usearch")

#: Of every HNSW, FAISS's, hnswlib's and usearch's: links of a vector, candidates while building and while asking.
LINKS, BUILD_LIST, SEARCH_LIST = 32, 80, 640

#: Slow peers are asked this many questions.
FEW = 8


@dataclass(frozen=True)
class Made:
    """An index: how to ask it one query, shape (d,), for K positions, and what it cost."""

    ask: Ask
    seconds: float
    megabytes: float


def measure(scale: Scale) -> Measured:
    """All kinds on all sizes; peers on the catalogue's size and on the largest."""
    source, found = synthetic(str(scale.store)), Measured()
    curves: list[dict[str, Any]] = []
    queries = source.draw(scale.queries, seed=1)
    for size in scale.sizes:
        vectors = source.draw(size)
        with_peers = size in (scale.sizes[-1], scale.sizes[min(1, len(scale.sizes) - 1)])
        points, space = _of_faiss(vectors, queries, source.split)
        lines = _filtered(space, queries) if with_peers else []
        del space
        for name, make in _few_enough(peers(), size).items() if with_peers else ():
            points[name] = _point(name, make(vectors), vectors, queries)
            gc.collect()
        if with_peers:
            _compare(found, size, source, points)
            found.figures += lines
        curves += [{"size": size, "kind": name, **point} for name, point in points.items()]
        del vectors
        gc.collect()
    kinds = {size: rule.choose_kind(size, source.dimension) for size in scale.sizes}
    found.details = {"curves": curves, "dimension": source.dimension, "rule": kinds}
    return found


def _of_faiss(
    vectors: FloatArray, queries: FloatArray, split: int
) -> tuple[dict[str, dict[str, float]], Space]:
    """Every FAISS kind, and ours: the one of them that the rule takes, asked as the service asks (exact scores)."""
    points = {}
    chosen = CHOICE[rule.choose_kind(*vectors.shape)]
    for name, build in _few_enough(KINDS, len(vectors)).items():
        began = time.perf_counter()
        index = build(vectors)
        seconds, size = time.perf_counter() - began, _bytes(index) / 1e6
        points[name] = _point(name, Made(partial(_plainly, index), seconds, size), vectors, queries)
        if name == chosen:
            space = _space(vectors, split, index)
            made = Made(partial(_positions, space), seconds, size)
            points[OURS] = _point(OURS, made, vectors, queries) | {"disk MB": _on_disk(index)}
        del index
        gc.collect()
    return points, space


def _space(vectors: FloatArray, split: int, index: faiss.Index) -> LearnedSpace:
    """A learned space of synthetic vectors, into which nothing new is encoded."""

    def no_towers() -> NoReturn:
        raise NotImplementedError("synthetic vectors have no towers")

    return LearnedSpace("learned", vectors, split, index, no_towers, np.ones(split, np.float32))


def _few_enough(sides: dict[str, Side], size: int) -> dict[str, Side]:
    """Those that can be built in time."""
    return {name: side for name, side in sides.items() if size < LARGE or name not in LEFT_OUT}


def _positions(space: Space, query: FloatArray) -> npt.NDArray[np.int64]:
    return rank(space, query, K, Weights()).rows


def _plainly(index: faiss.Index, query: FloatArray) -> npt.NDArray[np.int64]:
    return index.search(rule.as_wide(index, query[None]), K)[1][0]


def truth(vectors: FloatArray, queries: FloatArray) -> npt.NDArray[np.float64]:
    """The fifth best score of each query."""
    scores, _ = faiss.knn(queries, vectors, K, metric=faiss.METRIC_INNER_PRODUCT)
    return scores[:, -1].astype(np.float64)


def _point(name: str, made: Made, vectors: FloatArray, queries: FloatArray) -> dict[str, float]:
    asked = queries[:FEW] if name == "sklearn brute force" else queries
    milliseconds, answers = p50(made.ask, list(asked))
    hits = [
        (vectors[found].astype(np.float64) @ query >= fifth - 2e-6).mean()
        for found, query, fifth in zip(answers, asked.astype(np.float64), truth(vectors, asked), strict=True)
    ]
    return {
        "p50 ms": milliseconds,
        "recall@5": float(np.mean(hits)),
        "build s": made.seconds,
        "memory MB": made.megabytes,
    }


# -- kinds ------------------------------------------------------------------------------------------------


def _bytes(index: faiss.Index) -> int:
    """What an index of that kind holds, without writing it: its codes and its links."""
    if isinstance(index, faiss.IndexHNSW):
        return _bytes(faiss.downcast_index(index.storage)) + 4 * index.hnsw.neighbors.size()
    if isinstance(index, faiss.IndexIVF):
        return int(index.ntotal * (index.code_size + 8) + index.nlist * index.d * 4)
    return int(index.ntotal * index.code_size)


def _on_disk(index: faiss.Index) -> float:
    """MB of its files beside the vectors; an exact index has none, it is made when a store is opened."""
    if not isinstance(index, faiss.IndexIVF):
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        rule.save_index(index, Path(folder))
        return sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6


def _hnsw(vectors: FloatArray) -> faiss.Index:
    width = -(-vectors.shape[1] // rule.WIDTH) * rule.WIDTH
    index = faiss.IndexHNSWFlat(width, LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = BUILD_LIST, SEARCH_LIST
    for start in range(0, len(vectors), 16_384):
        index.add(rule.as_wide(index, vectors[start : start + 16_384]))
    return index


def _hnswlib(vectors: FloatArray) -> Made:
    import hnswlib

    began = time.perf_counter()
    index = hnswlib.Index("ip", vectors.shape[1])
    index.init_index(len(vectors), M=LINKS, ef_construction=BUILD_LIST)
    index.add_items(vectors)
    index.set_ef(SEARCH_LIST)
    seconds = time.perf_counter() - began
    size = len(vectors) * (vectors.nbytes // len(vectors) + 8 * LINKS + 12)
    return Made(lambda query: index.knn_query(query, K)[0][0].astype(np.int64), seconds, size / 1e6)


def _usearch(vectors: FloatArray) -> Made:
    from usearch.index import Index

    began = time.perf_counter()
    index = Index(
        ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=LINKS,
        expansion_add=BUILD_LIST, expansion_search=SEARCH_LIST,
    )  # fmt: skip
    index.add(np.arange(len(vectors)), vectors)
    seconds = time.perf_counter() - began
    return Made(
        lambda query: np.asarray(index.search(query, K).keys, np.int64), seconds, index.memory_usage / 1e6
    )


def _sklearn(vectors: FloatArray) -> Made:
    from sklearn.neighbors import NearestNeighbors

    began = time.perf_counter()
    model = NearestNeighbors(n_neighbors=K, metric="cosine", algorithm="brute").fit(vectors)
    seconds = time.perf_counter() - began
    return Made(lambda query: model.kneighbors(query[None])[1][0], seconds, vectors.nbytes / 1e6)


KINDS: dict[str, Callable[[FloatArray], faiss.Index]] = {
    "flat, float32": lambda vectors: rule.build_index(vectors, "exact"),
    "flat, half": rule.half_index,
    "HNSW": _hnsw,
    "IVF, half": lambda vectors: rule.build_index(vectors, "ivf"),
}

#: What a service asks for each kind that the rule knows.
CHOICE = {"exact": "flat, half", "ivf": "IVF, half"}
PEERS: dict[str, tuple[str, Callable[[FloatArray], Made]]] = {
    "sklearn brute force": ("sklearn", _sklearn),
    "hnswlib": ("hnswlib", _hnswlib),
    "usearch": ("usearch", _usearch),
}


def peers() -> dict[str, Callable[[FloatArray], Made]]:
    """Those that are installed."""
    return {name: make for name, (package, make) in PEERS.items() if is_there(package)}


# -- lines of the table -----------------------------------------------------------------------------------


def _compare(found: Measured, size: int, source: Synthetic, points: dict[str, dict[str, float]]) -> None:
    """Our choice beside the peers; what the other kinds do is in the curves."""
    sides = {name: points[name] for name in (OURS, *_few_enough(peers(), size))}
    kind = rule.choose_kind(size, source.dimension)
    recall = ", ".join(f"{name} {point['recall@5']:.4f}" for name, point in sides.items())
    found.add(
        "ask", f"any vector, {size:,} × {source.dimension}, p50 ms",
        {name: point["p50 ms"] for name, point in sides.items()}, "less", "sklearn brute force",
        f"{kind}, recall@5 {points[OURS]['recall@5']:.4f}",
    )  # fmt: skip
    found.add(
        "ask", f"that index: memory, MB ({size:,})",
        {name: point["memory MB"] for name, point in sides.items()}, "less", "sklearn brute force",
        f"on disk {points[OURS]['disk MB']:,.0f} MB beside the vectors; recall@5: {recall}",
    )  # fmt: skip


def _uneven(space: Space, allowed: npt.NDArray[np.bool_], query: FloatArray) -> Scores:
    return rank(space, query, K, UNEVEN, allowed)


def _filtered(space: Space, queries: FloatArray) -> list[Figure]:
    """Filters and uneven weights together, as the service asks; recall against a scan of all."""
    size, chance, lines = len(space.vectors), np.random.default_rng(2), []
    for share in SHARES:
        allowed = chance.random(size) < share
        allowed[:K] = True
        milliseconds, answers = p50(partial(_uneven, space, allowed), list(queries))
        hits = []
        for ranked, query in zip(answers[:CHECKED], queries, strict=False):
            fifth = np.partition(space.scan(query, UNEVEN, np.flatnonzero(allowed)), -K)[-K]
            hits.append((ranked.total >= fifth - 1e-5).mean())
        what = f"the same, uneven weights, a filter that {share:.0%} pass, p50 ms ({size:,})"
        lines.append(Figure("ask", what, {OURS: milliseconds}, note=f"recall@5 {np.mean(hits):.4f}"))
    return lines
