"""CLIP and SigLIP as torch modules: words and pictures to one space, by transformers' own classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from transformers import CLIPModel, SiglipModel

from mpsr.encoders.profiles import ImageModel

Kind = Literal["clip", "siglip"]

#: The library's class of each kind.
CLASSES: dict[Kind, Any] = {"clip": CLIPModel, "siglip": SiglipModel}


class SharedTextNetwork(nn.Module):
    """The text features of a CLIP or SigLIP."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.model: Any = load(folder, kind)
        del self.model.vision_model  # half of the memory

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token ids and attention mask, both (batch, tokens) int64, to (batch, d) float32.

        SigLIP was trained without a mask and is run without one.
        """
        mask = attention_mask if self.kind == "clip" else None
        found: Tensor = self.model.get_text_features(input_ids=input_ids, attention_mask=mask).pooler_output
        return found.float()


class SharedImageNetwork(nn.Module):
    """The image features of a CLIP or SigLIP, as a feature map of one cell."""

    def __init__(self, model: ImageModel, folder: Path) -> None:
        super().__init__()
        kind: Kind = "siglip" if model.architecture == "siglip" else "clip"
        self.model: Any = load(folder, kind)
        del self.model.text_model
        self.spread = (model.mean, model.std)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels (batch, height, width, 3), uint8, to (batch, 1, 1, d), float32."""
        mean, std = (torch.tensor(values, device=pixels.device) for values in self.spread)
        standardised = ((pixels.float() / 255 - mean) / std).permute(0, 3, 1, 2)
        dtype = next(self.model.parameters()).dtype
        found: Tensor = self.model.get_image_features(pixel_values=standardised.to(dtype)).pooler_output
        return found.float()[:, None, None]


def load(folder: Path, kind: Kind) -> Any:
    """The model in ``folder``; safetensors only, nothing from a hub."""
    return CLASSES[kind].from_pretrained(folder, local_files_only=True, use_safetensors=True)
