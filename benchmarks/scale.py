"""Engines side by side in one run: ``python -m benchmarks.scale [--store S] [--count N]``.

FAISS in the process and Milvus Lite as MPSR asks them (candidates, then exact scores), and as references qdrant-client in
its local mode and hnswlib, which only search. All have the same synthetic vectors, drawn with the spectrum of the store's
default space, and answer the same queries: five nearest, of all products or of the tenth that passes a filter. Each side
runs in a process of its own; its clients are threads there that ask the next query when the last one is answered.
Sides whose package is not installed are left out.

Where other programs use the machine, only a comparison of the sides means something, and that roughly.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

from benchmarks.machine import machine
from benchmarks.vectors import synthetic
from mpsr.types import FloatArray, Weights

K, CLIENTS = 5, (1, 4, 16)

#: Queries a measurement; and the share of products that pass the filter.
QUERIES, SHARE = 96, 0.1

#: Of hnswlib: links of a vector, candidates while building and while asking.
LINKS, BUILD_LIST, SEARCH_LIST = 32, 80, 100

#: Records a request, where a side is filled by requests.
BATCH = 1000

RESULTS = Path(__file__).parent / "results" / "scale.json"

#: A query's rows in the table of vectors, and whether the filter holds → rows of the five nearest.
Ask = Callable[[FloatArray, bool], Sequence[int]]


def catalogue(vectors: FloatArray, passing: npt.NDArray[np.bool_], folder: Path, indexed: bool) -> Any:
    """What an engine sees of a store of these products."""
    import pandas as pd

    from mpsr.search.index import half_index
    from mpsr.space.paper import PaperSpace

    ids, split = [str(row) for row in range(len(vectors))], vectors.shape[1] // 2
    norms = np.stack(
        [np.linalg.norm(side, axis=1) for side in (vectors[:, :split], vectors[:, split:])], axis=1
    )
    index = half_index(vectors) if indexed else None
    return SimpleNamespace(
        root=folder / "scale",
        ids=ids,
        rows={one: row for row, one in enumerate(ids)},
        products=pd.DataFrame({"id": ids, "passes": np.where(passing, "yes", "no")}),
        snapshot=SimpleNamespace(fingerprint="0" * 64),
        spaces={"paper": PaperSpace("paper", vectors, split, index, norms.astype(np.float32), dict, {})},
    )


def asked_by_mpsr(store: Any, passing: npt.NDArray[np.bool_], address: str | None) -> Ask:
    """MPSR's ranking over an engine."""
    from mpsr.engines import open_engine
    from mpsr.search.filters import Filters
    from mpsr.search.ranking import rank

    space, engine = store.spaces["paper"], open_engine(address, store, Filters(store.products))

    def ask(query: FloatArray, filtered: bool) -> Sequence[int]:
        where: dict[str, list[str]] = {"passes": ["yes"]} if filtered else {}
        nearest = engine.nearest(space, where, ())
        return rank(space, query, K, Weights(), passing if filtered else None, nearest=nearest).rows.tolist()

    return ask


def faiss(vectors: FloatArray, passing: npt.NDArray[np.bool_], folder: Path) -> Ask:
    """MPSR with FAISS in the process."""
    return asked_by_mpsr(catalogue(vectors, passing, folder, True), passing, None)


def milvus_lite(vectors: FloatArray, passing: npt.NDArray[np.bool_], folder: Path) -> Ask:
    """MPSR with Milvus Lite."""
    from mpsr.engines.publish import publish

    store, address = catalogue(vectors, passing, folder, False), str(folder / "scale.db")
    publish(store, address)
    return asked_by_mpsr(store, passing, address)


def qdrant(vectors: FloatArray, passing: npt.NDArray[np.bool_], folder: Path) -> Ask:
    """qdrant-client in its local mode."""
    import warnings

    from qdrant_client import QdrantClient, models

    warnings.filterwarnings("ignore", module="qdrant_client")
    client = QdrantClient(":memory:")
    wanted = models.VectorParams(size=vectors.shape[1], distance=models.Distance.DOT)
    client.create_collection("scale", vectors_config=wanted)
    for at in range(0, len(vectors), BATCH):
        rows = list(range(at, min(at + BATCH, len(vectors))))
        payloads = [{"passes": bool(passing[row])} for row in rows]
        client.upsert("scale", models.Batch(ids=rows, vectors=vectors[rows].tolist(), payloads=payloads))
    holds = models.Filter(must=[models.FieldCondition(key="passes", match=models.MatchValue(value=True))])

    def ask(query: FloatArray, filtered: bool) -> Sequence[int]:
        found = client.query_points(
            "scale", query.tolist(), query_filter=holds if filtered else None, limit=K
        )
        return [int(point.id) for point in found.points]

    return ask


