"""Writing an object, publishing and collecting garbage, each killed before every one of its file operations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: File operations there are at least; fewer would mean that they are no longer seen.
LEAST = {"object": 8, "publish": 6, "gc": 10}


@pytest.mark.parametrize("mode", LEAST)
def test_killed_before_any_file_operation_the_store_is_whole(
    tiny_store: Path, tmp_path: Path, mode: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill_each_step", mode, str(tiny_store), str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert told["kills"] >= LEAST[mode]
    assert told["undone"] > LEAST[mode] / 2  # the kills came in the middle of the work
