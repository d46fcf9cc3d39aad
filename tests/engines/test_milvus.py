"""Milvus answers as FAISS in this process does: the same ids and scores on the same snapshot."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mpsr.catalogue.types import ID
from mpsr.engines import open_engine
from mpsr.engines.connection import connect
from mpsr.engines.milvus import MilvusEngine
from mpsr.engines.publish import publish
from mpsr.errors import EngineError, InputError
from mpsr.search.conditions import Condition
from mpsr.search.engine import InProcess
from mpsr.search.filters import Filters
from mpsr.search.ranking import rank
from mpsr.search.request import Request
from mpsr.search.store_reader import OpenStore
from mpsr.service import open_service
from mpsr.types import LESS, Part, Query, Weights, about
from mpsr.ui.opened import opened

from .conftest import store_of, unit

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")


@pytest.fixture(scope="module")
def published(learned_shop, tmp_path_factory):
    """The address of an engine that holds ``learned_shop``."""
    address = str(tmp_path_factory.mktemp("milvus") / "shop.db")
    done = publish(OpenStore(learned_shop, indexed=False), address)
    assert [(one.space, one.way) for one in done] == [("learned", "new"), ("paper", "new")]
    return address


@pytest.fixture
def both(learned_shop, published, tiny_embedded):
    return open_service(learned_shop), open_service(learned_shop, engine=published)


REQUESTS = {
    "product": Request(about("101")),
    "filtered": Request(about("101"), 8, where={"baseColour": ["Red", "Blue"]}),
    "refused": Request(about("104"), 8, where={"articleType": Condition(none_of=("Watches",))}),
    "range": Request(about("104"), 8, where={"year": Condition(least=2012)}),
    "same": Request(about("104"), 8, where={"articleType": Condition(same=True)}),
    "weights": Request(about("105"), weights=Weights(0.8, 0.2), where={"gender": ["Men"]}),
    "all": Request(about("105"), 100),
    "words": Request(Query((Part(words="red shirt"),)), 6),
    "words by meaning": Request(Query((Part(words="red shirt"),)), 6, lexical=0.0),
    "mixed": Request(Query((Part(product="103"), Part(words="blue"), Part(product="107", weight=LESS))), 6),
    "families": Request(about("102"), 6, hide_variants=True),
    "at most": Request(about("102"), 6, at_most={"articleType": 2}),
    "diverse": Request(about("102"), 6, diversity=0.5),
}


@pytest.mark.parametrize("space", ["learned", "paper"])
@pytest.mark.parametrize("name", REQUESTS)
def test_both_engines_answer_the_same(both, name, space):
    request = replace(REQUESTS[name], space=space)
    here, there = (one.search(request) for one in both)
    assert [one.id for one in there.neighbours] == [one.id for one in here.neighbours]
    scores = [[one.score for one in found.neighbours] for found in (here, there)]
    np.testing.assert_allclose(scores[1], scores[0], atol=1e-5)
    assert here.neighbours


def test_with_an_engine_no_index_is_held(both):
    here, there = both
    assert all(there.space(name).index is None for name in there.spaces)
    assert there.memory < here.memory


@pytest.mark.parametrize("where", [{}, {"baseColour": ["Red"]}, {"year": Condition(least=2012)}])
def test_both_engines_count_and_give_vectors(both, where):
    here, there = both
    space, ids = here.space(), here.ids[3:7]
    assert here.engine.count(space, where) == there.engine.count(space, where) == int(here.mask(where).sum())
    np.testing.assert_array_equal(there.engine.vectors(space, ids), here.engine.vectors(space, ids))
    assert there.engine.vectors(space, []).shape == (0, space.vectors.shape[1])
    for one in both:
        with pytest.raises(InputError, match="no product 'nobody'"):
            one.engine.vectors(space, ["nobody"])


def test_the_command_line_publishes_and_asks(learned_shop, published, tiny_embedded, mpsr):
    code, out, _ = mpsr("publish", "--to", published, "--store", learned_shop)
    assert code == 0
    assert "already there" in out
    command = ("similar", "101", "--where", "baseColour=Red", "--store", learned_shop, "--json")
    here, there = mpsr(*command), mpsr(*command, "--engine", published)
    assert here[0] == there[0] == 0
    assert json.loads(here[1]) == json.loads(there[1])


def test_the_server_and_the_app_ask_the_engine_that_is_named(
    learned_shop, published, mpsr, monkeypatch, tmp_path
):
    code, _, err = mpsr("serve", "--store", learned_shop, "--engine", tmp_path / "none.db")
    assert code == 2
    assert "there is no file" in err
    monkeypatch.setenv("MPSR_ENGINE", published)
    assert isinstance(opened(learned_shop).engine, MilvusEngine)
    told = {}
    monkeypatch.setenv("MPSR_STORES", str(learned_shop.parent))
    monkeypatch.setattr("os.execv", lambda *_: told.update(os.environ))
    monkeypatch.chdir(tmp_path)
    assert mpsr("app", "--engine", "near.db")[0] == 0
    assert told["MPSR_ENGINE"] == str(tmp_path / "near.db")


# -- recall under filters -------------------------------------------------------------------------------------


COUNT = 6000
SHARES = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001}


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A store of so many products in an engine, its filters and the engine."""
    random = np.random.default_rng(3)
    columns = {ID: [f"p{n}" for n in range(COUNT)]}
    columns |= {name: np.where(random.random(COUNT) < share, "yes", "no") for name, share in SHARES.items()}
    store = store_of(tmp_path_factory.mktemp("stores") / "wide", columns)
    address = str(tmp_path_factory.mktemp("milvus") / "wide.db")
    publish(store, address)
    filters = Filters(store.products)
    return store, filters, open_engine(address, store, filters)


