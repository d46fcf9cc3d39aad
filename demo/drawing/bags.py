"""Bags and small leather goods: handbags, backpacks, clutches, wallets, duffel bags, laptop bags."""

from __future__ import annotations

from demo.drawing.canvas import (
    BLACK,
    WHITE,
    Path,
    Pen,
    Rgb,
    box,
    curve,
    mix,
    moved,
    oval,
    shape,
)
from demo.drawing.fabrics import Weave, cloth, weave
from demo.drawing.tops import lines


def leather(pen: Pen) -> Pen:
    """The pen with leather in it, where the product is plain."""
    return pen.dyed(pen.colour, "leather" if pen.pattern == "plain" else pen.pattern)


def handle(pen: Pen, path: Path, width: float, colour: Rgb | None = None) -> None:
    """A rounded strap or handle along a line."""
    tone = colour or mix(pen.colour, BLACK, 0.14)
    pen.line(moved(path, 1, 2), BLACK, width, 0.25, blur=1.5)
    pen.line(path, mix(tone, BLACK, 0.5), width + 1.4, 1)
    pen.line(path, tone, width, 1)
    pen.line(moved(path, -width * 0.16, -width * 0.16), WHITE, width * 0.28, 0.34, blur=0.6)
    pen.line(path, mix(tone, WHITE, 0.4), 0.7, 0.5, dash=(2, 1.8))


def zipper(pen: Pen, path: Path) -> None:
    """A zip along a line."""
    pen.line(path, mix(pen.colour, BLACK, 0.55), 5, 0.95)
    pen.line(path, pen.metal, 2, 1, dash=(1.0, 1.2))


def rivet(pen: Pen, x: float, y: float, radius: float = 2.6) -> None:
    """A round metal stud."""
    pen.metallic(oval(x, y, radius), pen.metal)
    pen.fill(oval(x - radius * 0.3, y - radius * 0.3, radius * 0.35), WHITE, 0.8)


def handbag(pen: Pen) -> None:
    """A handbag: a tote, a satchel or a slouchy hobo, with handles, rings and seams."""
    pen.pick(tote, satchel, hobo)(leather(pen), weave(pen))


def tote(pen: Pen, cut: Weave) -> None:
    """Two handles over an open trapezoid."""
    top, bottom = pen.u(-30, -14), pen.u(92, 108)
    upper, lower = pen.u(84, 92), pen.u(72, 100)
    rise = pen.u(-132, -116)
    pen.cast(0, bottom + 2, lower, 6, 0.4)
    handle(
        pen, curve((-40, top + 10), (-44, rise + 8, 0, rise + 8), (44, rise + 8, 40, top + 10)), 6,
        mix(pen.colour, BLACK, 0.4),
    )
    body = shape(
        (0, top), (upper, top - 3), (upper + 3, (top + bottom) / 2, lower, bottom - 6),
        (lower - 2, bottom, lower - 10, bottom), (0, bottom), mirror=True,
    )
    cloth(pen, body, cut, 1.0, gloss=0.35)
    with pen.inside(body):
        for side in (-1, 1):
            pen.fold(curve((side * 30, top), (side * 26, 20, side * 34, bottom - 20)), 0.7, 10)
            pen.line(curve((side * (upper - 16), top), (side * (lower - 12), bottom)), width=1.2, alpha=0.6)
            pen.stitch(
                curve((side * (upper - 19), top), (side * (lower - 15), bottom)), mix(pen.colour, WHITE, 0.4),
            )
        pen.line(curve((-100, top + 16), (100, top + 16)), width=1.2, alpha=0.6)
        pen.stitch(curve((-100, top + 19), (100, top + 19)), mix(pen.colour, WHITE, 0.4))
    for side in (-1, 1):
        cloth(
            pen.dyed(mix(pen.colour, BLACK, 0.14), "leather"),
            shape(
                (side * 34, top - 4), (side * 46, top - 4), (side * 46, top + 32), (side * 40, top + 40),
                (side * 34, top + 32),
            ),
            cut, 0.8,
        )
        rivet(pen, side * 40, top + 6)
        rivet(pen, side * 40, top + 28)
    handle(pen, curve((-40, top + 2), (-40, rise + 18, 0, rise + 18), (40, rise + 18, 40, top + 2)), 6.5)
    if pen.chance(0.5):
        charm(pen, 18, top + 6)


