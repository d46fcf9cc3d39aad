"""The towers find what was planted, and find nothing where there is nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mpsr.errors import InputError
from mpsr.space.towers import Shape, Towers, load_towers, read_config, save_towers
from mpsr.store.layout import TOWERS_CONFIG, TOWERS_WEIGHTS
from mpsr.training import space_selection
from mpsr.training.space import SpaceSettings, train_towers
from mpsr.training.space_selection import validation_figures
from tests.training.planted import planted

QUICK = SpaceSettings(residual=20, hidden=64, batch_size=256, epochs=12, patience=12, learning_rate=5e-3)


@pytest.fixture(scope="module")
def trained():
    return train_towers(planted(), QUICK)


def test_towers_find_what_was_planted(trained):
    towers, _ = trained
    figures = validation_figures(towers, planted(), "test")
    blind = validation_figures(Towers(Shape(24, 32, (6, 4, 2), 64, 20)), planted(), "test")
    assert figures["both"] > 0.9
    assert figures["picture"] > 0.85
    assert figures["sentence"] > 0.85
    assert figures["named"] > figures["title"]
    assert figures["title"] > 3 * max(blind["title"], 0.02)


def test_towers_fail_when_labels_and_pictures_are_shuffled():
    shuffled = planted(
        shuffled=True, sentences=False
    )  # a planted sentence is its product's own words: it finds itself
    towers, _ = train_towers(shuffled, QUICK)
    figures = validation_figures(towers, shuffled, "test")
    chance = validation_figures(Towers(Shape(24, 32, (6, 4, 2), 64, 20)), shuffled, "test")
    assert figures["title"] < 0.1  # 150 pictures, 10 looked at: chance is 0.02
    for name in ("both", "picture", "words"):
        assert figures[name] < chance[name] + 0.1
        assert figures[name] < 0.4


def test_same_seed_same_towers(trained):
    again, report = train_towers(planted(), QUICK)
    assert report.history == trained[1].history
    for key, value in trained[0].state_dict().items():
        torch.testing.assert_close(value, again.state_dict()[key], rtol=0, atol=0)


def test_an_interrupted_run_resumes_to_the_same_end(trained, tmp_path):
    class StopError(Exception):
        pass

    def stop(done, total):
        if done == 5:
            raise StopError

    with pytest.raises(StopError):
        train_towers(planted(), QUICK, tmp_path / "c.safetensors", progress=stop)
    towers, report = train_towers(planted(), QUICK, tmp_path / "c.safetensors")
    assert report.history == trained[1].history
    torch.testing.assert_close(towers.state_dict(), trained[0].state_dict(), rtol=0, atol=0)


def test_the_test_side_is_never_read(trained):
    data = planted()
    test = data.split.side == "test"
    data.image[test], data.labels[test] = np.nan, 0
    for words in data.forms.values():
        words.vectors[test] = np.nan
    towers, _ = train_towers(data, QUICK)
    torch.testing.assert_close(towers.state_dict(), trained[0].state_dict(), rtol=0, atol=0)


def test_too_few_products_are_refused():
    with pytest.raises(InputError, match="too few"):
        train_towers(planted(count=8), QUICK)


def test_saved_towers_project_alike_and_damage_is_noticed(trained, tmp_path):
    data = planted()
    save_towers(tmp_path, trained[0], {"encoders": {"text": "x"}})
    loaded = load_towers(tmp_path)
    assert read_config(tmp_path)["encoders"] == {"text": "x"}
    np.testing.assert_allclose(
        loaded.project_image(data.image), trained[0].project_image(data.image), atol=5e-3
    )
    np.testing.assert_allclose(
        np.linalg.norm(loaded.project_text(data.image[:, :24], [None] * len(data.image)), axis=1),
        1,
        atol=1e-5,
    )
    path = tmp_path / TOWERS_WEIGHTS
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(InputError, match="does not match"):
        load_towers(tmp_path)
    (tmp_path / TOWERS_CONFIG).unlink()
    with pytest.raises(InputError, match="train-space"):
        load_towers(tmp_path)


def test_the_residuals_share_for_text_alone_favours_titles_while_sentences_lose_little(monkeypatch):
    towers = Towers(Shape(4, 4, (3,), 8, 2))

    def figures(towers, data, sample):
        residual, kind = float(towers.text_only_shares[-1]), float(towers.text_only_shares[0])
        ratio = residual / kind
        return {"title": ratio / 10, "sentence": 0.9 - 0.01 * max(ratio - 1, 0)}

    monkeypatch.setattr(space_selection, "text_figures", figures)
    chosen = space_selection._tune_text_only(towers, planted(), space_selection.Tuning((1.0, 0.3)))
    assert chosen.text_only == 3.0  # the largest tried whose sentences stay within 0.02 of 0.9
    assert chosen.shares == (1.0, 0.3)


@pytest.mark.parametrize("missing", [[0], [0, 1, 2]])
def test_a_catalogue_without_types_or_without_any_attribute_has_a_space_too(missing):
    data = planted()
    labels = data.labels.copy()
    labels[:, missing] = -1
    towers, report = train_towers(replace(data, labels=labels), replace(QUICK, epochs=2))
    assert [float(towers.text.shares[column]) for column in missing] == [0] * len(missing)
    assert report.tuning.shares[-1] > 0
    found = towers.project_text(data.forms["catalogue"].of(data.on("test")), [None] * len(data.on("test")))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_without_names_and_sentences_text_queries_have_the_shares_of_products():
    data = planted()
    _, report = train_towers(
        replace(data, forms={"catalogue": data.forms["catalogue"]}), replace(QUICK, epochs=2)
    )
    assert report.tuning.text_only == report.tuning.shares[-1]
