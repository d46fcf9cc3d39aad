"""Personal care: scents, nail polish, lipstick and gloss, eyeliner and eyeshadow, creams, compacts."""

from __future__ import annotations

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
    moved,
    oval,
    shape,
)

SILVER: Rgb = (196.0, 198.0, 204.0)
GOLD: Rgb = (206.0, 168.0, 84.0)
INK: Rgb = (38.0, 36.0, 40.0)


def cylinder(
    pen: Pen, left: float, top: float, right: float, bottom: float, colour: Rgb, bend: float = 4.0,
    gloss: float = 0.6,
) -> Path:
    """A can or a cap: lit down its left, dark at its right, with rounded ends."""
    body = shape(
        (left, top), ((left + right) / 2, top - bend * 2, right, top), (right, bottom),
        ((left + right) / 2, bottom + bend * 2, left, bottom),
    )
    hi, lo = mix(colour, WHITE, 0.25 + gloss * 0.45), mix(colour, BLACK, 0.45)
    pen.gradient(
        body, (left, 0), (right, 0),
        [(lo, 1), (colour, 1), (hi, 1), (colour, 1), (colour, 1), (lo, 1), (mix(colour, WHITE, 0.12), 1)],
    )
    pen.line(body, mix(colour, BLACK, 0.55), 0.9, 0.7)
    return body


def label(pen: Pen, x: float, y: float, wide: float, ink: Rgb) -> None:
    """A made-up label: a rule, a sign and lines that read as small print from afar."""
    sign = pen.pick("ring", "diamond", "leaf")
    if sign == "ring":
        pen.line(oval(x, y, wide * 0.26), ink, 1.8, 0.9)
    elif sign == "diamond":
        pen.fill(
            shape((x, y - wide * 0.3), (x + wide * 0.22, y), (x, y + wide * 0.3), (x - wide * 0.22, y)), ink,
            0.9,
        )
    else:
        pen.fill(
            shape(
                (x, y + wide * 0.3), (x - wide * 0.34, y, x, y - wide * 0.34),
                (x + wide * 0.34, y, x, y + wide * 0.3),
            ),
            ink, 0.9,
        )
    for n, share in enumerate((0.8, 0.5, 0.62)):
        half = wide * share / 2
        pen.line(
            curve((x - half, y + wide * 0.5 + n * 6), (x + half, y + wide * 0.5 + n * 6)), ink,
            1.8 if n == 0 else 1.0, 0.85,
        )


def ink_on(colour: Rgb) -> Rgb:
    """Print that can be read on a colour."""
    return INK if luminance(colour) > 125 else mix(GOLD, WHITE, 0.4)


def perfume(pen: Pen) -> None:
    """A perfume bottle: glass with its liquid, a collar, a heavy cap."""
    kind = pen.pick("square", "round", "tall", "flask")
    metal = pen.pick(SILVER, GOLD)
    outline, neck, cap_wide = {
        "square": (box(-70, -46, 70, 122, 12), -46.0, 27.0),
        "round": (oval(0, 40, 84, 82), -38.0, 22.0),
        "tall": (box(-50, -70, 50, 130, 8), -70.0, 24.0),
        "flask": (
            shape((0, -54), (26, -54), (34, -30, 80, -4, 78, 60), (76, 118, 50, 122), (0, 122), mirror=True),
            -54.0, 20.0,
        ),
    }[kind]
    pen.cast(0, 123, 66, 6, 0.4)
    cap_tone = pen.colour if pen.chance(0.5) else mix(pen.colour, BLACK, 0.5)
    cylinder(pen, -cap_wide * 0.7, neck - 15, cap_wide * 0.7, neck + 2, metal)
    top = neck - pen.u(54, 70)
    if pen.chance(0.3):
        pen.fill(oval(0, neck - 38, cap_wide * 1.1), cap_tone)
        pen.glow(oval(0, neck - 38, cap_wide * 1.1), -cap_wide * 0.4, neck - 48, cap_wide * 1.4, WHITE, 0.8)
        pen.line(oval(0, neck - 38, cap_wide * 1.1), mix(cap_tone, BLACK, 0.5), 1, 0.8)
    else:
        cylinder(pen, -cap_wide, top, cap_wide, neck - 14, cap_tone)
    glass(pen, outline)
    label(pen, 0, 30, 52, ink_on(pen.colour))


