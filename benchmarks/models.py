"""The architectures of the ``paper`` profile with random weights: for timing they serve as well as trained ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torchvision
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoTokenizer, BertConfig, BertModel

from mpsr.encoders.profiles import BERT, RESNET50, Origin, Profile, profile
from mpsr.encoders.weights import find_weights
from mpsr.store import sha256_of

TEXT_FOLDER, IMAGE_FOLDER = "bert", "resnet"

#: In place of the real architectures when it is only to be seen that everything runs.
SMALL_BERT: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 128,
}


def write_models(folder: Path, small: bool = False) -> None:
    """Write BERT-base (with the word pieces of the embedded model, which are the same) and ResNet-50."""
    torch.manual_seed(0)
    BertModel(BertConfig(**(SMALL_BERT if small else {}))).save_pretrained(folder / TEXT_FOLDER)
    tokenizer = find_weights(profile("embedded").text).folder
    AutoTokenizer.from_pretrained(tokenizer).save_pretrained(folder / TEXT_FOLDER)
    (folder / IMAGE_FOLDER).mkdir()
    architecture = "resnet18" if small else RESNET50.architecture
    network = getattr(torchvision.models, architecture)(weights=None)
    save_file(
        network.state_dict(), folder / IMAGE_FOLDER / "model.safetensors", {"architecture": architecture}
    )


def load_resnet(folder: Path) -> nn.Module:
    """The network that ``write_models`` wrote, as one would load it by hand: without its classifier."""
    path = folder / IMAGE_FOLDER / "model.safetensors"
    network: nn.Module = getattr(torchvision.models, _architecture(path))(weights=None)
    network.load_state_dict(load_file(path))
    network.fc = nn.Identity()
    return network.eval()


def _architecture(path: Path) -> str:
    with safe_open(path, "pt") as file:
        return str(file.metadata()["architecture"])


def random_profile(folder: Path) -> Profile:
    """The paper's profile on the weights that ``write_models`` wrote into ``folder``."""

    def origin(name: str) -> tuple[Origin, ...]:
        digest = sha256_of(folder / name / "model.safetensors")
        return (Origin("shipped", str(folder / name), ("model.safetensors",), digest),)

    text = json.loads((folder / TEXT_FOLDER / "config.json").read_text(encoding="utf-8"))
    architecture = _architecture(folder / IMAGE_FOLDER / "model.safetensors")
    dimension = RESNET50.dimension if architecture == RESNET50.architecture else 512
    return Profile(
        "paper, random weights",
        replace(BERT, origins=origin(TEXT_FOLDER), dimension=text["hidden_size"]),
        replace(RESNET50, origins=origin(IMAGE_FOLDER), architecture=architecture, dimension=dimension),
    )
