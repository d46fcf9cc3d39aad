"""Garments that fill the frame's height: kurtas, dresses, sarees, night suits."""

from __future__ import annotations

from demo.drawing.canvas import (
    BLACK,
    WHITE,
    Pen,
    Rgb,
    box,
    curve,
    flipped,
    mix,
    moved,
    oval,
    shape,
)
from demo.drawing.fabrics import Weave, cloth, weave
from demo.drawing.tops import Torso, both, button, hem_of_sleeve, inner_back, lines, rib, sleeve


def kurta(pen: Pen) -> None:
    """A kurta: long, with side slits, three-quarter sleeves, a placket and an embroidered border."""
    cut = weave(pen)
    top, wide = -146.0, pen.u(44, 49)
    waist = wide * (0.86 if pen.womens else 0.97)
    body = Torso(
        top=top, neck=pen.u(15, 19), drop=pen.u(15, 22), shoulder=wide * 0.93, slope=pen.u(10, 14),
        armpit=(wide, top + 66),
        waist=(waist, top + 130), hem=(
            wide * pen.u(1.2, 1.36), pen.u(132, 146),
        ), sag=3.0, vee=pen.chance(0.3),
    )
    length, angle, turn_up = pen.u(104, 132), pen.u(15, 20), pen.u(19, 24)
    inner_back(pen, body)
    arm = sleeve(body, length, angle, turn_up)
    both(pen, arm, cut, turn=angle)
    thread = pen.accents[0]
    for back, width in ((4, 4.0), (9, 1.3)):
        lines(pen, hem_of_sleeve(body, length, angle, turn_up, back), colour=thread, width=width, alpha=0.9)
    cloth(pen, body.outline(), cut, 0.8)
    hx, hy = body.hem
    with pen.inside(body.outline()):
        for n in range(-2, 3):
            x = n * hx / 2.6
            pen.fold(
                curve((x, hy + 6), (x * 0.9 + pen.u(-5, 5), hy - 60, x * 0.7, hy - pen.u(90, 150))), 0.9,
                pen.u(5, 9),
            )
        border(pen, hx, hy, thread)
    lines(
        pen, curve((body.shoulder, top + body.slope), (wide - 5, top + 44, wide, top + 66)), width=1.0,
        alpha=0.6,
    )
    with pen.inside(body.outline()):
        for side in (-1, 1):
            slit = curve(
                (side * (hx - 6), hy + 4), (side * (waist + (hx - waist) * 0.45), 70, side * (waist - 2), 44),
            )
            pen.line(slit, mix(pen.colour, BLACK, 0.5), 1.6, 0.85)
            pen.line(moved(slit, -side * 2, 0), WHITE, 1.6, 0.2)
    yoke(pen, body, thread)


def border(pen: Pen, hx: float, hy: float, thread: Rgb) -> None:
    """An embroidered band along the hem."""
    deep = pen.u(10, 18)
    band = shape(
        (-hx - 4, hy - deep), (0, hy - deep + 5, hx + 4, hy - deep), (hx + 4, hy + 8), (-hx - 4, hy + 8),
    )
    pen.fill(band, mix(pen.colour, thread, 0.35), 0.8)
    for offset in (0, deep - 3):
        pen.line(
            curve((-hx - 4, hy - deep + offset), (0, hy - deep + 5 + offset, hx + 4, hy - deep + offset)),
            thread, 1.6, 0.95,
        )
    x = -hx
    while x < hx:
        pen.fill(oval(x, hy - deep / 2 + 2, 1.7, 2.8), thread, 0.9)
        x += 7


def yoke(pen: Pen, body: Torso, thread: Rgb) -> None:
    """The placket below the neck, embroidered, with buttons."""
    y = body.top + body.drop
    long = pen.u(46, 72)
    pen.fill(box(-8, y - 3, 8, y + long, 2), mix(pen.colour, thread, 0.28), 0.85)
    pen.line(box(-8, y - 3, 8, y + long, 2), thread, 1.2, 0.9)
    pen.line(curve((0, y), (0, y + long - 4)), width=1.2, alpha=0.7)
    for n in range(4):
        button(pen, 0, y + 8 + n * (long - 14) / 4, 1.5)
    rib(pen, body.neckline(), 3.6, mix(pen.colour, thread, 0.4))
    for n in range(5):
        for side in (-1, 1):
            pen.fill(oval(side * 13, y + 6 + n * (long - 8) / 5, 1.3, 2.0), thread, 0.85)


