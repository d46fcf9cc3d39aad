"""A build end to end on a tiny catalogue: what it leaves, that it resumes, that nothing is lost."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from mpsr.catalogue import Policies
from mpsr.catalogue.source import FolderSource
from mpsr.errors import StoreError
from mpsr.pipeline import build
from mpsr.progress import silent
from mpsr.service import Service
from mpsr.stages import image, text
from mpsr.stages.embeddings import Batching
from mpsr.stages.maker import Maker
from mpsr.stages.paper import fuse_paper_space
from mpsr.stages.settings import Settings
from mpsr.store import Artefact, Store

TESTS = Path(__file__).parent


def vectors(store: Path, stage: str) -> np.ndarray:
    snapshot = Store(store).current()
    return Store(store).open_object(stage, snapshot.stages[stage]).array("vectors.npy")


@pytest.mark.parametrize("kills", [20, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_killed_at_random_moments_it_ends_with_the_same_vectors(
    shop: Path, tiny_profile, tmp_path: Path, kills: int
) -> None:
    store = tmp_path / "store"
    command = [
        sys.executable,
        str(TESTS / "kill_worker.py"),
        str(shop),
        json.dumps(asdict(tiny_profile)),
        str(store),
    ]
    done = subprocess.run([*command, str(kills), "7"], capture_output=True, text=True, timeout=14 * kills)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["failed"] == 0, done.stderr
    assert outcome["killed"] == kills
    for stage in ("text", "image", "paper"):
        np.testing.assert_array_equal(vectors(store, stage), vectors(tmp_path / "whole", stage))
    assert not list((store / "work").glob("*/*/*"))


def test_a_second_build_reuses_everything(shop: Path, tiny_profile, tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            said.append((name, note))

        def progress(self, done: int, total: int) -> None:
            pass

    first = build(shop, Store(tmp_path), Settings(tiny_profile))
    second = build(shop, Store(tmp_path), Settings(tiny_profile), Listener())
    assert second.fingerprint == first.fingerprint
    assert [name for name, note in said if note == "already there"] == list(first.stages)


def test_changed_settings_never_mix(shop: Path, tiny_profile, tmp_path: Path) -> None:
    first = build(shop, Store(tmp_path), Settings(tiny_profile))
    other = replace(tiny_profile, text=replace(tiny_profile.text, columns=("productDisplayName",)))
    second = build(shop, Store(tmp_path), Settings(other))
    changed = {stage for stage in first.stages if first.stages[stage] != second.stages[stage]}
    assert changed == {"text", "generation", "paper", "paper_index", "paper_graph", "atlas", "regions"}


def test_a_changed_catalogue_is_built_anew(shop: Path, tiny_profile, tmp_path: Path) -> None:
    source = Path(shutil.copytree(shop, tmp_path / "catalogue"))
    first = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    table = source / "styles.csv"
    table.write_text(table.read_text().replace("Blue", "Teal", 1))
    second = build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    assert first.stages["catalogue"] != second.stages["catalogue"]


def test_identical_texts_and_pictures_are_encoded_once(shop: Path, tiny_profile, tiny_store: Path) -> None:
    service = Service(tiny_store)
    models = service.info()["models"]
    texts = service.products[list(tiny_profile.text.columns)].astype(str).agg(" ".join, axis=1).nunique()
    assert models["text"]["distinct"] == texts
    assert models["image"]["distinct"] == service.products["picture_sha256"].nunique()


def test_output_order_is_catalogue_order(shop: Path, tiny_store: Path) -> None:
    lines = (shop / "styles.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert Service(tiny_store).products["id"].tolist() == [line.split(",")[0] for line in lines]


def test_shard_sizes_do_not_change_the_vectors(
    shop, tiny_profile, tiny_store: Path, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(text, "BATCHING", Batching(shard=7, batch=64))
    monkeypatch.setattr(image, "BATCHING", Batching(shard=5, batch=32))
    build(shop, Store(tmp_path), Settings(tiny_profile))
    for stage in ("text", "image"):
        np.testing.assert_allclose(vectors(tmp_path, stage), vectors(tiny_store, stage), atol=2e-2)


@pytest.mark.parametrize("kind", ["exact", "ivf"])
def test_either_index_serves_the_same_neighbours(shop, tiny_profile, tiny_store, tmp_path, kind: str) -> None:
    build(shop, Store(tmp_path), Settings(tiny_profile, index=kind))
    ours, other = Service(tmp_path), Service(tiny_store)
    assert ours.info()["index"]["kind"] == kind
    for product in other.products["id"][:5]:
        found = [n.id for n in ours.similar(product, k=4, where={"gender": ["Men"]}).neighbours]
        assert found == [n.id for n in other.similar(product, k=4, where={"gender": ["Men"]}).neighbours]


def test_the_source_is_looked_through_once_a_build(shop: Path, tiny_profile, tmp_path, monkeypatch) -> None:
    calls = []
    members = FolderSource.members
    monkeypatch.setattr(FolderSource, "members", lambda self: calls.append(1) or members(self))
    build(shop, Store(tmp_path), Settings(tiny_profile))
    assert len(calls) == 1


def test_the_steps_are_told_in_the_order_of_the_snapshot(shop: Path, tiny_profile, tmp_path: Path) -> None:
    said: list[str] = []

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            said.append(name)

        def progress(self, done: int, total: int) -> None:
            pass

    snapshot = build(shop, Store(tmp_path), Settings(tiny_profile), Listener())
    assert [name for name in dict.fromkeys(said) if name in snapshot.stages] == list(snapshot.stages)


def test_embeddings_of_different_products_are_not_fused(tiny_store: Path, tmp_path: Path) -> None:
    service, make = Service(tiny_store), Maker(Store(tmp_path), silent)
    folder = Path(shutil.copytree(service.artefact("image").folder, tmp_path / "image"))
    ids = np.load(folder / "ids.npy")
    np.save(folder / "ids.npy", ids[::-1])
    image = Artefact(folder, service.artefact("image").manifest)
    with pytest.raises(StoreError, match="expected the same products in the same order"):
        fuse_paper_space(make, service.artefact("generation"), service.artefact("text"), image)


def test_dropping_products_without_picture(shop: Path, tiny_profile, tmp_path: Path) -> None:
    build(shop, Store(tmp_path), Settings(tiny_profile, Policies(no_image="drop")))
    service = Service(tmp_path)
    assert len(service) == 29
    assert service.rejects()["reason"].tolist() == ["no picture"]
