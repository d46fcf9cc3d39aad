"""The preprocessing of the embedded picture encoder, the same in training and in use."""

from __future__ import annotations

from PIL import Image, ImageOps


def letterbox(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture, scaled to fit ``size`` (height, width) and centred on white; nothing is cut off.

    Product photos stand on white, so the padding looks like more of the same.
    """
    height, width = size
    return ImageOps.pad(picture, (width, height), Image.Resampling.BICUBIC, color=(255, 255, 255))