def charm(pen: Pen, x: float, y: float) -> None:
    """A tassel hanging from a ring."""
    pen.line(oval(x, y, 4), pen.metal, 1.8, 1)
    tone = pen.dyed(mix(pen.colour, BLACK, 0.2))
    tassel = shape((x - 3, y + 6), (x + 3, y + 6), (x + 7, y + 34), (x - 7, y + 34))
    tone.fill(tassel, tone.colour)
    tone.round_off(tassel, 0.9)
    for n in range(-2, 3):
        tone.line(curve((x + n * 0.8, y + 12), (x + n * 2.6, y + 34)), width=0.8)


def satchel(pen: Pen, cut: Weave) -> None:
    """A domed or boxy bag with a flap, a lock and one short handle."""
    top, bottom, wide = pen.u(-44, -30), pen.u(80, 94), pen.u(92, 102)
    pen.cast(0, bottom + 2, wide, 6, 0.4)
    handle(pen, curve((-34, top + 4), (-38, top - 62, 0, top - 62), (38, top - 62, 34, top + 4)), 8.5)
    body = shape(
        (0, top), (wide * 0.7, top), (wide - 4, top + 4, wide, top + 44), (wide + 2, bottom - 16),
        (wide, bottom, wide - 14, bottom), (0, bottom), mirror=True,
    )
    cloth(pen, body, cut, 1.0, gloss=0.35)
    deep = pen.u(52, 72)
    flap = shape(
        (0, top - 2), (wide * 0.72, top - 2), (wide, top + 6, wide + 1, top + 34),
        (wide * 0.9, top + deep, wide * 0.5, top + deep), (0, top + deep + 6), mirror=True,
    )
    pen.fill(moved(flap, 0, 4), BLACK, 0.32, blur=4)
    cloth(pen, flap, cut, 0.9, gloss=0.4)
    with pen.inside(flap):
        pen.stitch(moved(flap, 0, -2, 0, 0.95), mix(pen.colour, WHITE, 0.4))
    lock = box(-11, top + deep - 14, 11, top + deep + 12, 4)
    pen.fill(moved(lock, 1, 2), BLACK, 0.4, blur=2)
    pen.metallic(lock, pen.metal)
    pen.fill(oval(0, top + deep - 2, 2.4), BLACK, 0.75)
    for side in (-1, 1):
        pen.line(oval(side * 34, top + 2, 5), mix(pen.metal, BLACK, 0.4), 3.4)
        pen.line(oval(side * 34, top + 2, 5), mix(pen.metal, WHITE, 0.3), 1.8)
        for x in (0.8, 0.62):
            rivet(pen, side * wide * x, bottom - 10, 2.2)


def hobo(pen: Pen, cut: Weave) -> None:
    """A soft crescent with one broad strap."""
    bottom, wide = pen.u(88, 102), pen.u(92, 102)
    sag = pen.u(0, 18)
    pen.cast(0, bottom, wide * 0.8, 6, 0.4)
    handle(pen, curve((-wide + 16, -34), (-64, -138, 0, -138), (64, -138, wide - 16, -34)), 11)
    body = shape(
        (0, -22 + sag), (wide * 0.6, -22 + sag, wide - 10, -46), (wide + 4, -40, wide + 4, -10),
        (wide + 6, bottom - 40, wide * 0.7, bottom - 4), (wide * 0.4, bottom + 3, 0, bottom), mirror=True,
    )
    cloth(pen, body, cut, 1.2, gloss=0.35)
    with pen.inside(body):
        for n in range(-3, 4):
            pen.fold(
                curve((n * 26, -30 + sag), (n * 22 + pen.u(-8, 8), 20, n * 16, pen.u(30, 74))), 1.0,
                pen.u(5, 9),
            )
        pen.fold(curve((-wide, 50), (-40, 76, 0, 72)), 0.8, 9)
    zipper(
        pen,
        curve(
            (-wide + 12, -42), (-wide * 0.6, -22 + sag, 0, -20 + sag),
            (wide * 0.6, -22 + sag, wide - 12, -42),
        ),
    )
    for side in (-1, 1):
        pen.line(oval(side * (wide - 12), -40, 7), mix(pen.metal, BLACK, 0.4), 4)
        pen.line(oval(side * (wide - 12), -40, 7), mix(pen.metal, WHITE, 0.3), 2.2)
    if pen.chance(0.6):
        charm(pen, -wide * 0.5, -22 + sag)


