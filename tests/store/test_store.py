"""Artefacts on disk: whole or not there, and never other than as they were written."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

import mpsr
from mpsr.errors import StoreBusyError, StoreError
from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store, fingerprint, known_stores, new_array, save_array, sealed, sha256_of, write_whole
from mpsr.store import manifest as manifest_module
from mpsr.store.layout import SEGMENT


def files_of(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != ".lock")


def read_files(root: Path) -> list[Path]:
    """The files that a reader of the store opens; segments and what is remembered of the source are for builds."""
    builds = root / "objects" / SEGMENT
    return [
        path for path in files_of(root) if builds not in path.parents and not path.name.startswith("seen-")
    ]


def state_of(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in root.rglob("*")}


# -- fingerprints -----------------------------------------------------------------------------------------


def test_a_fingerprint_does_not_depend_on_the_order_of_parameters():
    assert fingerprint("text", {"a": "1", "b": "2"}, {"x": 1, "y": 2}) == fingerprint(
        "text", {"b": "2", "a": "1"}, {"y": 2, "x": 1}
    )


@pytest.mark.parametrize(
    "changed",
    [
        ("image", {"a": "1"}, {"x": 1}),
        ("text", {"a": "2"}, {"x": 1}),
        ("text", {"a": "1"}, {"x": 2}),
        ("text", {"b": "1"}, {"x": 1}),
    ],
)
def test_a_fingerprint_changes_with_everything_a_result_depends_on(changed):
    assert fingerprint(*changed) != fingerprint("text", {"a": "1"}, {"x": 1})


def test_a_fingerprint_changes_with_the_schema(monkeypatch):
    before = fingerprint("text", {}, {})
    monkeypatch.setattr(manifest_module, "SCHEMA", manifest_module.SCHEMA + 1)
    assert fingerprint("text", {}, {}) != before


def test_the_seal_survives_writing_and_shows_any_change():
    document = sealed({"schema": 1, "parameters": {"size": (3, 4), "weight": 0.1}, "name": "Übergröße"})
    read = json.loads(json.dumps(document))
    assert read == sealed(read)
    read["parameters"]["weight"] = 0.2
    assert read != sealed(read)


# -- writing ----------------------------------------------------------------------------------------------


def write_object(store: Store, name: str = "f" * 64, content: str = "hello") -> Path:
    with store.new_object("text", name, {}, {}, {}) as folder:
        (folder / "words.txt").write_text(content)
    return store.object_folder("text", name)


def test_an_object_whose_writing_fails_is_not_there(tmp_path):
    store = Store(tmp_path)

    def half_an_object() -> None:
        with store.new_object("text", "f" * 64, {}, {}, {}) as folder:
            (folder / "words.txt").write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half_an_object()
    assert not store.has("text", "f" * 64)
    write_object(store)
    assert store.open_object("text", "f" * 64).folder.joinpath("words.txt").read_text() == "hello"


def test_the_manifest_lists_every_file(tmp_path):
    folder = write_object(Store(tmp_path))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert list(manifest["files"]) == ["words.txt"]
    assert manifest["files"]["words.txt"]["size"] == 5


def test_a_small_file_is_replaced_whole_or_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "current"
    write_whole(path, "old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array(["7", "007", "käse"]),
        np.empty((0, 4), np.int64),
        np.array([True, False]),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
    ],
)
def test_an_array_comes_back_as_it_was_saved(tmp_path, array):
    save_array(tmp_path / "a.npy", array)
    found = np.load(tmp_path / "a.npy", mmap_mode="r", allow_pickle=False)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_an_array_of_objects_is_not_saved(tmp_path):
    with pytest.raises(TypeError, match="pickle"):
        save_array(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_saving_an_array_on_a_full_disk_says_that_it_is_full():
    with pytest.raises(OSError, match="No space") as caught:
        save_array(Path("/dev/full"), np.zeros(100_000))
    assert caught.value.errno == errno.ENOSPC


def test_a_new_array_takes_its_room_at_once(tmp_path):
    array = new_array(tmp_path / "v.npy", (1000, 64))
    array[:] = 1
    array.flush()
    stat = (tmp_path / "v.npy").stat()
    if hasattr(os, "posix_fallocate"):
        assert stat.st_blocks * 512 >= stat.st_size
    assert np.load(tmp_path / "v.npy").sum() == 64_000


def test_two_builds_cannot_write_at_once(tmp_path):
    with (
        Store(tmp_path).writing(),
        pytest.raises(StoreBusyError, match="another build is writing"),
        Store(tmp_path).writing(),
    ):
        pass
    with Store(tmp_path).writing():
        pass


def test_a_file_in_the_way_of_the_store_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    for root in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(StoreError, match="a file is in the way"), Store(root).writing():
            pass


# -- reading ----------------------------------------------------------------------------------------------


def test_opening_a_store_and_asking_it_writes_nothing(store_copy):
    before = state_of(store_copy)
    service = mpsr.open(store_copy)
    service.similar("101", k=3)
    service.picture("101")
    service.info()
    assert state_of(store_copy) == before


def test_a_folder_that_is_no_store_says_how_to_build_one(tmp_path):
    with pytest.raises(StoreError, match=r"is not a store. Rebuild it with: mpsr build"):
        mpsr.open(tmp_path)


def test_an_unfinished_build_is_called_that(store_copy):
    (store_copy / "current").unlink()
    (store_copy / "work").mkdir(exist_ok=True)
    with pytest.raises(StoreError, match="holds an unfinished build"):
        mpsr.open(store_copy)


def test_one_flipped_byte_in_any_file_is_noticed(store_copy):
    for path in read_files(store_copy):
        whole = path.read_bytes()
        for place in {0, len(whole) // 3, len(whole) // 2, len(whole) - 1}:
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            path.write_bytes(damaged)
            with pytest.raises(StoreError) as caught:
                mpsr.open(store_copy)
            assert "mpsr build" in str(caught.value), (path, place)
        path.write_bytes(whole)
    mpsr.open(store_copy)


def test_a_digit_changed_in_any_json_is_noticed(store_copy):
    """A change that leaves the document valid: a vector's split, a size, a name."""
    for path in (path for path in read_files(store_copy) if path.suffix == ".json"):
        text = path.read_text()
        places = [at for at, character in enumerate(text) if character.isdigit()]
        for at in places[:: max(1, len(places) // 12)]:
            path.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :])
            with pytest.raises(StoreError):
                mpsr.open(store_copy)
        path.write_text(text)


