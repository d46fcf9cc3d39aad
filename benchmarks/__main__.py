"""Measure the build against the published recipe: ``python -m benchmarks [--source ZIP] [--limit 512]``.

Each side runs in a process of its own, so that its peak memory is its own. Results go to ``benchmarks/results/``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mpsr.demo import demo_folder

RESULTS = Path(__file__).parent / "results"
SIDES = ("published", "ours")


def main() -> None:
    """Run both sides, or (in a child process) one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=demo_folder(), help="catalogue; default: the demo's")
    parser.add_argument("--limit", type=int, default=512, help="products")
    parser.add_argument("--quick", action="store_true", help="a few products, to see that it runs")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--models", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    limit = 24 if options.quick else options.limit
    if options.side:
        print(json.dumps(run_side(options.side, options.source, limit, options.models)))
        return
    results = compare(options.source, limit)
    print(table(results))
    if not options.quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "build.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def run_side(side: str, source: Path, limit: int, models: Path) -> dict[str, float]:
    """One side in this process, with its peak memory."""
    import resource

    from benchmarks import ours, published

    figures = {"published": published.run, "ours": ours.run}[side](source, limit, models)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**figures, "peak memory MB": peak / 1e6}


def compare(source: Path, limit: int) -> dict[str, Any]:
    """Both sides on the same sample with the same weights."""
    from benchmarks.models import write_models

    with tempfile.TemporaryDirectory() as models:
        write_models(Path(models))
        sides = {}
        for side in SIDES:
            command = [sys.executable, "-m", "benchmarks", "--side", side, "--models", models]
            command += ["--source", str(source), "--limit", str(limit)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            sides[side] = json.loads(done.stdout.splitlines()[-1])
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "source": source.name,
        "sides": sides,
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import torch

    from mpsr.encoders.device import choose_device, choose_precision, cpu_features

    lines = (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if Path("/proc/cpuinfo").exists()
        else []
    )
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    device = choose_device()
    return {
        "cpu": names[0] if names else platform.processor(),
        "threads": torch.get_num_threads(),
        "instructions": cpu_features(),
        "device": str(device),
        "precision": choose_precision(device),
        "torch": torch.__version__,
    }


def table(results: dict[str, Any]) -> str:
    """A Markdown table: each figure of both sides and the ratio, above 1 when ours is better."""
    theirs, ours = results["sides"]["published"], results["sides"]["ours"]
    facts = results["machine"]
    lines = [
        f"{results['date']}, {facts['cpu']}, {facts['threads']} threads, {facts['device']} {facts['precision']}, "
        f"torch {facts['torch']}; {int(ours['products'])} products of {results['source']}",
        "",
        "| | published recipe | MPSR | ratio |",
        "|---|---|---|---|",
    ]
    for name, less_is_better in (("pictures/s", 0), ("texts/s", 0), ("seconds", 1), ("peak memory MB", 1)):
        ratio = theirs[name] / ours[name] if less_is_better else ours[name] / theirs[name]
        label = {"seconds": "whole build, seconds"}.get(name, name)
        lines.append(f"| {label} | {theirs[name]:,.1f} | {ours[name]:,.1f} | {ratio:.2f}× |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
