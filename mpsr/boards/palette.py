"""The colours of a board, taken from its pictures.

Of the product in each picture (``mpsr.boards.foreground``) equally many pixels are taken, so that a large dress counts
no more than a ring. k-means in CIELAB, where distance is close to seen difference, groups them; groups that differ by
less than ``ALIKE``, or are called the same, are one. A swatch is the pixel nearest to its group's centre, a colour that
is really there, and its share is that group's share of the pixels. Difference is CIE76, the Euclidean distance in CIELAB.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from mpsr.boards.foreground import Pixels, Shown, foreground, to_lab
from mpsr.catalogue.colours import COLOURS

Number = TypeVar("Number", bound=np.generic)

#: Most swatches of a palette.
SWATCHES = 6

#: CIE76 difference under which two swatches would be told apart only side by side.
ALIKE = 12.0

#: Pixels of one product, and of a whole board.
PER_PRODUCT, IN_ALL = 200, 12_000

#: Samples kept, 600 bytes each.
KEPT = 20_000

#: Names that stand for no colour of their own.
_NO_COLOUR = ("Multi", "Metallic")


@dataclass(frozen=True)
class Swatch:
    """One colour of a palette.

    Attributes:
        hex: ``#rrggbb``.
        share: of the pixels, in (0, 1]; the shares of a palette sum to 1.
        name: of the nearest colour of ``mpsr.catalogue.colours``.
    """

    hex: str
    share: float
    name: str


def palette(pictures: Sequence[Shown], swatches: int = SWATCHES) -> list[Swatch]:
    """The dominant colours of pictures, largest share first.

    Args:
        pictures: of the products; one that cannot be read or is all background gives nothing.
        swatches: the most there may be.

    Returns:
        At most ``swatches`` colours; none where no picture gives a pixel. The same pictures give the same palette.
    """
    each = max(1, min(PER_PRODUCT, IN_ALL // max(len(pictures), 1)))
    samples = [_evenly(pixels, each) for picture in pictures if len(pixels := _sample(picture))]
    if not samples:
        return []
    rgb = np.concatenate(samples) / 255
    lab = to_lab(rgb)
    groups = _merged(lab, _groups(lab, swatches))
    while True:
        found: dict[str, tuple[Swatch, int]] = {}
        for group in np.unique(groups):
            swatch = _swatch(rgb, lab, groups == group)
            if swatch.name in found:  # two groups of one name are one colour to a reader
                groups[groups == group] = found[swatch.name][1]
                break
            found[swatch.name] = (swatch, int(group))
        else:
            break
    return sorted((swatch for swatch, _ in found.values()), key=lambda swatch: (-swatch.share, swatch.hex))


def _swatch(rgb: Pixels, lab: Pixels, mine: npt.NDArray[np.bool_]) -> Swatch:
    """The swatch of the pixels ``mine``, shape (n,): the one nearest to their centre."""
    nearest = np.argmin(np.square(lab[mine] - lab[mine].mean(axis=0)).sum(axis=1))
    colour = rgb[mine][nearest]
    hexed = "#" + "".join(f"{round(255 * float(part)):02x}" for part in colour)
    return Swatch(hexed, float(mine.mean()), name_of(colour))


def _digest(of: Shown) -> tuple[bytes, str | None, bool]:
    return hashlib.blake2b(of.picture, digest_size=16).digest(), of.part, of.skin_like


@cached(LRUCache(KEPT), key=_digest, lock=threading.Lock())
def _sample(of: Shown) -> npt.NDArray[np.uint8]:
    """At most ``PER_PRODUCT`` pixels of the foreground; kept, because a board changes one product at a time."""
    pixels = foreground(of)
    return (255 * (_evenly(pixels, PER_PRODUCT) if len(pixels) else pixels)).round().astype(np.uint8)


def name_of(rgb: Pixels) -> str:
    """The colour name of ``mpsr.catalogue.colours`` nearest to one sRGB colour in [0, 1]."""
    named = {name: value for name, value in COLOURS.items() if name not in _NO_COLOUR}
    table = to_lab(
        np.array([[int(value[i : i + 2], 16) for i in (1, 3, 5)] for value in named.values()]) / 255
    )
    return list(named)[int(np.argmin(np.square(table - to_lab(rgb)).sum(axis=1)))]


def _evenly(pixels: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
    """``count`` pixels at even distances; where there are fewer they repeat, so that each product weighs the same."""
    return pixels[np.linspace(0, len(pixels) - 1, count).round().astype(np.int64)]


def _groups(lab: Pixels, count: int) -> npt.NDArray[np.int64]:
    from sklearn.cluster import KMeans

    distinct = len(np.unique(lab, axis=0))
    means = KMeans(min(count, distinct), n_init=3, random_state=0, max_iter=50)
    return np.asarray(means.fit_predict(lab), dtype=np.int64)


def _merged(lab: Pixels, groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The two nearest groups made one, again and again, until all differ by ``ALIKE`` or more."""
    groups = groups.copy()
    while True:
        names = np.unique(groups)
        centres = np.stack([lab[groups == name].mean(axis=0) for name in names])
        apart = np.linalg.norm(centres[:, None] - centres[None], axis=-1)
        np.fill_diagonal(apart, np.inf)
        if apart.min(initial=np.inf) >= ALIKE:
            return groups
        one, other = np.unravel_index(np.argmin(apart), apart.shape)
        groups[groups == names[other]] = names[one]
