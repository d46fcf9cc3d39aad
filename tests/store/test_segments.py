"""Segments: embeddings by content, found again whatever came with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.store import Store
from mpsr.store.layout import VECTORS
from mpsr.store.segments import Segments, digests_of

IDENTITY = {"model": "m", "weights": "w"}


def vectors_of(contents: Sequence[bytes]) -> np.ndarray:
    """A vector that tells its content."""
    return np.array([[len(content), sum(content)] for content in contents], np.float32).reshape(-1, 2)


def add(segments: Segments, contents: Sequence[bytes]) -> None:
    vectors = vectors_of(contents)
    segments.add(digests_of(contents), vectors.shape, np.float32, lambda: iter([vectors]), {})


def opened(root: Path, identity: dict = IDENTITY, said: list[str] | None = None) -> Segments:
    return Segments(Store(root), identity, (said if said is not None else []).append)


@settings(deadline=None)  # the time of a disk others use
@given(st.lists(st.lists(st.binary(max_size=2), max_size=6, unique=True), max_size=4), st.data())
def test_what_was_added_is_found_and_nothing_else(tmp_path_factory, groups, data) -> None:
    root, segments = tmp_path_factory.mktemp("store"), None
    held: set[bytes] = set()
    for group in groups:
        segments = opened(root)
        new = [content for content in group if content not in held]
        if new:
            add(segments, new)
        held |= set(new)
    wanted = data.draw(st.lists(st.binary(max_size=2), max_size=8, unique=True))
    place = opened(root).find(digests_of(wanted))
    assert [wanted[n] for n in place.missing] == [one for one in wanted if one not in held]
    target = np.zeros((len(wanted) + 1, 2), np.float32)
    place.copy(np.array([-1, *range(len(wanted))]), target)
    expected = [vectors_of([one])[0] if one in held else np.zeros(2) for one in wanted]
    np.testing.assert_array_equal(target[1:], np.array(expected).reshape(-1, 2))
    assert not target[0].any()


@settings(deadline=None, max_examples=15)  # each example writes some ten folders and flushes them
@given(
    st.lists(st.sets(st.binary(max_size=2), min_size=1, max_size=6), min_size=1, max_size=5),
    st.sets(st.binary(max_size=2), max_size=6),
)
def test_packed_they_are_one_that_holds_what_is_wanted(tmp_path_factory, groups, others) -> None:
    root = tmp_path_factory.mktemp("store")
    for group in groups:
        add(opened(root), sorted(group))
    add(opened(root, {"model": "other"}), [b"a"])
    everything = sorted(set().union(*groups))
    count = len(opened(root))
    packed = opened(root)
    np.testing.assert_array_equal(np.sort(packed.digests, axis=0), np.sort(digests_of(everything), axis=0))
    assert packed.pack(packed.digests) in (0, count)
    again = opened(root)
    assert len(again) == len(packed) == 1
    assert again.pack(again.digests) == 0
    target = np.zeros((len(everything), 2), np.float32)
    again.find(digests_of(everything)).copy(np.arange(len(everything)), target)
    np.testing.assert_array_equal(target, vectors_of(everything))

    wanted = sorted({*everything[::2], *others})
    again.pack(digests_of(wanted))
    place = opened(root).find(digests_of(everything))
    assert {everything[n] for n in place.missing} == set(everything) - set(wanted)
    assert not len(opened(root, {"model": "other"}).find(digests_of([b"a"])).missing)


def test_packing_that_is_stopped_half_way_loses_nothing(tmp_path: Path, monkeypatch) -> None:
    for content in (b"a", b"b"):
        add(opened(tmp_path), [content])
    with monkeypatch.context() as patch:
        patch.setattr(Store, "remove_object", lambda *_: 1 / 0)
        segments = opened(tmp_path)
        with pytest.raises(ZeroDivisionError):
            segments.pack(segments.digests)
    again = opened(tmp_path)
    assert len(again) == 3
    assert again.pack(again.digests) == 3
    assert not len(opened(tmp_path).find(digests_of([b"a", b"b"])).missing)


def test_models_do_not_share_segments(tmp_path: Path) -> None:
    add(opened(tmp_path), [b"a"])
    for other in ({"model": "m", "weights": "v"}, {"model": "m"}, {**IDENTITY, "precision": "float32"}):
        assert len(opened(tmp_path, other).find(digests_of([b"a"])).missing) == 1
    assert not len(opened(tmp_path).find(digests_of([b"a"])).missing)


def test_a_damaged_segment_is_left_out_and_told_of(tmp_path: Path) -> None:
    add(opened(tmp_path), [b"a"])
    add(opened(tmp_path), [b"b"])
    path = next(
        folder for folder in Store(tmp_path).objects("segment") if np.load(folder / VECTORS)[0, 1] == ord("a")
    )
    damaged = bytearray((path / VECTORS).read_bytes())
    damaged[-1] ^= 1
    (path / VECTORS).write_bytes(damaged)
    said: list[str] = []
    place = opened(tmp_path, said=said).find(digests_of([b"a", b"b"]))
    assert place.missing.tolist() == [0]
    assert len(said) == 1
    assert "damaged" in said[0]


def test_the_segment_that_holds_most_comes_first(tmp_path: Path) -> None:
    add(opened(tmp_path), [b"a"])
    add(opened(tmp_path), [b"b", b"c"])
    place = opened(tmp_path).find(digests_of([b"a", b"b", b"c"]))
    assert [len(one.array(VECTORS)) for one in place.used] == [2, 1]
