"""Shards: a piece counts once it is whole."""

from __future__ import annotations

import numpy as np
import pytest

from mpsr.store.shards import Shards


@pytest.fixture
def shards(tmp_path) -> Shards:
    made = Shards(tmp_path / "work")
    for number in range(2):
        made.write(number, np.full((3, 2), number, np.float32))
    return made


def test_shards_come_back_in_order(shards):
    assert [shard[0, 0] for shard in shards.read(2)] == [0, 1]
    assert shards.has(0)
    assert not shards.has(2)


@pytest.mark.parametrize("suffix", ["npy", "json"])
@pytest.mark.parametrize("how", ["missing", "cut", "flipped", "other"])
def test_a_shard_that_is_not_whole_does_not_count(shards, tmp_path, suffix, how):
    path = tmp_path / "work" / f"shard-00001.{suffix}"
    data = bytearray(path.read_bytes())
    if how == "missing":
        path.unlink()
    elif how == "other":
        path.write_bytes(b"[]")
    elif how == "cut":
        path.write_bytes(data[:-3])
    else:
        data[len(data) // 3] ^= 0xFF
        path.write_bytes(data)
    assert shards.has(0)
    assert not shards.has(1)
    shards.write(1, np.ones((3, 2), np.float32))
    assert shards.has(1)


def test_a_shard_whose_note_was_never_written_does_not_count(shards, tmp_path, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mpsr.store.shards.write_whole", stop)
    with pytest.raises(KeyboardInterrupt):
        shards.write(2, np.ones((3, 2), np.float32))
    assert not shards.has(2)


def test_writing_leaves_nothing_half_done_behind(shards, tmp_path):
    assert {path.suffix for path in (tmp_path / "work").iterdir()} == {".npy", ".json"}
