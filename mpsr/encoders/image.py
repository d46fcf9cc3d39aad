"""The image encoder: pictures to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from mpsr.encoders.device import Precision
from mpsr.encoders.letterbox import IMAGENET_MARGIN, clip_crop, imagenet_crop, letterbox, stretch
from mpsr.encoders.network import Network, Runtime
from mpsr.encoders.profiles import ImageModel
from mpsr.encoders.runtime import start, unit
from mpsr.encoders.weights import ModelFiles
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import torch
    from torch import nn

Pixels = npt.NDArray[np.uint8]

#: How a picture becomes a model's input, by the name of the preprocessing.
FITS = {"letterbox": letterbox, "imagenet": imagenet_crop, "clip": clip_crop, "stretch": stretch}


class ImageEncoder:
    """Encodes batches of pictures. ``prepare`` and ``encode`` are thread-safe."""

    def __init__(
        self,
        model: ImageModel,
        weights: ModelFiles,
        precision: Precision | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        self.model = model
        self.runner = start(_network(model, weights), runtime, precision)

    def prepare(self, picture: Image.Image) -> Pixels:
        """The picture resized to the model's input: (height, width, 3), uint8."""
        fit = FITS[self.model.preprocessing]
        return np.asarray(fit(picture, (self.model.height, self.model.width)))

    def encode(self, pixels: Sequence[Pixels]) -> FloatArray:
        """Unit vectors of the average-pooled feature maps, shape (len(pixels), dimension), float32."""
        return unit(self.feature_maps(pixels).mean(axis=(1, 2)))

    def feature_maps(self, pixels: Sequence[Pixels]) -> FloatArray:
        """The last layer before pooling: shape (len(pixels), h, w, dimension), float32.

        ``encode`` returns their mean over the cells, divided by its norm.
        """
        return self.runner({"pixels": np.stack(pixels)})

    def frame(self, size: tuple[int, int], cells: tuple[int, int]) -> tuple[float, float, float, float]:
        """The rectangle of a picture that its feature map covers: left, top, right, bottom, in fractions of its size.

        Args:
            size: the picture's width and height.
            cells: the map's height and width.

        The networks halve their input several times, each time keeping the first of two places, so cell n looks around
        pixel ``stride * n`` of the input. Values below 0 or above 1 lie outside the picture. A CLIP's or SigLIP's map is
        one cell: all that the model sees.
        """
        if self.model.preprocessing == "stretch":
            return 0.0, 0.0, 1.0, 1.0
        if self.model.preprocessing == "clip":
            width, height = (min(size) / side for side in size)
            return (1 - width) / 2, (1 - height) / 2, (1 + width) / 2, (1 + height) / 2
        stride = self.model.stride
        if self.model.preprocessing == "letterbox":
            scale = min(self.model.width / size[0], self.model.height / size[1])
            shown = (self.model.width, self.model.height)
        else:
            scale = self.model.height * IMAGENET_MARGIN / min(size)
            shown = (self.model.width, self.model.height)
        edges = []
        for side, pixels, count in zip(size, shown, (cells[1], cells[0]), strict=True):
            begin = (side * scale - pixels) / 2 - stride / 2
            edges.append((begin / scale / side, (begin + stride * count) / scale / side))
        (left, right), (top, bottom) = edges
        return left, top, right, bottom


def _network(model: ImageModel, weights: ModelFiles) -> Network:
    def make(device: torch.device, precision: Precision) -> nn.Module:
        from mpsr.encoders.networks import image_network

        return image_network(model, weights.weights, device, precision)

    example = np.zeros((2, model.height, model.width, 3), np.uint8)
    identity = {**model.identity(), "weights": weights.sha256}
    return Network(make, {"pixels": example}, {"pixels": (1, 2, 3)}, identity)
