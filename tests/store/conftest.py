"""A store of an earlier version."""

import json
import shutil
from pathlib import Path

import pytest

from mpsr.store import sealed, snapshot_fingerprint

#: Today's name → the one before.
BEFORE = {
    "paper_index": "index",
    "paper_graph": "graph",
    "text_forms": "words",
    "learned": "shared",
    "learned_index": "shared_index",
    "learned_graph": "shared_graph",
}


@pytest.fixture
def old_store(learned_shop, tmp_path) -> Path:
    """``learned_shop`` under the stages' earlier names."""
    root = Path(shutil.copytree(learned_shop, tmp_path / "stores" / "old"))
    path = next((root / "snapshots").glob("*.json"))
    document = json.loads(path.read_text())
    document["stages"] = {BEFORE.get(stage, stage): name for stage, name in document["stages"].items()}
    name = snapshot_fingerprint(document["stages"])
    path.unlink()
    path.with_name(f"{name}.json").write_text(json.dumps(sealed(document)))
    (root / "current").write_text(name + "\n")
    for folder in (root / "objects").iterdir():
        folder.rename(folder.with_name(BEFORE.get(folder.name, folder.name)))
    return root
