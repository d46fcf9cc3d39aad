"""Embeddings by content: a build encodes what no build before it has, and gives what a full build gives."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.conftest import line, picture_bytes, write_catalogue

COUNT = 12

#: Names of very different lengths, so that batches would be padded differently.
NAMES = [
    "Alder Shirt",
    "Birch Men Blue Casual Shirt " + "very " * 20,
    *(f"Alder Men {n} Watch" for n in range(40)),
]


def rows(numbers: range) -> list[str]:
    return [line(n, NAMES[n % len(NAMES)] + f" {n}") for n in numbers]


def pictures(numbers: range) -> dict[str, bytes]:
    return {f"{n}.jpg": picture_bytes((n * 7 % 256, n * 13 % 256, 90)) for n in numbers}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "catalogue", rows(range(COUNT)), pictures(range(COUNT)))


def by_id(store: Path, stage: str) -> dict[str, np.ndarray]:
    artefact = Store(store).open_stage(Store(store).current(), stage)
    return dict(zip(artefact.array("ids.npy"), artefact.array("vectors.npy"), strict=True))


def test_new_products_alone_are_encoded_and_equal_a_full_build(source, tiny_profile, tmp_path) -> None:
    first = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert first.encoded == {"text": COUNT, "image": COUNT}
    write_catalogue(source, rows(range(2, COUNT + 5)), pictures(range(COUNT + 5)))
    second = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert second.encoded == {"text": 5, "image": 5}
    build(source, Store(tmp_path / "full"), Settings(tiny_profile))
    for stage in ("text", "image"):
        ours, full = by_id(tmp_path / "store", stage), by_id(tmp_path / "full", stage)
        assert list(ours) == list(full)
        assert min(float(ours[one] @ full[one]) for one in full) >= 0.9999


def test_products_in_another_order_encode_nothing(source, tiny_profile, tmp_path) -> None:
    build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    mixed = rows(range(COUNT))
    random.Random(3).shuffle(mixed)
    write_catalogue(source, mixed, pictures(range(COUNT)))
    before = by_id(tmp_path / "store", "text")
    again = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert again.encoded == {"text": 0, "image": 0}
    after = by_id(tmp_path / "store", "text")
    assert list(after) == [row.split(",")[0] for row in mixed]
    for product, vector in before.items():
        np.testing.assert_array_equal(after[product], vector)


def test_a_text_that_comes_back_is_not_encoded_again(source, tiny_profile, tmp_path) -> None:
    build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    write_catalogue(source, rows(range(3, COUNT)))
    assert build(source, Store(tmp_path / "store"), Settings(tiny_profile)).encoded == {"text": 0, "image": 0}
    write_catalogue(source, rows(range(COUNT)))
    again = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert sum(again.encoded.values()) == 0


@pytest.mark.parametrize("how", ["touched", "copied", "zipped"])
def test_files_that_only_look_changed_change_nothing(source, tiny_profile, tmp_path, how) -> None:
    first = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    if how == "touched":
        os.utime(source / "images" / "3.jpg", (1, 1))
        os.utime(source / "styles.csv", (1, 1))
    elif how == "copied":
        source = Path(shutil.copytree(source, tmp_path / "copy"))
    else:
        source = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", source))
    again = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert again.stages == first.stages
    assert again.encoded == {}


def test_a_picture_whose_content_changes_is_encoded_again(source, tiny_profile, tmp_path) -> None:
    build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    path = source / "images" / "3.jpg"
    stat, other = path.stat(), picture_bytes((200, 10, 10))
    path.write_bytes(other.ljust(stat.st_size, b"\0")[: max(stat.st_size, len(other))])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as some copying tools do
    again = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert again.encoded == {"text": 0, "image": 1}


def test_a_damaged_segment_is_encoded_again(source, tiny_profile, tmp_path) -> None:
    store = tmp_path / "store"
    build(source, Store(store), Settings(tiny_profile))
    for folder in Store(store).objects("segment"):
        damaged = bytearray((folder / "vectors.npy").read_bytes())
        damaged[-1] ^= 1
        (folder / "vectors.npy").write_bytes(damaged)
    write_catalogue(source, rows(range(COUNT + 1)), pictures(range(COUNT + 1)))
    assert build(source, Store(store), Settings(tiny_profile)).encoded == {
        "text": COUNT + 1,
        "image": COUNT + 1,
    }
    assert build(source, Store(store), Settings(tiny_profile)).encoded == {}
