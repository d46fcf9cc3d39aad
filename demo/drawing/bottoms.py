"""Garments for the lower body: jeans, trousers, shorts, track pants, capris, leggings, skirts."""

from __future__ import annotations

from dataclasses import dataclass

from demo.drawing.canvas import BLACK, WHITE, Path, Pen, Rgb, box, curve, flipped, mix, oval, shape
from demo.drawing.fabrics import Weave, cloth, weave
from demo.drawing.long import skirt_piece
from demo.drawing.tops import both, button, lines, ribbed

COPPER: Rgb = (190.0, 120.0, 70.0)
THREAD: Rgb = (214.0, 158.0, 84.0)


@dataclass(frozen=True)
class Legs:
    """The measures of a pair of legs, in half widths.

    Attributes:
        top: y of the waist's edge.
        waist: half width at the waist.
        hip: half width at the hip.
        crotch: y of the crotch.
        hem: y of the hem.
        outer: x of the hem's outer corner.
        inner: x of the hem's inner corner.
    """

    top: float
    waist: float
    hip: float
    crotch: float
    hem: float
    outer: float
    inner: float

    def leg(self) -> Path:
        """The right leg, from the middle seam."""
        knee = (self.crotch + self.hem) / 2
        return shape(
            (0, self.top + 3), (self.waist * 0.5, self.top + 3, self.waist, self.top),
            (self.hip, self.top + 26, self.hip + 1, self.crotch - 12),
            ((self.hip + self.outer) / 2 + 3, knee, self.outer, self.hem), (self.inner, self.hem + 2),
            (self.inner * 0.6 + 1, knee, 1.5, self.crotch), (0, self.crotch - 6),
        )


def trouser_legs(
    pen: Pen, hem: float, outer: float, inner: float, hip: float = 55, top: float = -146,
) -> Legs:
    """Legs for the pen's cut."""
    hip *= pen.u(0.95, 1.05) * (1.02 if pen.womens else 1.0)
    waist = hip * (0.74 if pen.womens else 0.84)
    return Legs(top, waist, hip, top + pen.u(84, 94), hem, outer * pen.u(0.94, 1.06), inner)


def lay_legs(pen: Pen, legs: Legs, cut: Weave, depth: float = 0.9, gloss: float = 0.0) -> None:
    """Both legs, the inside of the back waist, the folds at crotch and knee."""
    back = shape(
        (-legs.waist, legs.top), (0, legs.top - 8, legs.waist, legs.top),
        (0, legs.top + 6, -legs.waist, legs.top),
    )
    pen.fill(back, mix(pen.colour, BLACK, 0.5))
    leg = legs.leg()
    both(pen, leg, cut, turn=2, depth=depth, gloss=gloss)
    knee = (legs.crotch + legs.hem) / 2
    for side in (leg, flipped(leg)):
        way = 1 if side is leg else -1
        with pen.inside(side):
            pen.fold(
                curve(
                    (way * 2, legs.crotch - 4),
                    (way * legs.hip * 0.4, legs.crotch - 8, way * legs.hip * 0.75, legs.crotch - 24),
                ),
                0.9, 5,
            )
            pen.fold(
                curve(
                    (way * 3, legs.crotch + 6),
                    (way * legs.hip * 0.4, legs.crotch + 8, way * legs.hip * 0.7, legs.crotch),
                ),
                0.7, 5,
            )
            for _ in range(2):
                y = knee + pen.u(-14, 18)
                pen.fold(
                    curve(
                        (way * legs.inner * 0.7, y),
                        (way * legs.hip * 0.5, y + 6, way * legs.hip * 0.95, y - 3),
                    ),
                    0.5, 5,
                )
            for n in range(2):
                y = legs.hem - 8 - n * 10
                pen.fold(
                    curve(
                        (way * legs.inner, y),
                        (way * (legs.inner + legs.outer) / 2, y + 5, way * legs.outer, y - 3),
                    ),
                    0.6, 4,
                )