@pytest.mark.parametrize("how", ["missing", "short", "empty"])
def test_a_missing_or_cut_file_is_named(store_copy, how):
    path = next(store_copy.glob("objects/paper/*/vectors.npy"))
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-7] if how == "short" else b"")
    for verify in (True, False):
        with pytest.raises(StoreError, match=r"vectors.npy has"):
            mpsr.open(store_copy, verify=verify)


@pytest.mark.parametrize("content", ["[]", "{}", "null", '"text"', '{"schema": 1}', "{", ""])
def test_json_that_is_not_a_store_s_is_refused(store_copy, content):
    snapshot = next(store_copy.glob("snapshots/*.json"))
    snapshot.write_text(content)
    with pytest.raises(StoreError, match="mpsr build"):
        mpsr.open(store_copy)


def test_a_store_of_an_older_schema_is_refused_with_both_numbers(store_copy):
    snapshot = next(store_copy.glob("snapshots/*.json"))
    document = json.loads(snapshot.read_text()) | {"schema": 0}
    snapshot.write_text(json.dumps(document))
    with pytest.raises(StoreError, match=f"has schema 0; this version reads schema {manifest_module.SCHEMA}"):
        mpsr.open(store_copy)


@pytest.mark.parametrize("content", ["", "\n", "../../etc/passwd\n", "a\0b", "0" * 64, "x" * 5000])
def test_a_pointer_to_nowhere_is_refused(store_copy, content):
    (store_copy / "current").write_text(content)
    with pytest.raises(StoreError, match="mpsr build"):
        mpsr.open(store_copy)


def test_stages_of_different_products_are_refused(store_copy):
    """Whole files, but the ids are not the catalogue's: what hashes alone cannot see."""
    folder = next(store_copy.glob("objects/text/*"))
    ids = np.load(folder / "ids.npy")
    np.save(folder / "ids.npy", ids[::-1])
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["ids.npy"] = {
        "size": (folder / "ids.npy").stat().st_size,
        "sha256": sha256_of(folder / "ids.npy"),
    }
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))
    with pytest.raises(StoreError, match=r"ids\.npy lists 30 products"):
        mpsr.open(store_copy)


def test_an_index_of_a_kind_that_is_no_more_is_refused_with_the_way_on(store_copy):
    manifest_file = next(store_copy.glob("objects/paper_index/*/manifest.json"))
    manifest = json.loads(manifest_file.read_text())
    manifest["facts"]["kind"] = "hnsw"
    manifest_file.write_text(json.dumps(sealed(manifest)))
    with pytest.raises(StoreError, match=r"kind 'hnsw'; expected one of exact, ivf\. Rebuild .* mpsr build"):
        mpsr.open(store_copy)


def test_building_again_mends_a_damaged_store(store_copy, shop, tiny_profile):
    """The message says to build again; that has to help, whichever file it was."""
    for pattern in (
        "objects/catalogue/*/products.parquet",
        "objects/image/*/vectors.npy",
        "objects/paper_graph/*/manifest.json",
        "snapshots/*.json",
        "current",
    ):
        path = next(store_copy.glob(pattern))
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 0xFF
        path.write_bytes(damaged)
        with pytest.raises(StoreError):
            mpsr.open(store_copy)
        build(shop, Store(store_copy), Settings(profile=tiny_profile))
        assert len(mpsr.open(store_copy)) == 30


def test_building_again_reuses_what_is_there(store_copy, shop, tiny_profile):
    made: list[tuple[str, str]] = []

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            made.append((name, note))

        def progress(self, done: int, total: int) -> None:
            pass

    before = Store(store_copy).current()
    after = build(shop, Store(store_copy), Settings(profile=tiny_profile), Listener())
    assert after.fingerprint == before.fingerprint
    assert {name for name, note in made if note == "already there"} == set(before.stages)


def test_the_newest_store_is_the_first(tmp_path, monkeypatch):
    monkeypatch.setenv("MPSR_STORES", str(tmp_path))
    for number, name in enumerate(("old", "new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "current").write_text("x")
        os.utime(tmp_path / name / "current", (number, number))
    (tmp_path / "unfinished").mkdir()
    assert [path.name for path in known_stores()] == ["new", "old"]
