"""A store whose stages have the names of an earlier version: refused by name, rebuilt by the command it names."""

import pytest

import mpsr
from mpsr.errors import StoreError
from mpsr.pipeline import build, learn_space
from mpsr.space.settings import SpaceSettings
from mpsr.stages import towers as towers_stage
from mpsr.stages.settings import Settings
from mpsr.store import Store, known_stores


class Listener:
    def __init__(self):
        self.notes = []

    def step(self, name, note=""):
        self.notes.append((name, note))

    def progress(self, done, total):
        pass


def test_it_is_refused_with_the_names_and_the_way_on(old_store):
    for verify in (True, False):
        with pytest.raises(StoreError) as caught:
            mpsr.open(old_store, verify=verify)
        message = str(caught.value)
        assert "graph, index, shared, shared_graph, shared_index" in message
        assert f"mpsr build SOURCE --store {old_store}" in message


def test_training_its_space_is_refused_and_leaves_it_as_it_was(old_store):
    before = sorted((path, path.stat().st_mtime_ns) for path in old_store.rglob("*.json"))
    with pytest.raises(StoreError, match="mpsr build SOURCE"):
        learn_space(Store(old_store), SpaceSettings())
    assert sorted((path, path.stat().st_mtime_ns) for path in old_store.rglob("*.json")) == before


def test_it_is_still_listed_among_the_stores(old_store, monkeypatch):
    monkeypatch.setenv("MPSR_STORES", str(old_store.parent))
    assert known_stores() == [old_store]


def test_a_rebuild_has_the_learned_space_and_reuses_the_stages_whose_names_and_inputs_are_the_same(
    old_store, learned_shop, shop, tiny_profile, monkeypatch
):
    towers = mpsr.open(learned_shop).artefact("towers").folder
    monkeypatch.setattr(towers_stage, "asset", lambda name: towers)
    monkeypatch.setattr(towers_stage, "shipped_fit", lambda text, image: True)
    heard = Listener()
    build(shop, Store(old_store), Settings(profile=tiny_profile, learned="shipped"), heard)
    reused = {name for name, note in heard.notes if note == "already there"}
    assert {"catalogue", "pictures", "text", "image", "split", "paper"} <= reused
    assert "learned" not in reused
    service, expected = mpsr.open(old_store), mpsr.open(learned_shop)
    assert service.spaces == expected.spaces == ["learned", "paper"]
    assert service.similar("101", k=3).neighbours == expected.similar("101", k=3).neighbours


def test_nothing_is_published_under_an_unknown_name(tmp_path):
    with pytest.raises(StoreError, match="the stages spare"):
        Store(tmp_path).publish({"spare": "f" * 64}, {"source": "", "profile": "", "seconds": 0})
    assert not (tmp_path / "current").exists()
