"""A store that somebody else sends: nothing in it leads outside, stops the program, or makes it run without end."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mpsr
from mpsr.errors import StoreError
from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.faults.resealed import edit_manifest, object_of, relist, republish

pytestmark = pytest.mark.timeout(60)

DEEP = "[" * 200_000


def refused(root: Path, match: str) -> None:
    with pytest.raises(StoreError, match=match) as caught:
        mpsr.open(root)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1200


@pytest.mark.parametrize("name", ["pictures.bin", "offsets.npy", "manifest.json"])
def test_a_link_to_a_file_is_not_followed(store_copy, tmp_path, name):
    folder = object_of(store_copy, "pictures")
    outside = Path(shutil.move(folder / name, tmp_path / "outside"))
    (folder / name).symlink_to(outside)
    refused(store_copy, f"{name} is no regular file")


@pytest.mark.parametrize("level", ["objects", "objects/text", "objects/text/object", "snapshots"])
def test_a_link_to_a_folder_is_not_followed(store_copy, tmp_path, level):
    folder = object_of(store_copy, "text") if level.endswith("object") else store_copy / level
    outside = Path(shutil.move(folder, tmp_path / "outside"))
    folder.symlink_to(outside)
    refused(store_copy, f"{folder} is a symbolic link")


def test_a_build_does_not_write_through_a_link(store_copy, tmp_path, shop, tiny_profile):
    (tmp_path / "outside").mkdir()
    (tmp_path / "victim").write_text("mine")
    shutil.rmtree(store_copy / "objects" / "paper")
    (store_copy / "objects" / "paper").symlink_to(tmp_path / "outside")
    (store_copy / "current.partial").symlink_to(tmp_path / "victim")
    with pytest.raises(StoreError, match="is a symbolic link"):
        build(shop, Store(store_copy), Settings(profile=tiny_profile))
    (store_copy / "objects" / "paper").unlink()
    build(shop, Store(store_copy), Settings(profile=tiny_profile))
    assert not list((tmp_path / "outside").iterdir())
    assert (tmp_path / "victim").read_text() == "mine"


@pytest.mark.parametrize("where", ["manifest.json", "vectors.npy", "current", "snapshot"])
def test_a_pipe_is_not_waited_for(store_copy, where):
    if where == "current":
        path = store_copy / "current"
    elif where == "snapshot":
        path = next(store_copy.glob("snapshots/*.json"))
    else:
        path = object_of(store_copy, "text") / where
    path.unlink()
    os.mkfifo(path)
    refused(store_copy, f"{path.name} is no regular file")


@pytest.mark.parametrize(
    "name", ["/dev/zero", "../../../../dev/zero", "..", "", "a/b", "a\0b", "manifest.json\n"]
)
def test_a_manifest_lists_plain_names_only(store_copy, name):
    folder = object_of(store_copy, "text")
    facts = {"size": 0, "sha256": "0" * 64}
    edit_manifest(folder, lambda document: document["files"].update({name: facts}))
    refused(store_copy, "manifest.json is not of the form expected")


@pytest.mark.parametrize(
    "name", ["../../../outside", "..", "f" * 63, "F" * 64, "f" * 64 + "\n", "é" * 64, ""]
)
def test_a_snapshot_names_fingerprints_only(store_copy, tmp_path, name):
    shutil.copytree(object_of(store_copy, "text"), tmp_path / "outside")
    republish(store_copy, lambda document: document["stages"].update(text=name))
    refused(store_copy, r"snapshots/.*\.json is not of the form expected")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"x" * 10_000_000, "current has 10,000,000 bytes"),
        (b"\xff\xfe\0", "current holds"),
        (b"../../x", "current holds"),
    ],
)
def test_a_pointer_that_is_none_is_named(store_copy, content, match):
    (store_copy / "current").write_bytes(content)
    refused(store_copy, match)


@pytest.mark.parametrize(
    "content", [DEEP, '{"a":' * 200_000, "9" * 5000, "\ud800", '{"schema": 1, "seal": []}', "NaN"]
)
@pytest.mark.parametrize("which", ["snapshot", "manifest"])
def test_json_that_breaks_parsers_is_named(store_copy, which, content):
    pattern = "snapshots/*.json" if which == "snapshot" else "objects/image/*/manifest.json"
    path = next(store_copy.glob(pattern))
    path.write_bytes(content.encode(errors="surrogatepass"))
    refused(store_copy, path.name)


def test_a_document_without_end_is_not_read(store_copy):
    path = next(store_copy.glob("snapshots/*.json"))
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    refused(store_copy, r"has 5,000,000,000 bytes, expected at most")


@pytest.mark.parametrize("key", ["stage", "fingerprint", "inputs", "parameters", "facts", "files"])
@pytest.mark.parametrize("value", [None, 7, [], "x"])
def test_an_entry_of_a_manifest_that_is_missing_or_of_another_type_is_told(store_copy, key, value):
    def change(document: dict) -> None:
        document.pop(key) if value == "x" else document.update({key: value})

    edit_manifest(object_of(store_copy, "text"), change)
    refused(store_copy, "manifest.json")


@pytest.mark.parametrize(
    "stage", ["towers", "learned_index", "learned_graph", "regions", "paper", "catalogue"]
)
def test_a_stage_that_another_needs_is_missed(learned_shop, tmp_path, stage):
    root = Path(shutil.copytree(learned_shop, tmp_path / "store"))
    republish(root, lambda document: document["stages"].pop(stage))
    refused(root, f"lacks the stage {stage}")


def test_a_file_that_is_not_listed_is_not_read(store_copy):
    folder = object_of(store_copy, "pictures")
    edit_manifest(folder, lambda document: document["files"].pop("pictures.bin"))
    refused(store_copy, r"manifest.json does not list pictures\.bin")


def test_facts_that_are_no_facts_are_told(store_copy):
    edit_manifest(object_of(store_copy, "paper"), lambda document: document.update(facts={"split": "x"}))
    refused(store_copy, "manifest.json is not of the form expected")


ARRAYS = {
    "a pointer far outside": (
        "paper_graph",
        "indptr.npy",
        lambda a: np.where(np.arange(len(a)) == 3, 2**62, a),
    ),
    "pointers that descend": ("paper_graph", "indptr.npy", lambda a: a[::-1].copy()),
    "no pointers": ("paper_graph", "indptr.npy", lambda a: a[:0]),
    "negative neighbours": ("paper_graph", "indices.npy", lambda a: -a),
    "a neighbour outside": ("paper_graph", "indices.npy", lambda a: a + 29),
    "a neighbour twice": ("paper_graph", "indices.npy", lambda a: np.full_like(a, 3)),
    "a cosine of 50": ("paper_graph", "data.npy", lambda a: a * 50),
    "a cosine that is no number": ("paper_graph", "data.npy", lambda a: a * np.nan),
    "fewer cosines": ("paper_graph", "data.npy", lambda a: a[:-1]),
    "a picture outside the file": ("pictures", "offsets.npy", lambda a: a + np.array([0, 2**40])),
    "a picture before the file": ("pictures", "offsets.npy", lambda a: a - np.array([10**6, 0])),
    "a sum that overflows": ("pictures", "offsets.npy", lambda a: np.full_like(a, 2**63 - 1)),
    "vectors of another type": ("text", "vectors.npy", lambda a: a.astype(np.float64)),
    "bytes in another order": ("text", "vectors.npy", lambda a: a.astype(">f4")),
    "vectors of another shape": ("image", "vectors.npy", lambda a: a.reshape(-1)),
    "infinite vectors": ("paper", "vectors.npy", lambda a: a + np.inf),
    "vectors that are no unit vectors": ("paper", "vectors.npy", lambda a: a * 50),
    "fewer vectors": ("paper", "vectors.npy", lambda a: a[:-1]),
    "fewer norms": ("paper", "norms.npy", lambda a: a[:-1]),
    "marks that are numbers": ("text", "present.npy", lambda a: a.astype(np.int8)),
    "another side": ("split", "side.npy", lambda a: np.full_like(a, "other")),
    "a negative family": ("split", "family.npy", lambda a: a - 5),
    "fewer families": ("split", "family.npy", lambda a: a[:-1]),
    "coordinates far away": ("atlas", "positions.npy", lambda a: a * 1e9),
    "a region that is not there": ("regions", "labels.npy", lambda a: np.full_like(a, 29)),
    "an object": ("text", "ids.npy", None),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_is_not_what_it_should_be_is_named(store_copy, name):
    """Each was sealed again, so its hash is right; some of these were answered, one ended the process."""
    stage, file, change = ARRAYS[name]
    path = object_of(store_copy, stage) / file
    if change:
        np.save(path, change(np.load(path)))
    else:
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    relist(path.parent, file)
    with pytest.raises(StoreError, match=rf"{path.parent}.*Rebuild it with"):
        _ = mpsr.open(store_copy).atlas


TABLES = {
    "no ids": lambda table: table.drop(columns="id"),
    "ids that are numbers": lambda table: table.assign(id=range(len(table))),
    "one id twice": lambda table: table.assign(id="101"),
    "years that are text": lambda table: table.assign(year="2012"),
    "names that are numbers": lambda table: table.assign(productDisplayName=1.5),
    "names that are bytes": lambda table: table.assign(productDisplayName=[b"\xff"] * len(table)),
    "a column of lists": lambda table: table.assign(further=[[1]] * len(table)),
    "fewer products": lambda table: table.iloc[1:],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_not_what_it_should_be_is_named(store_copy, name):
    folder = object_of(store_copy, "catalogue")
    TABLES[name](pd.read_parquet(folder / "products.parquet")).to_parquet(folder / "products.parquet")
    relist(folder, "products.parquet")
    refused(store_copy, r"(products\.parquet|ids\.npy).*Rebuild")


@pytest.mark.parametrize("kind", ["a list outside", "centres of another width", "a list less", "none"])
def test_lists_of_an_index_that_do_not_fit_its_vectors_are_named(tmp_path, shop, tiny_profile, kind):
    root = tmp_path / "store"
    build(shop, Store(root), Settings(profile=tiny_profile, index="ivf"))
    folder = object_of(root, "paper_index")
    centres, lists = np.load(folder / "centres.npy"), np.load(folder / "lists.npy")
    if kind == "none":
        assert len(mpsr.open(root).similar("101", k=3).neighbours) == 3
        return
    changed = {
        "a list outside": ("lists.npy", lists + len(centres)),
        "centres of another width": ("centres.npy", centres[:, 1:]),
        "a list less": ("lists.npy", lists[1:]),
    }
    np.save(folder / changed[kind][0], changed[kind][1])
    relist(folder, changed[kind][0])
    refused(root, f"{folder}.*Rebuild")


def test_a_colleague_can_read_every_file(learned_shop):
    """Files have the mode that the user's umask gives, whichever library wrote them."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in learned_shop.rglob("*") if path.is_file()}
    mask = os.umask(0)
    os.umask(mask)
    others = {path: mode for path, mode in modes.items() if path.name != ".lock" and mode != 0o666 & ~mask}
    assert not others


def test_the_helpers_make_a_store_that_opens(store_copy):
    """Otherwise the tests above would be refused for another reason than theirs."""
    relist(object_of(store_copy, "text"), "vectors.npy")
    republish(store_copy, lambda document: document["facts"].update(source="elsewhere"))
    assert len(mpsr.open(store_copy)) == 30
    assert json.loads(next(store_copy.glob("snapshots/*.json")).read_text())["facts"]["source"] == "elsewhere"