def glass(pen: Pen, outline: Path) -> None:
    """Glass filled with liquid: thick clear walls, a bright level, reflections."""
    b = outline.getBounds()
    cx, cy = (b.left() + b.right()) / 2, (b.top() + b.bottom()) / 2
    pen.fill(outline, mix(pen.colour, WHITE, 0.35))
    inner = moved(moved(outline, -cx, -cy), cx, cy - 2, 0, 0.9)
    with pen.inside(outline):
        pen.fill(inner, pen.colour)
        pen.gradient(
            inner, (b.left(), b.top()), (b.right(), b.bottom()),
            [(WHITE, 0.3), (WHITE, 0.05), (BLACK, 0.05), (BLACK, 0.4)],
        )
        pen.glow(inner, cx + b.width() * 0.12, b.bottom() - b.height() * 0.2, b.width() * 0.5, WHITE, 0.28)
        pen.fill(
            box(b.left() + b.width() * 0.1, b.top() + 8, b.left() + b.width() * 0.19, b.bottom() - 14, 4),
            WHITE, 0.6, blur=1.8,
        )
        pen.fill(
            box(b.right() - b.width() * 0.12, b.top() + 16, b.right() - b.width() * 0.09, b.bottom() - 22, 2),
            WHITE, 0.5, blur=1.2,
        )
        pen.line(inner, WHITE, 1.3, 0.5)
        pen.line(outline, BLACK, 7, 0.22, blur=4)
    pen.line(outline, mix(pen.colour, BLACK, 0.5), 1.0, 0.7)


def deodorant(pen: Pen) -> None:
    """A spray can: tall, a domed shoulder, a cap, bands of colour."""
    wide, top = pen.u(30, 35), pen.u(-74, -60)
    pen.cast(0, 146, wide + 6, 5, 0.45)
    second = pen.accents[0]
    cap_tone = pen.pick(mix(pen.colour, BLACK, 0.45), SILVER, pen.colour)
    cylinder(pen, -wide + 5, -144, wide - 5, top - 12, cap_tone, 3)
    shoulder = shape(
        (-wide + 4, top - 14), (wide - 4, top - 14), (wide, top - 8, wide, top + 4), (-wide, top + 4),
        (-wide, top - 8, -wide + 4, top - 14),
    )
    pen.metallic(shoulder, SILVER)
    body = cylinder(pen, -wide, top, wide, 142, pen.colour, 3)
    with pen.inside(body):
        kind = pen.pick("wave", "band", "slash", "none")
        if kind == "wave":
            pen.line(
                curve((-wide - 4, 76), (-wide * 0.3, 40, 0, 76), (wide * 0.4, 108, wide + 4, 76)), second, 9,
                0.75,
            )
        elif kind == "band":
            pen.fill(box(-wide - 2, 92, wide + 2, 106), second, 0.8)
        elif kind == "slash":
            pen.line(curve((-wide - 4, 110), (wide + 4, 60)), second, 10, 0.75)
        pen.fill(box(-wide * 0.62, top, -wide * 0.36, 146), WHITE, 0.3, blur=2)
    label(pen, 0, top + 54, wide * 1.2, ink_on(pen.colour))
    pen.metallic(shape((-wide, 140), (0, 148, wide, 140), (wide, 145), (0, 153, -wide, 145)), SILVER)


def nail_polish(pen: Pen) -> None:
    """A nail polish: a small round or square bottle of colour, a long black or metal cap."""
    wide, kind = pen.u(46, 56), pen.pick("round", "square")
    cap_tone = pen.pick(INK, INK, SILVER)
    pen.cast(0, 120, wide, 6, 0.45)
    cap = shape((-18, -140), (0, -146, 18, -140), (25, 12), (0, 20, -25, 12))
    pen.gradient(
        cap, (-25, 0), (25, 0),
        [
            (mix(cap_tone, BLACK, 0.4), 1), (cap_tone, 1), (mix(cap_tone, WHITE, 0.6), 1), (cap_tone, 1),
            (mix(cap_tone, BLACK, 0.4), 1),
        ],
    )
    pen.line(cap, BLACK, 1, 0.6)
    body = box(-wide, 14, wide, 118, 14) if kind == "square" else shape(
        (0, 14), (26, 14), (wide + 8, 26, wide + 6, 74), (wide + 2, 118, wide - 16, 118), (0, 118),
        mirror=True,
    )
    glass(pen, body)
    with pen.inside(body):
        pen.gradient(box(-wide - 10, 104, wide + 10, 120), (0, 104), (0, 120), [(WHITE, 0.0), (WHITE, 0.7)])
    for n, share in enumerate((0.9, 0.6)):
        pen.line(
            curve((-wide * share * 0.5, 62 + n * 9), (wide * share * 0.5, 62 + n * 9)), ink_on(pen.colour),
            2 - n * 0.8, 0.8,
        )


