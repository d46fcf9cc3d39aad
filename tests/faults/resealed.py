"""Changes to a store by somebody who seals it again: hashes and seals agree, the content is not what it should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpsr.store import sealed, sha256_of, snapshot_fingerprint

Document = dict[str, Any]


def object_of(root: Path, stage: str) -> Path:
    """The folder of the stage in the published snapshot."""
    name = (root / "current").read_text().strip()
    stages = json.loads((root / "snapshots" / f"{name}.json").read_text())["stages"]
    return root / "objects" / stage / stages[stage]


def edit_manifest(folder: Path, change: Callable[[Document], object]) -> None:
    """Change an object's manifest and seal it."""
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(sealed(document)))


def relist(folder: Path, name: str) -> None:
    """Enter a changed file into its object's manifest."""
    path = folder / name
    facts = {"size": path.stat().st_size, "sha256": sha256_of(path)}
    edit_manifest(folder, lambda document: document["files"].update({name: facts}))


def republish(root: Path, change: Callable[[Document], object]) -> None:
    """Change the published snapshot and publish it under its new name."""
    old = root / "snapshots" / f"{(root / 'current').read_text().strip()}.json"
    document = json.loads(old.read_text())
    change(document)
    name = snapshot_fingerprint(document["stages"])
    (root / "snapshots" / f"{name}.json").write_text(json.dumps(sealed(document)))
    (root / "current").write_text(name + "\n")
