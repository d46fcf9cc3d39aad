"""An update that is killed leaves the store answering, and the same command again ends with the same result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from mpsr.store import Store
from mpsr.store.layout import SEGMENT
from tests.conftest import line, shop_rows, write_catalogue

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("kills", [4, pytest.param(30, marks=[pytest.mark.slow, pytest.mark.timeout(1500)])])
def test_an_update_killed_at_any_moment_ends_the_same(
    shop: Path, tiny_store: Path, tiny_profile, tmp_path: Path, kills: int
) -> None:
    given = Path(shutil.copytree(tiny_store, tmp_path / "given"))
    source = Path(shutil.copytree(shop, tmp_path / "catalogue"))
    write_catalogue(source, [*shop_rows()[1:], line(900, "Birch Men Green Watch", "Green", "Watches")])
    command = [
        sys.executable,
        "-m",
        "tests.kill_update_worker",
        str(source),
        json.dumps(asdict(tiny_profile)),
        str(given),
    ]
    done = subprocess.run(
        [*command, str(kills), "3"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=70 * kills,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["failed"] == 0, done.stderr
    assert outcome["killed"] == outcome["whole"]
    assert outcome["sizes"] == [30] * kills
    store = Store(tmp_path / "killed")
    assert [one.fingerprint for one in store.snapshots()] == [outcome["whole"]]
    assert not list(store.root.glob("objects/*/*.partial"))
    assert not list(store.root.glob("work/*/*"))
    assert len(store.objects(SEGMENT)) == 2  # one of each model