def lipstick(pen: Pen) -> None:
    """A lipstick: the slanted bullet raised from its case, the cap beside it."""
    case = pen.pick(INK, GOLD, SILVER)
    wide = pen.u(33, 38)
    x = -36.0
    pen.cast(10, 132, 84, 6, 0.4)
    bullet = shape(
        (x - wide * 0.72, 6), (x - wide * 0.72, -96), (x - wide * 0.5, -132, x + wide * 0.5, -140),
        (x + wide * 0.74, -138, x + wide * 0.72, -110), (x + wide * 0.72, 6),
    )
    lo, hi = mix(pen.colour, BLACK, 0.4), mix(pen.colour, WHITE, 0.5)
    pen.gradient(
        bullet, (x - wide * 0.72, 0), (x + wide * 0.72, 0),
        [(lo, 1), (pen.colour, 1), (hi, 1), (pen.colour, 1), (pen.colour, 1), (lo, 1)],
    )
    facet = shape(
        (x - wide * 0.7, -94), (x - wide * 0.4, -132, x + wide * 0.5, -139),
        (x + wide * 0.8, -132, x + wide * 0.66, -112), (x + wide * 0.1, -78, x - wide * 0.7, -94),
    )
    pen.fill(facet, mix(pen.colour, WHITE, 0.28))
    pen.line(facet, hi, 1.0, 0.8)
    pen.line(bullet, lo, 0.9, 0.8)
    cylinder(
        pen, x - wide * 0.82, -18, x + wide * 0.82, 44, mix(GOLD if case == INK else case, WHITE, 0.2), 3,
    )
    cylinder(pen, x - wide, 40, x + wide, 128, case, 3)
    pen.line(curve((x - wide, 52), (x, 58, x + wide, 52)), GOLD if case == INK else INK, 1.6, 0.8)
    cap_x = 52.0
    cylinder(pen, cap_x - wide, 2, cap_x + wide, 128, case, 4)
    band = shape(
        (cap_x - wide, 104), (cap_x, 111, cap_x + wide, 104), (cap_x + wide, 118),
        (cap_x, 125, cap_x - wide, 118),
    )
    pen.fill(band, pen.colour, 0.95)
    pen.line(band, GOLD, 1.2, 0.9)


def lip_gloss(pen: Pen) -> None:
    """A lip gloss: a clear tube of colour and its wand cap, with a smear of the shade."""
    wide = pen.u(18, 22)
    cap_tone = pen.pick(INK, SILVER, GOLD)
    smear = shape((52, 60), (30, 84, 44, 124), (60, 146, 74, 116), (92, 78, 80, 52), (66, 40, 52, 60))
    pen.fill(moved(smear, 2, 3), BLACK, 0.2, blur=3)
    pen.fill(smear, pen.colour)
    pen.dyed(pen.colour).round_off(smear, 1.0, 0.8)
    pen.fill(oval(66, 74, 5, 16), WHITE, 0.5, blur=3)
    with pen.placed(-22, 0, pen.u(-4, 4)):
        pen.cast(0, 142, wide + 4, 5, 0.4)
        tube = box(-wide, -24, wide, 138, 8)
        glass(pen, tube)
        cylinder(pen, -wide * 0.86, -146, wide * 0.86, -20, cap_tone, 2)
        pen.line(curve((0, -20), (0, 96)), mix(pen.colour, BLACK, 0.45), 2.4, 0.5)
        pen.line(curve((0, 84), (0, 104)), mix(pen.colour, BLACK, 0.5), 6, 0.5)


