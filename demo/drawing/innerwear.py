"""Innerwear: bras, briefs, trunks."""

from __future__ import annotations

from demo.drawing.canvas import BLACK, WHITE, Pen, curve, flipped, mix, oval, shape
from demo.drawing.fabrics import cloth, weave
from demo.drawing.tops import both, lines, ribbed


def bra(pen: Pen) -> None:
    """A bra: two moulded cups, straps, a band, a bow."""
    cut = weave(pen)
    high = pen.u(-34, -22)
    strap = mix(pen.colour, BLACK, 0.08)
    for width, colour in ((6.4, mix(pen.colour, BLACK, 0.4)), (5.0, strap)):
        lines(pen, curve((56, high + 6), (64, -70, 42, -108)), colour=colour, width=width, alpha=1.0)
    band = shape((0, 30), (50, 44, 104, 14), (108, 34), (60, 66, 0, 46), mirror=True)
    cloth(pen, band, cut, 0.7)
    cup = shape(
        (2, 26), (12, -2, 30, high + 10), (48, high - 8, 60, high), (86, high + 12, 96, 20), (74, 60, 40, 56),
        (14, 52, 2, 26),
    )
    both(pen, cup, cut, turn=20, depth=1.5)
    for side in (cup, flipped(cup)):
        way = 1 if side is cup else -1
        with pen.inside(side):
            pen.glow(side, way * 42, 4, 34, WHITE, 0.3)
            pen.line(curve((way * 4, 24), (way * 50, 20, way * 94, 16)), width=0.9, alpha=0.45)
            edge = curve(
                (way * 2, 26), (way * 12, -2, way * 30, high + 10), (way * 48, high - 8, way * 60, high),
            )
            pen.line(edge, mix(pen.colour, WHITE, 0.4), 5, 0.75, dash=(0.1, 5))
            pen.line(edge, width=1.3, alpha=0.6)
    lines(pen, oval(57, high - 18, 3.4, 2.6), colour=pen.metal, width=1.6, alpha=1.0)
    for side in (-1, 1):
        pen.fill(shape((0, 32), (side * 8, 26), (side * 8, 38)), pen.accents[0])
    pen.fill(oval(0, 32, 2.2), mix(pen.accents[0], BLACK, 0.2))


def briefs(pen: Pen) -> None:
    """Briefs: high-cut legs, an elastic waist."""
    cut = weave(pen)
    wide, low = pen.u(92, 100), pen.u(50, 60)
    body = shape(
        (0, -50), (wide * 0.6, -48, wide, -58), (wide + 2, -34), (wide * 0.48, -14, 24, low), (0, low + 8),
        mirror=True,
    )
    back = shape((-wide, -58), (0, -66, wide, -58), (0, -44, -wide, -58))
    pen.fill(back, mix(pen.colour, BLACK, 0.42))
    cloth(pen, body, cut, 0.9)
    if not pen.womens:
        lines(pen, curve((34, -40), (30, 10, 10, low + 4)), width=1.2, alpha=0.65)
        pen.fill(oval(0, 10, 22, 38), WHITE, 0.08, blur=8)
        pen.line(curve((-6, -38), (-12, 14, 4, low)), width=1.0, alpha=0.5)
    lines(pen, curve((wide + 1, -34), (wide * 0.48, -14, 24, low)), width=4.0, alpha=0.35)
    lines(pen, curve((wide - 4, -32), (wide * 0.46, -12, 22, low - 4)), width=0.9, alpha=0.6, dash=(2.2, 1.7))
    with pen.inside(body):
        for side in (-1, 1):
            pen.fold(curve((side * wide * 0.9, -40), (side * wide * 0.5, -26, side * 20, -30)), 0.8, 6)
            pen.fold(curve((side * 22, low), (side * 16, 24, side * 24, -6)), 0.7, 6)
    elastic(pen, wide, -56)


def elastic(pen: Pen, wide: float, y: float) -> None:
    """A waistband, in an accent or in the cloth's colour."""
    contrast = not pen.womens and pen.chance(0.5)
    tone = pen.dyed(pen.accents[0] if contrast else mix(pen.colour, BLACK, 0.12))
    ribbed(
        tone,
        shape((-wide, y - 4), (0, y + 6, wide, y - 4), (wide + 1, y + 11), (0, y + 20, -wide - 1, y + 11)),
    )


def trunk(pen: Pen) -> None:
    """Trunks: short square legs, a pouch, a broad elastic waist."""
    cut = weave(pen)
    wide, hem = pen.u(86, 93), pen.u(66, 82)
    leg = shape(
        (0, -70), (wide * 0.5, -68, wide, -76), (wide + 8, -20, wide + 9, hem), (50, hem + 10, 18, hem + 6),
        (10, 44, 0, 36),
    )
    back = shape((-wide, -76), (0, -84, wide, -76), (0, -62, -wide, -76))
    pen.fill(back, mix(pen.colour, BLACK, 0.42))
    both(pen, leg, cut, turn=2)
    pouch = shape((0, -60), (30, -58), (36, -6, 12, 38), (0, 44), mirror=True)
    cloth(pen, pouch, cut, 1.0)
    pen.line(curve((-8, -52), (-14, 4, 2, 40)), width=1.0, alpha=0.5)
    for side in (leg, flipped(leg)):
        way = 1 if side is leg else -1
        with pen.inside(side):
            pen.fold(curve((way * 34, 20), (way * 56, 12, way * 88, 20)), 0.8, 6)
            pen.fold(curve((way * 30, -40), (way * 60, -30, way * 92, -46)), 0.7, 6)
            pen.stitch(curve((way * 18, hem - 2), (way * 50, hem + 2, way * (wide + 9), hem - 8)))
    elastic(pen, wide, -74)


DRAWINGS = {"Bra": bra, "Briefs": briefs, "Trunk": trunk}
