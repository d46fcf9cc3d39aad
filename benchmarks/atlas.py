"""The map's layout beside umap-learn left to find its own neighbours: ``python -m benchmarks.atlas [STORE]``.

Both lay out the same vectors with the same number of neighbours, minimal distance and seed, in one process on the same
threads; umap-learn gets the full dimension and does what it does by default. Compiling is paid for before by a small
layout of each kind. Seconds are given by the clock and of the processor: on a busy machine only the latter compare.
Trustworthiness (Venna and Kaski 2001) of both is taken on the same sample, against cosine distances. Then the time the
server needs for a click and for a lasso, and how near to its place a product left out is placed.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import mpsr
from mpsr.atlas import Shape
from mpsr.atlas.layout import LayoutSettings, lay_out
from mpsr.atlas.over_representation import over_representation
from mpsr.atlas.placement import place_out_of_sample
from mpsr.search.graph import neighbour_graph
from mpsr.search.index import build_index
from mpsr.service import Service
from mpsr.store.layout import VECTORS
from mpsr.types import FloatArray
from mpsr.ui.map.data import map_data
from mpsr.ui.map.state import MapState
from mpsr.ui.map.view import view

#: Products whose distances are compared; a full trustworthiness needs all pairs.
SAMPLE = 4000
NEIGHBOURS = 15
CLICKS = 30
RESULTS = Path(__file__).with_name("results")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def both_clocks(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Seconds by the clock and of the processor (all threads), and the result."""
    began = time.process_time()
    seconds, result = timed(work)
    return (seconds, time.process_time() - began), result


def left_alone(vectors: FloatArray, settings: LayoutSettings) -> FloatArray:
    """umap-learn on the vectors themselves."""
    import umap

    mapper = umap.UMAP(
        n_neighbors=settings.neighbours, min_dist=settings.min_dist, metric="cosine", random_state=settings.seed,
        n_jobs=1,
    )  # fmt: skip
    return np.asarray(mapper.fit_transform(np.asarray(vectors)), np.float32)


def trust(vectors: FloatArray, coordinates: FloatArray, rows: npt.NDArray[np.int64]) -> float:
    """Trustworthiness of a sample, cosine distances against distances on the map."""
    from sklearn.manifold import trustworthiness

    sample = np.asarray(vectors[rows])
    return float(trustworthiness(sample, coordinates[rows], n_neighbors=NEIGHBOURS, metric="cosine"))


def found_again(
    vectors: FloatArray, coordinates: FloatArray, rows: npt.NDArray[np.int64], k: int = 15
) -> float:
    """Share of the k nearest in the space (of all products) among the k nearest on the map."""
    import faiss
    from sklearn.neighbors import NearestNeighbors

    queries, everything = np.ascontiguousarray(vectors[rows]), np.ascontiguousarray(vectors)
    true = faiss.knn(queries, everything, k + 1, metric=faiss.METRIC_INNER_PRODUCT)[1][:, 1:]
    drawn = NearestNeighbors(n_neighbors=k + 1).fit(coordinates).kneighbors(coordinates[rows])[1][:, 1:]
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(true, drawn, strict=True)]))


def layouts(service: Service) -> dict[str, Any]:
    """Time and trustworthiness of both ways."""
    settings = LayoutSettings()
    vectors, graph = service.artefact(service.atlas.space).array(VECTORS), service.graph
    few = np.ascontiguousarray(vectors[:5000])
    lay_out(neighbour_graph(build_index(few, "exact"), few), few, settings)
    left_alone(few, settings)
    ours, by_graph = both_clocks(lambda: lay_out(graph, vectors, settings))
    theirs, by_itself = both_clocks(lambda: left_alone(vectors, settings))
    rows = np.random.default_rng(0).choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)
    return {
        "products": len(vectors),
        "dimension": int(vectors.shape[1]),
        "graph_seconds": ours[0],
        "umap_seconds": theirs[0],
        "ratio": theirs[0] / ours[0],
        "graph_processor_seconds": ours[1],
        "umap_processor_seconds": theirs[1],
        "processor_ratio": theirs[1] / ours[1],
        "graph_trustworthiness": trust(vectors, by_graph, rows),
        "umap_trustworthiness": trust(vectors, by_itself, rows),
        "graph_neighbours_kept": found_again(vectors, by_graph, rows),
        "umap_neighbours_kept": found_again(vectors, by_itself, rows),
    }


def server_times(service: Service) -> dict[str, float]:
    """Median milliseconds for what the library does at a click and at a lasso around a quarter of the map."""
    data, random = map_data(service), np.random.default_rng(1)
    quarter = Shape(((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)))

    def click(product: str) -> int:
        near = service.similar(product, k=8).neighbours
        return len(view(service, MapState(picked=product), None, [service.row_of(n.id) for n in near], None))

    def lasso() -> int:
        state = MapState(shape=quarter)
        chosen = state.selected(service)
        service.atlas.middle_first(np.flatnonzero(chosen))
        view(service, state, chosen, [], None)
        for column in ("articleType", "baseColour", "gender", "usage"):
            over_representation(data.coded(column), chosen)
        return int(chosen.sum())

    products = [service.ids[row] for row in random.integers(0, len(service), CLICKS)]
    click(products[0]), lasso()
    clicks = [timed(partial(click, product))[0] for product in products]
    lassos = [timed(lasso)[0] for _ in range(CLICKS)]
    return {"click_ms": 1e3 * float(np.median(clicks)), "lasso_ms": 1e3 * float(np.median(lassos))}


def placement(service: Service, count: int = 1000) -> dict[str, float]:
    """How far from its own place a product lands that is placed by its neighbours alone; the map is 2 wide."""
    graph, coordinates = service.graph, service.atlas.coordinates
    rows = np.random.default_rng(2).choice(len(service), min(count, len(service)), replace=False)
    away = []
    for row in rows:
        near = slice(graph.indptr[row], graph.indptr[row] + NEIGHBOURS)
        found = place_out_of_sample(coordinates[graph.indices[near]], graph.data[near])
        if found is not None:
            away.append(float(np.linalg.norm(coordinates[row] - found)))
    return {"placement_median": float(np.median(away)), "placement_90": float(np.quantile(away, 0.9))}


def main() -> None:
    """Print a table and write the figures as JSON."""
    service = mpsr.open(sys.argv[1] if len(sys.argv) > 1 else None)
    figures = layouts(service) | server_times(service) | placement(service)
    figures |= {"machine": platform.processor() or platform.machine(), "cores": os.cpu_count() or 1}
    for name, value in figures.items():
        print(f"| {name} | {value:.4g} |" if isinstance(value, float) else f"| {name} | {value} |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "atlas.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
