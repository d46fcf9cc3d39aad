"""A shop's days: a store is copied and brought up to date day after day, each day a process of its own.

A day of the whole public catalogue has 500 new products, 300 removed, 500 renamed and 1,500 with another season; of a
smaller store as many in proportion. New products are mirrored pictures of old ones under new names, so that all of them
are encoded. A day on which the drift passes a gate fits a new generation; it is told apart from the others.

    python -m benchmarks.days [--store STORE] [--days N]
    python -m benchmarks.days --vectors 1000000       # the graph's part of a day among so many synthetic vectors
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageOps

from benchmarks.figures import OURS, Measured, Scale
from mpsr.catalogue.types import COLUMNS, ID, NAME
from mpsr.service import Service, open_service
from mpsr.store import known_stores

#: A day's share of the catalogue, and the catalogue it is a share of.
NEW, GONE, RENAMED, RESEASONED, WHOLE = 500, 300, 500, 1500, 44_446


def measure(scale: Scale) -> Measured:
    """The days of the store; of the graph's part only tiny sizes, larger ones have a command of their own."""
    found = Measured()
    days = list(run(scale.store, 2 if scale.small else 10))
    kept = [day for day in days if not day["refitted"]]
    found.details = {"days": days, "graph": graph_of(600)}
    if kept:
        values = {
            OURS: kept[0]["seconds"],
            "slowest later day": max(day["seconds"] for day in kept[1:] or kept),
        }
        found.add("update", "the first day's update, seconds", values)
        peak = max(day["peak MB"] for day in kept)
        found.add("update", "peak memory of a day's update, MB", {OURS: peak}, note="mapped files counted")
    return found


def run(store: Path, days: int) -> Iterator[dict[str, Any]]:
    """Bring a copy of the store up to date, day after day; what each day took."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(store, Path(folder) / "store"))
        for number in range(1, days + 1):
            table, gone = write_day(Service(copy, verify=False), Path(folder) / f"day{number}", number)
            yield {"day": number, **updated(copy, table, gone)}


def write_day(service: Service, folder: Path, day: int) -> tuple[Path, Path]:
    """A table of changes with its pictures, and a file of ids to remove."""
    chance, products = np.random.default_rng(day), service.products[list(COLUMNS)].astype("object")
    share = len(products) / WHOLE
    sizes = [max(round(size * share), 1) for size in (NEW, RENAMED, RESEASONED, GONE)]
    picked = np.split(chance.permutation(len(products))[: sum(sizes)], np.cumsum(sizes)[:-1])
    new, renamed, reseasoned, gone = (products.iloc[rows].copy() for rows in picked)
    (folder / "images").mkdir(parents=True)
    for number, product in enumerate(new[ID].tolist()):
        if data := service.picture(product):
            out = io.BytesIO()
            ImageOps.mirror(Image.open(io.BytesIO(data))).save(out, "JPEG", quality=90)
            (folder / "images" / f"{day}{number:06}.jpg").write_bytes(out.getvalue())
    new[ID] = [f"{day}{number:06}" for number in range(len(new))]
    for changed in (new, renamed):
        changed[NAME] = changed[NAME].fillna("Product") + f" Edition {day}"
    reseasoned["season"] = np.where(reseasoned["season"] == "Winter", "Summer", "Winter")
    table = pd.concat([new, renamed, reseasoned])
    table["year"] = table["year"].map(lambda year: "" if pd.isna(year) else str(int(year)))
    table.to_csv(folder / "styles.csv", index=False)
    (folder / "gone.txt").write_text("\n".join(gone[ID]) + "\n")
    return folder, folder / "gone.txt"


def updated(store: Path, source: Path, gone: Path) -> dict[str, Any]:
    """Seconds, peak memory and what was encoded of one ``mpsr update``."""
    command = [sys.executable, "-m", "mpsr", "update", source, "--remove", gone, "--store", store, "--json"]
    began = time.perf_counter()
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.read() if child.stdout else ""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"mpsr update ended with {child.returncode}; its message is above")
    facts = json.loads(said)
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "processor seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak MB": round(used.ru_maxrss / 1024),
        "encoded": {stage: model["encoded"] for stage, model in facts["models"].items()},
        "products": facts["catalogue"]["rows_kept"],
        "refitted": facts["drift"] is None,
        "fitted because": facts["generation"]["fitted_because"],
    }


def graph_of(count: int, dimension: int = 512) -> dict[str, float]:
    """The graph of ``count`` synthetic vectors, and of the same with a day's new, changed and removed ones.

    No more is held than the vectors of both days and the graph of the first.
    """
    from mpsr.search.graph import neighbour_graph
    from mpsr.search.graph_update import updated_graph
    from mpsr.search.index import build_index, choose_kind, index_with_centres

    share = count / WHOLE
    new, moved, gone = (max(round(size * share), 1) for size in (NEW, RENAMED, GONE))
    chance = np.random.default_rng(0)
    vectors = _clustered(count, dimension, chance)
    began, worked = time.perf_counter(), time.process_time()
    kind = choose_kind(count, dimension)
    index = build_index(vectors, kind)
    before = neighbour_graph(index, vectors)
    whole, whole_worked = time.perf_counter() - began, time.process_time() - worked
    now = np.concatenate([np.full(gone + moved, -1), np.arange(count - gone - moved)])
    later = np.concatenate([vectors[gone + moved :], _clustered(new + moved, dimension, chance)])
    del vectors
    began, worked = time.perf_counter(), time.process_time()
    if kind == "exact":
        index = build_index(later, kind)
    else:
        index = index_with_centres(later, np.asarray(index.quantizer.reconstruct_n(0, index.nlist)))
    updated_graph(before, now, index, later)
    return {
        "vectors": count,
        "dimension": dimension,
        "whole graph, seconds": round(whole, 2),
        "whole graph, processor seconds": round(whole_worked, 2),
        "day, seconds": round(time.perf_counter() - began, 2),
        "day, processor seconds": round(time.process_time() - worked, 2),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _clustered(
    count: int, dimension: int, chance: np.random.Generator
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Unit vectors around a thousand centres, which are the same for the same dimension."""
    centres = np.random.default_rng(1).standard_normal((1000, dimension), np.float32)
    found = centres[chance.integers(0, 1000, count)]
    found += chance.standard_normal((count, dimension), np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def main() -> None:
    """Print the figures, a JSON line a day."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", type=Path, help="default: the newest")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--vectors", type=int, help="measure the graph's part alone")
    parser.add_argument("--dimension", type=int, default=512, help="of those vectors")
    options = parser.parse_args()
    if options.vectors:
        print(json.dumps(graph_of(options.vectors, options.dimension)))
        return
    store = options.store or next(iter(known_stores()), None) or open_service().root
    for day in run(store, options.days):
        print(json.dumps(day), flush=True)


if __name__ == "__main__":
    main()
