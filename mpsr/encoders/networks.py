"""The encoders as torch modules, for the runtimes to run."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Literal

import torch
import torchvision
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from mpsr.encoders.device import Precision
from mpsr.encoders.profiles import EFFICIENTNET, ImageModel, Pooling
from mpsr.errors import InputError

#: Modules of a ResNet after its last feature map.
POOLING = ("avgpool", "fc")

transformers_logging.disable_progress_bar()


class TextNetwork(nn.Module):
    """A BERT model and the pooling of its token states."""

    def __init__(self, folder: Path, pooling: Literal["cls", "mean"]) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        self.pooling = pooling

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token ids and attention mask, both (batch, tokens) int64, to (batch, d) float32."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        if self.pooling == "cls":
            return states[:, 0]
        mask = attention_mask.unsqueeze(-1).float()
        return (states * mask).sum(1) / mask.sum(1).clamp(min=1)


class ImageNetwork(nn.Module):
    """A network up to its last feature map; its first convolution also standardises the pixels.

    The network's inputs are thus integers, which bfloat16 represents exactly up to 256. It would round standardised
    pixels by up to half a grey level on white, the usual background of product photos, and that changed one in fifty of
    the top-5 neighbours (``benchmarks.pairs``).
    """

    def __init__(self, model: ImageModel, weights: Path) -> None:
        super().__init__()
        self.middle = [round(255 * mean) for mean in model.mean]
        body = _product_net if model.architecture == EFFICIENTNET else _resnet
        self.layers = body(model, weights, self.middle)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels (batch, height, width, 3), uint8, to the feature map (batch, h, w, d), float32."""
        moved = pixels.permute(0, 3, 1, 2).float() - torch.tensor(self.middle, device=pixels.device).view(
            1, 3, 1, 1
        )
        marked = torch.cat([moved, torch.ones_like(moved[:, :1])], dim=1)
        dtype = next(self.layers.parameters()).dtype
        return self.layers(marked.to(dtype, memory_format=torch.channels_last)).float().permute(0, 2, 3, 1)


def _resnet(model: ImageModel, weights: Path, middle: list[int]) -> nn.Module:
    """A torchvision ResNet without its pooling and its classifier."""
    resnet: nn.Module = getattr(torchvision.models, model.architecture)(weights=None)
    resnet.fc = nn.Identity()
    resnet.load_state_dict(_state(weights))
    first, *others = (layer for name, layer in resnet.named_children() if name not in POOLING)
    return nn.Sequential(_standardising(first, middle, model), *others)


def _product_net(model: ImageModel, weights: Path, middle: list[int]) -> nn.Module:
    """The network that ``mpsr train-encoder`` trains."""
    from mpsr.encoders.efficientnet import ProductNet  # timm is not needed by a ResNet

    network = ProductNet(model.dimension)
    network.load_state_dict(_state(weights))
    network.trunk.conv_stem = _standardising(network.trunk.conv_stem, middle, model)
    return network


def _standardising(first: nn.Module, middle: list[int], model: ImageModel) -> nn.Module:
    """A convolution of (pixels - ``middle``) and a channel of ones that equals ``first`` of standardised pixels.

    A pixel p is standardised as (p / 255 - mean) / std = (p - middle) / (255 std) + (middle / 255 - mean) / std. The
    first term scales the weights of each colour; the second becomes the weight of the channel of ones, which is 0 in the
    convolution's padding, as standardised pixels are.
    """
    mean, std, centre = (torch.tensor(values).view(1, 3, 1, 1) for values in (model.mean, model.std, middle))
    made = copy.deepcopy(first)
    if not isinstance(made, nn.Conv2d):
        raise TypeError(f"expected a network that begins with a convolution, got {type(made).__name__}")
    weight = made.weight.detach()
    constant = (weight * ((centre / 255 - mean) / std)).sum(dim=1, keepdim=True)
    made.weight = nn.Parameter(torch.cat([weight / (255 * std), constant], dim=1))
    made.in_channels = 4
    return made


def text_network(folder: Path, pooling: Pooling, device: torch.device, precision: Precision) -> nn.Module:
    """The text model in ``folder``, in evaluation mode on ``device``."""
    if pooling == "clip" or pooling == "siglip":
        from mpsr.encoders.shared import SharedTextNetwork

        return SharedTextNetwork(folder, pooling).eval().to(device, getattr(torch, precision))
    return TextNetwork(folder, pooling).eval().to(device, getattr(torch, precision))


def image_network(model: ImageModel, weights: Path, device: torch.device, precision: Precision) -> nn.Module:
    """The image network of ``model``, in evaluation mode on ``device``."""
    if model.architecture in ("clip", "siglip"):
        from mpsr.encoders.shared import SharedImageNetwork

        shared = SharedImageNetwork(model, weights.parent)
        return shared.eval().to(device, getattr(torch, precision))
    network = ImageNetwork(model, weights).eval().to(device, getattr(torch, precision))
    network.layers.to(memory_format=torch.channels_last)
    return network


def _state(path: Path) -> dict[str, Tensor]:
    """The backbone's tensors, from an exported encoder (without its heads) or from torchvision's own file."""
    if path.suffix == ".safetensors":
        tensors = load_file(path)
        prefix = "backbone." if any(key.startswith("backbone.") for key in tensors) else ""
        state = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    else:  # torchvision publishes a pickled file: its hash was checked, and only tensors are loaded
        state = torch.load(path, map_location="cpu", weights_only=True)
    state = {key: value for key, value in state.items() if not key.startswith("fc.")}
    if not state:
        raise InputError(f"{path} holds no picture encoder.")
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
