"""The learned space: two towers of dense layers, each ending in unit vectors of the same dimension.

    t = text tower([text embedding | its words]),   v = image tower(image embedding)

The words are those of a vocabulary, one column each (``mpsr.space.vocabulary``). Column by column, both towers predict
the same things, so texts are compared with pictures as directly as with texts. A vector consists of blocks: one for
each attribute that relevance is made of, and a residual block. The block of an attribute holds the square roots of the
probabilities of its values, so the inner product of two such blocks is the Bhattacharyya coefficient of two
distributions (a probability product kernel: Jebara, Kondor and Howard, "Probability Product Kernels", JMLR 2004): 1
when both are certain of the same value, 0 when they are certain of different ones, and something in between when one is
uncertain. The residual is a unit vector learned by contrast; it holds what distinguishes a product from others with the
same attributes. Blocks have fixed squared norms that sum to 1: their shares of a cosine. In a query of text alone, the
residual has a larger share (``Towers.emphasis``), because there it holds what names a product.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Required, TypedDict

import numpy as np
import torch
from safetensors.torch import load_file, save
from scipy.sparse import csr_matrix
from torch import Tensor, nn

from mpsr.errors import InputError
from mpsr.space.vocabulary import Vocabulary
from mpsr.store import Artefact, sha256_of, told_as_damage, write_file
from mpsr.store.layout import TOWERS_CONFIG, TOWERS_WEIGHTS
from mpsr.types import FloatArray

SCHEMA = 5

#: Rows put through a tower at a time.
CHUNK = 8192

#: What the column of a word is divided by, as an embedding's columns are by their deviations.
WORD_SCALE = 0.15


@dataclass(frozen=True)
class Shape:
    """Widths of the towers: embeddings, the values of each attribute, hidden layer, residual block, and known words."""

    text: int
    image: int
    classes: tuple[int, ...] = ()
    hidden: int = 768
    residual: int = 128
    words: int = 0

    @property
    def dimension(self) -> int:
        """Width of the space."""
        return sum(self.classes) + self.residual


@dataclass(frozen=True)
class TowerOutput:
    """What a tower predicts for B inputs.

    Attributes:
        attributes: log-probabilities of each attribute's values, (B, values) each.
        residual: shape (B, residual), unit norm.
    """

    attributes: list[Tensor]
    residual: Tensor


class Tower(nn.Module):
    """Standardise, then a linear map plus a hidden layer's correction: (B, inputs) → (B, dimension), unit norm.

    Known words are added to both layers, as if each were a further input that is 1 or 0.
    """

    mean: Tensor
    scale: Tensor
    shares: Tensor
    temperature: Tensor

    def __init__(
        self,
        inputs: int,
        shape: Shape,
        shares: tuple[float, ...],
        dropout: float,
        noise: float,
        words: int = 0,
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
        bound = (inputs + words) ** -0.5  # as nn.Linear begins
        self.words = nn.ParameterDict(
            {
                layer: nn.Parameter(torch.empty(words, width).uniform_(-bound, bound))
                for layer, width in (("straight", shape.dimension), ("hidden", shape.hidden))
                if words
            }
        )

    def standardise_like(self, embeddings: FloatArray) -> None:
        """Take mean and deviation of these embeddings, shape (n, d), column by column."""
        mean, scale = embeddings.mean(axis=0, dtype=np.float64), embeddings.std(axis=0, dtype=np.float64)
        self.mean.copy_(torch.from_numpy(mean.astype(np.float32)))
        self.scale.copy_(torch.from_numpy(np.maximum(scale, 1e-3).astype(np.float32)))

    def predict(self, embeddings: Tensor, words: Tensor | None = None) -> TowerOutput:
        """The attributes' log-probabilities (logits divided by the temperature before the softmax) and the residual.

        Args:
            embeddings: shape (B, inputs).
            words: the known words of B texts as ``sparse_words`` gives them; None for none.
        """
        x = (embeddings - self.mean) / self.scale
        if self.training and self.noise:
            x = x + self.noise * torch.randn_like(x)
        x = self.before(x)
        straight, hidden = self.straight(x), self.hidden(x)
        if words is not None and self.words:
            shown = _sparse(words.indices(), self.before(words.values() / WORD_SCALE), words.shape)
            straight = straight + torch.sparse.mm(shown, self.words["straight"])
            hidden = hidden + torch.sparse.mm(shown, self.words["hidden"])
        found = straight + self.out(self.within(nn.functional.gelu(hidden)))
        *attributes, residual = found.split([*self.classes, found.shape[1] - sum(self.classes)], dim=1)
        return TowerOutput(
            [(logits / self.temperature).log_softmax(1) for logits in attributes],
            nn.functional.normalize(residual),
        )

    def join(self, output: TowerOutput) -> Tensor:
        """The blocks side by side, each times the square root of its share: unit vectors."""
        weights = self.shares.sqrt()
        blocks = [(0.5 * log).exp() * weights[number] for number, log in enumerate(output.attributes)]
        return torch.cat([*blocks, output.residual * weights[-1]], dim=1)

    def forward(self, embeddings: Tensor, words: Tensor | None = None) -> Tensor:
        """Unit vectors."""
        return self.join(self.predict(embeddings, words))


class Towers(nn.Module):
    """The text tower and the image tower."""

    text_only_shares: Tensor

    def __init__(
        self,
        shape: Shape,
        shares: tuple[float, ...] | None = None,
        dropout: float = 0.0,
        noise: tuple[float, float] = (0.0, 0.0),
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Untrained towers.

        Args:
            shape: their widths.
            shares: of a cosine, one for each attribute and one for the residual; scaled to sum to 1. Equal by default.
            dropout: in both towers.
            noise: deviation of what is added to standardised text and image embeddings in training.
            vocabulary: the words the text tower knows, as many as ``shape`` says.

        Raises:
            InputError: they are more or fewer.
        """
        super().__init__()
        vocabulary = vocabulary or Vocabulary()
        if len(vocabulary.words) != shape.words:
            raise InputError(f"{len(vocabulary.words)} words for towers of {shape.words}.")
        self.shape, self.vocabulary = shape, vocabulary
        scaled = _scaled(shares or (1.0,) * (len(shape.classes) + 1), shape)
        self.text = Tower(shape.text, shape, scaled, dropout, noise[0], shape.words)
        self.image = Tower(shape.image, shape, scaled, dropout, noise[1])
        self.register_buffer("text_only_shares", torch.tensor(scaled))

    def tune(
        self,
        shares: tuple[float, ...],
        text_only_shares: tuple[float, ...],
        temperatures: tuple[float, float],
    ) -> None:
        """Set the blocks' shares, their shares for queries of text alone, and the temperatures (text, image).

        Shares are scaled to sum to 1.
        """
        for tower, temperature in zip((self.text, self.image), temperatures, strict=True):
            tower.shares.copy_(torch.tensor(_scaled(shares, self.shape)))
            tower.temperature.fill_(temperature)
        self.text_only_shares.copy_(torch.tensor(_scaled(text_only_shares, self.shape)))

    @torch.inference_mode()
    def emphasis(self) -> FloatArray:
        """The factors by which the vector of a query of text alone is multiplied, shape (dimension,), float32.

        Its inner product with a product's vector is then Σ s_b·cos_b over the blocks b, with s_b the shares for
        queries of text alone, which sum to 1.
        """
        widths = torch.tensor([*self.shape.classes, self.shape.residual])
        shares = self.text.shares
        ratios = torch.where(shares > 0, self.text_only_shares / shares.clamp(min=1e-9), 0.0)
        return ratios.repeat_interleave(widths).numpy()

    def project_text(self, embeddings: FloatArray, texts: Sequence[str | None]) -> FloatArray:
        """Embeddings of n texts, and the texts, to unit vectors: (n, d) → (n, dimension), float32."""
        if len(texts) != len(embeddings):
            raise ValueError(f"{len(embeddings)} embeddings for {len(texts)} texts")
        return self._projected(self.text, embeddings, self.vocabulary.bags(texts))

    def project_image(self, embeddings: FloatArray) -> FloatArray:
        """Embeddings of n images to unit vectors, (n, d) → (n, dimension), float32."""
        return self._projected(self.image, embeddings)

    @torch.inference_mode()
    def _projected(self, tower: Tower, embeddings: FloatArray, bags: csr_matrix | None = None) -> FloatArray:
        self.eval()
        found = [np.empty((0, self.shape.dimension), np.float32)]
        for start in range(0, len(embeddings), CHUNK):
            part = slice(start, start + CHUNK)
            words = None if bags is None else sparse_words(bags[part])
            found.append(tower(torch.from_numpy(np.array(embeddings[part], np.float32)), words).numpy())
        return np.concatenate(found)


