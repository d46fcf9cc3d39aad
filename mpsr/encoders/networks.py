"""The encoders' networks as torch modules: arrays in, arrays out. A runtime computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
import torchvision
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from mpsr.encoders.device import Precision
from mpsr.encoders.profiles import ImageModel
from mpsr.errors import InputError

#: A ResNet's modules behind its last feature map.
POOLING = ("avgpool", "fc")

transformers_logging.disable_progress_bar()


class WordNetwork(nn.Module):
    """A BERT and the pooling of its token states."""

    def __init__(self, folder: Path, pooling: Literal["cls", "mean"]) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        self.pooling = pooling

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token ids and marks, both (batch, tokens) int64, to (batch, d) float32."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        if self.pooling == "cls":
            return states[:, 0]
        mask = attention_mask.unsqueeze(-1).float()
        return (states * mask).sum(1) / mask.sum(1).clamp(min=1)


class PictureNetwork(nn.Module):
    """A ResNet up to its last feature map, and the standardisation of the pixels before it."""

    def __init__(self, model: ImageModel, weights: Path) -> None:
        super().__init__()
        resnet: nn.Module = getattr(torchvision.models, model.architecture)(weights=None)
        resnet.fc = nn.Identity()
        resnet.load_state_dict(_state(weights))
        self.layers = nn.Sequential(
            *(layer for name, layer in resnet.named_children() if name not in POOLING)
        )
        self.mean, self.std = model.mean, model.std

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels (batch, height, width, 3), uint8, to the map (batch, h, w, d) float32."""
        mean, std = (torch.tensor(of, device=pixels.device).view(1, 3, 1, 1) for of in (self.mean, self.std))
        scaled = pixels.permute(0, 3, 1, 2).float() / 255
        dtype = next(self.layers.parameters()).dtype
        standardised = ((scaled - mean) / std).to(dtype).contiguous(memory_format=torch.channels_last)
        return self.layers(standardised).float().permute(0, 2, 3, 1)


def word_network(
    folder: Path, pooling: Literal["cls", "mean"], device: torch.device, precision: Precision
) -> nn.Module:
    """The BERT in ``folder``, ready to run."""
    return WordNetwork(folder, pooling).eval().to(device, getattr(torch, precision))


def picture_network(
    model: ImageModel, weights: Path, device: torch.device, precision: Precision
) -> nn.Module:
    """The ResNet of ``model``, ready to run."""
    network = PictureNetwork(model, weights).eval().to(device, getattr(torch, precision))
    network.layers.to(memory_format=torch.channels_last)
    return network


def _state(path: Path) -> dict[str, Tensor]:
    """The backbone's tensors: of an exported encoder (heads left out), or of torchvision's own file."""
    if path.suffix == ".safetensors":
        tensors = load_file(path)
        prefix = "backbone." if any(key.startswith("backbone.") for key in tensors) else ""
        state = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    else:  # torchvision publishes a torch file; its hash was checked and only tensors are let through
        state = torch.load(path, map_location="cpu", weights_only=True)
    state = {key: value for key, value in state.items() if not key.startswith("fc.")}
    if not state:
        raise InputError(f"{path} holds no ResNet.")
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
