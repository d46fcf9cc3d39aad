"""Pictures to unit vectors with a ResNet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torchvision
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn

from mpsr.encoders.device import Precision, choose_device, choose_precision
from mpsr.encoders.letterbox import letterbox
from mpsr.encoders.profiles import ImageModel
from mpsr.encoders.weights import ModelFiles
from mpsr.errors import InputError
from mpsr.types import FloatArray

Pixels = npt.NDArray[np.uint8]

#: torchvision's preprocessing for ResNet-50 V1: shorter side to 256, centre crop 224.
IMAGENET_RESIZE, IMAGENET_CROP = 256, 224

#: Pixels of the input from one cell of a ResNet's last feature map to the next.
STRIDE = 32


class ImageEncoder:
    """Encodes batches of pictures; ``prepare`` may run in other threads than ``encode``."""

    def __init__(
        self,
        model: ImageModel,
        weights: ModelFiles,
        device: torch.device | None = None,
        precision: Precision | None = None,
    ) -> None:
        self.model = model
        self.device = device or choose_device()
        self.precision = precision or choose_precision(self.device)
        network: nn.Module = getattr(torchvision.models, model.architecture)(weights=None)
        network.fc = nn.Identity()
        network.load_state_dict(_state(weights))
        self._network = (
            network.eval()
            .to(self.device, getattr(torch, self.precision))
            .to(memory_format=torch.channels_last)
        )
        self._mean = torch.tensor(model.mean, device=self.device).view(1, 3, 1, 1)
        self._std = torch.tensor(model.std, device=self.device).view(1, 3, 1, 1)

    def prepare(self, picture: Image.Image) -> Pixels:
        """The picture at the model's input size: (height, width, 3), uint8."""
        if self.model.preprocessing == "letterbox":
            return np.asarray(letterbox(picture, (self.model.height, self.model.width)))
        resized = torchvision.transforms.functional.resize(picture, [IMAGENET_RESIZE])
        return np.asarray(torchvision.transforms.functional.center_crop(resized, [IMAGENET_CROP]))

    @torch.inference_mode()
    def encode(self, pixels: Sequence[Pixels]) -> FloatArray:
        """Unit vectors of the pooled last layer, shape (len(pixels), dimension), float32."""
        pooled = self._network(self._input(pixels)).float()
        unit = nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return np.ascontiguousarray(unit, dtype=np.float32)

    @torch.inference_mode()
    def feature_maps(self, pixels: Sequence[Pixels]) -> FloatArray:
        """The last layer before it is pooled: shape (len(pixels), h, w, dimension), float32.

        Their mean over the cells, divided by its norm, is what ``encode`` gives, but for rounding.
        """
        state = self._input(pixels)
        for name, layer in self._network.named_children():
            if name == "avgpool":
                break
            state = layer(state)
        return np.ascontiguousarray(state.float().permute(0, 2, 3, 1).cpu().numpy())

    def _input(self, pixels: Sequence[Pixels]) -> Tensor:
        """What the network reads: (n, 3, height, width), standardised."""
        batch = torch.from_numpy(np.stack(pixels)).to(self.device).permute(0, 3, 1, 2)
        standardised = ((batch.float() / 255 - self._mean) / self._std).to(getattr(torch, self.precision))
        return standardised.contiguous(memory_format=torch.channels_last)

    def frame(self, size: tuple[int, int], cells: tuple[int, int]) -> tuple[float, float, float, float]:
        """Where a feature map lies on a picture: left, top, right, bottom in fractions of its width and height.

        Args:
            size: the picture's width and height.
            cells: the map's height and width.

        A ResNet halves its input five times, each time keeping the first of two places, so cell n looks around pixel
        ``STRIDE * n`` of the input. What is below 0 or above 1 lies outside the picture.
        """
        if self.model.preprocessing == "letterbox":
            scale = min(self.model.width / size[0], self.model.height / size[1])
            shown = (self.model.width, self.model.height)
        else:
            scale = IMAGENET_RESIZE / min(size)
            shown = (IMAGENET_CROP, IMAGENET_CROP)
        edges = []
        for side, pixels, count in zip(size, shown, (cells[1], cells[0]), strict=True):
            begin = (side * scale - pixels) / 2 - STRIDE / 2
            edges.append((begin / scale / side, (begin + STRIDE * count) / scale / side))
        (left, right), (top, bottom) = edges
        return left, top, right, bottom


def _state(weights: ModelFiles) -> dict[str, Tensor]:
    """The backbone's tensors: of an exported encoder (heads left out), or of torchvision's own file."""
    if weights.weights.suffix == ".safetensors":
        tensors = load_file(weights.weights)
        prefix = "backbone." if any(key.startswith("backbone.") for key in tensors) else ""
        state = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    else:  # torchvision publishes a torch file; its hash was checked and only tensors are let through
        state = torch.load(weights.weights, map_location="cpu", weights_only=True)
    state = {key: value for key, value in state.items() if not key.startswith("fc.")}
    if not state:
        raise InputError(f"{weights.weights} holds no ResNet.")
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
