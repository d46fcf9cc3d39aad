"""A build on Ray ends with the same bytes as one in this process, whatever is killed on the way."""

import json
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from mpsr.engines.ray_shards import RayCluster, work_on_shards
from mpsr.errors import InputError, MPSRError
from mpsr.pipeline import build
from mpsr.stages import image, text
from mpsr.stages.embeddings import Batching
from mpsr.stages.settings import Settings
from mpsr.store import Store

ray = pytest.importorskip("ray", reason="the extra ray is not installed")
pytest.importorskip("ray.data", reason="the extra ray is not installed")

pytestmark = pytest.mark.xdist_group("ray")  # one Ray a machine


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    """Many shards of few batches."""
    monkeypatch.setattr(text, "BATCHING", Batching(shard=6, batch=2))
    monkeypatch.setattr(image, "BATCHING", Batching(shard=4, batch=2, workers=2))


@pytest.fixture(scope="module")
def cluster():
    """A real Ray on this machine, one CPU for an actor and one for the rest."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=200_000_000,
        log_to_driver=False,
    )
    yield RayCluster()
    ray.shutdown()


@pytest.fixture(scope="module")
def local(shop, tiny_profile, tmp_path_factory):
    """What a build in this process leaves."""
    root = tmp_path_factory.mktemp("stores") / "local"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "BATCHING", Batching(shard=6, batch=2))
        patch.setattr(image, "BATCHING", Batching(shard=4, batch=2, workers=2))
        build(shop, Store(root), Settings(profile=tiny_profile))
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Every array and table of a store's stages and segments, by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in (root / "objects").rglob("*")
        if path.suffix in (".npy", ".parquet", ".bin")
    }


def same(root: Path, other: Path) -> bool:
    """Whether two stores have published the same fingerprints, and hold the same bytes under them."""
    assert Store(root).current().stages == Store(other).current().stages
    ours, theirs = contents(root), contents(other)
    assert len(ours) > 10
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    return True


def facts(root: Path, stage: str) -> dict:
    store = Store(root)
    return dict(store.open_stage(store.current(), stage, verify=False).facts)


def test_the_same_bytes_and_fingerprints_as_in_this_process(cluster, local, shop, tiny_profile, tmp_path):
    seen = []

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            seen.append((name, 0, 0))

        def progress(self, done: int, total: int) -> None:
            seen.append((seen[-1][0], done, total))

    build(shop, Store(tmp_path), Settings(profile=tiny_profile, cluster=cluster), Listener())
    assert same(tmp_path, local)
    counted = [(done, total) for name, done, total in seen if name == "image" and total]
    assert counted[-1][0] == counted[-1][1] == facts(tmp_path, "image")["encoded"]
    assert len(counted) == -(-counted[-1][1] // 4)  # a shard at a time
    assert not list((tmp_path / "work").glob("*/*/*"))


def test_a_picture_that_changed_is_told_and_the_next_build_resumes(
    cluster, local, shop, tiny_profile, tmp_path
):
    import shutil

    source, store = tmp_path / "shop", Store(tmp_path / "store")
    shutil.copytree(shop, source)
    settings = Settings(profile=tiny_profile, cluster=cluster)
    pictures = sorted((source / "images").iterdir())
    kept = pictures[-1].read_bytes()

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            if name == "image":
                pictures[-1].write_bytes(pictures[0].read_bytes())

        def progress(self, done: int, total: int) -> None:
            pass

    with pytest.raises(InputError, match="was changed during the build"):
        build(source, store, settings, Listener())
    shards = list((store.root / "work").rglob("shard-*.npy"))
    assert shards
    pictures[-1].write_bytes(kept)
    build(source, store, settings)
    assert facts(store.root, "image")["resumed"] > 0
    np.testing.assert_array_equal(*(vectors(root, "image") for root in (store.root, local)))


def vectors(root: Path, stage: str) -> np.ndarray:
    store = Store(root)
    return store.open_stage(store.current(), stage).array("vectors.npy")


def kill_when(happened, killed: list[int]) -> threading.Thread:
    """Kills every actor of this process's Ray, once, as soon as something has happened."""

    def watch() -> None:
        while not happened():
            time.sleep(0.001)
        for process in psutil.Process().children(recursive=True):
            name = " ".join(process.cmdline())
            if name.startswith("ray::") and "Map" in name:
                os.kill(process.pid, signal.SIGKILL)
                killed.append(process.pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_a_killed_actor_is_replaced_and_the_bytes_are_the_same(cluster, local, shop, tiny_profile, tmp_path):
    killed: list[int] = []
    work = tmp_path / "work" / "segment"
    thread = kill_when(lambda: any(work.glob("*/shard-00001.json")), killed)
    build(shop, Store(tmp_path), Settings(profile=tiny_profile, cluster=cluster))
    thread.join(10)
    assert killed
    assert same(tmp_path, local)


def test_another_precision_or_other_weights_are_refused(cluster, shop, tiny_profile, tmp_path, monkeypatch):
    from mpsr.stages import embeddings

    for wrong, told in ((replace_precision, "a worker computes in"), (replace_weights, "other weights")):
        with monkeypatch.context() as patch:
            real = embeddings.ShardJob
            patch.setattr(embeddings, "ShardJob", lambda *job, wrong=wrong, real=real: wrong(real(*job)))
            with pytest.raises(InputError, match=told):
                build(shop, Store(tmp_path), Settings(profile=tiny_profile, cluster=cluster))


def replace_precision(job):
    return replace(job, precision="float8")


def replace_weights(job):
    return replace(job, weights="0" * 64)


def failing(kind: str):
    raise {"own": MPSRError("told"), "other": ZeroDivisionError("by zero")}[kind]


def test_what_fails_in_an_actor_is_told_in_a_sentence(cluster):
    from functools import partial

    with pytest.raises(MPSRError, match=r"^told$"):
        work_on_shards([0], partial(failing, "own"), cluster, print)
    with pytest.raises(MPSRError, match=r"a worker failed: ZeroDivisionError: by zero. Run the same"):
        work_on_shards([0], partial(failing, "other"), cluster, print)


def test_more_cpus_than_there_are(cluster):
    with pytest.raises(InputError, match="has 2 CPUs; expected at least 3"):
        work_on_shards([0], print, RayCluster(cpus=2), print)


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(InputError, match=r"pip install 'mpsr\[ray\]'"):
        work_on_shards([0], print, RayCluster(), print)


def test_the_command_line(cluster, shop, tiny_embedded, local, mpsr, tmp_path):
    code, out, _ = mpsr("build", shop, "--store", tmp_path, "--engine", "ray", "--json")
    assert code == 0
    assert json.loads(out)["models"]["image"]["encoded"] > 0
    assert same(tmp_path, local)
    code, _, err = mpsr("build", shop, "--store", tmp_path, "--address", "auto")
    assert code == 2
    assert "Add --engine ray" in err
