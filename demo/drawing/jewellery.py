"""Jewellery: earrings, pendants, necklaces, rings, bracelets, bangles.

The metal, or the stones where the colour is no metal's, take the base colour.
"""

from __future__ import annotations

import math

from demo.drawing.canvas import BLACK, WHITE, Path, Pen, Rgb, box, curve, mix, moved, oval, shape

GOLD: Rgb = (208.0, 166.0, 70.0)


def is_metal(colour: Rgb) -> bool:
    """Whether a colour can be a metal's: grey, golden or copper, and not too dark."""
    r, _, b = colour
    grey = max(colour) - min(colour) < 26
    return (grey and r > 95) or (r > 140 and 30 < r - b < 150 and r >= colour[1] >= b)


def setting(pen: Pen) -> Rgb:
    """The metal that holds the stones."""
    return pen.colour if is_metal(pen.colour) else mix(pen.colour, GOLD, 0.25)


def gem(pen: Pen, x: float, y: float, radius: float, colour: Rgb) -> None:
    """A cut stone: facets around a table, a spark."""
    stone = oval(x, y, radius)
    pen.fill(stone, mix(colour, BLACK, 0.25))
    pen.glow(stone, x - radius * 0.3, y - radius * 0.3, radius * 1.3, mix(colour, WHITE, 0.75), 0.95)
    for n in range(8):
        with pen.placed(x, y, n * 45):
            pen.fill(
                shape((0, 0), (radius * 0.4, -radius), (-radius * 0.4, -radius)), WHITE if n % 2 else BLACK,
                0.12,
            )
    pen.fill(oval(x, y, radius * 0.5), mix(colour, WHITE, 0.3), 0.6)
    pen.line(stone, mix(colour, BLACK, 0.55), max(0.6, radius * 0.1), 0.8)
    pen.fill(oval(x - radius * 0.32, y - radius * 0.36, radius * 0.18), WHITE, 0.95)


def bead(pen: Pen, x: float, y: float, radius: float, colour: Rgb) -> None:
    """A round bead or pearl."""
    ball = oval(x, y, radius)
    pen.fill(moved(ball, radius * 0.2, radius * 0.35), BLACK, 0.25, blur=radius * 0.3)
    pen.fill(ball, mix(colour, BLACK, 0.3))
    pen.glow(ball, x - radius * 0.3, y - radius * 0.3, radius * 1.35, mix(colour, WHITE, 0.6), 1.0)
    pen.fill(ball, colour, 0.28)
    pen.line(ball, mix(colour, BLACK, 0.55), 0.7, 0.8)
    pen.fill(oval(x - radius * 0.35, y - radius * 0.4, radius * 0.2), WHITE, 0.95)


def chain(pen: Pen, path: Path, metal: Rgb, width: float = 2.6) -> None:
    """A fine chain along a line."""
    pen.line(moved(path, 0.8, 1.4), BLACK, width, 0.22, blur=1)
    pen.line(path, mix(metal, BLACK, 0.5), width + 0.8, 1, dash=(width * 1.5, width * 0.9))
    pen.line(path, mix(metal, WHITE, 0.35), width * 0.6, 1, dash=(width * 1.3, width * 1.1))


def drop(x: float, y: float, wide: float, high: float) -> Path:
    """A tear shape hanging from (x, y)."""
    return shape(
        (x, y), (x + wide * 0.4, y + high * 0.4, x + wide, y + high * 0.6, x + wide, y + high - wide),
        (x + wide, y + high, x, y + high), (x - wide, y + high, x - wide, y + high - wide),
        (x - wide, y + high * 0.6, x - wide * 0.4, y + high * 0.4, x, y),
    )


def earrings(pen: Pen) -> None:
    """A pair of earrings: drops, hoops, jhumkas or studs."""
    kind = pen.pick("drop", "hoop", "jhumka", "drop", "jhumka")
    metal, size = setting(pen), pen.u(0.92, 1.1)
    state = int(pen.rng.integers(2**31))
    for side in (-1, 1):
        with pen.placed(side * 50, -4, side * 2, size):
            {"drop": drop_earring, "hoop": hoop, "jhumka": jhumka}[kind](pen, metal, state)


