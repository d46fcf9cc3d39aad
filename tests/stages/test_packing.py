"""Segments are packed, by rule or by ``--compact``; answers and what is encoded stay the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mpsr.pipeline import build, update
from mpsr.service import Service
from mpsr.stages import embeddings
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.gc import collect
from mpsr.store.layout import SEGMENT, VECTORS
from tests.conftest import line, picture_bytes, shop_pictures, shop_rows, write_catalogue


def pieces(store: Path) -> int:
    return len(Store(store).objects(SEGMENT))


def change(store: Path, folder: Path, number: int, profile) -> dict[str, int]:
    """One more product; what was encoded."""
    rows = [line(900 + number, f"Birch Men Green Watch {number}", "Green", "Watches")]
    return update(write_catalogue(folder, rows), Store(store), Settings(profile)).encoded


def test_many_segments_are_packed_by_rule_and_a_day_opens_few(
    tiny_store: Path, tiny_profile, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(embeddings, "MOST_SEGMENTS", 2)
    plain, store = (Path(shutil.copytree(tiny_store, tmp_path / name)) for name in ("plain", "store"))
    assert pieces(store) == 2  # one of each model
    counts = []
    for number in range(2):
        assert change(store, tmp_path / f"day{number}", number, tiny_profile) == {"text": 1, "image": 0}
        collect(Store(store))
        counts.append(pieces(store))
    assert counts == [3, 2]
    monkeypatch.setattr(embeddings, "MOST_SEGMENTS", 100)
    for number in range(2):
        change(plain, tmp_path / f"day{number}", number, tiny_profile)
    assert pieces(plain) == 4
    one, other = Service(store), Service(plain)
    assert one.snapshot.stages == other.snapshot.stages
    for stage in ("text", "paper"):
        np.testing.assert_array_equal(
            one.artefact(stage).array(VECTORS), other.artefact(stage).array(VECTORS)
        )
    assert [item.id for item in one.similar("101").neighbours] == [
        item.id for item in other.similar("101").neighbours
    ]


def test_what_is_packed_by_rule_keeps_what_is_gone_and_compact_gives_it_up(
    shop: Path, tiny_profile, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(embeddings, "MOST_SEGMENTS", 1)
    source, store = Path(shutil.copytree(shop, tmp_path / "catalogue")), Store(tmp_path / "store")
    new = line(900, "Birch Men Green Watch", "Green", "Watches")
    build(source, store, Settings(tiny_profile))
    write_catalogue(source, [*shop_rows(), new])
    build(source, store, Settings(tiny_profile))
    assert pieces(store.root) == 2
    write_catalogue(source, shop_rows())
    build(source, store, Settings(tiny_profile))
    collect(store)
    write_catalogue(source, [*shop_rows(), new])
    assert build(source, store, Settings(tiny_profile)).encoded.get("text", 0) == 0  # it comes back
    write_catalogue(source, shop_rows())
    before = build(source, store, Settings(tiny_profile))
    after = build(source, store, Settings(tiny_profile, compact=True))
    assert (after.stages, after.encoded) == (before.stages, {})
    collect(store)
    assert pieces(store.root) == 2
    write_catalogue(source, [*shop_rows(), new])
    assert build(source, store, Settings(tiny_profile)).encoded["text"] == 1


def test_pictures_are_packed_too_and_gc_keeps_what_is_packed(
    shop: Path, tiny_profile, tmp_path: Path, monkeypatch
) -> None:
    source, store = Path(shutil.copytree(shop, tmp_path / "catalogue")), Store(tmp_path / "store")
    for own in ({"101.jpg": picture_bytes((9, 9, 9)), "102.jpg": picture_bytes((99, 9, 9))}, {}):
        write_catalogue(source, shop_rows(), {**shop_pictures(), **own})
        build(source, store, Settings(tiny_profile))
    sizes = [size(store)]
    build(source, store, Settings(tiny_profile, compact=True))
    sizes.append(size(store))
    assert sizes[0] - sizes[1] == 2  # the two pictures that no product has any more
    collect(store, unfinished=True)
    assert pieces(store.root) == 2
    again = update(None, store, Settings(tiny_profile), ["101"])
    assert sum(again.encoded.values()) == 0


def size(store: Store) -> int:
    """Vectors in all segments."""
    return sum(len(store.open_object(SEGMENT, one.name).array(VECTORS)) for one in store.objects(SEGMENT))


@pytest.mark.usefixtures("tiny_embedded")
def test_the_command_says_what_it_packed(mpsr, shop: Path, tmp_path: Path) -> None:
    assert mpsr("build", shop, "--store", tmp_path / "store")[0] == 0
    changes = write_catalogue(tmp_path / "changes", [line(900, "Birch Men Green Watch", "Green", "Watches")])
    assert mpsr("update", changes, "--store", tmp_path / "store")[0] == 0
    code, _, err = mpsr("build", shop, "--store", tmp_path / "store", "--compact")
    assert code == 0
    assert "packed: 2 segments are one of 30 vectors, 1 were given up" in " ".join(err.split())
