"""Fabrics and prints: what a piece of a product is made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from demo.drawing.canvas import (
    BLACK,
    WHITE,
    Path,
    Pen,
    Rgb,
    box,
    curve,
    luminance,
    mix,
    oval,
    seam,
    skia,
)


@dataclass(frozen=True)
class Weave:
    """How a fabric lies on the pieces of one product, so that sleeves and body agree.

    Attributes:
        scale: size of the print.
        angle: degrees the print is turned.
        seed: chance of the print's scattered parts.
    """

    scale: float
    angle: float
    seed: int


def weave(pen: Pen) -> Weave:
    """A weave for one product."""
    return Weave(scale=pen.u(0.75, 1.45), angle=pen.u(-4, 4), seed=int(pen.rng.integers(2**31)))


def cloth(
    pen: Pen, path: Path, cut: Weave, depth: float = 1.0, turn: float = 0.0, gloss: float = 0.0,
) -> None:
    """Fill a piece with the pen's fabric and give it volume."""
    with pen.inside(path):
        pen.fill(path, pen.colour)
        b = path.getBounds()
        pen.canvas.save()
        pen.canvas.translate((b.left() + b.right()) / 2, (b.top() + b.bottom()) / 2)
        pen.canvas.rotate(cut.angle + turn)
        reach = math.hypot(b.width(), b.height()) / 2 + 2
        PRINTS.get(pen.pattern, _plain)(pen, cut, reach)
        pen.canvas.restore()
        pen.grain(path, "cloud", 0.13)
    pen.round_off(path, depth, gloss)


def _plain(pen: Pen, cut: Weave, reach: float) -> None:
    pen.grain(box(-reach, -reach, reach, reach), "grain", 0.09)


def _stripe(pen: Pen, cut: Weave, reach: float) -> None:
    _rules(pen, 7.5 * cut.scale, reach, pen.accents[0], 1.7 * cut.scale, 0.85)


def _hoop(pen: Pen, cut: Weave, reach: float) -> None:
    pen.canvas.rotate(90)
    _rules(pen, 17 * cut.scale, reach, pen.accents[0], 4.6 * cut.scale, 0.95)


def _pinstripe(pen: Pen, cut: Weave, reach: float) -> None:
    _rules(pen, 6 * cut.scale, reach, pen.accents[0], 0.8, 0.7)


def _check(pen: Pen, cut: Weave, reach: float) -> None:
    gap, dark = 15 * cut.scale, luminance(pen.colour) <= 90
    for turn in (0, 90):
        pen.canvas.save()
        pen.canvas.rotate(turn)
        # Few light bands on dark cloth, or a black check would come out grey.
        band = WHITE if dark else mix(pen.colour, BLACK, 0.4)
        _rules(pen, gap, reach, band, gap * 0.34, 0.1 if dark else 0.22)
        pen.canvas.translate(gap * 0.45, 0)
        _rules(pen, gap, reach, pen.accents[0], 1.3, 0.75)
        pen.canvas.restore()


def _rules(pen: Pen, gap: float, reach: float, colour: Rgb, width: float, alpha: float) -> None:
    x = -math.ceil(reach / gap) * gap
    while x <= reach:
        pen.line(curve((x, -reach), (x, reach)), colour, width, alpha)
        x += gap


def _dot(pen: Pen, cut: Weave, reach: float) -> None:
    gap, radius = 11 * cut.scale, 2.1 * cut.scale
    dots = skia.Path()
    for row in range(-int(reach / gap) - 1, int(reach / gap) + 2):
        for column in range(-int(reach / gap) - 1, int(reach / gap) + 2):
            dots.addCircle((column + (row % 2) / 2) * gap, row * gap * 0.8, radius)
    pen.fill(dots, pen.accents[0], 0.92)


def _floral(pen: Pen, cut: Weave, reach: float) -> None:
    rng = np.random.default_rng(cut.seed)
    size = 6.0 * cut.scale
    gap = size * 3.6
    leaf = mix(pen.accents[-1], (60, 120, 60), 0.6)
    for row in range(-int(reach / gap) - 1, int(reach / gap) + 2):
        for column in range(-int(reach / gap) - 1, int(reach / gap) + 2):
            x, y = (
                column + (row % 2) / 2 + rng.uniform(-0.2, 0.2)
            ) * gap, (row + rng.uniform(-0.2, 0.2)) * gap
            colour = pen.accents[int(rng.integers(len(pen.accents)))]
            _flower(pen, x, y, size * float(rng.uniform(0.6, 1.15)), float(rng.uniform(0, 360)), colour, leaf)