def hook(pen: Pen, metal: Rgb, y: float) -> None:
    """The wire that goes through the ear."""
    wire = curve((0, y), (-2, y - 30, 14, y - 34), (22, y - 34, 20, y - 12))
    pen.line(wire, mix(metal, BLACK, 0.45), 3.2, 1)
    pen.line(wire, mix(metal, WHITE, 0.4), 1.5, 1)


def drop_earring(pen: Pen, metal: Rgb, state: int) -> None:
    """A tear of metal with stones around, hung from smaller ones."""
    hook(pen, metal, -58)
    gem(pen, 0, -50, 9, pen.colour)
    for n in range(1 + state % 3):
        bead(pen, 0, -36 + n * 9, 4.4, metal)
    y = -34.0 + (state % 3) * 9
    body = drop(0, y, 31, 104)
    pen.metallic(body, metal)
    inner = moved(drop(0, 0, 20, 70), 0, y + 24)
    pen.metallic(inner, pen.colour, turn=True) if is_metal(pen.colour) else pen.fill(inner, pen.colour)
    gem(pen, 0, y + 74, 13, pen.colour)
    for n in range(7):
        a = math.radians(20 + n * 23.3)
        gem(pen, math.cos(a) * 26, y + 74 + math.sin(a) * 25, 4, pen.colour)


def hoop(pen: Pen, metal: Rgb, state: int) -> None:
    """A wide hoop with beads."""
    ring = oval(0, 14, 40, 54)
    pen.line(moved(ring, 2, 3), BLACK, 8, 0.25, blur=3)
    pen.line(ring, mix(metal, BLACK, 0.5), 11, 1)
    pen.line(ring, metal, 8.6, 1)
    pen.line(moved(ring, -1.6, -1.6), mix(metal, WHITE, 0.75), 2.4, 0.95)
    hook(pen, metal, -42)
    for n in range(5 + state % 4):
        a = math.radians(30 + n * 120 / (4 + state % 4))
        bead(pen, math.cos(a) * 40, 14 + math.sin(a) * 54, 7, pen.colour)


def jhumka(pen: Pen, metal: Rgb, state: int) -> None:
    """A bell with a fringe of beads under a round stud."""
    hook(pen, metal, -78)
    pen.metallic(oval(0, -60, 20), metal)
    gem(pen, 0, -60, 11, pen.colour)
    for n in range(10):
        a = math.radians(n * 36)
        bead(pen, math.cos(a) * 18, -60 + math.sin(a) * 18, 3.2, metal)
    bead(pen, 0, -36, 6, metal)
    bell = shape((0, -32), (12, -30, 30, -14, 40, 40), (20, 50, 0, 50), mirror=True)
    pen.metallic(bell, metal)
    with pen.inside(bell):
        for y, tone in (
            (2, mix(metal, BLACK, 0.45)), (20, mix(metal, WHITE, 0.5)), (38, mix(metal, BLACK, 0.45)),
        ):
            pen.line(curve((-44, y), (0, y + 12, 44, y)), tone, 2.2, 0.9)
        for n in range(-3, 4):
            gem(pen, n * 10.5, 34 - abs(n) * 1.2, 4.4, pen.colour)
    for n in range(-4, 5):
        bead(pen, n * 9, 56 - abs(n) * 1.3, 4.3, pen.colour if n % 2 else metal)


