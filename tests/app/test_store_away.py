"""The app whose store is moved or made read-only while it is open: a page or a sentence, and it recovers by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mpsr.ui import opened


@pytest.fixture
def own_store(stores: Path, tiny_store: Path) -> Path:
    """A copy of the tiny store in the folder of the stores."""
    return Path(shutil.copytree(tiny_store, stores / "shop"))


def shown(app) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith("similar-")]


def test_moved_away_and_back(own_store, start, tmp_path):
    app = start(id="101", weak="show")
    before = shown(app)
    assert before
    own_store.rename(tmp_path / "elsewhere")
    app.run()
    assert not app.exception
    assert not shown(app)
    said = [one.value for one in (*app.title, *app.error)]
    assert said, "an empty page"
    (tmp_path / "elsewhere").rename(own_store)
    app.query_params.update(id="101", weak="show")
    app.run()
    assert not app.exception
    assert not app.error
    assert shown(app) == before


def test_a_store_that_may_only_be_read(own_store, start, monkeypatch):
    """Asking writes nothing into a store: one that refuses every writer is answered from all the same."""
    listed = sorted(own_store.rglob("*"))
    for path in listed:
        path.chmod(0o555 if path.is_dir() else 0o444)
    own_store.chmod(0o555)
    try:
        monkeypatch.setattr(opened, "_services", type(opened._services)())
        app = start(id="101", weak="show")
        assert not app.error
        assert shown(app)
        assert sorted(own_store.rglob("*")) == listed
    finally:
        for path in [own_store, *listed]:
            path.chmod(0o755 if path.is_dir() else 0o644)
