"""Words to unit vectors with a BERT."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging as transformers_logging

from mpsr.encoders.device import Precision, choose_device, choose_precision
from mpsr.encoders.profiles import TextModel
from mpsr.encoders.weights import ModelFiles
from mpsr.types import FloatArray


def product_texts(products: pd.DataFrame, model: TextModel) -> list[str]:
    """One text a product: the model's columns joined by spaces, missing values left out."""
    columns = [products[column].tolist() for column in model.columns]
    texts = [
        " ".join(value for value in values if isinstance(value, str)) for values in zip(*columns, strict=True)
    ]
    return [text.lower() for text in texts] if model.lowercase else texts


transformers_logging.disable_progress_bar()


class TextEncoder:
    """Encodes batches of texts; the model is loaded from local files whose hash was checked."""

    def __init__(
        self,
        model: TextModel,
        weights: ModelFiles,
        device: torch.device | None = None,
        precision: Precision | None = None,
    ) -> None:
        self.model = model
        self.device = device or choose_device()
        self.precision = precision or choose_precision(self.device)
        self._tokenizer = AutoTokenizer.from_pretrained(weights.folder, local_files_only=True)
        bert = AutoModel.from_pretrained(weights.folder, local_files_only=True, use_safetensors=True)
        self._bert = bert.eval().to(self.device, getattr(torch, self.precision))

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, shape (len(texts), dimension), float32; padded to the longest text of the batch."""
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=self.model.max_tokens, return_tensors="pt"
        ).to(self.device)
        states = self._bert(**tokens).last_hidden_state.float()
        if self.model.pooling == "cls":
            pooled = states[:, 0]
        else:
            mask = tokens["attention_mask"].unsqueeze(-1).float()
            pooled = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        unit = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return np.ascontiguousarray(unit, dtype=np.float32)
