"""Warm garments for the upper body: sweaters, hooded sweatshirts, jackets."""

from __future__ import annotations

from demo.drawing.canvas import BLACK, WHITE, Path, Pen, box, curve, flipped, mix, moved, oval, shape
from demo.drawing.fabrics import Weave, cloth, weave
from demo.drawing.tops import (
    Torso,
    both,
    button,
    chest_print,
    cuff_piece,
    drape,
    inner_back,
    lines,
    rib,
    ribbed,
    sleeve,
    torso,
)


def sweater(pen: Pen) -> None:
    """A knitted sweater: ribbed neck, cuffs and hem, long sleeves."""
    cut = weave(pen)
    vee = pen.chance(0.45)
    body = torso(pen, 98, 70, vee=vee, drop=pen.u(34, 46) if vee else pen.u(14, 18), sag=2.0)
    length, angle, cuff = pen.u(142, 152), pen.u(13, 17), pen.u(23, 26)
    inner_back(pen, body)
    both(pen, sleeve(body, length, angle, cuff), cut, turn=angle)
    cloth(pen, body.outline(), cut, 1.1)
    drape(pen, body, 0.7)
    if pen.chance(0.35) and pen.pattern == "knit":
        yoke_band(pen, body)
    hx, hy = body.hem
    for band in (shape((-hx + 2, hy - 5), (hx - 2, hy - 5), (hx - 7, hy + 10), (-hx + 7, hy + 10)),):
        ribbed(pen, band)
    end = cuff_piece(body, length + 7, angle, cuff - 3, 15)
    ribbed(pen, end)
    ribbed(pen, flipped(end))
    rib(pen, body.neckline(), 8.5)


def yoke_band(pen: Pen, body: Torso) -> None:
    """A band of fair-isle diamonds over the chest."""
    y = body.armpit[1] + 6
    with pen.inside(body.outline()):
        for edge in (-13, 13):
            pen.line(curve((-90, y + edge), (90, y + edge)), pen.accents[0], 2, 0.9)
        x = -84.0
        while x < 90:
            pen.fill(shape((x, y - 8), (x + 6, y), (x, y + 8), (x - 6, y)), pen.accents[0], 0.9)
            x += 14


def sweatshirt(pen: Pen) -> None:
    """A hooded sweatshirt: hood, drawstrings, kangaroo pocket, fleece bands."""
    cut = weave(pen)
    body = torso(
        pen, 98, 70, top=-82.0, drop=20.0, neck=24.0, sag=1.0, armpit=(70.0, -14.0), waist=(69.0, 60.0),
        hem=(67.0, pen.u(104, 114)),
    )
    length, angle, cuff = pen.u(140, 150), pen.u(13, 17), pen.u(26, 29)
    both(pen, sleeve(body, length, angle, cuff), cut, turn=angle)
    cloth(pen, body.outline(), cut, 1.1)
    drape(pen, body, 0.9)
    hx, hy = body.hem
    ribbed(pen, box(-hx + 3, hy - 6, hx - 3, hy + 9, 3))
    end = cuff_piece(body, length + 8, angle, cuff - 6, 15)
    ribbed(pen, end)
    ribbed(pen, flipped(end))
    pocket = shape((0, 46), (30, 46), (45, 78), (45, hy - 6), (0, hy - 6), mirror=True)
    cloth(pen, pocket, cut, 0.6)
    lines(pen, curve((31, 49), (43, 77)), width=0.9, alpha=0.6, dash=(2.4, 1.8))
    hood(pen, cut, body)
    if pen.chance(0.4):
        zip_front(pen, -62, hy + 8)
    elif pen.pattern == "plain" and pen.chance(0.6):
        chest_print(pen, body)


def hood(pen: Pen, cut: Weave, body: Torso) -> None:
    """A raised hood with its dark inside and two strings."""
    outer = shape((0, -148), (30, -148, 42, -122, 38, -92), (36, -70, 12, -60, 0, -58), mirror=True)
    cloth(pen, outer, cut, 1.3)
    opening = shape((0, -136), (20, -136, 27, -116, 24, -96), (18, -76, 8, -68, 0, -64), mirror=True)
    pen.fill(opening, mix(pen.colour, BLACK, 0.5))
    pen.gradient(opening, (0, -136), (0, -64), [(BLACK, 0.5), (BLACK, 0.1)])
    pen.line(opening, mix(pen.colour, BLACK, 0.12), 4)
    string = mix(pen.accents[0], WHITE, 0.3)
    for side in (-1, 1):
        cord = curve((side * 9, -70), (side * 13, -52, side * pen.u(9, 13), -26))
        pen.line(moved(cord, 1, 1), BLACK, 2.6, 0.3)
        pen.line(cord, string, 2.1, 1)


def zip_front(pen: Pen, top_y: float, bottom_y: float) -> None:
    """A zip down the middle."""
    strip = curve((0, top_y), (0, bottom_y))
    pen.line(strip, mix(pen.colour, BLACK, 0.4), 6, 0.9)
    pen.line(strip, pen.metal, 2.8, 1, dash=(1.1, 1.3))
    pull = box(-2, top_y + 3, 2, top_y + 13, 1.5)
    pen.metallic(pull, pen.metal)