def pendant(pen: Pen) -> None:
    """One pendant on a fine chain."""
    metal = setting(pen)
    reach = pen.u(52, 66)
    hang = pen.u(30, 44)
    chain(pen, curve((-reach, -150), (-reach * 0.7, -60, 0, hang - 14)), metal)
    chain(pen, curve((reach, -150), (reach * 0.7, -60, 0, hang - 14)), metal)
    ring = oval(0, hang - 10, 7)
    pen.line(ring, mix(metal, BLACK, 0.5), 5, 1)
    pen.line(ring, mix(metal, WHITE, 0.3), 2.6, 1)
    kind = pen.pick("heart", "disc", "tear", "flower")
    y = hang + 46
    if kind == "heart":
        heart = shape(
            (0, y - 26), (8, y - 50, 46, y - 46, 44, y - 14), (42, y + 12, 10, y + 30, 0, y + 46),
            mirror=True,
        )
        pen.metallic(heart, metal)
        pen.metallic(moved(heart, 0, y * 0.3, 0, 0.7), mix(pen.colour, WHITE, 0.15), turn=True)
    elif kind == "disc":
        pen.metallic(oval(0, y, 44), metal)
        pen.metallic(oval(0, y, 34), mix(metal, BLACK, 0.1), turn=True)
        gem(pen, 0, y, 17, pen.colour)
    elif kind == "tear":
        pen.metallic(drop(0, y - 52, 36, 104), metal)
        gem(pen, 0, y + 16, 26, pen.colour)
    else:
        for petal in range(6):
            with pen.placed(0, y, petal * 60):
                pen.metallic(oval(0, -26, 13, 21), mix(metal, pen.colour, 0.6))
        gem(pen, 0, y, 14, pen.colour)
    if kind != "flower":
        for n in range(12):
            a = math.radians(n * 30)
            if kind == "disc":
                gem(pen, math.cos(a) * 39, y + math.sin(a) * 39, 4, pen.colour)


def necklace(pen: Pen) -> None:
    """A necklace: one to three rows of beads that fill the frame."""
    metal = setting(pen)
    rows = int(pen.rng.integers(1, 4))
    size = pen.u(7.5, 10.5) if rows == 1 else pen.u(5, 7)
    for row in range(rows):
        rx, ry = 96 - row * 17, 128 - row * 24
        count = int(2 * math.pi * math.sqrt((rx * rx + ry * ry) / 2) / (size * 2.05))
        for n in range(count):
            a = math.radians(-90 + (n + 0.5) * 360 / count)
            x, y = math.cos(a) * rx * (1 - 0.13 * math.sin(a)), math.sin(a) * ry - 12
            grow = 1.0 + 0.35 * max(0.0, math.sin(a))
            bead(pen, x, y, size * grow * 0.86, metal if n % 6 == 0 else pen.colour)
    if pen.chance(0.55):
        y = 112.0
        pen.metallic(drop(0, y - 8, 18, 44), metal)
        gem(pen, 0, y + 20, 11, pen.colour)
    pen.metallic(box(-9, -145, 9, -135, 3), metal)


def ring(pen: Pen) -> None:
    """A ring, lying a little tilted: a band with a stone or an engraved crest."""
    metal = setting(pen)
    wide = pen.u(11, 17)
    pen.cast(0, 96, 60, 8, 0.35)
    rx, ry = pen.u(74, 80), pen.u(66, 76)
    back = oval(0, 26, rx, ry)
    pen.line(back, mix(metal, BLACK, 0.55), wide + 2, 1)
    pen.line(back, metal, wide, 1)
    for begin, sweep, tone in ((190, 60, WHITE), (10, 40, WHITE), (60, 50, BLACK), (280, 30, BLACK)):
        arc = shape((0, 0), close=False)
        b = back.getBounds()
        arc.addArc(b, begin, sweep)
        pen.line(arc, tone, wide * 0.5, 0.5, blur=2.4)
    pen.line(moved(back, -wide * 0.24, -wide * 0.24), mix(metal, WHITE, 0.85), wide * 0.16, 0.9)
    kind = pen.pick("solitaire", "cluster", "row", "signet")
    y = 26 - ry
    if kind == "solitaire":
        pen.metallic(shape((-24, y - 4), (24, y - 4), (12, y + 16), (-12, y + 16)), metal)
        gem(pen, 0, y - 22, 28, mix(pen.colour, WHITE, 0.3))
    elif kind == "cluster":
        for n in range(8):
            a = math.radians(n * 45)
            gem(pen, math.cos(a) * 23, y - 10 + math.sin(a) * 20, 10, mix(pen.colour, WHITE, 0.25))
        gem(pen, 0, y - 10, 14, mix(pen.colour, WHITE, 0.35))
    elif kind == "row":
        for n in range(-3, 4):
            gem(pen, n * 15.5, y + abs(n) ** 2 * 2.1, 8.5, mix(pen.colour, WHITE, 0.3))
    else:
        crest = box(-36, y - 24, 36, y + 20, 12)
        pen.metallic(crest, metal)
        pen.metallic(box(-27, y - 16, 27, y + 12, 8), mix(pen.colour, BLACK, 0.12), turn=True)