def backpack(pen: Pen) -> None:
    """A backpack: a tall domed body, a front pocket, side nets, straps behind."""
    cut = weave(pen)
    second = pen.accents[0] if pen.chance(0.5) else mix(pen.colour, BLACK, 0.4)
    top, bottom, wide = -122.0, pen.u(126, 138), pen.u(74, 84)
    pen.cast(0, bottom + 1, wide, 6, 0.4)
    for side in (-1, 1):
        handle(
            pen,
            curve(
                (side * 30, top + 14), (side * (wide + 28), top + 30, side * (wide + 16), 40),
                (side * (wide + 12), 90, side * (wide - 6), bottom - 16),
            ),
            11, mix(pen.colour, BLACK, 0.5),
        )
    handle(
        pen, curve((-17, top + 8), (-16, top - 24, 0, top - 24), (16, top - 24, 17, top + 8)), 6,
        mix(pen.colour, BLACK, 0.45),
    )
    for side in (-1, 1):
        net = pen.dyed(mix(pen.colour, BLACK, 0.35))
        pocket = shape(
            (side * (wide - 4), 30), (side * (wide + 14), 40, side * (wide + 12), bottom - 12),
            (side * (wide - 6), bottom - 4),
        )
        cloth(net, pocket, cut, 1.0)
    body = shape(
        (0, top), (wide * 0.62, top, wide - 4, top + 40), (wide + 3, top + 90, wide + 4, 60),
        (wide + 4, bottom, wide - 12, bottom), (0, bottom + 2), mirror=True,
    )
    cloth(pen, body, cut, 1.1)
    lines(
        pen,
        curve(
            (0, top + 22), (wide * 0.56, top + 22, wide - 18, top + 62), (wide - 14, top + 94, wide - 14, 6),
        ),
        colour=mix(pen.colour, BLACK, 0.5), width=5, alpha=0.9,
    )
    lines(
        pen,
        curve(
            (0, top + 22), (wide * 0.56, top + 22, wide - 18, top + 62), (wide - 14, top + 94, wide - 14, 6),
        ),
        colour=pen.metal, width=1.8, alpha=0.9, dash=(1.0, 1.2),
    )
    front = shape(
        (0, 8), (wide * 0.6, 8, wide - 14, 28), (wide - 8, 60, wide - 10, bottom - 14),
        (wide - 14, bottom - 8, wide - 24, bottom - 8), (0, bottom - 7), mirror=True,
    )
    pen.fill(moved(front, 0, 2), BLACK, 0.3, blur=4)
    cloth(pen, front, cut, 0.9)
    zipper(pen, curve((-wide + 22, 34), (-wide * 0.5, 20, 0, 20), (wide * 0.5, 20, wide - 22, 34)))
    panel = pen.pick("bar", "vee", "none", "patch")
    if panel == "bar":
        pen.line(curve((-wide + 16, 62), (wide - 16, 62)), second, 8, 0.95)
    elif panel == "vee":
        pen.line(curve((-wide + 18, 52), (0, 92), (wide - 18, 52)), second, 6, 0.95)
    elif panel == "patch":
        cloth(pen.dyed(second), box(-18, 52, 18, 78, 3), cut, 0.8)
    for side in (-1, 1):
        for y in (top + 84, 70):
            handle(
                pen, curve((side * (wide + 2), y), (side * (wide - 16), y + 3)), 5,
                mix(pen.colour, BLACK, 0.5),
            )
    with pen.inside(body):
        pen.fold(curve((-wide * 0.4, top + 40), (-wide * 0.3, top + 80, -wide * 0.5, 0)), 0.8, 10)
        pen.fold(curve((wide * 0.5, top + 50), (wide * 0.3, top + 90, wide * 0.44, 0)), 0.8, 10)


