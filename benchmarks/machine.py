"""What the figures were measured on, and what it can do at most."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

VERSIONS = ("torch", "openvino", "faiss-cpu", "hnswlib", "usearch", "sentence-transformers", "umap-learn")

#: Side of the square matrices whose product shows the machine's peak.
SIDE = 2048


def machine() -> dict[str, Any]:
    """CPU, threads, memory, instruction sets for bfloat16, versions of what is compared."""
    import torch

    from mpsr.encoders.device import choose_device, cpu_features

    return {
        "cpu": _cpu(),
        "threads": torch.get_num_threads(),
        "instructions": cpu_features() or "no bfloat16 instructions",
        "memory_gb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        "device": str(choose_device()),
        "python": platform.python_version(),
        "versions": {name: found for name in VERSIONS if (found := _version(name))},
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def peak(precision: str, side: int = SIDE, seconds: float = 1.0) -> float:
    """Operations a second in a large matrix product, the best of many, in that precision."""
    import torch

    matrix = torch.randn(side, side).to(getattr(torch, precision))
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end or best == float("inf"):
        began = time.perf_counter()
        matrix @ matrix
        best = min(best, time.perf_counter() - began)
    return 2 * side**3 / best
