"""The colour names a fashion catalogue uses, and the colours they stand for.

The names are those of the Kaggle "Fashion Product Images" catalogue, which are also the ones the demo uses.
Charts use the table to draw a colour in its own colour; the demo uses it to dye its fabrics.
"""

COLOURS: dict[str, str] = {
    "Beige": "#d9c4a0",
    "Black": "#1d1d20",
    "Blue": "#2f66b8",
    "Bronze": "#8f6b3c",
    "Brown": "#74462a",
    "Burgundy": "#5f0f26",
    "Charcoal": "#43474d",
    "Coffee Brown": "#46301f",
    "Copper": "#b9704a",
    "Cream": "#f3e9c9",
    "Fluorescent Green": "#5cf02e",
    "Gold": "#cfa643",
    "Green": "#2f8a47",
    "Grey": "#8b8d91",
    "Grey Melange": "#a9acb1",
    "Khaki": "#a99b6b",
    "Lavender": "#b9a5dc",
    "Lime Green": "#a4d233",
    "Magenta": "#c81b81",
    "Maroon": "#751a2c",
    "Mauve": "#b07f9f",
    "Metallic": "#8e9298",
    "Multi": "#c98f9d",
    "Mushroom Brown": "#8e7a6b",
    "Mustard": "#cf9a22",
    "Navy Blue": "#22336f",
    "Nude": "#dfb898",
    "Off White": "#efebdf",
    "Olive": "#62662f",
    "Orange": "#ef7a22",
    "Peach": "#f6b797",
    "Pink": "#ec6fa3",
    "Purple": "#6a3591",
    "Red": "#c8202c",
    "Rose": "#d9637c",
    "Rust": "#a5451f",
    "Sea Green": "#37a38a",
    "Silver": "#c3c6cb",
    "Skin": "#e5bd9c",
    "Steel": "#9ba3ab",
    "Tan": "#b87e4b",
    "Taupe": "#7b6a5e",
    "Teal": "#12737a",
    "Turquoise Blue": "#2fbac6",
    "White": "#f7f7f5",
    "Yellow": "#f5d02c",
}
"""Every colour name of the real catalogue as hex sRGB.

"Multi" has no colour of its own: the hex given is a stand-in, so that a chart has something to draw.
"NA" means that the colour is not known; it is left out on purpose and `hex_of` answers None.
"""


def hex_of(name: str) -> str | None:
    """The hex colour of a colour name.

    Args:
        name: a `baseColour` of the catalogue; upper and lower case do not matter.

    Returns:
        `#rrggbb`, or None where the name is unknown or says "NA".
    """
    return COLOURS.get(name.strip().title())
