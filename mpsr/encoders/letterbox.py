"""Resize a picture to a model's input: letterboxed (embedded encoder), or as its model's own library does."""

from __future__ import annotations

from PIL import Image, ImageOps

#: torchvision's preprocessing for ResNet-50 V1 resizes the shorter side to 256 before it crops to 224.
IMAGENET_MARGIN = 256 / 224


def letterbox(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture, scaled to fit ``size`` (height, width) and centred on white; nothing is cropped.

    Most product photos have a white background, so the padding continues it.
    """
    height, width = size
    return ImageOps.pad(picture, (width, height), Image.Resampling.BICUBIC, color=(255, 255, 255))


def imagenet_crop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The centre crop of the picture at ``size`` (height, width), a square; equal to torchvision's transforms."""
    height, width = size
    short = round(height * IMAGENET_MARGIN)
    full = [
        short if side == min(picture.size) else int(short * side / min(picture.size)) for side in picture.size
    ]
    resized = picture.resize((full[0], full[1]), Image.Resampling.BILINEAR)
    left, top = round((full[0] - width) / 2), round((full[1] - height) / 2)
    return resized.crop((left, top, left + width, top + height))


def clip_crop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The centre crop of the picture at ``size``, a square, after its shorter side; as CLIPImageProcessor."""
    height, width = size
    full = [
        height if side == min(picture.size) else int(height * side / min(picture.size))
        for side in picture.size
    ]
    resized = picture.resize((full[0], full[1]), Image.Resampling.BICUBIC)
    left, top = (full[0] - width) // 2, (full[1] - height) // 2
    return resized.crop((left, top, left + width, top + height))


def stretch(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture at ``size``, whatever its shape; as SiglipImageProcessor."""
    height, width = size
    return picture.resize((width, height), Image.Resampling.BICUBIC)