def clutch(pen: Pen) -> None:
    """An evening clutch: long and low, a metal frame with a kiss lock, or a folded envelope."""
    cut = weave(pen)
    skin = pen.dyed(pen.colour, pen.pick("satin", "leather") if pen.pattern == "plain" else pen.pattern)
    wide, top, bottom = pen.u(100, 108), pen.u(-36, -26), pen.u(44, 56)
    pen.cast(0, bottom + 2, wide * 0.9, 5, 0.4)
    chain(pen, wide, top)
    if pen.chance(0.6):
        body = shape(
            (0, top), (wide * 0.8, top, wide - 6, top + 8), (wide + 4, bottom - 30, wide - 6, bottom - 8),
            (wide * 0.7, bottom + 2, 0, bottom), mirror=True,
        )
        cloth(skin, body, cut, 1.4, gloss=0.6)
        with pen.inside(body):
            for n in range(-5, 6):
                pen.fold(curve((n * 17, top), (n * 15, 10, n * 19, bottom)), 1.1, 5)
        frame = shape(
            (0, top - 5), (wide * 0.8, top - 5, wide - 4, top + 4), (wide - 6, top + 11),
            (wide * 0.8, top + 5, 0, top + 5), mirror=True,
        )
        pen.metallic(frame, pen.metal)
        for side in (-1, 1):
            rivet(pen, side * 5, top - 9, 5)
    else:
        body = box(-wide, top, wide, bottom, 5)
        cloth(skin, body, cut, 1.0, gloss=0.45)
        flap = shape((-wide, top), (wide, top), (wide - 2, top + 10), (0, top + 62), (-wide + 2, top + 10))
        pen.fill(moved(flap, 0, 3), BLACK, 0.32, blur=4)
        cloth(skin, flap, cut, 0.8, gloss=0.5)
        rivet(pen, 0, top + 50, 5.5)


def chain(pen: Pen, wide: float, top: float) -> None:
    """A wrist chain that lies in a loop behind the clutch."""
    loop = curve(
        (-wide + 14, top + 8), (-wide + 20, top - 46, -wide * 0.3, top - 44),
        (wide * 0.5, top - 46, wide - 14, top + 8),
    )
    pen.line(loop, mix(pen.metal, BLACK, 0.45), 3.4, 1, dash=(3.4, 3))
    pen.line(loop, mix(pen.metal, WHITE, 0.3), 2.0, 1, dash=(3.0, 3.4))


def wallet(pen: Pen) -> None:
    """A wallet: a man's bifold seen closed, a card slot showing, or a woman's long zip-around."""
    cut = weave(pen)
    skin = leather(pen)
    if pen.womens:
        wide, high = pen.u(96, 104), pen.u(50, 56)
        pen.cast(0, high, wide, 6, 0.4)
        body = box(-wide, -high, wide, high, 11)
        cloth(skin, body, cut, 0.8, gloss=0.4)
        zipper(pen, curve((-wide + 6, -high + 9), (wide - 6, -high + 9)))
        tab = box(wide - 32, -high + 5, wide - 10, -high + 14, 3)
        pen.metallic(tab, pen.metal)
        pen.stitch(box(-wide + 7, -high + 18, wide - 7, high - 7, 6), mix(pen.colour, WHITE, 0.4))
        if pen.chance(0.6):
            flap = shape(
                (-wide + 12, -high + 22), (wide - 12, -high + 22), (wide - 16, 6), (0, 20, -wide + 16, 6),
            )
            pen.fill(moved(flap, 0, 3), BLACK, 0.25, blur=3)
            cloth(skin, flap, cut, 0.6, gloss=0.4)
            rivet(pen, 0, 4, 4)
        return
    wide, high = pen.u(78, 86), pen.u(62, 70)
    pen.cast(4, high + 2, wide, 6, 0.4)
    inner = skin.dyed(mix(pen.colour, BLACK, 0.4), "leather")
    cloth(inner, box(-wide + 3, -high - 7, wide + 4, high - 4, 4), cut, 0.7)
    for n in range(2):
        cloth(inner, box(-wide + 5, -high - 5 + n * 3, wide + 2, high - 6, 4), cut, 0.4)
    body = box(-wide, -high, wide, high, 7)
    cloth(skin, body, cut, 0.9, gloss=0.4)
    pen.stitch(box(-wide + 5, -high + 5, wide - 5, high - 5, 5), mix(pen.colour, WHITE, 0.4))
    with pen.inside(body):
        pen.fold(curve((-wide + 12, -high), (-wide + 14, 0, -wide + 12, high)), 1.0, 7)
        style = pen.pick("panel", "stamp", "stripe")
        if style == "panel":
            pen.line(curve((-wide, high * 0.2), (wide, high * 0.2)), width=1.6, alpha=0.8)
            pen.stitch(curve((-wide, high * 0.2 + 4), (wide, high * 0.2 + 4)), mix(pen.colour, WHITE, 0.4))
        elif style == "stripe":
            pen.line(curve((wide * 0.55, -high), (wide * 0.55, high)), pen.accents[0], 7, 0.85)
        pen.line(box(wide - 34, high - 26, wide - 14, high - 14, 2), width=1.4, alpha=0.8)


