"""A store that somebody else sends: nothing in it leads outside, stops the program, or makes it run without end."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

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


def test_a_file_that_is_not_listed_is_not_read(store_copy):
    folder = object_of(store_copy, "pictures")
    edit_manifest(folder, lambda document: document["files"].pop("pictures.bin"))
    refused(store_copy, r"manifest.json does not list pictures\.bin")


def test_facts_that_are_no_facts_are_told(store_copy):
    edit_manifest(object_of(store_copy, "paper"), lambda document: document.update(facts={"split": "x"}))
    refused(store_copy, "manifest.json is not of the form expected")


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
