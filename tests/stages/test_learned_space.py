"""A store with a learned space, and stores that must do without one."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from mpsr.errors import InputError
from mpsr.pipeline import build, learn_space
from mpsr.search.request import Request
from mpsr.service import open_service
from mpsr.space.settings import SpaceSettings
from mpsr.space.towers import read_config
from mpsr.stages import towers as towers_stage
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.types import Part, Query, Weights

TINY = SpaceSettings(residual=16, hidden=32, batch_size=64, epochs=1)


class Heard:
    def __init__(self):
        self.notes = []

    def step(self, name, note=""):
        self.notes.append((name, note))

    def progress(self, done, total):
        pass


@pytest.fixture
def copied(learned_store, tmp_path):
    shutil.copytree(learned_store, tmp_path / "store")
    return tmp_path / "store"


def test_the_learned_space_is_the_default_and_the_papers_stays(service):
    assert service.spaces == ["learned", "paper"]
    assert service.similar("1000").request.space == "learned"
    assert service.similar("1000", space="paper").request.space == "paper"


@pytest.mark.parametrize("weights", [None, Weights(0.8, 0.2)])
def test_answers_are_the_weighted_cosines_of_the_towers(service, weights):
    found = service.similar("1000", space="learned", weights=weights or Weights())
    rows = np.array(service.artefact("learned").array("vectors.npy"), np.float64)
    split = rows.shape[1] // 2
    w = weights or Weights()
    text, image = 2 * rows[:, :split] @ rows[0, :split], 2 * rows[:, split:] @ rows[0, split:]
    total = w.text * text + w.image * image
    total[0] = -np.inf
    best = np.argsort(-total, kind="stable")[:5]
    assert [item.id for item in found.neighbours] == [str(1000 + place) for place in best]
    np.testing.assert_allclose([item.score for item in found.neighbours], total[best], atol=1e-6)


def test_a_product_without_a_picture_is_found_by_its_words(service):
    bare = next(i for i in service.products["id"] if service.picture(i) is None)
    found = service.similar(bare, k=3, space="learned").neighbours
    assert all(item.image == 0 for item in found)
    assert found[0].text > 0.3


def kinds(service, query, **options):
    rows = [service.product(item.id) for item in service.search(Request(query, **options)).neighbours]
    return [(row["articleType"], row["baseColour"]) for row in rows]


def test_words_find_what_they_say_in_words_and_in_pictures(service):
    for kind, colour in (("Shirts", "Red"), ("Watches", "Black"), ("Bags", "Green")):
        query = Query((Part(words=f"{colour.lower()} {kind.lower()}"),))
        assert kinds(service, query).count((kind, colour)) >= 4
        assert [k for k, _ in kinds(service, query, weights=Weights(0, 1))].count(kind) >= 4


def test_a_product_but_in_another_colour(service):
    shirt = next(
        row.id
        for row in service.products.itertuples()
        if row.baseColour == "Red" and row.articleType == "Shirts"
    )
    found = kinds(service, Query((Part(product=shirt), Part(words="blue shirts", weight=2))))
    assert found.count(("Shirts", "Blue")) >= 3


def test_opening_and_asking_imports_no_torch(learned_store):
    code = (
        "import sys; from mpsr.service import open_service; "
        f"open_service({str(learned_store)!r}).similar('1000'); "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_second_build_reuses_everything(drawn, copied):
    settings = Settings(
        learned="train", space=SpaceSettings(residual=32, hidden=64, batch_size=64, epochs=8, patience=8)
    )
    before, heard = Store(copied).current(), Heard()
    assert build(drawn, Store(copied), settings, heard).fingerprint == before.fingerprint
    assert ("towers", "already there") in heard.notes


def test_train_space_publishes_another_space(copied):
    before = Store(copied).current()
    after = learn_space(Store(copied), TINY)
    assert after.stages["paper"] == before.stages["paper"]
    assert after.stages["learned"] != before.stages["learned"]
    again = open_service(copied)
    shape = read_config(again.artefact("towers").folder)["shape"]
    assert shape["residual"] == 16
    assert again.artefact("learned").facts["split"] == sum(shape["classes"]) + 16


def test_too_small_a_catalogue_keeps_the_papers_space_and_says_so(drawn, copied, monkeypatch, tmp_path):
    monkeypatch.setattr(towers_stage, "asset", lambda name: tmp_path / "no towers ship")
    heard = Heard()
    build(drawn, Store(copied), Settings(), heard)
    assert open_service(copied).spaces == ["paper"]
    assert any(name == "towers" and "the default is the paper's space" in note for name, note in heard.notes)


def test_towers_that_ship_serve_a_small_catalogue(drawn, copied, learned_store, monkeypatch):
    folder = open_service(learned_store).artefact("towers").folder
    monkeypatch.setattr(towers_stage, "asset", lambda name: folder)
    heard = Heard()
    build(drawn, Store(copied), Settings(), heard)
    service = open_service(copied)
    assert service.spaces == ["learned", "paper"]
    one, other = (
        open_service(root).artefact("learned").array("vectors.npy") for root in (copied, learned_store)
    )
    np.testing.assert_array_equal(one, other)


def test_towers_of_other_encoders_are_refused(drawn, copied, monkeypatch):
    monkeypatch.setattr(towers_stage, "shipped_fit", lambda text, image: False)
    with pytest.raises(InputError, match="other encoders"):
        build(drawn, Store(copied), Settings(learned="shipped"))
    build(drawn, Store(copied), Settings(learned="paper"))
    assert open_service(copied).spaces == ["paper"]
