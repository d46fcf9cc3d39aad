"""Measure everything in one run, side by side: ``python -m benchmarks`` (``make bench``).

Each part runs in a process of its own. The run prints one table and writes ``bench.json`` and the curves
(``bench.png``) to ``benchmarks/results/``; ``python -m benchmarks.table`` then writes the table into
``benchmarks/README.md``. ``--quick`` runs everything in tiny sizes, to see that it runs; its figures mean nothing and
are not kept.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.figures import Scale, markdown
from benchmarks.machine import machine
from mpsr.demo import demo_folder
from mpsr.store import known_stores

RESULTS = Path(__file__).parent / "results"

#: Modules with a function ``measure(scale)``, in the order of the table.
PARTS = ("build", "pairs", "memory", "service", "ask", "views", "start", "days")


def main() -> None:
    """Run the parts asked for, or (in a child process) one of them."""
    options = arguments()
    if options.part:
        print(json.dumps(run_part(options.part, Scale.from_json(json.loads(options.scale)))))
        return
    began = time.time()
    with tempfile.TemporaryDirectory() as folder:
        scale = scale_of(options, Path(folder))
        tried = {name: child(name, scale) for name in options.only}
    parts = {name: part for name, part in tried.items() if part}
    failed = [name for name, part in tried.items() if not part]
    results = {
        "date": datetime.date.today().isoformat(),
        "minutes": (time.time() - began) / 60,
        "machine": machine(),
        "scale": scale.as_json() | {"source": scale.source.name, "store": scale.store.name},
        "store": store_facts(parts),
        "failed": failed,
        "figures": [figure for part in parts.values() for figure in part["figures"]],
        "details": {name: part["details"] for name, part in parts.items()},
    }
    print(markdown(results))
    keep = options.out or (None if options.quick or set(options.only) != set(PARTS) else RESULTS)
    if keep:
        write(results, keep)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}; the reasons are above")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="some of the parts")
    parser.add_argument(
        "--source", type=Path, default=demo_folder(), help="catalogue to build; default: the demo's"
    )
    parser.add_argument(
        "--store", type=Path, help="store to ask; default: the newest, else the demo's is built"
    )
    parser.add_argument(
        "--out", type=Path, help="folder for results; default: benchmarks/results after a full run"
    )
    for name, kind in (
        ("limit", int),
        ("recipe", int),
        ("pairs", int),
        ("queries", int),
        ("drawn", int),
        ("rows", int),
    ):
        parser.add_argument(f"--{name}", type=kind, help=f"default: {getattr(Scale, name)}")
    parser.add_argument("--repeats", type=int, help=f"default: {Scale.repeats}")
    parser.add_argument("--sizes", type=int, nargs="+", help=f"default: {Scale.sizes}")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--scale", help=argparse.SUPPRESS)
    return parser.parse_args()


def scale_of(options: argparse.Namespace, work: Path) -> Scale:
    """Sizes from the command line; the store built where there is none."""
    store = options.store or next(iter(known_stores()), None) or build_demo(work)
    scale = Scale(options.source, store)
    if options.quick:
        scale = replace(
            scale,
            limit=16,
            recipe=4,
            pairs=24,
            sizes=(300, 600),
            queries=12,
            drawn=20,
            rows=2000,
            repeats=1,
            small=True,
        )
    told = {
        name: getattr(options, name)
        for name in ("limit", "recipe", "pairs", "queries", "drawn", "rows", "repeats")
    }
    told["sizes"] = tuple(options.sizes) if options.sizes else None
    named: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    return replace(scale, **named)


def build_demo(work: Path) -> Path:
    """The demo's store, built for this run."""
    from mpsr.pipeline import build
    from mpsr.store import Store

    build(demo_folder(), Store(work / "demo"))
    return work / "demo"


def child(part: str, scale: Scale) -> dict[str, Any]:
    """One part in a process of its own; what it says on the way goes to stderr. Empty when it fails: the rest goes on."""
    print(f"{time.strftime('%H:%M:%S')}  {part}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks", "--part", part, "--scale", json.dumps(scale.as_json())]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else {}


def run_part(part: str, scale: Scale) -> dict[str, Any]:
    """One part in this process."""
    measured = importlib.import_module(f"benchmarks.{part}").measure(scale)
    return {"figures": [asdict(figure) for figure in measured.figures], "details": measured.details}


def store_facts(parts: dict[str, dict[str, Any]]) -> str:
    """How many products the store that was asked has, where it was asked."""
    count = parts.get("service", {}).get("details", {}).get("products")
    return f"{count:,} products" if count else "unknown size"


def write(results: dict[str, Any], folder: Path) -> None:
    """The results as JSON and their curves as a picture."""
    from benchmarks.plot import draw

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if "ask" in results["details"]:
        draw(results["details"]["ask"]["curves"], folder / "bench.png")


if __name__ == "__main__":
    main()
