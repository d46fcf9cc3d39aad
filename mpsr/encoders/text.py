"""The text encoder: texts to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from mpsr.encoders.device import Precision
from mpsr.encoders.network import Network, Runtime
from mpsr.encoders.profiles import TextModel
from mpsr.encoders.runtime import start, unit
from mpsr.encoders.weights import ModelFiles
from mpsr.errors import InputError
from mpsr.store import Artefact
from mpsr.store.facts import TextParameters
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import torch
    from torch import nn

#: Texts whose tokens are counted at a time.
TOGETHER = 4096


@dataclass(frozen=True)
class TextColumns:
    """What a product's text is made of."""

    columns: tuple[str, ...]
    lowercase: bool


def text_columns(text: Artefact) -> TextColumns:
    """What the texts of a store's text embeddings were made of."""
    parameters = text.read_parameters(TextParameters)
    return TextColumns(tuple(parameters["columns"]), parameters["lowercase"])


def product_texts(products: pd.DataFrame, model: TextModel | TextColumns) -> list[str]:
    """One text per product: the model's columns joined by spaces, missing values omitted."""
    columns = [products[column].tolist() for column in model.columns]
    texts = [
        " ".join(value for value in values if isinstance(value, str)) for values in zip(*columns, strict=True)
    ]
    return [text.lower() for text in texts] if model.lowercase else texts


class TextEncoder:
    """Encodes batches of texts. Thread-safe; ``weights`` were verified by ``find_weights``."""

    def __init__(
        self,
        model: TextModel,
        weights: ModelFiles,
        precision: Precision | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        self.model = model
        self._tokenizer = _tokenizer(weights.folder, model)
        self._pad = _pad_id(self._tokenizer, model.pad)
        self.runner = start(_network(model, weights), runtime, precision)

    def widths(self, texts: Sequence[str]) -> list[int]:
        """To how many tokens each text is padded; see ``padded``."""
        return [self._width(length) for length in self.lengths(texts)]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, at most the model's ``max_tokens``."""
        parts = (texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER))
        return [
            sum(text.attention_mask)
            for part in parts
            for text in self._tokenizer.encode_batch_fast(list(part))
        ]

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, shape (len(texts), dimension), float32; padded to the width of the longest text of the batch.

        In half precision a vector depends a little on its padding. So texts that are encoded in batches of one width
        have the same vectors whatever else is encoded with them.
        """
        tokens = self._tokenizer.encode_batch(list(texts))
        ids = np.array([text.ids for text in tokens], np.int64)
        mask = np.array([text.attention_mask for text in tokens], np.int64)
        more = ((0, 0), (0, self._width(ids.shape[1]) - ids.shape[1]))
        pooled = self.runner(
            {
                "input_ids": np.pad(ids, more, constant_values=self._pad),
                "attention_mask": np.pad(mask, more),
            }
        )
        return unit(pooled)

    def _width(self, length: int) -> int:
        """The width that a text of so many tokens is padded to."""
        return self.model.max_tokens if self.model.fixed_width else min(padded(length), self.model.max_tokens)


def padded(length: int) -> int:
    """The width for a text of so many tokens: the next of some fixed widths, at most an eighth longer."""
    step = 1 << max(0, (length - 1).bit_length() - 4)
    return -(-length // step) * step


def _tokenizer(folder: Path, model: TextModel) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(model.max_tokens)
    tokenizer.enable_padding(pad_id=_pad_id(tokenizer, model.pad), pad_token=model.pad)
    return tokenizer


def _pad_id(tokenizer: Tokenizer, pad: str) -> int:
    """The padding token's number.

    Raises:
        InputError: the tokenizer has none.
    """
    found: int | None = tokenizer.token_to_id(pad)
    if found is None:
        raise InputError(f"the tokenizer has no token {pad}. Expected the model's own; see --weights.")
    return found


def _network(model: TextModel, weights: ModelFiles) -> Network:
    def make(device: torch.device, precision: Precision) -> nn.Module:
        from mpsr.encoders.networks import text_network

        return text_network(weights.folder, model.pooling, device, precision)

    example = np.ones((2, model.max_tokens if model.fixed_width else 8), np.int64)
    fixed = (1,) if model.fixed_width else ()
    identity = {**model.identity(), "weights": weights.sha256}
    return Network(
        make,
        {"input_ids": example, "attention_mask": example},
        {"input_ids": fixed, "attention_mask": fixed},
        identity,
    )
