"""Pixels in sRGB, whatever colour space a picture was saved in: the colours a browser shows."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

#: Modes whose pixels a profile of that colour space describes.
_SPACES = {"RGB": "RGB", "RGBA": "RGB", "RGBX": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}

#: A profile that moves no colour by more than this many of 256 levels is sRGB under another name.
SAME_LEVELS = 2

#: The gamma that sRGB comes closest to, as PNG writes it, and how far from it one is the same.
PNG_GAMMA, SAME_GAMMA = 1 / 2.2, 0.02


def is_srgb(picture: Image.Image) -> bool:
    """Whether the pixels of a picture are sRGB as they are."""
    return _transform_of(picture) is None and _gamma_of(picture) is None


def to_srgb(picture: Image.Image) -> Image.Image:
    """The picture with its pixels in sRGB, by its profile, or by the gamma a PNG states; grey and CMYK become RGB by it.

    A profile that cannot be read, or is of another colour space than the pixels, counts for nothing, as in a browser.
    """
    if transform := _transform_of(picture):
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        shown = ImageCms.applyTransform(picture.convert("RGB") if alpha else picture, transform)
        if shown is None:
            raise ValueError("the colour transform gave no picture")
        if alpha:
            shown.putalpha(alpha)
        return shown
    if (gamma := _gamma_of(picture)) is not None:
        levels = np.linspace(0, 1, 256) ** (PNG_GAMMA / gamma) * 255
        table = [round(float(level)) for level in levels]
        bands = picture.getbands()
        return picture.point([value for band in bands for value in (range(256) if band == "A" else table)])
    return picture


def _transform_of(picture: Image.Image) -> ImageCms.ImageCmsTransform | None:
    profile = picture.info.get("icc_profile")
    space = _SPACES.get(picture.mode)
    if not isinstance(profile, bytes) or space is None:
        return None
    return _transform(profile, "RGB" if picture.mode == "RGBA" else picture.mode, space)


@lru_cache(maxsize=64)
def _transform(profile: bytes, mode: str, space: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile's colours to sRGB; None where it changes nothing, or cannot be used."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != space:
            return None
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return None if mode in ("RGB", "L") and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode == "L":
        sample = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    else:
        steps = np.linspace(0, 255, 9).astype(np.uint8)
        sample = Image.fromarray(np.stack(np.meshgrid(steps, steps, steps), -1).reshape(27, 27, 3))
    shown = ImageCms.applyTransform(sample, transform)
    before = np.asarray(sample.convert("RGB"), np.int64)
    return shown is not None and bool(np.abs(np.asarray(shown, np.int64) - before).max() <= SAME_LEVELS)


def _gamma_of(picture: Image.Image) -> float | None:
    """The gamma that a PNG states, where it is another than sRGB's."""
    gamma = picture.info.get("gamma")
    if not isinstance(gamma, float) or "srgb" in picture.info or "icc_profile" in picture.info:
        return None
    usable = 0.05 < gamma < 5 and picture.mode in ("L", "LA", "RGB", "RGBA")
    return gamma if usable and abs(gamma - PNG_GAMMA) > SAME_GAMMA else None
