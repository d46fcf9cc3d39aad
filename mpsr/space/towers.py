"""The learned space: two towers of dense layers that end in unit vectors of one dimension.

    t = words tower(text embedding),   v = picture tower(image embedding)

Both towers say the same things in the same places, so words are compared with pictures as directly as words with words.
A vector is made of blocks: one for each attribute that relevance is made of, and one for the rest. The block of an
attribute holds the square roots of the probabilities of its values, so the inner product of two such blocks is the
Bhattacharyya coefficient of two distributions (a probability product kernel: Jebara, Kondor and Howard, "Probability
Product Kernels", JMLR 2004): 1 when both are sure of the same value, 0 when they are sure of different ones, and in
between when one does not know. The rest is a unit vector learned by contrast, for what makes a product itself.
Blocks have fixed squared norms that sum to 1: they are how much of a cosine each may decide. Where words alone ask, the
rest decides more (``Towers.emphasis``), for what names a product is there.
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
SCHEMA = 3

#: Rows put through a tower at a time.
CHUNK = 8192

Modality = Literal["text", "image"]


@dataclass(frozen=True)
class Shape:
    """Widths of the towers: the two inputs, the values of each attribute, the hidden layer, and the rest's block."""

    text: int
    image: int
    classes: tuple[int, ...] = ()
    hidden: int = 768
    rest: int = 128

    @property
    def dimension(self) -> int:
        """Width of the space."""
        return sum(self.classes) + self.rest


@dataclass(frozen=True)
class Said:
    """What a tower says of B inputs: log-probabilities (B, classes) of each attribute and the rest (B, r), unit norm."""

    attributes: list[Tensor]
    rest: Tensor


class Tower(nn.Module):
    """Standardise, then a linear map plus a hidden layer's correction of it: (B, inputs) → (B, dimension), unit norm."""

    mean: Tensor
    scale: Tensor
    shares: Tensor
    temperature: Tensor

    def __init__(
        self, inputs: int, shape: Shape, shares: tuple[float, ...], dropout: float, noise: float
    ) -> None:
        super().__init__()
        self.classes = shape.classes
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.register_buffer("shares", torch.tensor(shares))
        self.register_buffer("temperature", torch.ones(()))
        self.noise = noise
        self.before = nn.Dropout(dropout)
        self.straight = nn.Linear(inputs, shape.dimension)
        self.hidden = nn.Linear(inputs, shape.hidden)
        self.within = nn.Dropout(dropout)
        self.out = nn.Linear(shape.hidden, shape.dimension)

    def say(self, embeddings: Tensor) -> Said:
        """The attributes' log-probabilities, divided by the temperature before the softmax, and the rest."""
        x = (embeddings - self.mean) / self.scale
        if self.training and self.noise:
            x = x + self.noise * torch.randn_like(x)
        x = self.before(x)
        found = self.straight(x) + self.out(self.within(nn.functional.gelu(self.hidden(x))))
        *attributes, rest = found.split([*self.classes, found.shape[1] - sum(self.classes)], dim=1)
        return Said(
            [(scores / self.temperature).log_softmax(1) for scores in attributes],
            nn.functional.normalize(rest),
        )

    def join(self, said: Said) -> Tensor:
        """The blocks side by side, each times the square root of its share: unit vectors."""
        weights = self.shares.sqrt()
        blocks = [(0.5 * log).exp() * weights[number] for number, log in enumerate(said.attributes)]
        return torch.cat([*blocks, said.rest * weights[-1]], dim=1)

    def forward(self, embeddings: Tensor) -> Tensor:
        """Unit vectors."""
        return self.join(self.say(embeddings))


class Towers(nn.Module):
    """The words tower and the picture tower."""

    spoken: Tensor

    def __init__(
        self,
        shape: Shape,
        shares: tuple[float, ...] | None = None,
        dropout: float = 0.0,
        noise: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Untrained towers.

        Args:
            shape: their widths.
            shares: of a cosine, one for each attribute and one for the rest; scaled to sum to 1. Equal by default.
            dropout: in both towers.
            noise: deviation of what is added to standardised words and pictures in training.
        """
        super().__init__()
        self.shape = shape
        scaled = _scaled(shares or (1.0,) * (len(shape.classes) + 1), shape)
        self.text = Tower(shape.text, shape, scaled, dropout, noise[0])
        self.image = Tower(shape.image, shape, scaled, dropout, noise[1])
        self.register_buffer("spoken", torch.tensor(scaled))

    def tune(
        self, shares: tuple[float, ...], spoken: tuple[float, ...], temperatures: tuple[float, float]
    ) -> None:
        """Set the blocks' shares, those where words alone ask, and the temperatures of words and pictures.

        Shares are scaled to sum to 1.
        """
        for tower, temperature in zip((self.text, self.image), temperatures, strict=True):
            tower.shares.copy_(torch.tensor(_scaled(shares, self.shape)))
            tower.temperature.fill_(temperature)
        self.spoken.copy_(torch.tensor(_scaled(spoken, self.shape)))

    @torch.inference_mode()
    def emphasis(self) -> FloatArray:
        """What the vector of words that ask alone is multiplied by, shape (dimension,), float32.

        Its inner product with a product's vector is then Σ s_b·cos_b over the blocks b, with s_b the shares where words
        ask, which sum to 1.
        """
        widths = torch.tensor([*self.shape.classes, self.shape.rest])
        shares = self.text.shares
        ratios = torch.where(shares > 0, self.spoken / shares.clamp(min=1e-9), 0.0)
        return ratios.repeat_interleave(widths).numpy()

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


def _scaled(shares: tuple[float, ...], shape: Shape) -> tuple[float, ...]:
    """Shares that sum to 1; an attribute without values, which some catalogues lack, has none."""
    counted = [
        share if width else 0.0 for share, width in zip(shares, (*shape.classes, shape.rest), strict=True)
    ]
    return tuple(share / sum(counted) for share in counted)


def save_towers(folder: Path, towers: Towers, facts: dict[str, Any]) -> None:
    """Write weights (half precision) and configuration; ``facts`` says what they were trained on and with."""
    tensors = {
        key: (value.half() if value.ndim > 1 else value).cpu().contiguous()
        for key, value in towers.state_dict().items()
    }
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
    if config.get("schema") != SCHEMA:
        raise InputError(
            f"{folder} holds towers of schema {config.get('schema')}, made by another version of MPSR. Expected schema "
            f"{SCHEMA}: build the store again with mpsr build, or its space with mpsr train-space."
        )
    if config.get("sha256") != digest:
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
    shape = read_config(folder)["shape"]
    towers = Towers(Shape(**shape | {"classes": tuple(shape["classes"])}))
    towers.load_state_dict({key: value.float() for key, value in load_file(folder / TOWERS_FILE).items()})
    return towers.eval()
