"""Streaming: each distinct item once, in order, resumable, in bounded memory."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.encoders.stream import distinct, encode_in_shards
from mpsr.store.shards import Shards


def encode(loaded: list[int]) -> np.ndarray:
    return np.array([[value, value**2] for value in loaded], np.float32)


def run(items: list[str], folder: Path, **overrides: object) -> object:
    settings = {"shard_size": 4, "batch_size": 3, "workers": 2} | overrides
    return encode_in_shards(items, int, encode, Shards(folder), **settings)


@given(st.lists(st.one_of(st.none(), st.text("abc", max_size=3)), max_size=40))
def test_distinct_puts_every_value_back(values: list[str | None]) -> None:
    found = distinct(values)
    assert len(set(found.items)) == len(found.items)
    assert [None if w < 0 else found.items[w] for w in found.where] == values


def test_a_batch_holds_items_of_one_width(tmp_path: Path) -> None:
    widths = [1, 1, 2, 2, 2, 2, 3, 4, 4, 4]
    batches: list[list[int]] = []

    def seen(loaded: list[int]) -> np.ndarray:
        batches.append(loaded)
        return encode(loaded)

    items = [str(n) for n in range(10)]
    settings = {"shard_size": 5, "batch_size": 3, "workers": 1, "widths": widths}
    encode_in_shards(items, int, seen, Shards(tmp_path), **settings)
    assert batches == [[0, 1], [2, 3, 4], [5], [6], [7, 8, 9]]
    vectors = np.concatenate(list(Shards(tmp_path).read(2)))
    np.testing.assert_array_equal(vectors[:, 0], np.arange(10))


def test_a_second_run_encodes_nothing(tmp_path: Path) -> None:
    items = [str(n) for n in range(10)]
    run(items, tmp_path)
    again = run(items, tmp_path)
    assert (again.encoded, again.resumed) == (0, 10)


@pytest.mark.parametrize("damage", ["no note", "no array", "cut array", "flipped byte"])
def test_a_shard_that_is_not_whole_is_made_again(tmp_path: Path, damage: str) -> None:
    items = [str(n) for n in range(10)]
    run(items, tmp_path)
    array, note = tmp_path / "shard-00001.npy", tmp_path / "shard-00001.json"
    before = array.read_bytes()
    if damage == "no note":
        note.unlink()
    elif damage == "no array":
        array.unlink()
    elif damage == "cut array":
        array.write_bytes(before[:-3])
    else:
        array.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    again = run(items, tmp_path)
    assert (again.encoded, again.resumed) == (4, 6)
    assert array.read_bytes() == before


def test_loading_stays_only_a_few_batches_ahead(tmp_path: Path) -> None:
    lock, state = threading.Lock(), {"loaded": 0, "encoded": 0, "most": 0}

    def load(item: str) -> int:
        with lock:
            state["loaded"] += 1
            state["most"] = max(state["most"], state["loaded"] - state["encoded"])
        return int(item)

    def slow(loaded: list[int]) -> np.ndarray:
        with lock:
            state["encoded"] += len(loaded)
        return encode(loaded)

    items = [str(n) for n in range(300)]
    encode_in_shards(items, load, slow, Shards(tmp_path), shard_size=50, batch_size=5, workers=2)
    assert state["encoded"] == 300
    assert state["most"] <= 5 * ((2 + 2) + (1 + 2))


def test_loading_encoding_and_writing_overlap(tmp_path: Path) -> None:
    """Encoding runs beside loading and writing: each waits here until it has seen another at work."""
    at_work: set[str] = set()
    seen: set[frozenset[str]] = set()
    lock = threading.Lock()

    def during(name: str) -> None:
        with lock:
            at_work.add(name)
        time.sleep(0.005)
        with lock:
            seen.add(frozenset(at_work))
            at_work.discard(name)

    class Watched(Shards):
        def write(self, number: int, vectors: np.ndarray) -> None:
            during("write")
            super().write(number, vectors)

    def load(item: str) -> int:
        during("load")
        return int(item)

    def slow(loaded: list[int]) -> np.ndarray:
        during("encode")
        return encode(loaded)

    items = [str(n) for n in range(120)]
    settings = {"shard_size": 12, "batch_size": 4, "workers": 1}
    encode_in_shards(items, load, slow, Watched(tmp_path), **settings)
    assert {"load", "encode"} in seen
    assert any({"write", "encode"} <= together for together in seen)


@pytest.mark.parametrize("parallel", [1, 2, 3])
def test_batches_encoded_side_by_side_come_back_in_order(tmp_path: Path, parallel: int) -> None:
    def uneven(loaded: list[int]) -> np.ndarray:
        time.sleep(0.004 if loaded[0] % 2 else 0)
        return encode(loaded)

    items = [str(n) for n in range(40)]
    settings = {"shard_size": 10, "batch_size": 3, "workers": 2, "parallel": parallel}
    encode_in_shards(items, int, uneven, Shards(tmp_path), **settings)
    vectors = np.concatenate(list(Shards(tmp_path).read(4)))
    np.testing.assert_array_equal(vectors[:, 0], np.arange(40))


def test_an_error_while_loading_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        run(["1", "x"], tmp_path)


def test_progress_counts_resumed_items(tmp_path: Path) -> None:
    items = [str(n) for n in range(10)]
    run(items, tmp_path)
    (tmp_path / "shard-00002.json").unlink()
    seen: list[tuple[int, int]] = []
    run(items, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(10, 10)]
