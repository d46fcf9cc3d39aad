"""CLIP and SigLIP with random weights: golden vectors against plain transformers, and a store built with a tiny CLIP."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
)

from mpsr.assets import asset
from mpsr.catalogue import Policies
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.profiles import SHARED, profile
from mpsr.encoders.text import TextEncoder
from mpsr.encoders.weights import ModelFiles, find_weights
from mpsr.errors import InputError, WeightsNotFoundError
from mpsr.pipeline import build
from mpsr.search.request import Request
from mpsr.service import Service, open_service
from mpsr.space.modality_weights import text_only_weights
from mpsr.stages.settings import Settings
from mpsr.store import Store, read_embeddings
from mpsr.store.layout import Stage
from mpsr.types import Part, Query
from tests.encoders.test_golden import AT_LEAST, BOTH, PRECISIONS, cosines, photos

TEXTS = ["navy blue shirt", "watch", "", "red shirt for men " * 40]
WORDS = ("navy", "blue", "shirt", "watch", "red", "for", "men", "shoes", "casual", "green", "black", "white")
SPECIAL = {"clip": ("<|endoftext|>", "<|startoftext|>"), "siglip": ("</s>",)}
KINDS = pytest.mark.parametrize("kind", ["clip", "siglip"])


def write_tokenizer(folder: Path, kind: str) -> None:
    end, *begin = SPECIAL[kind]
    vocabulary = {word: number for number, word in enumerate(["?", *WORDS, *begin, end])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=" ".join([*begin, "$A", end]),
        special_tokens=[(name, vocabulary[name]) for name in (*begin, end)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def write_model(folder: Path, kind: str, dimension: int) -> ModelFiles:
    """A model of one narrow layer; a CLIP projects to ``dimension``, a SigLIP's pictures and words are that wide."""
    torch.manual_seed(7)
    layers = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    last = len(WORDS) + len(SPECIAL[kind])
    if kind == "clip":
        words = {"hidden_size": 32, "vocab_size": last + 1, "eos_token_id": last, "pad_token_id": last}
        model = CLIPModel(
            CLIPConfig(
                text_config={**layers, **words, "projection_dim": dimension},
                vision_config={**layers, "hidden_size": 32, "patch_size": 32, "projection_dim": dimension},
                projection_dim=dimension,
            )
        )
    else:
        words = {"hidden_size": dimension, "vocab_size": last + 1, "eos_token_id": last, "pad_token_id": last}
        model = SiglipModel(
            SiglipConfig(
                text_config={**layers, **words, "projection_size": dimension},
                vision_config={**layers, "hidden_size": dimension, "patch_size": 32, "image_size": 224},
            )
        )
    model.save_pretrained(folder)
    write_tokenizer(folder, kind)
    return find_weights(
        replace(profile(kind).text, origins=(replace(profile(kind).text.origins[0], sha256=""),)),
        folder,
        True,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFiles]:
    return {kind: write_model(tmp_path_factory.mktemp(kind), kind, 64) for kind in ("clip", "siglip")}


def plain(kind: str, files: ModelFiles):
    return (CLIPModel if kind == "clip" else SiglipModel).from_pretrained(files.folder).eval()


@BOTH
@PRECISIONS
@KINDS
@torch.inference_mode()
def test_words_equal_plain_transformers(
    made: dict[str, ModelFiles], kind: str, precision: str, runtime: str
) -> None:
    model, files = profile(kind).text, made[kind]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(files.folder / "tokenizer.json"), pad_token=model.pad, eos_token=SPECIAL[kind][0]
    )
    rows = []
    for words in TEXTS:
        tokens = tokenizer(
            words, padding="max_length", truncation=True, max_length=model.max_tokens, return_tensors="pt"
        )
        mask = {"attention_mask": tokens["attention_mask"]} if kind == "clip" else {}
        found = plain(kind, files).get_text_features(input_ids=tokens["input_ids"], **mask)
        rows.append(found.pooler_output[0].numpy())
    ours = TextEncoder(model, files, precision, runtime).encode(TEXTS)
    assert cosines(ours, np.stack(rows)).min() >= AT_LEAST[precision]


