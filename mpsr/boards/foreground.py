"""The pixels of the product in its picture: without the near-white ground, and without the person who wears it.

What is near white and touches the border is ground; the outermost pixels beside it are left out too. A picture of clothes
in which enough skin shows is of somebody who wears them: there the skin is left out, unless the product is of such a
colour itself, and only the rows are kept where the garment is, so that a shirt's colours are not those of the face above
it and the trousers below it.

sRGB → CIELAB as in IEC 61966-2-1 and CIE 15 (D65, 2° observer).
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from scipy import ndimage

from mpsr.catalogue.colours import hex_of

Pixels = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: Where a garment is worn.
Part = Literal["upper", "lower", "whole"]

#: Longest side of the small picture that is looked at.
SIDE = 48

#: Lightness above which, and chroma below which, a pixel may be ground.
GROUND_LIGHTNESS, GROUND_CHROMA = 97.0, 4.0

#: CIELAB ranges of human skin in studio light: lightness, chroma, and the hue angle in degrees.
SKIN_LIGHTNESS, SKIN_CHROMA, SKIN_HUE = (30.0, 90.0), (10.0, 48.0), (25.0, 78.0)

#: Share of skin in the foreground from which somebody wears the product.
WORN = 0.04

#: Least share of the foreground that must be left for the product; with less, everything counts.
LEAST = 0.12

#: Least share of the foreground that its inside must be.
THICK = 0.3

#: Rows of the person, from 0 (top) to 1 (bottom), in which the garment is.
ROWS: dict[Part, tuple[float, float]] = {"upper": (0.28, 0.62), "lower": (0.35, 0.85), "whole": (0.2, 0.85)}

#: Words of a category or type that say where a garment is worn, the first that is found deciding.
_WORDS: dict[Part, str] = {
    "lower": "bottomwear|jeans|trousers?|pants|shorts?|skirts?|leggings?|capris|briefs?|boxers?",
    "upper": "topwear|tops?|t-?shirts?|shirts?|sweat(er|shirt)s?|jackets?|blazers?|bras?|camisoles?",
    "whole": "apparel|clothing|clothes|dress(es)?|kurtas?|sarees?|jumpsuits?|innerwear|nightdress",
}

#: Columns that say what kind of product it is, the narrowest first.
_KINDS = ("articleType", "subCategory", "masterCategory")

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


@dataclass(frozen=True)
class Shown:
    """A product's picture, and what is known about the product in it.

    Attributes:
        picture: encoded.
        part: where it is worn; None for what is no garment, or where it is not known. Nothing is left out then.
        skin_like: whether its own colour is one that skin may have, or is not known.
    """

    picture: bytes
    part: Part | None = None
    skin_like: bool = True


def shown(picture: bytes, attributes: Mapping[str, Any]) -> Shown:
    """A picture with what the columns of its product say about it."""
    colour = attributes.get("baseColour")
    value = hex_of(colour) if isinstance(colour, str) else None
    return Shown(picture, part_of(attributes), value is None or bool(is_skin(to_lab(_rgb(value)))))


def part_of(attributes: Mapping[str, Any]) -> Part | None:
    """Where a product is worn, by its type and categories; None where they name no garment."""
    for kind in _KINDS:
        value = attributes.get(kind)
        for part, words in _WORDS.items():
            if isinstance(value, str) and re.search(rf"\b({words})\b", value, re.IGNORECASE):
                return part
    return None


def foreground(of: Shown) -> Pixels:
    """The product's pixels, shape (n, 3), sRGB in [0, 1]; none when the picture is unreadable or all ground."""
    rgb = _small(of.picture)
    if not rgb.size:
        return np.empty((0, 3))
    lab = to_lab(rgb)
    there = _inside(~_ground(lab))
    skin = there & is_skin(lab)
    if of.part is None or skin.sum() <= WORN * there.sum():
        return rgb[there]
    garment = there & _rows(there, ROWS[of.part])
    if not of.skin_like:
        garment &= ~skin
    return rgb[garment if garment.sum() >= LEAST * there.sum() else there]


def is_skin(lab: Pixels) -> Mask:
    """Which colours skin may have; ``lab`` has shape (..., 3)."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    found = np.ones(lab.shape[:-1], dtype=bool)
    for value, (least, most) in ((lab[..., 0], SKIN_LIGHTNESS), (chroma, SKIN_CHROMA), (hue, SKIN_HUE)):
        found &= (value >= least) & (value <= most)
    return found


def to_lab(rgb: Pixels) -> Pixels:
    """CIELAB of sRGB in [0, 1]; the last axis holds the three parts."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    bent = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _small(picture: bytes) -> Pixels:
    """The picture made small, shape (height, width, 3); empty when it cannot be read."""
    try:
        with Image.open(io.BytesIO(picture)) as image, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            small = image.convert("RGB")
            small.thumbnail((SIDE, SIDE))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return np.empty((0, 0, 3))
    return np.asarray(small, dtype=np.float64) / 255


def _ground(lab: Pixels) -> Mask:
    white = (lab[..., 0] > GROUND_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < GROUND_CHROMA)
    parts, _ = ndimage.label(white)
    border = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    return np.asarray(white & np.isin(parts, border))


def _inside(there: Mask) -> Mask:
    """The foreground without its outermost pixels, which mix product and ground; all of it where it is thin."""
    inside = ndimage.binary_erosion(there, border_value=1)
    return np.asarray(inside if inside.sum() >= THICK * there.sum() else there)


def _rows(there: Mask, between: tuple[float, float]) -> Mask:
    """The pixels of those rows of the foreground, as a column that broadcasts over the picture."""
    filled = np.flatnonzero(there.any(axis=1))
    top, height = filled[0], filled[-1] - filled[0] + 1
    rows = (np.arange(len(there)) + 0.5 - top) / height
    return np.asarray((rows >= between[0]) & (rows <= between[1]))[:, None]


def _rgb(value: str) -> Pixels:
    return np.array([int(value[i : i + 2], 16) for i in (1, 3, 5)]) / 255
