"""Answers over HTTP, side by side: ``python -m benchmarks.serving [--store S]``.

MPSR's own server, hnswlib and Milvus Lite, each behind FastAPI and uvicorn in a process of its own, over the same
vectors, asked by ``CLIENTS`` connections that send the next request when the last one is answered. Peers that are not
installed are left out. The client takes its share of the processor too, the same for all.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from mpsr.service import Service, open_service
from mpsr.types import Weights

CLIENTS, K = 20, 5

#: What is asked: as it comes, and with weights and a filter.
ASKED = {"similar": "", "weights and a filter": "&weights=text%3D0.7,image%3D0.3&where=gender%3DMen"}

UNEVEN = Weights(0.7, 0.3)

#: Of hnswlib: links of a vector, candidates while building and while asking.
LINKS, BUILD_LIST, SEARCH_LIST = 32, 80, 100

#: Side → the package it needs.
SIDES = {"mpsr": "fastapi", "hnswlib": "hnswlib", "milvus lite": "pymilvus"}

#: One answer of a peer: row, whether it is asked with weights and a filter → rows and scores.
Ask = Callable[[int, bool], list[tuple[int, float]]]


def peer_app(service: Service, ask: Ask) -> Any:
    """A peer behind the same framework: its answer has ids, names and scores."""
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/v1/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/v1/products/{product}/similar")
    def similar(product: str, k: int = K, weights: str = "", where: str = "") -> dict[str, Any]:
        found = ask(service.row_of(product), bool(weights or where))
        items = [
            {"id": service.ids[row], "score": score, "name": service.name(service.ids[row])}
            for row, score in found
        ]
        return {"neighbours": items}

    return app


def hnswlib_ask(service: Service) -> Ask:
    """One thread of hnswlib a request, its filter a function of the label."""
    import hnswlib

    space = service.space()
    vectors = np.asarray(space.vectors)
    index = hnswlib.Index("ip", vectors.shape[1])
    index.init_index(len(vectors), M=LINKS, ef_construction=BUILD_LIST, random_seed=1)
    index.add_items(vectors)
    index.set_ef(SEARCH_LIST)
    index.set_num_threads(1)
    allowed = service.mask({"gender": ["Men"]}).tolist()

    def ask(row: int, filtered: bool) -> list[tuple[int, float]]:
        query, options = vectors[row], {}
        if filtered:
            scaled = space.index_query(query, UNEVEN)
            query = query if scaled is None else scaled
            options = {"filter": lambda label: allowed[label]}
        rows, distances = index.knn_query(query, k=K + 1, **options)
        near = zip(rows[0].tolist(), (1 - distances[0]).tolist(), strict=True)
        return [(other, score) for other, score in near if other != row][:K]

    return ask


def milvus_ask(service: Service) -> Ask:
    """Milvus Lite with the index that it makes by itself."""
    from pymilvus import DataType, MilvusClient

    space = service.space()
    vectors = np.asarray(space.vectors)
    client = MilvusClient(str(Path(tempfile.mkdtemp()) / "milvus.db"))
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    schema.add_field("gender", DataType.VARCHAR, max_length=64)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
    client.create_collection("products", schema=schema, index_params=index)
    genders = service.products["gender"].fillna("").astype(str).tolist()
    for start in range(0, len(vectors), 2000):
        rows = range(start, min(start + 2000, len(vectors)))
        client.insert(
            "products", [{"id": row, "vector": vectors[row], "gender": genders[row]} for row in rows]
        )
    client.load_collection("products")

    def ask(row: int, filtered: bool) -> list[tuple[int, float]]:
        query = vectors[row]
        if filtered:
            scaled = space.index_query(query, UNEVEN)
            query = query if scaled is None else scaled
        told = 'gender == "Men"' if filtered else ""
        found = client.search("products", data=[query], limit=K + 1, filter=told)[0]
        return [(int(one["id"]), float(one["distance"])) for one in found if one["id"] != row][:K]

    return ask


def serve(side: str, store: Path, port: int) -> None:
    """Serve one side until the process is ended."""
    import uvicorn

    service = open_service(store, verify=False)
    if side == "mpsr":
        from mpsr.api.app import create_app

        app = create_app(service)
    else:
        app = peer_app(service, {"hnswlib": hnswlib_ask, "milvus lite": milvus_ask}[side](service))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


@contextmanager
def server(side: str, store: Path) -> Iterator[int]:
    """A side in a process of its own; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "benchmarks.serving",
        "--store",
        str(store),
        "--serve",
        side,
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command)
    try:
        end = time.monotonic() + 300
        while time.monotonic() < end and process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.3)
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def load(port: int, paths: list[str], seconds: float) -> list[float]:
    """Milliseconds of every answer within so many seconds."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def visitor(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        chance = random.Random(number)
        while (begun := time.perf_counter()) < end:
            path = chance.choice(paths)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(f"{path}: {head[:60]!r}")
            await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
            took.append(1000 * (time.perf_counter() - begun))
        writer.close()

    await asyncio.gather(*(visitor(number) for number in range(CLIENTS)))
    return took


def measure(side: str, store: Path, ids: list[str], seconds: float) -> dict[str, dict[str, float]]:
    """Answers a second and percentiles in milliseconds of each kind of request."""
    found = {}
    with server(side, store) as port:
        for what, further in ASKED.items():
            paths = [f"/v1/products/{quote(one, safe='')}/similar?k={K}{further}" for one in ids]
            asyncio.run(load(port, paths, 1.0))
            took = asyncio.run(load(port, paths, seconds))
            found[what] = {
                "a second": len(took) / seconds,
                "p50 ms": float(np.percentile(took, 50)),
                "p95 ms": float(np.percentile(took, 95)),
            }
    return found


def main() -> None:
    """Measure all sides and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="store to ask")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parser.add_argument(
        "--only", nargs="+", choices=list(SIDES), default=list(SIDES), help="some of the sides"
    )
    parser.add_argument("--serve", choices=list(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.serve:
        serve(told.serve, told.store, told.port)
        return
    service = open_service(told.store, verify=False)
    ids = [service.ids[row] for row in np.random.default_rng(0).choice(len(service), 500)]
    results = {
        side: measure(side, told.store, ids, told.seconds)
        for side in told.only
        if importlib.util.find_spec(SIDES[side]) is not None
    }
    print("| | asked | a second | p50 ms | p95 ms |\n|---|---|---|---|---|")
    for side, kinds in results.items():
        for what, one in kinds.items():
            print(f"| {side} | {what} | {one['a second']:,.0f} | {one['p50 ms']:.1f} | {one['p95 ms']:.1f} |")
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main()
