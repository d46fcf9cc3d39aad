"""A catalogue that changes a little keeps its generation; one that changes much, or is asked to, gets a new one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from mpsr.atlas.layout import LayoutSettings
from mpsr.pipeline import build
from mpsr.service import Service
from mpsr.space.fusion import Scaler, fit_scaler
from mpsr.space.settings import SpaceSettings
from mpsr.stages import drift
from mpsr.stages.settings import Settings
from mpsr.store import Store, drift_gates
from mpsr.store.facts import DriftFacts
from mpsr.store.layout import LIST_CENTRES, LIST_OF
from mpsr.types import Embeddings
from mpsr.ui.map.data import map_data
from mpsr.ui.map.state import MapState
from mpsr.ui.map.view import said
from tests.drawn import HEADER

SPACE = SpaceSettings(residual=32, hidden=64, batch_size=64, epochs=2, patience=2)
SETTINGS = Settings(learned="train", space=SPACE)

#: Products that day 0 lacks, that day 1 lacks, and that have another name or another season on day 1.
NEW, GONE, RENAMED, RESEASONED = range(230, 240), range(4), range(10, 14), range(20, 60)


def write_day(drawn: Path, folder: Path, day: int) -> None:
    rows = (drawn / "styles.csv").read_text().splitlines()[1:]
    if day == 0:
        rows = rows[: NEW.start]
    else:
        for number in RENAMED:
            rows[number] += " Two"
        for number in RESEASONED:
            rows[number] = rows[number].replace("Summer", "Winter")
        del rows[GONE.start : GONE.stop]
    (folder / "styles.csv").write_text("\n".join([HEADER, *rows]) + "\n")


@pytest.fixture(scope="module")
def days(drawn, tmp_path_factory):
    """A catalogue, its store of day 0, that of day 1 after it, and one of day 1 with the same generation built whole."""
    folder = Path(shutil.copytree(drawn, tmp_path_factory.mktemp("days") / "catalogue"))
    stores = tmp_path_factory.mktemp("stores")
    write_day(drawn, folder, 0)
    first = build(folder, Store(stores / "store"), SETTINGS)
    shutil.copytree(stores / "store", stores / "day0")
    write_day(drawn, folder, 1)
    second = build(folder, Store(stores / "store"), SETTINGS)
    return folder, stores, first, second


def test_only_what_is_new_is_encoded_and_what_was_fitted_is_kept(days) -> None:
    _, _, first, second = days
    pictured = sum(number % 12 != 5 for number in NEW)
    assert second.encoded == {"text": len(NEW) + len(RENAMED), "image": pictured}
    assert second.stages["generation"] == first.stages["generation"]
    assert second.stages["towers"] == first.stages["towers"]
    assert "drift" not in first.stages


def test_the_drift_counts_what_has_changed(days) -> None:
    _, stores, _, second = days
    figures = Store(stores / "store").open_stage(second, "drift").read_facts(DriftFacts)
    assert (figures["added"], figures["removed"], figures["changed"]) == (len(NEW), len(GONE), len(RENAMED))
    assert figures["share_changed"] == pytest.approx(18 / 230, abs=1e-5)
    assert 0 < figures["mean_shift"] < 0.1
    assert figures["unseen_labels"] == 0


def test_products_come_and_go_and_their_columns_change(days) -> None:
    _, stores, _, _ = days
    before, after = Service(stores / "day0"), Service(stores / "store")
    assert set(after.ids) - set(before.ids) == {str(1000 + number) for number in NEW}
    assert set(before.ids) - set(after.ids) == {str(1000 + number) for number in GONE}
    assert after.product("1020")["season"] == "Winter"
    gone = {str(1000 + number) for number in GONE}
    for product in after.ids[::9]:
        assert not gone & {item.id for item in after.similar(product, k=50).neighbours}


@pytest.mark.parametrize("space", ["paper", "learned"])
def test_answers_are_those_of_a_whole_search_in_the_same_generation(days, space) -> None:
    _, stores, _, _ = days
    service = Service(stores / "store")
    vectors = np.asarray(service.artefact(space).array("vectors.npy"))
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    for row, product in enumerate(service.ids):
        found = [item.score for item in service.similar(product, space=space).neighbours]
        np.testing.assert_allclose(found, -np.sort(-scores[row])[:5], atol=1e-4)


def test_vectors_of_a_kept_generation_are_those_of_its_scalers_and_towers(days, tmp_path) -> None:
    """Equal to what a build that copied nothing gives: the published build is there without its vectors."""
    _, stores, _, _ = days
    before, after = Service(stores / "day0"), Service(stores / "store")
    for space in ("paper", "learned"):
        old = dict(zip(before.ids, before.artefact(space).array("vectors.npy"), strict=True))
        new = dict(zip(after.ids, after.artefact(space).array("vectors.npy"), strict=True))
        same = set(old) & set(new) - {str(1000 + number) for number in RENAMED}
        assert len(same) > 200
        for product in same:
            np.testing.assert_allclose(new[product], old[product], atol=1e-6)
        for number in RENAMED:
            assert np.abs(new[str(1000 + number)] - old[str(1000 + number)]).max() > 1e-3


def test_the_map_keeps_its_shape_and_new_points_are_marked(days) -> None:
    _, stores, _, _ = days
    before, after = Service(stores / "day0"), Service(stores / "store")
    old = dict(zip(before.ids, before.atlas.coordinates, strict=True))
    placed = {str(1000 + number) for number in (*NEW, *RENAMED)}
    assert not before.atlas.added.any()
    told = orjson.loads(map_data(after).facts())["added"]
    assert {after.ids[row] for row in told} == placed
    assert f"{len(placed)} products added since it was laid out" in said(after, MapState("baseColour"), None)
    for product, point, added in zip(after.ids, after.atlas.coordinates, after.atlas.added, strict=True):
        assert added == (product in placed)
        if not added:
            np.testing.assert_array_equal(point, old[product])
    assert np.abs(after.atlas.coordinates).max() <= 1


def test_the_same_command_again_changes_nothing(days, tmp_path) -> None:
    folder, stores, _, second = days
    again = build(folder, Store(stores / "store"), SETTINGS)
    assert again.stages == second.stages
    assert again.encoded == {}


def test_the_catalogue_of_before_comes_back_without_encoding(days, drawn, tmp_path) -> None:
    folder, stores, first, _ = days
    store = Path(shutil.copytree(stores / "store", tmp_path / "store"))
    back = Path(shutil.copytree(folder, tmp_path / "catalogue"))
    write_day(drawn, back, 0)
    again = build(back, Store(store), SETTINGS)
    assert sum(again.encoded.values()) == 0
    for stage in ("catalogue", "text", "image", "paper", "towers", "generation"):
        assert again.stages[stage] == first.stages[stage]


@pytest.mark.parametrize("why", ["asked", "settings", "changed", "damaged"])
def test_a_new_generation_begins(days, drawn, tmp_path, monkeypatch, why) -> None:
    folder, stores, first, _ = days
    store = Path(shutil.copytree(stores / "day0", tmp_path / "store"))
    chosen = replace(SETTINGS, learned="paper")
    first = build(folder, Store(store), chosen)  # a generation without towers, which is quick to fit
    changed = Path(shutil.copytree(folder, tmp_path / "catalogue"))
    rows = (folder / "styles.csv").read_text().splitlines()
    (changed / "styles.csv").write_text("\n".join(rows[:-1]) + "\n")
    if why == "asked":
        chosen = replace(chosen, refit=True)
    elif why == "settings":
        chosen = replace(chosen, index="ivf")
    elif why == "changed":
        monkeypatch.setattr(drift_gates, "MOST_CHANGED", 0.001)
    else:
        path = Store(store).open_stage(first, "paper_graph").folder / "data.npy"
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    said: list[tuple[str, str]] = []

    class Listener:
        def step(self, name: str, note: str = "") -> None:
            said.append((name, note))

        def progress(self, done: int, total: int) -> None:
            pass

    second = build(changed, Store(store), chosen, Listener())
    assert second.stages["generation"] != first.stages["generation"]
    assert "drift" not in second.stages
    assert not Service(store).atlas.added.any()
    if why == "changed":
        assert ("generation", "fitted anew: 0.4% of its products have changed, more than 0%") in said
    assert LayoutSettings().version == Service(store).artefact("atlas").parameters["version"]


def test_an_ivf_index_keeps_its_centres(days, tmp_path) -> None:
    folder = days[0]
    chosen = Settings(learned="paper", index="ivf")
    store = tmp_path / "store"
    build(folder, Store(store), chosen)
    before = np.asarray(Service(store).artefact("paper_index").array(LIST_CENTRES))
    changed = Path(shutil.copytree(folder, tmp_path / "catalogue"))
    rows = (folder / "styles.csv").read_text().splitlines()
    (changed / "styles.csv").write_text("\n".join(rows[:-3]) + "\n")
    build(changed, Store(store), chosen)
    after = Service(store)
    assert len(after.artefact("paper_index").array(LIST_OF)) == len(after) == 233
    np.testing.assert_array_equal(after.artefact("paper_index").array(LIST_CENTRES), before)
    assert after.info()["index"]["recall@5"] > 0.9


def test_a_feature_that_was_constant_is_no_drift() -> None:
    """A feature that no product had and one product has now would outweigh hundreds of others."""
    before = np.tile(np.float32([[0.6, 0.0, 0.8], [0.8, 0.0, 0.6]]), (50, 1))
    after = before.copy()
    after[0] = [0.6, 0.001, 0.8]
    frozen, fitted = (
        fit_scaler(Embeddings(list(map(str, range(100))), rows, "image", np.ones(100, bool)))
        for rows in (before, after)
    )
    assert drift._scale_ratio(frozen, fitted) == pytest.approx(1, abs=1e-3)
    wider = Scaler(frozen.mean, frozen.scale * np.float32([2, 1, 1]))
    assert drift._scale_ratio(frozen, wider) == pytest.approx(np.exp(np.log(2) / np.sqrt(3)))


def test_every_gate_has_a_sentence_and_a_calm_catalogue_passes() -> None:
    calm: DriftFacts = {
        "products": 100, "added": 1, "removed": 1, "changed": 1, "share_changed": 0.03, "mean_shift": 0.01,
        "scale_ratio": 1.01, "agreement": 0.99, "unseen_labels": 0.0,
    }  # fmt: skip
    assert drift_gates.past_gate(calm) is None
    said = {
        drift_gates.past_gate({**calm, **one})
        for one in (
            {"share_changed": 0.11},
            {"mean_shift": 0.11},
            {"scale_ratio": 1.2},
            {"agreement": 0.94},
            {"unseen_labels": 0.03},
        )
    }
    assert len(said) == 5
    assert None not in said