def _flower(pen: Pen, x: float, y: float, size: float, turn: float, colour: Rgb, leaf: Rgb) -> None:
    with pen.placed(x, y, turn):
        for side in (60, 200):
            with pen.placed(0, 0, side):
                pen.fill(oval(size * 1.15, 0, size * 0.55, size * 0.22), leaf, 0.75)
        for petal in range(5):
            with pen.placed(0, 0, petal * 72):
                pen.fill(oval(size * 0.5, 0, size * 0.46, size * 0.34), colour, 0.9)
        pen.fill(oval(0, 0, size * 0.24), mix(colour, (250, 210, 90), 0.7))


def _paisley(pen: Pen, cut: Weave, reach: float) -> None:
    """Block print: rows of small drops with a dot, as on ethnic wear."""
    gap = 13 * cut.scale
    for row in range(-int(reach / gap) - 1, int(reach / gap) + 2):
        for column in range(-int(reach / gap) - 1, int(reach / gap) + 2):
            colour = pen.accents[(row + column) % 2]
            with pen.placed((column + (row % 2) / 2) * gap, row * gap, 25 if row % 2 else -25, cut.scale):
                drop = skia.Path()
                drop.moveTo(0, -4.6)
                drop.cubicTo(4.6, -1, 3.2, 4.2, 0, 4.2)
                drop.cubicTo(-3.2, 4.2, -4, 0, 0, -4.6)
                pen.line(drop, colour, 1.0, 0.9)
                pen.fill(oval(0, 1.4, 1.2), colour, 0.9)


def _denim(pen: Pen, cut: Weave, reach: float) -> None:
    """Twill: fine slanted threads of white weft over the dyed warp."""
    pen.canvas.rotate(32)
    _rules(pen, 2.4, reach, WHITE, 0.7, 0.08 if luminance(pen.colour) < 70 else 0.16)
    pen.canvas.rotate(-32)
    pen.grain(box(-reach, -reach, reach, reach), "grain", 0.3)


def _leather(pen: Pen, cut: Weave, reach: float) -> None:
    pen.grain(box(-reach, -reach, reach, reach), "hide", 0.15)


def _knit(pen: Pen, cut: Weave, reach: float) -> None:
    """Columns of small Vs."""
    step, drop = 4.4 * cut.scale, 3.4 * cut.scale
    stitches = skia.Path()
    for column in range(-int(reach / step) - 1, int(reach / step) + 2):
        x = column * step
        y = -reach
        while y < reach:
            stitches.moveTo(x - step * 0.42, y)
            stitches.lineTo(x, y + drop * 0.7)
            stitches.lineTo(x + step * 0.42, y)
            y += drop
    pen.line(stitches, seam(pen.colour), 0.9, 0.42)


def _cable(pen: Pen, cut: Weave, reach: float) -> None:
    """A knit with twisted cables running down."""
    _knit(pen, cut, reach)
    gap = 26 * cut.scale
    x = -math.ceil(reach / gap) * gap
    while x <= reach:
        for way in (-1, 1):
            rope = skia.Path()
            y, side = -reach, way
            rope.moveTo(x + 4 * side, y)
            while y < reach:
                rope.cubicTo(x + 4 * side, y + 5, x - 4 * side, y + 5, x - 4 * side, y + 10)
                y, side = y + 10, -side
            pen.line(rope, mix(pen.colour, BLACK, 0.5), 4.2, 0.25, blur=0.8)
            pen.line(rope, mix(pen.colour, WHITE, 0.16), 2.6, 0.95)
        x += gap


def _melange(pen: Pen, cut: Weave, reach: float) -> None:
    pen.grain(box(-reach, -reach, reach, reach), "grain", 0.42)


def _multi(pen: Pen, cut: Weave, reach: float) -> None:
    """Bands of many colours: what a catalogue calls Multi."""
    rng = np.random.default_rng(cut.seed)
    y = -reach
    while y < reach:
        height = float(rng.uniform(7, 16)) * cut.scale
        pen.fill(box(-reach, y, reach, y + height), pen.accents[int(rng.integers(len(pen.accents)))], 0.95)
        y += height
    _dot(pen.dyed(pen.colour), cut, reach)


PRINTS: dict[str, Callable[[Pen, Weave, float], None]] = {
    "plain": _plain,
    "stripe": _stripe,
    "hoop": _hoop,
    "pinstripe": _pinstripe,
    "check": _check,
    "dot": _dot,
    "floral": _floral,
    "paisley": _paisley,
    "denim": _denim,
    "leather": _leather,
    "knit": _knit,
    "cable": _cable,
    "melange": _melange,
    "multi": _multi,
}