@pytest.mark.parametrize("name", SHARES)
def test_recall_under_filters_against_the_exact_answer(wide, name):
    store, filters, engine = wide
    space, where, hit, asked = store.spaces["paper"], {name: ["yes"]}, 0, 0
    mask = filters.mask(where)
    for query in range(0, COUNT, COUNT // 40):
        allowed = mask.copy()
        allowed[query] = False
        exact = np.where(allowed, space.vectors.astype(float) @ space.vectors[query].astype(float), -np.inf)
        best = np.argsort(-exact)[: min(5, int(allowed.sum()))]
        nearest = engine.nearest(space, where, ())
        _, rows = nearest(space.vectors[query], len(best), allowed)  # what the engine itself finds
        found = rank(space, space.vectors[query], 5, Weights(), allowed, nearest=nearest)
        np.testing.assert_array_equal(found.rows, best)
        np.testing.assert_allclose(found.total, exact[best], atol=1e-5)
        hit, asked = hit + len({*rows[:5].tolist()} & {*best.tolist()}), asked + len(best)
    assert hit >= 0.99 * asked > 0


def test_what_only_this_process_knows_is_left_out_by_asking_for_more(wide):
    """A mask that no filter states, as rules and hidden variants make it: the nearest are not allowed."""
    store, _, engine = wide
    space, query = store.spaces["paper"], store.spaces["paper"].vectors[7]
    order = np.argsort(-(space.vectors @ query))
    for left_out in (300, COUNT - 20):
        allowed = np.ones(COUNT, bool)
        allowed[order[:left_out]] = False
        found = rank(space, query, 5, Weights(), allowed, nearest=engine.nearest(space, {}, ()))
        np.testing.assert_array_equal(found.rows, order[left_out : left_out + 5])


def test_where_the_engine_finds_too_few_all_products_are_scanned_and_the_log_says_so(
    wide, monkeypatch, caplog
):
    store, filters, engine = wide
    space, mask = store.spaces["paper"], filters.mask({"tenth": ["yes"]})
    real = type(engine).search
    monkeypatch.setattr(
        type(engine), "search", lambda *args: tuple(part[: len(part) // 2 + 1][:3] for part in real(*args))
    )
    query = space.vectors[11]
    found = rank(space, query, 5, Weights(), mask, nearest=engine.nearest(space, {"tenth": ["yes"]}, ()))
    exact = np.where(mask, space.vectors @ query, -np.inf)
    np.testing.assert_array_equal(found.rows, np.argsort(-exact)[:5])
    assert "found 3 of the" in caplog.text


def test_more_results_than_the_engine_gives_are_scanned(wide):
    store, _, engine = wide
    nearest = engine.nearest(store.spaces["paper"], {}, ())
    assert nearest(store.spaces["paper"].vectors[0], 20_000, None) is None


# -- opening --------------------------------------------------------------------------------------------------


def test_a_reopened_file_is_loaded(learned_shop, published, tiny_embedded, release):
    before = open_service(learned_shop, engine=published).similar("101", where={"baseColour": ["Red"]})
    release(published)
    again = open_service(learned_shop, engine=published).similar("101", where={"baseColour": ["Red"]})
    assert again == before


def test_another_snapshot_is_refused(learned_shop, tiny_store, published, tmp_path):
    with pytest.raises(EngineError, match=r"does not hold .* mpsr publish --to"):
        open_service(tiny_store, engine=published)
    with pytest.raises(InputError, match=r"there is no file .*none\.db"):
        open_service(learned_shop, engine=str(tmp_path / "none.db"))


@pytest.mark.parametrize("address", ["shop", "tcp://host:1", "http://me:secret@host", ""])
def test_addresses_that_are_none(address):
    with pytest.raises(InputError, match="engine's address") as told:
        connect(address, make=True)
    assert "secret" not in str(told.value)


def test_a_server_that_is_not_there(learned_shop, monkeypatch):
    monkeypatch.setattr("mpsr.engines.connection.TIMEOUT", 1.0)
    with pytest.raises(EngineError, match="Is a Milvus running there"):
        open_service(learned_shop, engine="http://127.0.0.1:9")


def test_without_the_extra_the_message_names_it(learned_shop, published, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(InputError, match=r"pip install 'mpsr\[milvus\]'"):
        open_service(learned_shop, engine=published)


def test_one_process_a_file(learned_shop, published):
    open_service(learned_shop, engine=published)
    command = [sys.executable, "-m", "mpsr", "similar", "101", "--store", learned_shop, "--engine", published]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 2
    assert "Has another process opened it?" in told.stderr
    assert "Traceback" not in told.stderr


# -- publishing again -----------------------------------------------------------------------------------------


def changed_store(root, snapshot, changed=(), removed=(), added=0, base=500):
    """A store of 500 products of which some have another vector, some are gone and some are new."""
    random = np.random.default_rng(5)
    vectors, colours = unit(random.normal(size=(base, 32))), random.choice(["red", "blue"], base)
    for row in changed:
        vectors[row] = unit(random.normal(size=(1, 32)))[0]
    kept = np.setdiff1d(np.arange(base), removed)
    ids = [f"p{row}" for row in kept] + [f"new{n}" for n in range(added)]
    vectors = (
        np.concatenate([vectors[kept], unit(random.normal(size=(added, 32)))]) if added else vectors[kept]
    )
    return store_of(
        root,
        {ID: ids, "colour": [*colours[kept], *["red"] * added]},
        snapshot,
        np.ascontiguousarray(vectors),
        ids,
    )


def asked(store, address, k=10):
    """Ids of the nearest red ones to the first product by an engine, checked against FAISS."""
    filters, space = Filters(store.products), store.spaces["paper"]
    mask, found = filters.mask({"colour": ["red"]}), []
    for engine in (InProcess(store.rows, filters), open_engine(address, store, filters)):
        nearest = engine.nearest(space, {"colour": ["red"]}, ())
        found.append(rank(space, space.vectors[0], k, Weights(), mask, nearest=nearest).rows.tolist())
        assert engine.count(space, {}) == len(store.ids)
    assert found[0] == found[1]
    return [store.ids[row] for row in found[0]]


def test_a_small_change_is_an_upsert_and_delete(tmp_path):
    address, root = str(tmp_path / "shop.db"), tmp_path / "shop"
    first = changed_store(root, "a" * 64)
    publish(first, address)
    second = changed_store(root, "b" * 64, changed=[3, 4], removed=[8, 9, 10], added=5)
    (done,) = publish(second, address)
    assert (done.way, done.written, done.removed) == ("updated", 7, 3)
    asked(second, address)
    with pytest.raises(EngineError, match="holds another snapshot"):
        asked(first, address)


def test_a_large_change_is_a_new_collection_and_the_one_before_stays(tmp_path):
    address, root = str(tmp_path / "shop.db"), tmp_path / "shop"
    stores = [changed_store(root, letter * 64, changed=range(n * 100)) for n, letter in enumerate("abc")]
    for store in stores:
        (done,) = publish(store, address)
        assert done.way == "new"
    for store in stores[1:]:
        asked(store, address)
    with pytest.raises(EngineError, match="holds another snapshot"):
        asked(stores[0], address)
    assert len(connect(address).list_collections()) == 2
    (done,) = publish(stores[1], address)  # back to the one before
    assert done.way == "already there"
    assert connect(address).describe_alias(done.alias)["collection_name"].endswith("b" * 12)


@pytest.mark.parametrize("large", [False, True])
def test_a_publish_that_was_stopped_shows_no_half_and_is_completed(tmp_path, monkeypatch, large):
    address, root = str(tmp_path / "shop.db"), tmp_path / "shop"
    first = changed_store(root, "a" * 64)
    second = changed_store(root, "b" * 64, changed=range(200 if large else 5), removed=[7])
    publish(first, address)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mpsr.engines.publish._Publisher._check", stop)
        with pytest.raises(KeyboardInterrupt):
            publish(second, address)
    with pytest.raises(EngineError, match="holds another snapshot"):
        open_engine(address, second, Filters(second.products))
    if large:
        asked(first, address)
    publish(second, address)
    asked(second, address)


def test_what_cannot_be_read_back_is_not_shown(tmp_path, monkeypatch):
    store = changed_store(tmp_path / "shop", "a" * 64)
    monkeypatch.setattr(
        "mpsr.engines.publish.read_vectors", lambda *_: {one: np.zeros(32, np.float32) for one in store.ids}
    )
    with pytest.raises(EngineError, match="gives another vector"):
        publish(store, str(tmp_path / "shop.db"))
    assert not connect(str(tmp_path / "shop.db")).has_collection("mpsr_shop_paper")
