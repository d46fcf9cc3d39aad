"""How numbers and names are written and marks are coloured, the same in every chart and sentence."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from mpsr.catalogue.colours import hex_of

#: Eight hues of about the same lightness: each has a contrast of at least 3:1 (WCAG 2.2, 1.4.11) with the light and
#: with the dark background of the theme, so no chart needs to know which of them it stands on.
HUE = ("#c05c33", "#1f8a99", "#a57a14", "#4a78d0", "#cf4f8c", "#4d8f3a", "#9261c7", "#807a72")

#: What is put together, missing, or drawn as an outline around a colour that might vanish.
NEUTRAL = HUE[-1]

#: Scales of the heat maps; cells carry their number as text.
SEQUENTIAL = ("#f6f3ef", "#9cc6cc", "#1f8a99", "#0c4a54")
DIVERGING = ("#a8431c", "#e3ab90", "#f6f3ef", "#93bfc6", "#136775")

#: Adjusted residuals beyond ± this are drawn in the last colour; their number says how large they are.
RESIDUAL_RANGE = 10.0


#: Title of an axis of differences, from the two that are compared.
DIFFERENCE = "share in {after} less share in {before}, percentage points"


@dataclass(frozen=True)
class Paint:
    """How a bar of a colour is filled: a colour, and where one colour is not the truth, hatching over it."""

    fill: str
    hatch: str = ""  # the colour of the hatching, "" for none


#: "Multi" has no colour of its own; a name the table does not know, or a missing one, has none we could draw.
MULTI = Paint("#f5d02c", "#cf4f8c")
UNKNOWN = Paint("rgba(0,0,0,0)", NEUTRAL)


def paint_of(colour: str, kind: str) -> Paint:
    """The paint of a catalogue's colour name; ``kind`` as in the tables."""
    if kind == "other":
        return Paint(NEUTRAL)
    if colour.strip().lower() == "multi":
        return MULTI
    known = hex_of(colour) if kind == "value" else None
    return Paint(known) if known else UNKNOWN


def hues_of(values: list[str], kinds: list[str]) -> dict[str, str]:
    """Value → hue, in the order given; neutral for what is put together or missing."""
    hues = iter([*HUE[:-1], *HUE[:-1]])
    return {
        value: next(hues) if kind == "value" else NEUTRAL for value, kind in zip(values, kinds, strict=True)
    }


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance (WCAG 2.2) of an sRGB colour with channels from 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def number(value: float) -> str:
    """1,234 for whole numbers, 12.3 for others."""
    whole = abs(value - round(value)) < 1e-6 or abs(value) >= 1000
    return f"{value:,.0f}" if whole else f"{value:,.1f}"


def percent(share: float) -> str:
    """20.4 % (with a space that does not break), and "under 0.1 %" for what would round to nothing."""
    return "under 0.1\u00a0%" if 0 < share < 0.0005 else f"{100 * share:.1f}\u00a0%"


def points(difference: float) -> str:
    """A difference of two shares: +3.1 or −16.3 (percentage points)."""
    return f"{100 * difference:+.1f}".replace("-", "−")


def short(text: str, width: int = 24) -> str:
    """On one line, and cut at ``width`` characters."""
    line = re.sub(r"[^\S\u00a0]+", " ", text).strip()
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def plotly_text(text: str, width: int = 24) -> str:
    """Text of a catalogue for Plotly, which reads a little HTML: shortened, and with no markup left in it."""
    return html.escape(short(text, width), quote=False)


def listed(parts: list[str]) -> str:
    """Several as one: "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