def waistband(pen: Pen, legs: Legs, cut: Weave, deep: float = 11, loops: bool = True) -> Path:
    """The band at the waist, with belt loops."""
    band = shape(
        (-legs.waist, legs.top), (0, legs.top + 7, legs.waist, legs.top), (legs.waist + 1.5, legs.top + deep),
        (0, legs.top + deep + 7, -legs.waist - 1.5, legs.top + deep),
    )
    cloth(pen, band, cut, 0.7, turn=90)
    if loops:
        for x in (-0.72, -0.3, 0.3, 0.72):
            loop = box(x * legs.waist - 2, legs.top, x * legs.waist + 2, legs.top + deep + 6, 1)
            pen.fill(loop, mix(pen.colour, BLACK, 0.12))
            pen.line(loop, width=0.8)
    return band


def jeans(pen: Pen) -> None:
    """Jeans: denim with fading, five pockets, a fly, orange stitching."""
    cut = weave(pen)
    fit = pen.pick("slim", "straight", "boot")
    outer, inner = {"slim": (46, 17), "straight": (56, 14), "boot": (66, 10)}[fit]
    legs = trouser_legs(pen, 146, outer, inner, hip=60)
    lay_legs(pen, legs, cut)
    leg = legs.leg()
    wash = pen.u(0.2, 0.45)
    for side in (leg, flipped(leg)):
        way = 1 if side is leg else -1
        with pen.inside(side):
            pen.fill(
                oval(way * legs.hip * 0.55, legs.crotch - 2, 13, 58), mix(pen.colour, WHITE, 0.6), wash,
                blur=10,
            )
            for n in range(5):
                y = legs.crotch - 22 + n * 9
                pen.line(
                    curve((way * legs.hip * 0.3, y), (way * legs.hip * 0.6, y - 6)), WHITE, 2, wash * 0.55,
                    blur=1.4,
                )
    waistband(pen, legs, cut)
    y = legs.top
    lines(
        pen, curve((legs.waist * 0.38, y + 15), (legs.waist * 0.45, y + 36, legs.hip * 0.98, y + 36)),
        width=1.6, alpha=0.8,
    )
    for dy in (2.5, 5):
        for side in (-1, 1):
            pen.stitch(
                curve(
                    (side * (legs.waist * 0.38 - 1), y + 15 + dy),
                    (side * legs.waist * 0.42, y + 36 + dy, side * legs.hip * 0.97, y + 36 + dy),
                ),
                THREAD,
            )
    fly(pen, legs, THREAD)
    for side in (-1, 1):
        pen.stitch(curve((side * legs.outer, legs.hem - 6), (side * legs.inner, legs.hem - 4)), THREAD)
        pen.metallic(oval(side * legs.waist * 0.42, y + 18, 1.5), COPPER)
    pen.metallic(oval(0, y + 11, 3.2), COPPER)


def fly(pen: Pen, legs: Legs, thread: Rgb | None) -> None:
    """The fly's double seam."""
    y = legs.top + 16
    pen.line(curve((0, y), (0, legs.crotch - 4)), width=1.3, alpha=0.8)
    for dx in (9, 12):
        pen.stitch(curve((dx, y), (dx, y + 30), (dx - 1, y + 42, 0, y + 48)), thread)


def trousers(pen: Pen) -> None:
    """Formal trousers: a pressed crease, slanted pockets, a hook at the waist."""
    cut = weave(pen)
    legs = trouser_legs(pen, 147, pen.u(37, 41), pen.u(13, 16), hip=49)
    lay_legs(pen, legs, cut, 0.8)
    for way in (-1, 1):
        middle = (legs.outer + legs.inner) / 2
        crease = curve(
            (way * legs.waist * 0.55, legs.top + 20),
            (way * legs.hip * 0.5, legs.crotch, way * middle, legs.hem),
        )
        pen.line(crease, WHITE, 2.4, 0.22, blur=1)
        pen.line(crease, width=1.1, alpha=0.75)
        pen.line(
            curve((way * legs.waist * 0.72, legs.top + 14), (way * legs.hip * 0.97, legs.top + 50)),
            width=1.6, alpha=0.8,
        )
    band = waistband(pen, legs, cut, 12)
    pen.line(band, width=0.8)
    pen.line(curve((0, legs.top + 18), (0, legs.crotch - 4)), width=1.2, alpha=0.7)
    pen.line(curve((0, legs.top + 5), (0, legs.top + 19)), width=1.0, alpha=0.7)
    pen.metallic(box(3, legs.top + 10, 9, legs.top + 13, 1), (190.0, 192.0, 198.0))