def dress(pen: Pen) -> None:
    """A dress: a fitted bodice, a belt, a wide skirt with folds."""
    cut = weave(pen)
    style = pen.pick("strap", "sleeveless", "cap")
    top = -140.0
    wide, waist_y = pen.u(37, 42), top + pen.u(92, 106)
    waist = wide * pen.u(0.74, 0.82)
    hem_x, hem_y = pen.u(76, 98), pen.u(124, 142)
    shoulder = wide * (0.7 if style == "strap" else 0.98)
    neck = shoulder - (5 if style == "strap" else pen.u(9, 13))
    drop = pen.u(28, 42)
    bodice = shape(
        (0, top + drop), (neck * 0.7, top + drop, neck, top), (shoulder, top + 3),
        (wide - 5, top + 34, wide, top + 52),
        (waist + 4, top + 76, waist, waist_y), (0, waist_y + 5), mirror=True,
    )
    back = shape(
        (-neck, top), (0, top + 22, neck, top), (neck * 0.7, top + drop, 0, top + drop),
        (-neck * 0.7, top + drop, -neck, top),
    )
    pen.fill(back, mix(pen.colour, BLACK, 0.36))
    if style == "cap":
        wing = shape(
            (shoulder - 7, top + 2), (shoulder + 20, top + 12, shoulder + 25, top + 40),
            (shoulder + 8, top + 50, wide - 2, top + 48), (wide - 10, top + 34),
        )
        both(pen, wing, cut, turn=30)
    skirt_piece(pen, cut, waist, waist_y - 2, hem_x, hem_y)
    cloth(pen, bodice, cut, 0.9)
    with pen.inside(bodice):
        for side in (-1, 1):
            pen.fold(
                curve(
                    (side * wide * 0.55, top + 52),
                    (side * wide * 0.35, top + 76, side * waist * 0.5, waist_y + 3),
                ),
                0.9, 5,
            )
            pen.fold(
                curve((side * wide, top + 56), (side * wide * 0.6, top + 66, side * 8, top + 62)), 0.5, 5,
            )
    tone = pen.accents[0] if pen.chance(0.25) else mix(pen.colour, BLACK, 0.3)
    sash = shape(
        (-waist - 1, waist_y - 5), (0, waist_y, waist + 1, waist_y - 5), (waist + 2, waist_y + 5),
        (0, waist_y + 10, -waist - 2, waist_y + 5),
    )
    pen.fill(sash, tone)
    pen.dyed(tone).round_off(sash, 0.7)
    lines(pen, curve((0, top + drop), (neck * 0.7, top + drop, neck, top)), width=1.8, alpha=0.6)


def skirt_piece(pen: Pen, cut: Weave, waist: float, y: float, hem_x: float, hem_y: float) -> None:
    """A flared skirt that hangs in waves from the waist."""
    waves = int(pen.rng.integers(4, 7))
    path: list[tuple[float, ...]] = [
        (waist, y), (waist + (hem_x - waist) * 0.5, y + (hem_y - y) * 0.28, hem_x, hem_y),
    ]
    xs = [hem_x * (1 - 2 * (n + 1) / waves) for n in range(waves)]
    last = hem_x
    for x in xs:
        path.append(((x + last) / 2, hem_y + 17, x, hem_y + (3 if x != xs[-1] else 0)))
        last = x
    path.append((-(waist + (hem_x - waist) * 0.5), y + (hem_y - y) * 0.28, -waist, y))
    skirt = shape((-waist, y), *path)
    cloth(pen, skirt, cut, 0.8)
    with pen.inside(skirt):
        for n, x in enumerate([*xs[:-1], *[v + hem_x / waves for v in xs]]):
            reach = pen.u(0.0, 0.4) if n % 2 else 0.0
            start = y + (hem_y - y) * reach
            pen.fold(
                curve(
                    (x * (waist / hem_x) + x * reach * 0.5, start),
                    (x * 0.62, y + (hem_y - y) * 0.55, x, hem_y + 12),
                ),
                1.25, pen.u(6, 10),
            )
        pen.stitch(curve((-hem_x, hem_y - 5), (0, hem_y + 12, hem_x, hem_y - 5)), None, 0.4)


def saree(pen: Pen) -> None:
    """A saree, draped: a pleated fall, the pallu over one shoulder with its border, a blouse below."""
    cut = weave(pen)
    thread = pen.accents[0]
    trim = mix(thread, (205, 160, 60), 0.55)
    blouse = pen.dyed(mix(pen.colour, BLACK, 0.38))
    bust = shape(
        (0, -112), (18, -114, 22, -132), (40, -126), (46, -104), (38, -94), (34, -76), (0, -72), mirror=True,
    )
    sleeves = shape((38, -127), (58, -118, 62, -84), (46, -76), (36, -96))
    both(blouse, sleeves, cut)
    lines(blouse, curve((61, -88), (46, -79)), colour=trim, width=3.2, alpha=0.95)
    cloth(blouse, bust, cut)
    fall = shape(
        (-34, -70), (-46, -20, -52, 60), (-58, 110, -66, 148), (-20, 154, 34, 150), (62, 148),
        (54, 60, 46, -10), (42, -46, 34, -72), (0, -62, -34, -70),
    )
    cloth(pen, fall, cut, 0.7)
    with pen.inside(fall):
        for n in range(7):
            x = -16 + n * 5.5
            pen.fold(curve((x * 0.7, -40), (x, 40, x * 1.6 - 6, 152)), 1.1, 4.5)
        for side in (-1, 1):
            pen.fold(curve((side * 40, -20), (side * 46, 60, side * 52, 150)), 0.9, 8)
        for y in (143, 137):
            pen.line(curve((-72, y), (0, y + 8, 70, y)), trim, 6 if y == 143 else 1.6, 0.95)
    pallu(pen, cut, trim)


