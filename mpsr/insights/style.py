"""The colours, dashes and symbols of all charts, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mpsr.catalogue.colours import hex_of

#: Eight hues of about the same lightness: each has a contrast of at least 3:1 (WCAG 2.2, 1.4.11) with the light and
#: with the dark background of the theme, so no chart needs to know which of them it stands on.
HUE = ("#c05c33", "#1f8a99", "#a57a14", "#4a78d0", "#cf4f8c", "#4d8f3a", "#9261c7", "#807a72")

#: For rarer values together, missing values, and outlines.
NEUTRAL = HUE[-1]

#: Scales of the heat maps; cells carry their number as text.
SEQUENTIAL = ("#f6f3ef", "#9cc6cc", "#1f8a99", "#0c4a54")
DIVERGING = ("#a8431c", "#e3ab90", "#f6f3ef", "#93bfc6", "#136775")

#: Lines: the dash of the first four and of the next four hues, for Plotly and for matplotlib.
DASHES = (("solid", "-"), ("dash", "--"))

#: The mark of each hue, for Plotly and for matplotlib.
SYMBOLS = (
    ("circle", "o"),
    ("square", "s"),
    ("diamond", "D"),
    ("triangle-up", "^"),
    ("cross", "P"),
    ("star", "*"),
    ("triangle-down", "v"),
    ("hexagon", "h"),
)

#: Cells and segments lighter than this (relative luminance) carry black text, the others white.
DARK_TEXT = 0.18


@dataclass(frozen=True)
class Paint:
    """How a bar of a colour is filled.

    Attributes:
        fill: ``#rrggbb``; "" for none.
        hatch: the colour of hatching over it, where one colour would be wrong; "" for none.
    """

    fill: str
    hatch: str = ""


#: "Multi" has no colour of its own; a name the table does not know, or a missing one, has none we could draw.
MULTI = Paint("#f5d02c", "#cf4f8c")
UNKNOWN = Paint("", NEUTRAL)


def paint_of(colour: str, kind: str) -> Paint:
    """The paint of a catalogue's colour name; ``kind`` as in the tables."""
    if kind == "other":
        return Paint(NEUTRAL)
    if colour.strip().lower() == "multi":
        return MULTI
    known = hex_of(colour) if kind == "value" else None
    return Paint(known) if known else UNKNOWN


def hues_of(values: Sequence[str], kinds: Sequence[str]) -> dict[str, str]:
    """Value → hue, in the order given; neutral for rarer values together and for missing ones."""
    hues = iter([*HUE[:-1], *HUE[:-1]])
    return {
        value: next(hues) if kind == "value" else NEUTRAL for value, kind in zip(values, kinds, strict=True)
    }


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance (WCAG 2.2) of an sRGB colour with channels from 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