def shorts(pen: Pen) -> None:
    """Shorts: wide legs that end above the knee."""
    cut = weave(pen)
    wide = 86 * pen.u(0.94, 1.04)
    hem = pen.u(66, 94) if not pen.womens else pen.u(40, 62)
    legs = Legs(-96, wide * 0.78, wide * 0.98, pen.u(2, 10), hem, wide * pen.u(1.1, 1.2), pen.u(9, 15))
    lay_legs(pen, legs, cut)
    sporty = pen.chance(0.4)
    if sporty:
        ribbed(
            pen,
            shape(
                (-legs.waist, -96), (0, -89, legs.waist, -96), (legs.waist + 2, -80),
                (0, -73, -legs.waist - 2, -80),
            ),
        )
        drawstring(pen, -82)
        for way in (-1, 1):
            pen.line(
                curve((way * (legs.waist + 1), -78), (way * legs.hip * 0.99, 0, way * (legs.outer - 5), hem)),
                pen.accents[0], 4, 0.9,
            )
    else:
        waistband(pen, legs, cut, 15)
        button(pen, 0, -84, 2.6)
        fly(pen, legs, None)
        for way in (-1, 1):
            pen.line(
                curve((way * legs.waist * 0.62, -78), (way * legs.hip * 0.96, -32)), width=1.6, alpha=0.8,
            )
        if pen.chance(0.45):
            for way in (-1, 1):
                x = way * legs.hip * 0.8
                flap = box(x - 21, 14, x + 21, 26, 2)
                cloth(pen, box(x - 20, 16, x + 20, 56, 3), cut, 0.5)
                cloth(pen, flap, cut, 0.6)
                button(pen, x, 22)
    for way in (-1, 1):
        pen.stitch(curve((way * legs.outer, hem - 7), (way * legs.inner, hem - 5)))


def drawstring(pen: Pen, y: float) -> None:
    """Two ends of a cord, knotted at the waist."""
    cord = mix(pen.accents[0], WHITE, 0.5)
    for side in (-1, 1):
        string = curve((0, y), (side * 5, y + 14, side * pen.u(4, 9), y + 34))
        pen.line(string, BLACK, 3.2, 0.3, blur=1)
        pen.line(string, cord, 2.2, 1)
    pen.fill(oval(0, y, 3.4, 2.6), cord)


def track_pants(pen: Pen) -> None:
    """Track pants: an elastic waist with a cord, stripes down the side, gathered cuffs."""
    cut = weave(pen)
    legs = trouser_legs(pen, 136, pen.u(50, 56), pen.u(22, 26), hip=68)
    lay_legs(pen, legs, cut, 1.0)
    stripe = pen.accents[0]
    knee = (legs.crotch + legs.hem) / 2
    leg = legs.leg()
    for side in (leg, flipped(leg)):
        way = 1 if side is leg else -1
        with pen.inside(side):
            for dx in (5, 11):
                pen.line(
                    curve(
                        (way * (legs.waist - dx + 2), legs.top),
                        (way * (legs.hip - dx), legs.top + 26, way * (legs.hip + 1 - dx), legs.crotch - 12),
                        (
                            way * ((legs.hip + legs.outer) / 2 + 3 - dx), knee, way * (legs.outer - dx),
                            legs.hem,
                        ),
                    ),
                    stripe, 2.8, 0.95,
                )
            pen.fold(
                curve((way * (legs.inner + 8), legs.hem + 4), (way * 30, legs.hem - 30, way * 26, knee)), 0.9,
                6,
            )
    for side in (1, -1):
        cuff = shape(
            (side * legs.inner, 134), (side * legs.outer, 132), (side * (legs.outer - 5), 149),
            (side * (legs.inner + 4), 151),
        )
        ribbed(pen, cuff)
    ribbed(
        pen,
        shape(
            (-legs.waist, legs.top), (0, legs.top + 7, legs.waist, legs.top), (legs.waist + 2, legs.top + 14),
            (0, legs.top + 21, -legs.waist - 2, legs.top + 14),
        ),
    )
    drawstring(pen, legs.top + 14)


