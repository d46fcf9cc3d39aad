"""Which colour names go with each other: neutral colours with all, others by the angle between their hues."""

from __future__ import annotations

import colorsys
from typing import Literal

from mpsr.catalogue.colours import hex_of

Relation = Literal["neutral", "same hue", "neighbouring hue", "opposite hue"]

#: The relations that go together, the one to prefer first.
RELATIONS: tuple[Relation, ...] = ("neutral", "same hue", "neighbouring hue", "opposite hue")

#: Colour names that go with every colour.
NEUTRAL = frozenset(
    {
        "Beige",
        "Black",
        "Brown",
        "Charcoal",
        "Coffee Brown",
        "Cream",
        "Grey",
        "Grey Melange",
        "Khaki",
        "Metallic",
        "Mushroom Brown",
        "Navy Blue",
        "Nude",
        "Off White",
        "Silver",
        "Skin",
        "Steel",
        "Tan",
        "Taupe",
        "White",
    }
)

#: No hue of its own, although the table of colours holds a stand-in.
NO_HUE = "Multi"

#: Degrees of the HSV colour wheel.
SAME, NEIGHBOURING, OPPOSITE = 10.0, 40.0, 30.0


def relation(one: str | None, other: str | None) -> Relation | None:
    """How two colour names go together.

    Args:
        one: a `baseColour` of the catalogue, None where it is missing.
        other: another.

    Returns:
        "neutral" where either is; otherwise by the angle between the hues: at most 10°, at most 40°, at least 150°.
        None where they do not go together, or where a colour is missing or has no known hue.
    """
    if one is None or other is None:
        return None
    if _name(one) in NEUTRAL or _name(other) in NEUTRAL:
        return "neutral"
    first, second = _hue(one), _hue(other)
    if first is None or second is None:
        return None
    apart = abs(first - second) % 360
    apart = min(apart, 360 - apart)
    if apart <= SAME:
        return "same hue"
    if apart <= NEIGHBOURING:
        return "neighbouring hue"
    return "opposite hue" if apart >= 180 - OPPOSITE else None


def _name(colour: str) -> str:
    return colour.strip().title()


def _hue(colour: str) -> float | None:
    """The hue in degrees of the HSV colour wheel."""
    value = hex_of(colour)
    if value is None or _name(colour) == NO_HUE:
        return None
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360