def duffel(pen: Pen) -> None:
    """A duffel bag: a long barrel, two web handles, a zip, round ends."""
    cut = weave(pen)
    wide, top, bottom = pen.u(100, 108), pen.u(-40, -28), pen.u(58, 68)
    web = pen.accents[0] if pen.chance(0.45) else mix(pen.colour, BLACK, 0.45)
    pen.cast(0, bottom + 1, wide, 6, 0.4)
    handle(
        pen, curve((-42, 30), (-46, top - 60, 0, top - 60), (46, top - 60, 42, 30)), 6, mix(web, BLACK, 0.3),
    )
    body = shape(
        (0, top), (wide - 22, top), (wide + 8, top + 4, wide + 6, (top + bottom) / 2),
        (wide + 8, bottom - 2, wide - 18, bottom), (0, bottom), mirror=True,
    )
    cloth(pen, body, cut, 1.2)
    with pen.inside(body):
        for side in (-1, 1):
            cap = shape(
                (side * (wide - 20), top - 4),
                (side * (wide - 34), (top + bottom) / 2, side * (wide - 18), bottom + 4),
                (side * 140, bottom), (side * 140, top),
            )
            pen.fill(cap, mix(pen.colour, BLACK, 0.22), 0.9)
            pen.line(
                curve(
                    (side * (wide - 20), top - 4),
                    (side * (wide - 34), (top + bottom) / 2, side * (wide - 18), bottom + 4),
                ),
                width=1.4,
            )
            pen.fold(curve((side * 20, top), (side * 14, 10, side * 22, bottom)), 0.8, 12)
        pen.line(curve((-140, bottom - 14), (140, bottom - 14)), width=1.2, alpha=0.6)
    zipper(pen, curve((-wide + 24, top + 5), (wide - 24, top + 5)))
    pocket = box(-34, 14, 34, bottom - 12, 5)
    cloth(pen, pocket, cut, 0.8)
    zipper(pen, curve((-30, 21), (30, 21)))
    for side in (-1, 1):
        handle(pen, curve((side * 42, top + 2), (side * 42, bottom - 2)), 7, web)
    handle(pen, curve((-42, top + 6), (-40, top - 46, 0, top - 46), (40, top - 46, 42, top + 6)), 6.5, web)
    cloth(pen.dyed(mix(web, BLACK, 0.2)), box(-15, top - 52, 15, top - 40, 4), cut, 0.8)


def laptop_bag(pen: Pen) -> None:
    """A laptop bag: a flat briefcase with a front flap pocket, two buckled straps, a shoulder strap."""
    cut = weave(pen)
    skin = pen if pen.chance(0.5) else leather(pen)
    wide, top, bottom = pen.u(98, 104), pen.u(-50, -42), pen.u(78, 88)
    pen.cast(0, bottom + 1, wide, 6, 0.4)
    dark = mix(pen.colour, BLACK, 0.45)
    handle(
        pen, curve((-wide + 6, top + 16), (-wide + 10, -150, 0, -146), (wide - 10, -150, wide - 6, top + 16)),
        6, dark,
    )
    handle(pen, curve((-26, top + 4), (-24, top - 28, 0, top - 28), (24, top - 28, 26, top + 4)), 7.5, dark)
    body = box(-wide, top, wide, bottom, 8)
    cloth(skin, body, cut, 0.8, gloss=0.2)
    zipper(pen, curve((-wide + 10, top + 9), (wide - 10, top + 9)))
    flap = shape(
        (-wide + 6, top + 18), (wide - 6, top + 18), (wide - 6, 28), (wide - 14, 36), (-wide + 14, 36),
        (-wide + 6, 28),
    )
    pen.fill(moved(flap, 0, 3), BLACK, 0.3, blur=4)
    cloth(skin, flap, cut, 0.7, gloss=0.2)
    pen.stitch(moved(flap, 0, 0, 0, 0.96), mix(pen.colour, WHITE, 0.35), 0.6)
    for side in (-1, 1):
        handle(pen, curve((side * 52, top + 20), (side * 52, 56)), 9, dark)
        buckle = box(side * 52 - 8, 32, side * 52 + 8, 46, 2)
        pen.line(buckle, mix(pen.metal, BLACK, 0.4), 4)
        pen.line(buckle, mix(pen.metal, WHITE, 0.3), 2.2)
    for side in (-1, 1):
        pen.line(oval(side * (wide - 6), top + 14, 6), mix(pen.metal, BLACK, 0.3), 3)




DRAWINGS = {
    "Handbags": handbag, "Backpacks": backpack, "Clutches": clutch, "Wallets": wallet, "Duffel Bag": duffel,
    "Laptop Bag": laptop_bag,
}
