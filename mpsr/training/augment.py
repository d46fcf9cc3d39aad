"""Data augmentation, so that the encoder also works on other kinds of photographs.

Moves (flip, shift, scale, turn), other backgrounds than white, rectangles lost, and worse cameras (blur, JPEG, light).
Colours stay what they are but for a small cast, because the colour is something to learn.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

#: Mean and deviation of a channel (0 to 1) as the released ImageNet weights expect them: pixels from -1 to 1.
MEAN, STD = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Variation:
    """The strength of each augmentation.

    Attributes:
        scale: smallest and largest scale of the product.
        stretch: largest relative change of its width against its height.
        turn: largest rotation, in radians.
        shift: largest translation, in halves of the picture.
        background: share of the pictures that get another background.
        erase: share of which a rectangle is replaced by white (random erasing, Zhong et al. 2020).
        worse: share of the batches that are blurred, and of the pictures that are JPEG-compressed or relit.
    """

    scale: tuple[float, float] = (0.72, 1.25)
    stretch: float = 0.06
    turn: float = 0.15
    shift: float = 0.12
    background: float = 0.2
    erase: float = 0.2
    worse: float = 0.2

    def gentler(self, factor: float) -> Variation:
        """The same with every change ``factor`` times as large or as frequent."""
        low, high = self.scale
        return Variation(
            scale=(low**factor, high**factor),
            stretch=self.stretch * factor,
            turn=self.turn * factor,
            shift=self.shift * factor,
            background=self.background * factor,
            erase=self.erase * factor,
            worse=self.worse * factor,
        )


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
    return _standardised(pixels.permute(0, 3, 1, 2).float())


def _standardised(pixels: Tensor) -> Tensor:
    mean, std = (torch.tensor(v, device=pixels.device).view(1, 3, 1, 1) for v in (MEAN, STD))
    return ((pixels / 255 - mean) / std).contiguous(memory_format=torch.channels_last)


def augment(pixels: Tensor, background: Tensor, how: Variation, generator: torch.Generator) -> Tensor:
    """Augment each picture once.

    Args:
        pixels: uint8 (B, h, w, 3).
        background: bool (B, h, w), True where the picture shows the white background and not the product.
        how: the strength of each augmentation.
        generator: source of random numbers, on the CPU.

    Returns:
        Standardised float32 (B, 3, h, w).
    """
    bare = background.to(pixels.device)[:, None].float()
    inverted = 255 - pixels.permute(0, 3, 1, 2).float()  # so that the zeros padded in are white ...
    moved = _moved(torch.cat([inverted, 1 - bare], dim=1), how, generator)  # ... and count as background
    shown, product = 255 - moved[:, :3], moved[:, 3:]
    shown = _on_backgrounds(shown, product, how.background, generator)
    if how.erase:
        shown = 255 - (255 - shown) * kept(shown.shape, how.erase, generator).to(shown.device)
    return _standardised(_worse(shown, how.worse, generator))


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def _moved(channels: Tensor, how: Variation, generator: torch.Generator) -> Tensor:
    """The channels flipped, shifted, scaled, stretched and turned, each picture in its own way."""
    count = len(channels)
    low, high = (float(torch.tensor(1 / size).log()) for size in reversed(how.scale))
    scale = _uniform(count, low, high, generator).exp()
    stretch = 1 + _uniform(count, -how.stretch, how.stretch, generator)
    angle = _uniform(count, -how.turn, how.turn, generator)
    flip = (torch.rand(count, generator=generator) < 0.5).float() * -2 + 1
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    across, down = (_uniform(count, -how.shift, how.shift, generator) for _ in range(2))
    matrix = torch.stack(
        [
            torch.stack([cosine * flip * stretch, -sine, across], dim=1),
            torch.stack([sine * flip * stretch, cosine, down], dim=1),
        ],
        dim=1,
    ).to(channels.device)
    grid = nn.functional.affine_grid(matrix, list(channels.shape), align_corners=False)
    return nn.functional.grid_sample(channels, grid, align_corners=False)


def _on_backgrounds(shown: Tensor, product: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """That share of the pictures on a coloured, uneven background."""
    count, _, height, width = shown.shape
    chosen = (torch.rand(count, 1, 1, 1, generator=generator) < share).to(shown.device)
    flat = torch.rand(count, 3, 1, 1, generator=generator) * 255
    uneven = (torch.rand(count, 3, 4, 3, generator=generator) - 0.5) * 255
    strength = torch.rand(count, 1, 1, 1, generator=generator) ** 2
    coarse = (flat + uneven * strength).to(shown.device)
    other = nn.functional.interpolate(coarse, size=(height, width), mode="bilinear", align_corners=False)
    solid = nn.functional.avg_pool2d(product, 3, 1, 1)
    return torch.where(chosen, solid * shown + (1 - solid) * other.clamp(0, 255), shown)


def kept(shape: torch.Size, share: float, generator: torch.Generator) -> Tensor:
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


def _worse(shown: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Some pictures as a worse camera would show them: in other light, blurred, through JPEG."""
    count, _, height, width = shown.shape
    lit = (torch.rand(count, 1, 1, 1, generator=generator) < share).float()
    light = 1 + (torch.rand(count, 1, 1, 1, generator=generator) - 0.5) * 0.3
    cast = 1 + (torch.rand(count, 3, 1, 1, generator=generator) - 0.5) * 0.08
    shown = shown * (1 + (light * cast - 1) * lit).to(shown.device)
    if float(torch.rand(1, generator=generator)) < share:
        factor = float(torch.rand(1, generator=generator)) * 0.5 + 0.4
        small = (max(int(height * factor), 1), max(int(width * factor), 1))
        shown = nn.functional.interpolate(shown, size=small, mode="bilinear", antialias=True)
        shown = nn.functional.interpolate(shown, size=(height, width), mode="bilinear")
    shown = shown.clamp(0, 255)
    chosen = torch.rand(count, generator=generator) < share
    quality = torch.randint(25, 90, (count,), generator=generator)
    for place in chosen.nonzero().flatten().tolist():
        shown[place] = _through_jpeg(shown[place], int(quality[place]))
    return shown


def _through_jpeg(picture: Tensor, quality: int) -> Tensor:
    """A picture (3, h, w), 0 to 255, saved as JPEG and opened again."""
    saved = io.BytesIO()
    array = picture.round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    Image.fromarray(array).save(saved, "JPEG", quality=quality)
    opened = np.asarray(Image.open(saved), dtype=np.float32)
    return torch.from_numpy(opened).permute(2, 0, 1).to(picture.device)