@BOTH
@PRECISIONS
@KINDS
@torch.inference_mode()
def test_pictures_equal_plain_transformers(
    made: dict[str, ModelFiles], kind: str, precision: str, runtime: str
) -> None:
    model, files = profile(kind).image, made[kind]
    processor = CLIPImageProcessor() if kind == "clip" else SiglipImageProcessor()
    pixels = processor(photos(), return_tensors="pt")["pixel_values"]
    theirs = plain(kind, files).get_image_features(pixel_values=pixels).pooler_output.numpy()
    encoder = ImageEncoder(model, files, precision, runtime)
    prepared = [encoder.prepare(photo) for photo in photos()]
    standardised = (np.stack(prepared) / 255 - model.mean) / model.std
    assert np.abs(standardised.transpose(0, 3, 1, 2) - pixels.numpy()).max() < 2.5 / 255 / min(model.std)
    assert cosines(encoder.encode(prepared), theirs).min() >= AT_LEAST[precision]
    assert encoder.feature_maps(prepared).shape[1:3] == (1, 1)


def test_the_frame_of_a_clip_is_its_centre_crop(made: dict[str, ModelFiles]) -> None:
    encoder = ImageEncoder(profile("clip").image, made["clip"], "float32", "torch")
    assert encoder.frame((200, 100), (1, 1)) == (0.25, 0.0, 0.75, 1.0)
    encoder = ImageEncoder(profile("siglip").image, made["siglip"], "float32", "torch")
    assert encoder.frame((200, 100), (1, 1)) == (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize("name", SHARED)
def test_every_shared_profile_names_a_commit_and_safetensors(name: str) -> None:
    for model in (profile(name).text, profile(name).image):
        (origin,) = model.origins
        assert re.fullmatch("[0-9a-f]{40}", origin.revision)
        assert origin.files[0] == "model.safetensors"


def test_a_missing_model_is_told_with_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    with pytest.raises(WeightsNotFoundError) as told:
        find_weights(profile("fashion-clip").text, tmp_path / "mine", offline=True)
    assert str(tmp_path / "mine") in str(told.value)
    assert "patrickjohncyh/fashion-clip" in str(told.value)


def test_other_files_than_a_named_hash_are_refused(made: dict[str, ModelFiles]) -> None:
    with pytest.raises(InputError, match="not the file the profile names"):
        find_weights(profile("siglip").text, made["siglip"].folder, offline=True)


def test_a_store_of_a_clip_finds_pictures_by_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are compared with pictures in the model's own space: the image share is the model's own cosine."""
    files = write_model(tmp_path / "clip", "clip", 512)
    settings = Settings(
        profile("clip"), Policies(limit=60), weights=files.folder, offline=True, runtime="torch"
    )
    store = Store(tmp_path / "store")
    build(asset("demo"), store, settings)
    monkeypatch.setenv("MPSR_WEIGHTS", str(files.folder))
    service = open_service(store.root)
    assert service.spaces[0] == "learned"
    assert len(service) == 60

    some = str(service.products["id"].iloc[0])
    assert len(service.similar(some, k=5).neighbours) == 5

    request = Request(Query((Part(words="red shirt"),)), 60, "learned", lexical=0)
    found = service.search(request).neighbours
    assert len(found) == 60
    pictures = read_embeddings(service.artefact(Stage.IMAGE)).vectors
    words = service_words(service, files)
    weight = text_only_weights(request.weights).image
    expected = [weight * float(words @ pictures[service.row_of(item.id)]) for item in found]
    np.testing.assert_allclose([item.image for item in found], expected, atol=1e-4)


def service_words(service: Service, files: ModelFiles) -> np.ndarray:
    """The model's vector of "red shirt", in the precision of the store."""
    precision = service.artefact(Stage.TEXT).manifest["parameters"]["precision"]
    return TextEncoder(profile("clip").text, files, precision, "torch").encode(["red shirt"])[0]
