"""The camera: one product drawn, lit and framed as a shop photographs it, on white."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from demo.drawing import (
    accessories,
    bags,
    bottoms,
    cosmetics,
    footwear,
    innerwear,
    jewellery,
    long,
    tops,
    warm,
)
from demo.drawing.canvas import BLACK, HEIGHT, WHITE, WIDTH, Pen, Rgb, argb, luminance, mix, rgb, skia
from demo.products import Product
from mpsr.catalogue.colours import COLOURS, hex_of

QUALITY = 80
DRAWINGS: dict[str, Callable[[Pen], None]] = {
    article: draw
    for group in (tops, warm, long, bottoms, innerwear, footwear, bags, accessories, jewellery, cosmetics)
    for article, draw in group.DRAWINGS.items()
}
"""What draws which article type."""

_ACCENTS = (
    "White", "Navy Blue", "Mustard", "Red", "Teal", "Cream", "Black", "Orange", "Pink", "Grey",
    "Turquoise Blue", "Lime Green",
)
_BRIGHT = ("Red", "Yellow", "Blue", "Green", "Magenta", "Orange", "Teal", "Purple")
_METALS: tuple[Rgb, ...] = ((198, 200, 206), (206, 168, 84), (120, 120, 126))
_STANDS_ON_GROUND = {
    *footwear.DRAWINGS, *bags.DRAWINGS, *cosmetics.DRAWINGS, *jewellery.DRAWINGS, "Sunglasses", "Belts",
    "Caps", "Cufflinks",
}


def photograph(product: Product, seed: int) -> bytes:
    """The product's picture as a JPEG file."""
    image = picture(product, seed)
    return bytes(image.encodeToData(skia.EncodedImageFormat.kJPEG, QUALITY))


def picture(product: Product, seed: int) -> Any:
    """The product's picture as a skia image of 240 x 320 pixels."""
    shot = np.random.default_rng([seed, 2, product.number])
    # The product first, on nothing; then its shadow, made from its outline, on white; then both together.
    cutout = skia.Surface(WIDTH, HEIGHT)
    canvas = cutout.getCanvas()
    canvas.clear(0)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    _aim(canvas, product, shot)
    DRAWINGS[product.article](_pen(canvas, product, seed))
    canvas.resetMatrix()
    _light(canvas, shot, product.reshoot)
    drawn = cutout.makeImageSnapshot()
    frame = skia.Surface(WIDTH, HEIGHT)
    stage = frame.getCanvas()
    stage.clear(skia.ColorWHITE)
    _shadow(stage, drawn, 2.0 if product.article in _STANDS_ON_GROUND else 4.0)
    stage.drawImage(drawn, 0, 0)
    return frame.makeImageSnapshot()


def _aim(canvas: Any, product: Product, shot: np.random.Generator) -> None:
    """Place the camera: a little off each time, more so for a second photograph."""
    loose = 2.2 if product.reshoot else 1.0
    canvas.translate(float(shot.uniform(-3, 3)) * loose, float(shot.uniform(-3, 3)) * loose)
    canvas.rotate(float(shot.uniform(-1.6, 1.6)) * loose)
    scale = float(shot.uniform(0.93, 1.0)) - (0.06 if product.reshoot else 0.0)
    if product.gender in ("Boys", "Girls"):
        # Small clothes look small: shorter, and broader for their height.
        canvas.scale(scale * 0.9, scale * 0.8)
    else:
        canvas.scale(scale, scale)


def _pen(canvas: Any, product: Product, seed: int) -> Pen:
    design = np.random.default_rng([seed, 1, product.family])
    colour = _dyed(product, seed)
    names = [_ACCENTS[int(n)] for n in design.permutation(len(_ACCENTS))]
    metal = _METALS[int(design.choice(3, p=(0.6, 0.27, 0.13)))]
    accents = sorted((rgb(COLOURS[name]) for name in names), key=lambda c: _distance(c, colour) < 120)[:3]
    if product.pattern == "multi":
        accents = [rgb(COLOURS[_BRIGHT[int(n)]]) for n in design.permutation(len(_BRIGHT))[:5]]
    return Pen(canvas, design, product.gender, colour, tuple(accents), product.pattern, metal)


def _dyed(product: Product, seed: int) -> Rgb:
    """The base colour as this dye lot came out."""
    lot = np.random.default_rng([seed, 3, product.family, list(COLOURS).index(product.paint)])
    colour = rgb(hex_of(product.paint) or "#808080")
    shift = float(lot.uniform(-0.06, 0.06)) * (0.4 if luminance(colour) > 215 else 1.0)
    colour = mix(colour, WHITE if shift > 0 and luminance(colour) < 225 else BLACK, abs(shift))
    # Black, grey and white must not turn green: a lot's tint grows with the colour's own strength.
    tint = 1.0 + 5.0 * (max(colour) - min(colour)) / 255
    r, g, b = (c + float(lot.uniform(-tint, tint)) for c in colour)
    return (r, g, b)


def _distance(one: Rgb, other: Rgb) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _shadow(stage: Any, drawn: Any, depth: float) -> None:
    """A soft shadow of the outline, blurred at a quarter of the size, which is ten times faster."""
    small = skia.Surface(WIDTH // 4, HEIGHT // 4)
    canvas = small.getCanvas()
    canvas.clear(0)
    canvas.scale(0.25, 0.25)
    paint = skia.Paint(
        ColorFilter=skia.ColorFilters.Blend(skia.ColorBLACK, skia.BlendMode.kSrcIn),
        ImageFilter=skia.ImageFilters.Blur(6, 6),
    )
    canvas.drawImage(drawn, 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear), paint)
    target = skia.Rect.MakeXYWH(0, depth, WIDTH, HEIGHT)
    stage.drawImageRect(
        small.makeImageSnapshot(), target, skia.SamplingOptions(skia.FilterMode.kLinear),
        skia.Paint(Alphaf=0.3),
    )


def _light(canvas: Any, shot: np.random.Generator, reshoot: bool) -> None:
    """The lamps: a touch brighter or darker, warmer or cooler, on the product; the ground stays white."""
    loose = 2.0 if reshoot else 1.0
    level, warm = (float(shot.uniform(-0.05, 0.05)) * loose for _ in range(2))
    amber, sky = (255, 190, 110), (120, 180, 255)
    for colour, strength in (
        (BLACK if level < 0 else WHITE, abs(level)), (amber if warm > 0 else sky, abs(warm) * 0.7),
    ):
        canvas.drawColor(argb(colour, strength), skia.BlendMode.kSrcATop)
