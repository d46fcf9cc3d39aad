"""The architectures of the ``paper`` profile with random weights: for timing they serve as well as trained ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
import torchvision
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertConfig, BertModel

from mpsr.encoders.profiles import BERT, RESNET50, Origin, Profile, profile
from mpsr.encoders.weights import find_weights
from mpsr.store import sha256_of

TEXT_FOLDER, IMAGE_FOLDER = "bert", "resnet50"


def write_models(folder: Path) -> None:
    """Write BERT-base (with the word pieces of the embedded model, which are the same) and ResNet-50."""
    torch.manual_seed(0)
    BertModel(BertConfig()).save_pretrained(folder / TEXT_FOLDER)
    tokenizer = find_weights(profile("embedded").text).folder
    AutoTokenizer.from_pretrained(tokenizer).save_pretrained(folder / TEXT_FOLDER)
    (folder / IMAGE_FOLDER).mkdir()
    save_file(
        torchvision.models.resnet50(weights=None).state_dict(), folder / IMAGE_FOLDER / "model.safetensors"
    )


def random_profile(folder: Path) -> Profile:
    """The paper's profile on the weights that ``write_models`` wrote into ``folder``."""

    def origin(name: str) -> tuple[Origin, ...]:
        digest = sha256_of(folder / name / "model.safetensors")
        return (Origin("shipped", str(folder / name), ("model.safetensors",), digest),)

    return Profile(
        "paper, random weights",
        replace(BERT, origins=origin(TEXT_FOLDER)),
        replace(RESNET50, origins=origin(IMAGE_FOLDER)),
    )