def capris(pen: Pen) -> None:
    """Capris: cut at the calf, close to the leg, a turned-up hem with a bow."""
    cut = weave(pen)
    legs = Legs(-122, 52 * pen.u(0.94, 1.0), 71, -32, pen.u(76, 92), pen.u(62, 68), pen.u(18, 22))
    lay_legs(pen, legs, cut)
    waistband(pen, legs, cut, 12)
    fly(pen, legs, None)
    for way in (-1, 1):
        pen.line(curve((way * 24, -106), (way * 34, -84, way * 66, -84)), width=1.4, alpha=0.8)
        turn_up = shape(
            (way * legs.inner, legs.hem - 14), (way * (legs.outer + 1), legs.hem - 16),
            (way * (legs.outer + 2), legs.hem + 2), (way * (legs.inner - 1), legs.hem + 4),
        )
        cloth(pen, turn_up, cut, 0.6)
        x = way * (legs.outer - 5)
        for ear in (-1, 1):
            pen.line(oval(x + ear * 4, legs.hem - 8, 4, 2.4), mix(pen.colour, BLACK, 0.4), 1.5, 1)
            pen.line(
                curve((x, legs.hem - 8), (x + ear * 4, legs.hem + 6)), mix(pen.colour, BLACK, 0.4), 1.5, 1,
            )
    button(pen, 0, -112, 2.4)


def leggings(pen: Pen) -> None:
    """Leggings: skin-tight, drawn as worn: the leg's own shape, no pockets."""
    cut = weave(pen)
    hip = pen.u(37, 41)
    leg = shape(
        (0, -146), (hip * 0.72, -148), (hip, -118, hip + 1, -86), (hip, -30, 27, 16), (33, 50, 22, 110),
        (20, 130, 20, 147), (8, 148),
        (7, 110, 6, 60), (7, 20, 2, -66), (0, -70),
    )
    both(pen, leg, cut, turn=1, depth=1.7, gloss=0.25)
    for way in (-1, 1):
        side = leg if way == 1 else flipped(leg)
        with pen.inside(side):
            pen.line(
                curve((way * 18, -110), (way * 22, -40, way * 15, 10), (way * 19, 50, way * 13, 140)), WHITE,
                8, 0.2, blur=5,
            )
            for n in range(4):
                y = 104 + n * 12
                pen.fold(curve((way * 6, y), (way * 14, y + 5, way * 24, y - 2)), 0.7, 3.5)
            pen.fold(curve((way * 4, 14), (way * 16, 20, way * 28, 12)), 0.6, 4)
    pen.line(curve((-hip * 0.76, -138), (0, -133, hip * 0.76, -138)), width=1, alpha=0.6)
    pen.line(curve((0, -146), (0, -70)), width=1, alpha=0.5)


def skirt(pen: Pen) -> None:
    """A skirt: a waistband over a flaring, folded or tiered fall."""
    cut = weave(pen)
    waist = pen.u(42, 50)
    hem = pen.u(92, 132)
    skirt_piece(pen, cut, waist, -98, pen.u(92, 110), hem)
    band = shape((-waist, -110), (0, -104, waist, -110), (waist + 1.5, -92), (0, -86, -waist - 1.5, -92))
    cloth(pen, band, cut, 0.8, turn=90)
    pen.fill(
        shape((-waist, -110), (0, -117, waist, -110), (0, -104, -waist, -110)), mix(pen.colour, BLACK, 0.5),
    )
    if pen.chance(0.5):
        for n in range(3):
            button(pen, 0, -98 + n * 22, 2.4)


DRAWINGS = {
    "Jeans": jeans, "Trousers": trousers, "Shorts": shorts, "Track Pants": track_pants, "Capris": capris,
    "Leggings": leggings, "Skirts": skirt,
}
