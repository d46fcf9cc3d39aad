"""A coarser label set beside the catalogue's own 143 types and 46 colours: 55 types, 15 colours.

Other work on this catalogue reports on 55 types and 15 merged colours without listing them. Here the 55 most
frequent types stand, others count as missing, and the colours are merged by the table below; so the numbers of the
two label sets stand for the same difficulty, not for the same labels.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mpsr.space.forms import COLOUR, GENDER, TYPE
from mpsr.space.pairs import Codes, codes

TYPES = 55

COLOURS = {
    "black": ("Black", "Charcoal"),
    "white": ("White", "Off White"),
    "blue": ("Blue", "Navy Blue", "Turquoise Blue"),
    "brown": ("Brown", "Coffee Brown", "Mushroom Brown", "Bronze", "Copper"),
    "grey": ("Grey", "Grey Melange", "Steel"),
    "silver": ("Silver", "Metallic"),
    "red": ("Red", "Maroon", "Burgundy", "Rust"),
    "green": ("Green", "Olive", "Sea Green", "Lime Green", "Fluorescent Green", "Khaki"),
    "teal": ("Teal",),
    "pink": ("Pink", "Rose", "Magenta", "Peach"),
    "purple": ("Purple", "Lavender", "Mauve"),
    "yellow": ("Yellow", "Mustard", "Gold"),
    "beige": ("Beige", "Cream", "Tan", "Skin", "Nude", "Taupe"),
    "orange": ("Orange",),
    "multi": ("Multi",),
}


def merged_labels(products: pd.DataFrame) -> Codes:
    """Codes of type, colour and gender in the coarser label set, shape (N, 3), -1 for what it does not hold."""
    merged = {value: colour for colour, values in COLOURS.items() for value in values}
    frequent = products[TYPE].value_counts().index[:TYPES]
    kinds = products[TYPE].where(products[TYPE].isin(frequent))
    return np.stack([codes(kinds), codes(products[COLOUR].map(merged)), codes(products[GENDER])], axis=1)