def eyeliner(pen: Pen) -> None:
    """A kajal or eyeliner: a slim pencil, sharpened, its cap beside it, a stroke of the shade."""
    turn = pen.u(14, 24)
    with pen.placed(0, 0, turn):
        pen.line(curve((-26, -128), (-26, 140)), BLACK, 14, 0.2, blur=5)
        body = box(-38, -70, -12, 146, 3)
        pen.gradient(
            body, (-38, 0), (-12, 0),
            [
                (mix(pen.colour, BLACK, 0.4), 1), (pen.colour, 1), (mix(pen.colour, WHITE, 0.5), 1),
                (pen.colour, 1), (mix(pen.colour, BLACK, 0.45), 1),
            ],
        )
        pen.line(body, mix(pen.colour, BLACK, 0.5), 0.9)
        wood = shape((-38, -70), (-12, -70), (-21, -116), (-29, -116))
        pen.gradient(
            wood, (-38, 0), (-12, 0), [((176, 130, 86), 1), ((236, 200, 156), 1), ((176, 130, 86), 1)],
        )
        tip = shape((-29, -114), (-21, -114), (-24, -142), (-26, -142))
        pen.fill(tip, pen.colour)
        pen.line(tip, mix(pen.colour, BLACK, 0.4), 0.8)
        pen.metallic(box(-38.5, 112, -11.5, 122, 1), pen.pick(SILVER, GOLD))
        for n in range(3):
            pen.line(curve((-25, -34 + n * 14), (-25, -26 + n * 14)), ink_on(pen.colour), 3 - n * 0.6, 0.7)
        cylinder(pen, 16, 22, 44, 138, mix(pen.colour, BLACK, 0.15), 2)
    stroke = curve((34, -96), (56, -124, 74, -96), (84, -78, 100, -104))
    pen.line(stroke, pen.colour, 7, 0.95)
    pen.line(moved(stroke, 1, 2), mix(pen.colour, WHITE, 0.2), 2, 0.4)


def cream(pen: Pen) -> None:
    """A jar or a tube of moisturiser."""
    trim = pen.pick(GOLD, SILVER, pen.accents[0])
    jar = pen.chance(0.5)
    if jar:
        pen.cast(0, 84, 92, 7, 0.4)
        body = shape((0, -6), (88, -6), (96, 40, 84, 82), (40, 90, 0, 90), mirror=True)
        pen.gradient(
            body, (-92, 0), (92, 0),
            [
                (mix(pen.colour, BLACK, 0.35), 1), (pen.colour, 1), (mix(pen.colour, WHITE, 0.6), 1),
                (pen.colour, 1), (pen.colour, 1), (mix(pen.colour, BLACK, 0.35), 1),
            ],
        )
        pen.line(body, mix(pen.colour, BLACK, 0.4), 1, 0.7)
        cylinder(pen, -92, -66, 92, -8, mix(pen.colour, WHITE, 0.15), 7)
        pen.line(curve((-92, -14), (0, 2, 92, -14)), trim, 4, 0.95)
        label(pen, 0, 26, 50, ink_on(pen.colour))
        return
    pen.cast(0, 140, 40, 5, 0.4)
    tube = shape((0, -142), (58, -142), (56, -40, 38, 92), (0, 96), mirror=True)
    pen.gradient(
        tube, (-58, 0), (58, 0),
        [
            (mix(pen.colour, BLACK, 0.32), 1), (pen.colour, 1), (mix(pen.colour, WHITE, 0.6), 1),
            (pen.colour, 1), (pen.colour, 1), (mix(pen.colour, BLACK, 0.35), 1),
        ],
    )
    pen.line(tube, mix(pen.colour, BLACK, 0.4), 1, 0.7)
    pen.fill(box(-58, -145, 58, -130, 1), mix(pen.colour, BLACK, 0.1))
    for n in range(19):
        pen.line(curve((-54 + n * 6, -144), (-54 + n * 6, -131)), mix(pen.colour, BLACK, 0.4), 0.8, 0.6)
    cylinder(pen, -36, 92, 36, 136, mix(pen.colour, BLACK, 0.12), 3)
    with pen.inside(tube):
        pen.fill(box(-60, 30, 60, 44), trim, 0.85)
    label(pen, 0, -44, 48, ink_on(pen.colour))


