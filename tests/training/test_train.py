"""Training on a tiny catalogue: it learns, it resumes, what it exports is what the encoder loads."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from mpsr.catalogue.families import families, normalised_name, perceptual_hash
from mpsr.catalogue.split import sides
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.profiles import image_model_from
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError
from mpsr.training.data import load_training_set
from mpsr.training.train import TrainingSettings, size_of, train_encoder
from tests.conftest import write_catalogue

COLOURS = {"Red": (220, 30, 30), "Blue": (30, 30, 220), "Green": (30, 180, 40)}
SETTINGS = TrainingSettings(epochs=4, heights=(32,), batch_size=16, learning_rate=2e-3, ema_decay=0.8, seed=3)


def blotched(rgb: tuple[int, ...], chance: np.random.Generator) -> bytes:
    """A JPEG in a colour with blotches of its own, so that no two pictures are near-identical."""
    shades = np.array(rgb) + chance.integers(-60, 60, (8, 6, 1))
    coarse = Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    coarse.resize((30, 40), Image.Resampling.BICUBIC).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, pictures = [], {}
    chance = np.random.default_rng(0)
    for number in range(120):
        name, rgb = list(COLOURS.items())[number % 3]
        product = str(number)
        rows.append(
            f"{product},Men,Apparel,Topwear,Shirts,{name},Fall,2011,Casual,Brand {number} {name} Shirt"
        )
        pictures[f"{product}.jpg"] = blotched(rgb, chance)
    return write_catalogue(tmp_path_factory.mktemp("training"), rows, pictures)


def test_families_are_never_torn_apart() -> None:
    import pandas as pd

    names = ["Alder Shirt", "alder  SHIRT!", "Birch Shirt", None, None, "Cedar Tee"]
    chance = np.random.default_rng(0)
    hashes = chance.integers(0, 256, (4, 32), dtype=np.uint8)
    hashes[3] = hashes[1]
    family = families(names, np.array([0, 2, 3, 5]), hashes)
    assert family[0] == family[1]  # one name
    assert family[2] == family[5]  # one picture
    assert len(set(family[[0, 2, 3, 4]])) == 4  # missing names join nothing
    table = pd.DataFrame({"id": list("abcdef")})
    side = sides(table, family)
    assert side[0] == side[1]
    assert side[2] == side[5]


def test_the_split_is_near_its_shares_and_never_moves() -> None:
    import pandas as pd

    table = pd.DataFrame({"id": [str(n) for n in range(5000)]})
    side = sides(table, np.arange(5000))
    shares = {name: (side == name).mean() for name in ("train", "validation", "test")}
    assert shares == pytest.approx({"train": 0.8, "validation": 0.1, "test": 0.1}, abs=0.02)
    fewer = sides(table[::2].reset_index(drop=True), np.arange(2500))
    np.testing.assert_array_equal(fewer, side[::2])


@pytest.mark.parametrize(("name", "expected"), [("A-B  c!", "a b c"), (None, ""), ("É_x", "é x")])
def test_normalised_names(name: str | None, expected: str) -> None:
    assert normalised_name(name) == expected


def test_near_identical_pictures_have_near_hashes() -> None:
    chance = np.random.default_rng(1)
    one = Image.fromarray(chance.integers(0, 256, (8, 6, 3), dtype=np.uint8)).resize((60, 80))
    again = one.resize((90, 120)).resize((60, 80))
    other = Image.fromarray(chance.integers(0, 256, (8, 6, 3), dtype=np.uint8)).resize((60, 80))

    def distance(a: Image.Image, b: Image.Image) -> int:
        return int(np.unpackbits(perceptual_hash(a) ^ perceptual_hash(b)).sum())

    assert distance(one, again) <= 16 < distance(one, other)


def test_it_learns_colour_resumes_and_exports(catalogue: Path, tmp_path: Path, monkeypatch) -> None:
    torch.set_num_threads(2)
    said: list[str] = []
    whole = train_encoder([catalogue], tmp_path / "whole", SETTINGS, said.append)
    assert whole.test["baseColour"] > max(0.6, whole.majority["baseColour"])

    from mpsr.training import train

    real = train._Run.epoch

    def stop_after_two(self: object, epoch: int) -> str:
        if epoch == 2:
            raise KeyboardInterrupt
        return real(self, epoch)

    monkeypatch.setattr(train._Run, "epoch", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        train_encoder([catalogue], tmp_path / "stopped", SETTINGS)
    monkeypatch.undo()
    lines: list[str] = []
    resumed = train_encoder([catalogue], tmp_path / "stopped", SETTINGS, lines.append)
    assert sum(line.startswith("epoch") for line in lines) == 2
    assert resumed.test == whole.test

    model = image_model_from(tmp_path / "whole", "trained")
    encoder = ImageEncoder(model, find_weights(model))
    pictures = [Image.new("RGB", (30, 40), rgb) for rgb in (*COLOURS.values(), (215, 40, 35))]
    vectors = encoder.encode([encoder.prepare(picture) for picture in pictures])
    assert (vectors[:3] @ vectors[3]).argmax() == 0  # a red is nearest to red
    assert "never seen" in (tmp_path / "whole" / "README.md").read_text(encoding="utf-8")


def test_other_settings_do_not_go_on_from_a_checkpoint(catalogue: Path, tmp_path: Path) -> None:
    short = replace(SETTINGS, epochs=1)
    train_encoder([catalogue], tmp_path, short)
    with pytest.raises(InputError, match="other settings"):
        train_encoder([catalogue], tmp_path, replace(short, seed=4))


def test_sources_are_laid_out_once(catalogue: Path, tmp_path: Path) -> None:
    first = load_training_set([catalogue], size_of(32), tmp_path)
    (catalogue / "images").rename(tmp_path / "away")
    try:
        with pytest.raises(InputError):  # without its pictures it is another source
            load_training_set([catalogue], size_of(32), tmp_path)
    finally:
        (tmp_path / "away").rename(catalogue / "images")
    again = load_training_set([catalogue], size_of(32), tmp_path)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    assert first.pixels.shape[1:] == (32, 24, 3)


def test_damaged_weights_are_refused(catalogue: Path, tmp_path: Path) -> None:
    train_encoder([catalogue], tmp_path, replace(SETTINGS, epochs=1))
    weights = tmp_path / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(InputError, match="is not the file"):
        find_weights(image_model_from(tmp_path, "trained"))


def test_words_and_pairs_are_learned_from_the_training_side_alone() -> None:
    import pandas as pd

    from mpsr.training.data import NO_LABEL, _pairs, _title_words

    names = ["Alder Shirt"] * 10 + ["Birch Shirt", None]
    seen = np.array([True] * 10 + [False, False])
    words = _title_words(names, seen).toarray()
    assert words.shape == (12, 2)  # alder, shirt; birch is on no training product
    np.testing.assert_allclose(words.sum(axis=1), [1.0] * 11 + [0.0])
    assert words[10].max() == 1  # the known half of "Birch Shirt"
    table = pd.DataFrame(
        {"articleType": ["Shirts"] * 4 + ["Tops"], "baseColour": ["Red"] * 3 + ["Blue", None]}
    )
    np.testing.assert_array_equal(_pairs(table, np.ones(5, bool)), [0, 0, 0, NO_LABEL, NO_LABEL])


def test_erasing_takes_one_rectangle_of_the_chosen_share() -> None:
    from mpsr.training.model import _kept

    kept = _kept(torch.Size([400, 3, 40, 30]), 0.25, torch.Generator().manual_seed(0))
    lost = (kept == 0).flatten(1)
    assert 60 < int(lost.any(1).sum()) < 140
    for mask in (kept[:, 0] == 0)[lost.any(1)]:
        rows, columns = mask.any(1), mask.any(0)
        assert int(mask.sum()) == int(rows.sum()) * int(columns.sum())  # a rectangle
        assert 0.1 * 40 <= int(rows.sum()) <= 0.55 * 40