def sparse_words(bags: csr_matrix) -> Tensor:
    """Bags of words as the text tower takes them: a sparse tensor, shape (B, V), float32."""
    rows = np.repeat(np.arange(bags.shape[0]), np.diff(bags.indptr))
    places = torch.from_numpy(np.stack([rows, bags.indices]).astype(np.int64))
    return _sparse(places, torch.from_numpy(bags.data), bags.shape)


def _sparse(places: Tensor, values: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A sparse matrix of values at places, (2, n), sorted by row and column."""
    return torch.sparse_coo_tensor(places, values, shape, is_coalesced=True, check_invariants=True)


def identity_towers(dimension: int) -> Towers:
    """Towers whose vectors are the unit embeddings themselves: no attributes, and a residual block that is all."""
    towers = Towers(Shape(dimension, dimension, hidden=1, residual=dimension))
    with torch.no_grad():
        for tower in (towers.text, towers.image):
            for parameter in tower.parameters():
                parameter.zero_()
            tower.straight.weight.copy_(torch.eye(dimension))
    return towers


def _scaled(shares: tuple[float, ...], shape: Shape) -> tuple[float, ...]:
    """Shares that sum to 1; an attribute without values, which some catalogues lack, has none."""
    widths = (*shape.classes, shape.residual)
    counted = [share if width else 0.0 for share, width in zip(shares, widths, strict=True)]
    return tuple(share / sum(counted) for share in counted)


class TowersOrigin(TypedDict, total=False):
    """What towers were trained on and with: the encoders' weights, the settings, and how it went."""

    encoders: dict[str, str]
    settings: Mapping[str, Any]
    report: dict[str, Any]


class TowersConfig(TowersOrigin):
    """The configuration beside the towers' weights: ``shape`` as ``Shape``, known words, the weights' SHA-256."""

    schema: Required[int]
    words: Required[list[str]]
    shape: Required[dict[str, Any]]
    sha256: Required[str]


def save_towers(folder: Path, towers: Towers, origin: TowersOrigin) -> None:
    """Write weights (half precision) and configuration."""
    tensors = {
        key: (value.half() if value.ndim > 1 else value).cpu().contiguous()
        for key, value in towers.state_dict().items()
    }
    write_file(folder / TOWERS_WEIGHTS, save(tensors))
    config: TowersConfig = {
        "schema": SCHEMA,
        "shape": asdict(towers.shape),
        "words": list(towers.vocabulary.words),
        "sha256": sha256_of(folder / TOWERS_WEIGHTS),
        **origin,
    }
    write_file(folder / TOWERS_CONFIG, (json.dumps(config, indent=1, ensure_ascii=False) + "\n").encode())


def read_config(folder: Path) -> TowersConfig:
    """The configuration of the towers in ``folder``, once the weights were checked against it.

    Raises:
        InputError: a file is missing, of another schema, or the weights are not the ones the configuration names.
    """
    try:
        config: TowersConfig = json.loads((folder / TOWERS_CONFIG).read_text(encoding="utf-8"))
        digest = sha256_of(folder / TOWERS_WEIGHTS)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{folder} holds no trained towers ({error}). Train them with: mpsr train-space"
        ) from error
    if config.get("schema") != SCHEMA:
        raise InputError(
            f"{folder} holds towers of schema {config.get('schema')}, made by another version of MPSR. Expected schema "
            f"{SCHEMA}: rebuild the store with mpsr build, or its learned space with mpsr train-space."
        )
    if config.get("sha256") != digest:
        raise InputError(
            f"{folder / TOWERS_WEIGHTS} does not match {TOWERS_CONFIG} beside it (expected SHA-256 "
            f"{config.get('sha256')}, found {digest}). Restore both files together."
        )
    return config


def load_towers(folder: Path) -> Towers:
    """The towers in ``folder``, ready to project.

    Raises:
        InputError: as ``read_config``.
    """
    config = read_config(folder)
    shape = Shape(**config["shape"] | {"classes": tuple(config["shape"]["classes"])})
    towers = Towers(shape, vocabulary=Vocabulary(tuple(map(str, config["words"]))))
    towers.load_state_dict({key: value.float() for key, value in load_file(folder / TOWERS_WEIGHTS).items()})
    return towers.eval()


def towers_of(artefact: Artefact) -> Towers:
    """The towers of a store.

    Raises:
        StoreError: they cannot be read.
    """
    artefact.path(TOWERS_CONFIG)
    path = artefact.path(TOWERS_WEIGHTS)
    with told_as_damage(path, artefact.root):
        towers = load_towers(artefact.folder)
        if not all(bool(torch.isfinite(values).all()) for values in towers.state_dict().values()):
            raise ValueError("weights that are not finite")
        return towers
