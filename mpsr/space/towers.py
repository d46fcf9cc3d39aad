"""The learned space: two towers of dense layers that end in unit vectors of one dimension.

    t = unit(words tower(text embedding)),   v = unit(picture tower(image embedding))

Both towers end in the same space, so words are compared with pictures as directly as words with words.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mpsr.errors import InputError
from mpsr.types import FloatArray

TOWERS_FILE, CONFIG_FILE = "towers.safetensors", "config.json"
SCHEMA = 1

#: Rows put through a tower at a time.
CHUNK = 8192

Modality = Literal["text", "image"]


@dataclass(frozen=True)
class Shape:
    """Widths of the towers: the two inputs, the hidden layer, and the space they share."""

    text: int
    image: int
    hidden: int = 768
    dimension: int = 256


class Tower(nn.Module):
    """Standardise, then a linear map plus a hidden layer's correction of it: (B, inputs) → (B, dimension), unit norm."""

    mean: Tensor
    scale: Tensor

    def __init__(self, inputs: int, hidden: int, dimension: int, dropout: float, noise: float = 0.0) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.noise = noise
        self.before = nn.Dropout(dropout)
        self.straight = nn.Linear(inputs, dimension)
        self.hidden = nn.Linear(inputs, hidden)
        self.within = nn.Dropout(dropout)
        self.out = nn.Linear(hidden, dimension)

    def forward(self, embeddings: Tensor) -> Tensor:
        """Unit vectors."""
        x = (embeddings - self.mean) / self.scale
        if self.training and self.noise:
            x = x + self.noise * torch.randn_like(x)
        x = self.before(x)
        return nn.functional.normalize(
            self.straight(x) + self.out(self.within(nn.functional.gelu(self.hidden(x))))
        )


class Towers(nn.Module):
    """The words tower and the picture tower."""

    def __init__(self, shape: Shape, dropout: float = 0.0, noise: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.text = Tower(shape.text, shape.hidden, shape.dimension, dropout, noise)
        self.image = Tower(shape.image, shape.hidden, shape.dimension, dropout, noise)

    @torch.inference_mode()
    def project(self, modality: Modality, embeddings: FloatArray) -> FloatArray:
        """Embeddings of one modality to unit vectors, (n, d) → (n, dimension), float32."""
        self.eval()
        tower = self.text if modality == "text" else self.image
        parts = [
            tower(torch.from_numpy(np.array(embeddings[start : start + CHUNK], dtype=np.float32))).numpy()
            for start in range(0, len(embeddings), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.shape.dimension), np.float32)


def save_towers(folder: Path, towers: Towers, facts: dict[str, Any]) -> None:
    """Write weights (half precision) and configuration; ``facts`` says what they were trained on and with."""
    tensors = {key: value.half().cpu().contiguous() for key, value in towers.state_dict().items()}
    save_file(tensors, folder / TOWERS_FILE)
    digest = hashlib.sha256((folder / TOWERS_FILE).read_bytes()).hexdigest()
    document = {"schema": SCHEMA, "shape": asdict(towers.shape), "sha256": digest, **facts}
    (folder / CONFIG_FILE).write_text(
        json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration of the towers in ``folder``, once the weights were checked against it.

    Raises:
        InputError: a file is missing, of another schema, or the weights are not the ones the configuration names.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        digest = hashlib.sha256((folder / TOWERS_FILE).read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder} holds no trained towers ({error}). Make some with: mpsr train-space"
        ) from error
    if config.get("schema") != SCHEMA or config.get("sha256") != digest:
        raise InputError(
            f"{folder / TOWERS_FILE} does not match {CONFIG_FILE} beside it (expected SHA-256 {config.get('sha256')}, "
            f"found {digest}). Restore both files together."
        )
    return config


def load_towers(folder: Path) -> Towers:
    """The towers in ``folder``, ready to project.

    Raises:
        InputError: as ``read_config``.
    """
    towers = Towers(Shape(**read_config(folder)["shape"]))
    towers.load_state_dict({key: value.float() for key, value in load_file(folder / TOWERS_FILE).items()})
    return towers.eval()