def bracelet(pen: Pen) -> None:
    """A bracelet: flat links in an open loop, a clasp and its charm."""
    metal = setting(pen)
    pen.cast(0, 62, 84, 6, 0.3)
    count = int(pen.rng.integers(15, 21))
    rx, ry = pen.u(88, 96), pen.u(44, 54)
    kind = pen.pick("links", "stones")
    order = sorted(range(count), key=lambda n: math.sin(math.radians(n * 360 / count)))
    for n in order:
        a = math.radians(n * 360 / count)
        x, y = math.cos(a) * rx, math.sin(a) * ry
        scale = 0.8 + 0.3 * (math.sin(a) + 1) / 2
        with pen.placed(x, y, math.degrees(math.atan2(math.cos(a) * ry, -math.sin(a) * rx)), scale):
            link = box(-14, -9, 14, 9, 5)
            pen.fill(moved(link, 1, 3), BLACK, 0.3, blur=2)
            pen.metallic(link, metal)
            if kind == "stones" and n % 2 == 0:
                gem(pen, 0, 0, 7, pen.colour)
            else:
                pen.fill(box(-8, -4, 8, 4, 3), mix(metal, BLACK, 0.6), 0.9)
    pen.metallic(oval(rx - 4, ry * 0.5, 9), metal)
    chain(pen, curve((rx - 6, ry * 0.6), (rx - 2, ry + 20, rx - 14, ry + 40)), metal, 3)
    pen.metallic(drop(rx - 14, ry + 36, 8, 24), metal)


def bangle(pen: Pen) -> None:
    """Bangles: a stack of rigid rings seen from the side."""
    metal = setting(pen)
    count = int(pen.rng.integers(3, 7))
    rx, ry = pen.u(86, 94), pen.u(28, 36)
    step = 96 / count
    pen.cast(0, 48 + ry, rx * 0.9, 7, 0.35)
    for n in range(count):
        y = 48 - n * step
        tone = pen.colour if n % 2 == 0 or is_metal(pen.colour) else mix(pen.colour, WHITE, 0.25)
        hoop_shape = oval(0, y, rx, ry)
        thick = step * 0.62
        pen.line(moved(hoop_shape, 0, 3), BLACK, thick, 0.25, blur=2)
        pen.line(hoop_shape, mix(tone, BLACK, 0.5), thick, 1)
        pen.line(hoop_shape, tone, thick - 2, 1)
        pen.line(moved(hoop_shape, 0, -thick * 0.22), mix(tone, WHITE, 0.75), thick * 0.2, 0.9)
        with pen.inside(shape((-120, y), (120, y), (120, y + 100), (-120, y + 100))):
            for k in range(15):
                a = math.radians(12 + k * 11.1)
                spot = (math.cos(a) * rx, y + math.sin(a) * ry)
                if n % 2:
                    pen.fill(oval(*spot, thick * 0.2), mix(tone, BLACK, 0.45), 0.8)
                else:
                    gem(pen, *spot, thick * 0.26, mix(tone, WHITE, 0.2))
        for x, tone_x in ((-0.72, WHITE), (0.7, BLACK)):
            with pen.inside(
                shape(
                    (x * rx - 12, y - 60), (x * rx + 12, y - 60), (x * rx + 12, y + 60),
                    (x * rx - 12, y + 60),
                )
            ):
                pen.line(hoop_shape, tone_x, thick * 0.8, 0.3, blur=4)
    if metal != pen.colour:
        pen.line(oval(0, 48 - (count - 1) * step, rx, ry), metal, 1.6, 0.9)


DRAWINGS = {
    "Earrings": earrings, "Pendant": pendant, "Necklace and Chains": necklace, "Ring": ring,
    "Bracelet": bracelet, "Bangle": bangle,
}
