"""A cluster of two nodes loses one in the middle of a build: the other one ends it with the same bytes."""

import os
import threading
import time

import pytest

from mpsr.engines.ray_shards import RayCluster
from mpsr.pipeline import build
from mpsr.stages import image, text
from mpsr.stages.embeddings import Batching
from mpsr.stages.settings import Settings
from mpsr.store import Store

from .test_ray import same

ray = pytest.importorskip("ray", reason="the extra ray is not installed")
utils = pytest.importorskip("ray.cluster_utils", reason="the extra ray is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ray"), pytest.mark.timeout(900)]

NODE = {"object_store_memory": 100_000_000, "include_dashboard": False}


@pytest.fixture
def nodes(monkeypatch):
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    made = utils.Cluster(initialize_head=True, connect=True, head_node_args={"num_cpus": 2, **NODE})
    second = made.add_node(num_cpus=1, object_store_memory=100_000_000)
    made.wait_for_nodes()
    yield made, second
    ray.shutdown()
    made.shutdown()


def test_a_node_that_is_lost(nodes, shop, tiny_profile, tmp_path, monkeypatch):
    monkeypatch.setattr(text, "BATCHING", Batching(shard=6, batch=2))
    monkeypatch.setattr(image, "BATCHING", Batching(shard=1, batch=1, workers=1))
    build(shop, Store(tmp_path / "local"), Settings(profile=tiny_profile))
    cluster, second = nodes
    assert ray.cluster_resources()["CPU"] == 3
    lost = []

    def lose() -> None:
        pictures = tmp_path / "ray" / "work" / "segment"
        while not any(pictures.glob("*/shard-00006.json")):
            time.sleep(0.001)
        cluster.remove_node(second, allow_graceful=False)
        lost.append(os.getpid())

    thread = threading.Thread(target=lose, daemon=True)
    thread.start()
    build(shop, Store(tmp_path / "ray"), Settings(profile=tiny_profile, cluster=RayCluster()))
    thread.join(60)
    assert lost
    assert same(tmp_path / "ray", tmp_path / "local")
