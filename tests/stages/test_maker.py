"""How stages get their artefacts: reused, made again when damaged, without traces of earlier tries."""

import json
from dataclasses import fields

import pytest

from mpsr.catalogue import Summary
from mpsr.errors import StoreError
from mpsr.progress import silent
from mpsr.stages.artefacts import Artefacts
from mpsr.stages.maker import Maker
from mpsr.store import Store, sealed
from mpsr.store.facts import CatalogueSummary, EmbeddingFacts, IndexFacts
from mpsr.store.layout import STAGES


class Counted:
    """A writer that counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, folder):
        self.calls += 1
        (folder / "text.txt").write_text("hello")
        return {"calls": self.calls}


@pytest.fixture
def maker(tmp_path):
    return Maker(Store(tmp_path), silent)


def test_an_artefact_is_made_once_and_notes_its_facts_and_seconds(maker):
    write = Counted()
    first, second = (maker.make("text", {}, {"x": 1}, write) for _ in range(2))
    assert write.calls == 1
    assert first == second
    assert first.facts["calls"] == 1
    assert first.facts["seconds"] >= 0


def test_other_inputs_or_parameters_make_another_artefact(maker):
    write = Counted()
    base = maker.make("catalogue", {}, {}, write)
    made = [
        maker.make("text", {}, {"x": 1}, write),
        maker.make("text", {}, {"x": 2}, write),
        maker.make("text", {"catalogue": base}, {"x": 1}, write),
    ]
    assert len({artefact.fingerprint for artefact in made}) == 3


def test_a_damaged_artefact_is_made_again(maker):
    write = Counted()
    made = maker.make("text", {}, {}, write)
    (made.folder / "text.txt").write_text("holla")
    assert (maker.make("text", {}, {}, write).folder / "text.txt").read_text() == "hello"
    assert write.calls == 2


def test_work_that_a_killed_build_left_behind_goes_with_the_next_publication(maker):
    made = maker.make("text", {}, {}, Counted())
    left = maker.work_folder("text", {}, {})
    (left / "shard-00000.npy").write_bytes(b"x")
    maker.store.publish({"text": made.fingerprint}, {"source": "", "profile": "", "seconds": 0})
    assert not left.exists()


def test_a_build_s_artefacts_are_the_stages_in_their_order():
    assert {field.name for field in fields(Artefacts)} == STAGES


def test_the_counts_of_a_catalogue_are_noted_under_their_own_names():
    noted = CatalogueSummary.__required_keys__ | CatalogueSummary.__optional_keys__
    assert noted == {field.name for field in fields(Summary)}


def test_facts_that_need_not_be_there_are_not_missed(maker):
    facts = {
        "model": "m",
        "licence": "",
        "device": "none",
        "distinct": 0,
        "encoded": 0,
        "resumed": 0,
        "seconds": 0.0,
    }
    made = maker.make("image", {}, {}, lambda folder: {**facts, "segments": []})
    assert made.read_facts(EmbeddingFacts) == {**facts, "segments": []}


def test_facts_that_a_reader_needs_are_missed_by_name(maker):
    made = maker.make("paper_index", {}, {}, lambda folder: {"kind": "exact"})
    with pytest.raises(StoreError, match=r"missing required field `recall@5`. Rebuild .* mpsr build"):
        made.read_facts(IndexFacts)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    manifest["facts"]["recall@5"] = 1.0
    (made.folder / "manifest.json").write_text(json.dumps(sealed(manifest)))
    assert maker.store.open_object("paper_index", made.fingerprint).read_facts(IndexFacts)["recall@5"] == 1.0