def jacket(pen: Pen) -> None:
    """A jacket, unzipped: a padded, biker, bomber or denim one, with slanted pockets."""
    cut = weave(pen)
    style = {"leather": "biker", "denim": "denim"}.get(pen.pattern) or pen.pick("padded", "bomber", "padded")
    body = torso(pen, 98, 74, neck=22.0, drop=14.0, sag=0.0, armpit=(75.0, pen.u(-26, -20)))
    length, angle, cuff = pen.u(142, 150), pen.u(12, 16), pen.u(32, 36)
    arm = sleeve(body, length, angle, cuff)
    gloss = 0.55 if style == "biker" else 0.3 if style == "padded" else 0.0
    both(pen, arm, cut, turn=angle, depth=1.5, gloss=gloss)
    cloth(pen, body.outline(), cut, 1.3, gloss=gloss)
    drape(pen, body, 1.1)
    if style == "padded":
        quilting(pen, body, arm)
    hx, hy = body.hem
    if style in ("bomber", "denim"):
        ribbed(pen, box(-hx + 1, hy - 4, hx - 1, hy + 10, 3))
    end = cuff_piece(body, length + 4, angle, cuff - 3, 12)
    ribbed(pen, end)
    ribbed(pen, flipped(end))
    open_front(pen, body)
    if style == "biker":
        lapels(pen, body, cut)
    else:
        stand_collar(pen, body, cut)
    for side in (-1, 1):
        slot = curve((side * 34, 36), (side * 46, 66))
        pen.line(slot, mix(pen.colour, BLACK, 0.5), 4.4, 0.9)
        pen.line(slot, pen.metal, 1.6, 1, dash=(1.1, 1.2))
    if style == "denim":
        for side in (-1, 1):
            pen.stitch(box(side * 31 - 15, -42, side * 31 + 15, -14, 2), (214, 160, 80))
            button(pen, side * 31, -32, 1.9)
            pen.stitch(curve((side * 14, -40), (side * 20, hy)), (214, 160, 80))


def open_front(pen: Pen, body: Torso) -> None:
    """The jacket hangs open: its lining, and one half of the zip on each side."""
    top, bottom = body.top - 2, body.hem[1] + (9 if body.sag == 0 else 4)
    wide = pen.u(15, 23)
    gap = shape((0, top), (9, top), (wide * 0.8, 0, wide, bottom), (0, bottom), mirror=True)
    lining = mix(pen.accents[0], (150, 150, 152), 0.55)
    with pen.inside(gap):
        pen.fill(gap, lining)
        pen.gradient(gap, (0, top), (0, bottom), [(BLACK, 0.6), (BLACK, 0.12)])
        pen.line(gap, BLACK, 12, 0.45, blur=5)
        pen.fill(box(-7, body.top + 12, 7, body.top + 19, 1), WHITE, 0.85)
    edge = curve((9, top), (wide * 0.8, 0, wide, bottom))
    for width, colour, dash in ((6.0, mix(pen.colour, BLACK, 0.35), None), (2.4, pen.metal, (1.1, 1.3))):
        lines(pen, edge, colour=colour, width=width, alpha=1.0, dash=dash)


def quilting(pen: Pen, body: Torso, arm: Path) -> None:
    """Rows of down: a dark seam, a light belly between the seams."""
    with pen.inside(body.outline()):
        y = body.top + 22
        while y < body.hem[1]:
            row = curve((-80, y - 2), (0, y + 6, 80, y - 2))
            pen.line(moved(row, 0, -10), WHITE, 8, 0.16, blur=4)
            pen.line(row, BLACK, 5, 0.3, blur=2)
            pen.line(row, width=1, alpha=0.8)
            y += 21
    for side in (arm, flipped(arm)):
        with pen.inside(side):
            way = 1 if side is arm else -1
            y = body.top + 50
            while y < 120:
                row = curve((way * 50, y + 12), (way * 80, y + 6, way * 118, y - 12))
                pen.line(moved(row, 0, -10), WHITE, 7, 0.16, blur=3.5)
                pen.line(row, BLACK, 4.5, 0.3, blur=2)
                pen.line(row, width=1, alpha=0.8)
                y += 21


def stand_collar(pen: Pen, body: Torso, cut: Weave) -> None:
    """A collar that stands up."""
    y = body.top
    pen.fill(oval(0, y - 12, 22, 8), mix(pen.colour, BLACK, 0.5))
    half = shape(
        (8, y + 15), (8, y - 4), (13, y - 8, 23, y - 20), (29, y - 8, 27, y + 4), (16, y + 10, 8, y + 15),
    )
    both(pen, half, cut, depth=0.9)


def lapels(pen: Pen, body: Torso, cut: Weave) -> None:
    """Wide biker lapels, studded."""
    y = body.top
    leaf = shape((9, y + 58), (20, y - 8), (30, y + 2), (47, y + 24), (36, y + 30), (40, y + 40))
    both(pen, leaf, cut, depth=0.9, gloss=0.5)
    for side in (-1, 1):
        pen.metallic(oval(side * 38, y + 34, 2.2), pen.metal)
        pen.metallic(oval(side * 40, y + 23, 2.0), pen.metal)


DRAWINGS = {"Sweaters": sweater, "Sweatshirts": sweatshirt, "Jackets": jacket}