def compact(pen: Pen) -> None:
    """A compact: a round case, open, powder below and a mirror above."""
    case = pen.pick(INK, GOLD, mix(pen.colour, BLACK, 0.3))
    pen.cast(0, 134, 70, 7, 0.4)
    lid = oval(0, -64, 80, 76)
    pen.metallic(lid, case) if case == GOLD else pen.fill(lid, case)
    pen.line(lid, BLACK, 1, 0.7)
    mirror = oval(0, -64, 66, 62)
    pen.gradient(
        mirror, (-60, -120), (60, -10),
        [((244, 248, 252), 1), ((196, 208, 218), 1), ((238, 243, 247), 1), ((184, 196, 206), 1)],
    )
    pen.line(mirror, BLACK, 1.2, 0.5)
    with pen.inside(mirror):
        for x in (-20, 8):
            pen.fill(shape((x, -140), (x + 18, -140), (x - 40, 20), (x - 58, 20)), WHITE, 0.4)
    base = oval(0, 62, 84, 72)
    pen.metallic(base, case) if case == GOLD else pen.fill(base, case)
    pen.line(base, BLACK, 1, 0.7)
    powder = oval(0, 60, 70, 59)
    tone = pen.dyed(pen.colour)
    tone.fill(powder, pen.colour)
    tone.grain(powder, "grain", 0.1)
    tone.round_off(powder, 0.8)
    pattern = pen.pick("rings", "fan", "lattice")
    with pen.inside(powder):
        for n in range(6):
            if pattern == "rings":
                pen.line(oval(0, 60, 10 + n * 10, 8 + n * 8.5), mix(pen.colour, BLACK, 0.25), 1.3, 0.6)
            elif pattern == "fan":
                pen.line(
                    curve((0, 118), (-60 + n * 24, 60, -75 + n * 30, 4)), mix(pen.colour, BLACK, 0.25), 1.3,
                    0.6,
                )
            else:
                pen.line(
                    curve((-90 + n * 26, 0), (-30 + n * 26, 124)), mix(pen.colour, BLACK, 0.25), 1.1, 0.5,
                )
                pen.line(curve((90 - n * 26, 0), (30 - n * 26, 124)), mix(pen.colour, BLACK, 0.25), 1.1, 0.5)
    pen.metallic(box(-16, -2, 16, 8, 3), SILVER)


def foundation(pen: Pen) -> None:
    """A foundation: a frosted pump bottle full of the shade."""
    wide = pen.u(40, 46)
    pump = pen.pick(INK, SILVER)
    pen.cast(0, 138, wide + 4, 6, 0.4)
    cylinder(pen, -7, -110, 7, -52, SILVER, 1)
    cylinder(pen, -22, -74, 22, -44, pump, 3)
    nozzle = shape(
        (-24, -128), (14, -128), (20, -128, 20, -120), (20, -108), (-20, -108), (-20, -116), (-38, -112),
        (-40, -120),
    )
    pen.fill(nozzle, pump)
    pen.dyed(pump).round_off(nozzle, 0.8, 0.6)
    body = shape(
        (0, -46), (wide - 14, -46), (wide, -44, wide, -22), (wide, 128), (wide, 138, wide - 10, 138),
        (0, 138), mirror=True,
    )
    glass(pen, body)
    label(pen, 0, 30, 44, ink_on(pen.colour))


def eyeshadow(pen: Pen) -> None:
    """An eyeshadow palette: a dark case, four to six pans in shades of one colour, an applicator."""
    case = box(-104, -76, 104, 76, 10)
    pen.cast(0, 78, 100, 6, 0.4)
    pen.fill(case, INK)
    pen.dyed(INK).round_off(case, 0.5, 0.4)
    columns = int(pen.rng.integers(2, 4))
    step = 196 / columns
    for row in range(2):
        for column in range(columns):
            share = (row * columns + column) / (columns * 2 - 1) * 0.7 - 0.32
            tone = mix(pen.colour, WHITE, share) if share > 0 else mix(pen.colour, BLACK, -share)
            left, top = -98 + column * step, -70 + row * 60
            pan = box(left + 3, top, left + step - 3, top + 55, 7)
            shade = pen.dyed(tone)
            shade.fill(pan, tone)
            shade.grain(pan, "grain", 0.14)
            shade.round_off(pan, 0.5)
    pen.line(curve((-84, 63), (78, 63)), SILVER, 3.4, 1)
    pen.fill(oval(84, 63, 11, 4.6), mix(pen.colour, WHITE, 0.3))
    pen.fill(oval(-88, 63, 9, 4.4), mix(pen.colour, WHITE, 0.6))


DRAWINGS = {
    "Perfume and Body Mist": perfume, "Deodorant": deodorant, "Nail Polish": nail_polish,
    "Lipstick": lipstick, "Lip Gloss": lip_gloss,
    "Kajal and Eyeliner": eyeliner, "Face Moisturisers": cream, "Compact": compact,
    "Foundation and Primer": foundation,
    "Eyeshadow": eyeshadow,
}
