"""An app that is open takes up a new build by itself, and lets go of old ones."""

from __future__ import annotations

import gc
import shutil
from collections import OrderedDict
from pathlib import Path

from mpsr.pipeline import update
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.gc import collect
from mpsr.ui import opened as opened_services


def test_a_new_build_is_seen_by_the_next_question_and_old_ones_are_released(
    tiny_store: Path, tiny_profile, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(
        opened_services, "_services", OrderedDict()
    )  # another test may have the same build open
    root = Path(shutil.copytree(tiny_store, tmp_path / "store"))
    service = opened_services.opened(root)
    first = service.snapshot.fingerprint
    update(None, Store(root), Settings(tiny_profile), ["101"])
    assert not opened_services.is_open(root)
    assert "101" not in opened_services.opened(root).ids
    assert collect(Store(root)).held == (first,)
    assert service.picture("101")  # a question that began before
    update(None, Store(root), Settings(tiny_profile), ["102"])
    assert len(opened_services.opened(root)) == 28
    assert opened_services.opened_snapshot(first) is None
    del service
    gc.collect()
    assert first in collect(Store(root)).snapshots
