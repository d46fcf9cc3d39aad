"""The picture encoder in training: a torchvision ResNet with one linear head a task."""

from __future__ import annotations

import torch
import torchvision
from torch import Tensor, nn

from mpsr.errors import InputError

#: Architectures that can be trained, with the width of their pooled features.
ARCHITECTURES = {"resnet18": 512, "resnet34": 512, "resnet50": 2048}

#: Mean and deviation of ImageNet per channel, as published with torchvision's weights.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def backbone(architecture: str) -> nn.Module:
    """A ResNet without its classifier: (B, 3, h, w) → (B, dimension).

    Raises:
        InputError: the architecture is not one of ``ARCHITECTURES``.
    """
    if architecture not in ARCHITECTURES:
        raise InputError(
            f"unknown architecture {architecture!r}. Expected one of {', '.join(ARCHITECTURES)}."
        )
    network: nn.Module = getattr(torchvision.models, architecture)(weights=None)
    network.fc = nn.Identity()
    return network


#: Cosines to class proxies are multiplied by this before the softmax (as in NormFace, Wang et al. 2017).
PROXY_SCALE = 16.0


class Proxies(nn.Module):
    """One direction a class: (B, d) → scaled cosines (B, classes), so that the angles between features are shaped."""

    def __init__(self, dimension: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, dimension) * dimension**-0.5)

    def forward(self, features: Tensor) -> Tensor:
        """Cosine of every feature to every class, times ``PROXY_SCALE``."""
        unit = nn.functional.normalize
        cosines: Tensor = nn.functional.linear(unit(features.float()), unit(self.weight))
        return PROXY_SCALE * cosines


class MultiTask(nn.Module):
    """Backbone and heads: (B, 3, h, w) → one (B, classes) tensor a task.

    Two more heads help in training and are not exported: ``pair`` (article type with colour, by cosine) and ``words``
    (the title's words, as in Joulin et al., "Learning Visual Features from Large Weakly Supervised Data", 2016).
    """

    def __init__(self, architecture: str, classes: list[int], pairs: int = 0, words: int = 0) -> None:
        super().__init__()
        width = ARCHITECTURES[architecture]
        self.backbone = backbone(architecture)
        self.heads = nn.ModuleList(nn.Linear(width, count) for count in classes)
        self.pair = Proxies(width, pairs) if pairs else None
        self.words = nn.Linear(width, words) if words else None

    def forward(self, pixels: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pooled features and the logits of every task."""
        features = self.backbone(pixels)
        return features, [head(features) for head in self.heads]


def resized(pixels: Tensor, size: tuple[int, int]) -> Tensor:
    """uint8 (B, H, W, 3) → uint8-valued (B, h, w, 3) at ``size``."""
    if tuple(pixels.shape[1:3]) == size:
        return pixels
    scaled = nn.functional.interpolate(
        pixels.permute(0, 3, 1, 2).float(), size=size, mode="bilinear", antialias=True, align_corners=False
    )
    return scaled.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def normalise(pixels: Tensor) -> Tensor:
    """uint8 (B, h, w, 3) → standardised float32 (B, 3, h, w), channels last in memory."""
    scaled = pixels.permute(0, 3, 1, 2).float().div(255)
    mean, std = (torch.tensor(v, device=pixels.device).view(1, 3, 1, 1) for v in (MEAN, STD))
    return ((scaled - mean) / std).contiguous(memory_format=torch.channels_last)


def augment(pixels: Tensor, generator: torch.Generator, erase: float = 0.0) -> Tensor:
    """Flip, shift, scale and turn a little; colours stay what they are, the border is white.

    Args:
        pixels: uint8 (B, h, w, 3).
        generator: source of chance, on the CPU.
        erase: share of the pictures that lose a rectangle to white (random erasing, Zhong et al. 2020).

    Returns:
        Standardised float32 (B, 3, h, w).
    """
    count = len(pixels)

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(count, generator=generator) * (high - low) + low

    scale, angle = uniform(0.82, 1.12), uniform(-0.12, 0.12)
    flip = (torch.rand(count, generator=generator) < 0.5).float() * -2 + 1
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrix = torch.stack(
        [
            torch.stack([cosine * flip, -sine, uniform(-0.10, 0.10)], dim=1),
            torch.stack([sine * flip, cosine, uniform(-0.10, 0.10)], dim=1),
        ],
        dim=1,
    ).to(pixels.device)
    inverted = 255 - pixels.permute(0, 3, 1, 2).float()  # so that the zeros padded in are white
    grid = nn.functional.affine_grid(matrix, list(inverted.shape), align_corners=False)
    moved = nn.functional.grid_sample(inverted, grid, align_corners=False)
    if erase:
        moved = moved * _kept(moved.shape, erase, generator).to(moved.device)
    return normalise((255 - moved).permute(0, 2, 3, 1))


def _kept(shape: torch.Size, share: float, generator: torch.Generator) -> Tensor:
    """1 where a picture is kept, 0 in the rectangle it loses; shape (B, 1, h, w)."""
    count, _, height, width = shape
    inside = torch.ones(count, 1, dtype=torch.bool)
    for axis, length in ((0, height), (1, width)):
        extent = (torch.rand(count, 1, generator=generator) * 0.35 + 0.15) * length
        start = torch.rand(count, 1, generator=generator) * (length - extent)
        along = torch.arange(length)[None]
        within = (along >= start) & (along < start + extent)
        inside = inside[..., None] & within[:, None] if axis else within
    chosen = torch.rand(count, 1, 1, generator=generator) < share
    return (~(inside & chosen)).float()[:, None]
