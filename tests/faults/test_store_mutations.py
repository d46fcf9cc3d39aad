"""Mutations of each kind of file in a store, sealed again: an answer, or a StoreError that names the file; nothing else.

Twenty of each in the ordinary run, a thousand with ``-m slow``; ``docs/reliability.md`` has the figures.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Stage and file; "snapshot" is the published snapshot's document.
KINDS = [
    "catalogue/products.parquet",
    "catalogue/rejects.parquet",
    "catalogue/manifest.json",
    "pictures/pictures.bin",
    "pictures/offsets.npy",
    "text/vectors.npy",
    "text/ids.npy",
    "text/manifest.json",
    "image/present.npy",
    "split/family.npy",
    "split/side.npy",
    "paper/scalers.safetensors",
    "paper/norms.npy",
    "paper_graph/indptr.npy",
    "paper_graph/indices.npy",
    "paper_graph/data.npy",
    "towers/towers.safetensors",
    "towers/config.json",
    "learned/vectors.npy",
    "learned/emphasis.npy",
    "atlas/positions.npy",
    "regions/labels.npy",
    "regions/regions.json",
    "/snapshot",
    "/current",
]


def mutate(store: Path, count: int, seed: int, kinds: list[str], seconds: int) -> None:
    command = [sys.executable, "-m", "tests.faults.mutate_store", str(store), str(count), str(seed), *kinds]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False, cwd=ROOT)
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    assert done.stdout.count("refused") + done.stdout.count("answered") >= len(kinds)


def test_mutated_files_are_answered_or_refused(learned_shop):
    mutate(learned_shop, 20, 1, KINDS, 200)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_mutations(learned_shop, kind):
    mutate(learned_shop, 1000, 2, [kind], 2900)