def hnswlib(vectors: FloatArray, passing: npt.NDArray[np.bool_], folder: Path) -> Ask:
    """hnswlib, an approximate index without columns; its filter is a function in Python."""
    import hnswlib as library

    index = library.Index("ip", vectors.shape[1])
    index.init_index(len(vectors), M=LINKS, ef_construction=BUILD_LIST)
    index.add_items(vectors)
    index.set_ef(SEARCH_LIST)
    index.set_num_threads(1)  # with a filter in Python it takes no more

    def ask(query: FloatArray, filtered: bool) -> Sequence[int]:
        chosen = (lambda row: bool(passing[row])) if filtered else None
        return index.knn_query(query, K, filter=chosen)[0][0].tolist()

    return ask


#: Side → its package, and how it is filled.
SIDES: dict[str, tuple[str, Callable[[FloatArray, npt.NDArray[np.bool_], Path], Ask]]] = {
    "MPSR, FAISS in process": ("faiss", faiss),
    "MPSR, Milvus Lite": ("milvus_lite", milvus_lite),
    "qdrant-client, local": ("qdrant_client", qdrant),
    "hnswlib": ("hnswlib", hnswlib),
}


def waits(ask: Ask, queries: FloatArray, filtered: bool, clients: int) -> tuple[float, list[float]]:
    """Answers a second of so many clients, and the seconds that each answer took."""
    taken: list[float] = []
    waiting = iter(queries)
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                query = next(waiting, None)
            if query is None:
                return
            began = time.perf_counter()
            ask(query, filtered)
            taken.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(queries) / (time.perf_counter() - began), taken


def measured(name: str, at: str) -> list[dict[str, Any]]:
    """A side's rows of the table; runs in a process of its own."""
    with np.load(at, allow_pickle=False) as given:
        vectors, queries, passing, exact = (given[key] for key in ("vectors", "queries", "passing", "exact"))
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        ask = SIDES[name][1](vectors, passing, Path(folder))
        seconds = time.perf_counter() - began
        ask(queries[0], False)
        held = psutil.Process().memory_info().rss - before
        return [
            _row(name, ask, queries, exact[int(filtered)], filtered, seconds, held)
            for filtered in (False, True)
        ]


def _row(
    name: str,
    ask: Ask,
    queries: FloatArray,
    exact: npt.NDArray[np.int64],
    filtered: bool,
    seconds: float,
    held: int,
) -> dict[str, Any]:
    hit = sum(
        len({*ask(query, filtered)} & {*best.tolist()}) for query, best in zip(queries, exact, strict=True)
    )
    row: dict[str, Any] = {"side": name, "filter": filtered, "fill_s": seconds, "memory_mb": held / 1e6}
    row["recall@5"] = hit / exact.size
    for clients in CLIENTS:
        rate, taken = waits(ask, queries, filtered, clients)
        row[f"per_second_{clients}"] = rate
        if clients == 1:
            row["p50_ms"], row["p95_ms"] = (float(q) * 1e3 for q in np.quantile(taken, (0.5, 0.95)))
    return row


def prepared(store: str, count: int, queries: int, at: Path) -> int:
    """Draw vectors, queries and what passes, with the exact answers, into a file; the vectors' dimension."""
    drawn = synthetic(store)
    vectors, asked = drawn.draw(count), drawn.draw(queries, seed=1)
    passing = np.random.default_rng(2).random(count) < SHARE
    scores = asked @ vectors.T
    exact = [
        np.argsort(-np.where(allowed, scores, -np.inf), axis=1)[:, :K] for allowed in (np.True_, passing)
    ]
    np.savez(at, vectors=vectors, queries=asked, passing=passing, exact=np.stack(exact))
    return drawn.dimension


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    head = (
        "| side | products | recall@5 | p50 ms | p95 ms | q/s, 1 | 4 | 16 clients | filled in s | memory MB |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        figures = (f"{row[f'per_second_{clients}']:,.0f}" for clients in CLIENTS)
        lines.append(
            f"| {row['side']} | {'filter' if row['filter'] else 'all'} | {row['recall@5']:.4f} | {row['p50_ms']:.1f} | "
            f"{row['p95_ms']:.1f} | {' | '.join(figures)} | {row['fill_s']:.0f} | {row['memory_mb']:,.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure every side that is installed, and write and print the table."""
    from mpsr.store import newest_store

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", default=None, help="whose spectrum; default: the newest")
    parser.add_argument("--count", type=int, default=44_446, help="products")
    parser.add_argument("--queries", type=int, default=QUERIES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "vectors.npz"
        dimension = prepared(asked.store or str(newest_store()), asked.count, asked.queries, at)
        rows: list[dict[str, Any]] = []
        for name, (package, _) in SIDES.items():
            if importlib.util.find_spec(package) is None:
                sys.stderr.write(f"{name}: left out, {package} is not installed\n")
                continue
            with multiprocessing.get_context("spawn").Pool(1) as own:
                rows += own.apply(measured, (name, str(at)))
    document = {"machine": machine(), "products": asked.count, "dimension": dimension, "rows": rows}
    RESULTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
