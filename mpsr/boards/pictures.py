"""Pictures for the sheet: read no larger than they are drawn."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError


def read(data: bytes | None, size: tuple[int, int]) -> Image.Image | None:
    """A picture in RGB, read at no less than ``size`` (width, height in pixels) where it has as many.

    Returns:
        None where there is none, or where it cannot be read.
    """
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image.draft("RGB", size)
            return ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def for_paper(data: bytes | None, size: tuple[int, int]) -> bytes | None:
    """A JPEG for a place of so many pixels: as it is where it is not much larger, else made smaller."""
    image = read(data, size)
    if image is None or data is None:
        return None
    if data[:2] == b"\xff\xd8" and _plain(data, size):
        return data
    image.thumbnail(size)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _plain(data: bytes, size: tuple[int, int]) -> bool:
    """An upright RGB picture of at most 1.5 times that size, which paper takes byte for byte."""
    with Image.open(io.BytesIO(data)) as image:
        upright = image.getexif().get(0x0112, 1) == 1
        return upright and image.mode == "RGB" and max(image.width / size[0], image.height / size[1]) <= 1.5