def pallu(pen: Pen, cut: Weave, trim: Rgb) -> None:
    """The end of the saree: across the chest, over the shoulder, hanging free with a wide border."""
    hang = pen.u(84, 120)
    behind = shape(
        (-40, -126), (-58, -110, -64, -40), (-72, 30, -80, hang), (-58, hang + 6, -38, hang),
        (-34, 20, -32, -60), (-26, -100, -24, -124),
    )
    cloth(pen, behind, cut, 0.8, turn=8)
    with pen.inside(behind):
        for n in range(4):
            pen.fold(curve((-34 - n * 3, -110), (-46 - n * 5, 0, -44 - n * 10, hang)), 1.0, 5)
        for n, deep in enumerate((4, 13, 22)):
            pen.line(
                curve((-90, hang - deep), (-60, hang - deep + 6), (-30, hang - deep)), trim, (6, 2, 4)[n],
                0.95,
            )
    across = shape(
        (-42, -127), (-30, -134, -20, -130), (10, -100, 44, -64), (50, -40, 46, -14), (20, -18, -10, -54),
        (-34, -80, -42, -127),
    )
    cloth(pen, across, cut, 0.8, turn=-40)
    with pen.inside(across):
        for n in range(4):
            pen.fold(curve((-36 + n * 4, -128), (-10 + n * 4, -90 + n * 3, 46, -52 + n * 11)), 1.1, 4.5)
        pen.line(curve((-20, -131), (10, -101, 45, -65)), trim, 6, 0.95)
        pen.line(curve((-42, -120), (-32, -78, -8, -53), (20, -20, 46, -15)), trim, 3, 0.9)


def night_suit(pen: Pen) -> None:
    """A night suit: a piped shirt above and its trousers below."""
    cut = weave(pen)
    piping = pen.accents[0]
    pants(pen, cut, pen.u(-8, 0), piping)
    body = Torso(
        top=-150.0, neck=16.0, drop=26.0, shoulder=46.0, slope=10.0, armpit=(49.0, -100.0),
        waist=(46.0 if pen.womens else 49.0, -60.0),
        hem=(52.0, pen.u(4, 14)), vee=True, sag=2.0,
    )
    inner_back(pen, body)
    length, angle, cuff = pen.u(56, 78), pen.u(24, 30), pen.u(24, 28)
    both(pen, sleeve(body, length, angle, cuff), cut, turn=angle)
    lines(pen, hem_of_sleeve(body, length, angle, cuff, 4), colour=piping, width=2.0, alpha=0.95)
    cloth(pen, body.outline(), cut, 0.8)
    pen.line(curve((0, -124), (0, body.hem[1])), piping, 1.6, 0.95)
    for n in range(4):
        button(pen, 4.5, -112 + n * 27)
    leaf = shape((0, -122), (15, -152), (27, -146), (24, -126), (16, -124))
    both(pen, leaf, cut, depth=0.6)
    lines(pen, curve((0, -122), (16, -124), (24, -126), (27, -146)), colour=piping, width=1.6, alpha=0.95)
    pocket = box(18, -78, 38, -54, 3)
    cloth(pen, pocket, cut, 0.5)
    pen.line(curve((18, -76), (38, -76)), piping, 1.6, 0.95)
    with pen.inside(body.outline()):
        for side in (-1, 1):
            pen.fold(curve((side * 49, -98), (side * 30, -84, side * 14, -66)))
            pen.fold(curve((side * 40, 12), (side * 34, -20, side * 26, -44)), 0.8)


def pants(pen: Pen, cut: Weave, top: float, piping: Rgb) -> None:
    """The loose trousers of a night suit."""
    leg = shape((0, top), (42, top), (48, top + 50, 52, 148), (16, 150), (10, 90, 3, top + 48), (0, top + 46))
    both(pen, leg, cut, turn=3)
    lines(pen, curve((16, 143), (52, 141)), colour=piping, width=2.0, alpha=0.95)
    for side in (leg, flipped(leg)):
        way = 1 if side is leg else -1
        with pen.inside(side):
            pen.fold(curve((way * 26, top + 10), (way * 30, 80, way * 34, 150)), 0.9, 7)
            pen.fold(curve((way * 3, top + 48), (way * 14, top + 66, way * 30, top + 66)), 0.8, 5)


DRAWINGS = {"Kurtas": kurta, "Dresses": dress, "Sarees": saree, "Night suits": night_suit}
