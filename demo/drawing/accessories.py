"""Accessories: watches, sunglasses, belts, ties, caps, scarves, socks, cufflinks."""

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
from demo.drawing.fabrics import Weave, cloth, weave
from demo.drawing.tops import ribbed

STEEL: Rgb = (178.0, 184.0, 190.0)


def watch(pen: Pen) -> None:
    """A watch on its strap: dial, markers, hands, crown; a leather, rubber or link strap."""
    cut = weave(pen)
    radius = pen.u(50, 58) * (0.84 if pen.womens else 1.0)
    metal_watch = pen.chance(0.3)
    strap_wide = radius * pen.u(0.62, 0.74)
    strap = pen.dyed(pen.colour, "leather")
    for way in (-1, 1):
        piece = shape(
            (-strap_wide, way * radius * 0.7), (-strap_wide * 0.8, way * 110, -strap_wide * 0.74, way * 146),
            (0, way * 156, strap_wide * 0.74, way * 146),
            (strap_wide * 0.8, way * 110, strap_wide, way * radius * 0.7),
        )
        if metal_watch:
            link_strap(pen, piece, strap_wide, way)
        else:
            cloth(strap, piece, cut, 1.2, gloss=0.25)
            with pen.inside(piece):
                for x in (-0.8, 0.8):
                    pen.stitch(
                        curve((x * strap_wide, way * radius), (x * strap_wide * 0.8, way * 150)),
                        mix(pen.colour, WHITE, 0.4),
                    )
                if way == 1:
                    for n in range(4):
                        pen.fill(oval(0, 100 + n * 12, 2.6, 2.2), BLACK, 0.6)
    case = STEEL if pen.chance(0.6) else mix(pen.colour, BLACK, 0.25)
    square = pen.chance(0.2)
    outline = box(-radius, -radius, radius, radius, 14) if square else oval(0, 0, radius)
    crown = box(radius - 3, -6, radius + 8, 6, 2)
    pen.metallic(crown, case, turn=True)
    pen.metallic(outline, case)
    inner = moved(outline, 0, 0, 0, 0.86)
    pen.metallic(moved(outline, 0, 0, 0, 0.9), mix(case, BLACK, 0.2), turn=True)
    dial_tone = pen.dyed(mix(pen.colour, WHITE, 0.06))
    dial_tone.fill(inner, dial_tone.colour)
    dial(dial_tone, inner, radius * 0.86)


def link_strap(pen: Pen, piece: Path, wide: float, way: int) -> None:
    """A bracelet of metal links in the base colour."""
    pen.metallic(piece, pen.colour)
    with pen.inside(piece):
        for n in range(14):
            y = way * (40 + n * 9)
            pen.line(curve((-wide, y), (wide, y)), BLACK, 1.6, 0.55)
            pen.line(curve((-wide, y + 2), (wide, y + 2)), WHITE, 1.4, 0.5)
        for x in (-0.36, 0.36):
            pen.line(curve((x * wide, way * 30), (x * wide * 0.8, way * 160)), BLACK, 1.3, 0.5)


def dial(pen: Pen, face: Path, radius: float) -> None:
    """Markers, sub-dials, hands and the glass."""
    ink: Rgb = (26, 26, 30) if luminance(pen.colour) > 120 else (240, 240, 238)
    with pen.inside(face):
        pen.glow(face, 0, 0, radius * 1.2, WHITE, 0.25)
        pen.line(face, BLACK, 7, 0.45, blur=4)
    for minute in range(60):
        with pen.placed(0, 0, minute * 6):
            hour = minute % 5 == 0
            pen.line(
                curve((0, -radius * 0.92), (0, -radius * (0.76 if hour else 0.88))), ink,
                2.6 if hour else 0.7, 0.95,
            )
    if pen.chance(0.45):
        for x, y in ((-0.38, 0.0), (0.38, 0.0), (0.0, 0.4)):
            sub = oval(x * radius, y * radius, radius * 0.2)
            pen.fill(sub, mix(pen.colour, BLACK, 0.2))
            pen.line(sub, ink, 1.0, 0.8)
            pen.line(
                curve((x * radius, y * radius), (x * radius + radius * 0.08, y * radius - radius * 0.13)),
                pen.accents[0], 1.2,
            )
    elif pen.chance(0.6):
        pen.fill(box(radius * 0.42, -6, radius * 0.68, 6, 1), WHITE, 0.95)
        pen.line(box(radius * 0.42, -6, radius * 0.68, 6, 1), BLACK, 0.7)
    hour_turn, minute_turn = 304.0, 54.0
    for turn, length, width in ((hour_turn, 0.5, 4.4), (minute_turn, 0.76, 3.2)):
        with pen.placed(1.2, 1.8, turn):
            pen.line(curve((0, 6), (0, -radius * length)), BLACK, width, 0.3, blur=1)
        with pen.placed(0, 0, turn):
            pen.line(curve((0, 6), (0, -radius * length)), ink, width, 1)
            pen.line(
                curve((0, 0), (0, -radius * length * 0.94)), mix(ink, (128, 128, 128), 0.5), width * 0.3, 1,
            )
    with pen.placed(0, 0, pen.u(150, 230)):
        pen.line(curve((0, 10), (0, -radius * 0.8)), pen.accents[0], 1.1, 1)
    pen.fill(oval(0, 0, 3.4), ink)
    with pen.inside(face):
        pen.fill(
            shape((-radius, -radius), (radius * 0.1, -radius), (-radius * 0.5, radius), (-radius, radius)),
            WHITE, 0.1,
        )


def sunglasses(pen: Pen) -> None:
    """Sunglasses, a little from the side: aviator, square or round; tinted glass, temples behind."""
    style = pen.pick("round", "cat", "square", "cat" if pen.womens else "aviator")
    frame = pen.colour
    pen.cast(6, 54, 92, 5, 0.3)
    for side, end in ((-1, (-62, -40)), (1, (100, -48))):
        temple = curve(
            (side * 98, -14), ((side * 98 + end[0]) / 2, -40, end[0] + (26 if side < 0 else -16), end[1] - 4),
            (end[0] + (44 if side < 0 else 2), end[1] + 2, end[0] + (46 if side < 0 else 6), end[1] + 22),
        )
        pen.line(temple, mix(frame, BLACK, 0.5), 6.4, 1)
        pen.line(temple, mix(frame, BLACK, 0.15), 4.6, 1)
        pen.line(moved(temple, 0, -1.3), WHITE, 1.1, 0.4)
    lens = {
        "aviator": shape(
            (12, -18), (40, -30, 88, -24), (100, -18, 96, 10), (86, 46, 54, 46), (18, 44, 12, -18),
        ),
        "square": shape(
            (12, -24), (50, -30, 92, -26), (98, -24, 97, 0), (94, 38, 82, 38), (50, 44, 24, 38),
            (12, 34, 12, -24),
        ),
        "round": oval(54, 4, 41, 40),
        "cat": shape((12, -14), (46, -26, 104, -40), (106, -16, 94, 14), (82, 40, 50, 40), (14, 38, 12, -14)),
    }[style]
    thick = pen.u(2.4, 4) if style == "aviator" else pen.u(6, 10)
    tint = mix(frame, (40, 40, 46), 0.35)
    for side in (-1, 1):
        one = lens
        with pen.placed(0, 0):
            pen.canvas.scale(side, 1)
            one_lens(pen, one, tint, frame, thick, side)
    bridge = curve((-14, -10), (0, -22, 14, -10))
    pen.line(bridge, mix(frame, BLACK, 0.45), thick + 1.2, 1)
    pen.line(bridge, frame, thick, 1)
    if style == "aviator":
        bar = curve((-30, -27), (0, -33, 30, -27))
        pen.line(bar, mix(frame, BLACK, 0.45), 3.6, 1)
        pen.line(bar, frame, 2.4, 1)
    for side in (-1, 1):
        pen.metallic(box(side * 92 - 3, -24, side * 92 + 3, -19, 1), pen.metal)


def one_lens(pen: Pen, lens: Path, tint: Rgb, frame: Rgb, thick: float, side: int) -> None:
    """A tinted lens in its rim."""
    pen.fill(lens, tint, 0.95)
    b = lens.getBounds()
    pen.gradient(lens, (0, b.top()), (0, b.bottom()), [(BLACK, 0.55), (BLACK, 0.15), (WHITE, 0.22)])
    with pen.inside(lens):
        for x, wide in ((28, 14), (52, 5)):
            x = x if side > 0 else 100 - x
            pen.fill(
                shape((x, -60), (x + wide, -60), (x + wide - side * 34, 60), (x - side * 34, 60)), WHITE, 0.2,
            )
    pen.line(lens, mix(frame, BLACK, 0.5), thick + 1.4, 1)
    pen.line(lens, frame, thick, 1)
    pen.line(moved(lens, -0.6, -thick * 0.22), mix(frame, WHITE, 0.6), thick * 0.22, 0.7)


def belt(pen: Pen) -> None:
    """A belt, rolled: the coil, the buckle in front, the tongue with its holes."""
    cut = weave(pen)
    skin = pen.dyed(pen.colour, "leather" if pen.pattern == "plain" else pen.pattern)
    high = pen.u(17, 22) * (0.8 if pen.womens else 1.0)
    rx, ry = pen.u(98, 104), pen.u(26, 34)
    pen.cast(0, ry + high + 4, rx, 6, 0.35)
    back = shape(
        (-rx, 0), (-rx, -ry * 1.3, 0, -ry * 1.3), (rx, -ry * 1.3, rx, 0), (rx, high),
        (rx, -ry * 1.3 + high * 1.6, 0, -ry * 1.3 + high * 1.7), (-rx, -ry * 1.3 + high * 1.6, -rx, high),
    )
    inside = skin.dyed(mix(pen.colour, BLACK, 0.45), "leather")
    cloth(inside, back, cut, 0.8)
    front = shape(
        (-rx, -high * 0.6), (-rx, ry * 0.9, 0, ry * 0.9), (rx, ry * 0.9, rx, -high * 0.6),
        (rx + 2, high * 1.2), (rx, ry + high * 1.9, 0, ry + high * 1.9),
        (-rx, ry + high * 1.9, -rx - 2, high * 1.2),
    )
    cloth(skin, front, cut, 0.9, gloss=0.45)
    with pen.inside(front):
        for offset in (4.5, high * 1.85 + ry * 0.1 - 2):
            pen.stitch(
                curve(
                    (-rx, -high * 0.6 + offset), (-rx, ry * 0.9 + offset, 0, ry * 0.9 + offset),
                    (rx, ry * 0.9 + offset, rx, -high * 0.6 + offset),
                ),
                mix(pen.colour, WHITE, 0.4),
            )
        for n in range(4):
            x = 38 + n * 14
            pen.fill(oval(x, ry * 0.9 + high * 0.9 - (x / rx) ** 2 * ry * 0.7, 2.4, 2.8), BLACK, 0.7)
    buckle(pen, ry, high)


def buckle(pen: Pen, ry: float, high: float) -> None:
    """The buckle: a frame with a prong, or a plate."""
    y = ry * 0.9 + high * 0.62
    with pen.placed(-6, y, 0):
        half = high * 0.98 + 5
        frame = box(-21, -half, 21, half, pen.pick(3, 9, 14))
        pen.fill(moved(frame, 2, 3), BLACK, 0.35, blur=3)
        if pen.chance(0.3):
            pen.metallic(frame, pen.metal)
            pen.line(box(-14, -half + 7, 14, half - 7, 2), mix(pen.metal, BLACK, 0.5), 1.4)
            return
        pen.line(frame, mix(pen.metal, BLACK, 0.6), 7.4, 1)
        pen.line(frame, pen.metal, 5.6, 1)
        pen.line(moved(frame, -0.8, -0.8), WHITE, 1.5, 0.85)
        pen.line(curve((-20, 0), (22, 1)), mix(pen.metal, BLACK, 0.6), 5, 1)
        pen.line(curve((-20, 0), (22, 1)), mix(pen.metal, WHITE, 0.3), 3, 1)
        loop = box(30, -half + 3, 40, half - 3, 2)
        pen.fill(loop, mix(pen.colour, BLACK, 0.25))
        pen.line(loop, width=1)


def tie(pen: Pen) -> None:
    """A tie, knotted, hanging a little aslant."""
    cut = weave(pen)
    wide = pen.u(22, 30)
    with pen.placed(pen.u(-6, 6), 0, pen.u(-6, 6)):
        loop = shape(
            (-10, -132), (-30, -154, 0, -156), (30, -154, 10, -132), (18, -148, 0, -149),
            (-18, -148, -10, -132),
        )
        cloth(pen.dyed(mix(pen.colour, BLACK, 0.3), pen.pattern), loop, cut, 1.0)
        tail = shape((4, -112), (12, -40, 20, 96), (10, 112), (-2, 96))
        cloth(pen.dyed(mix(pen.colour, BLACK, 0.3)), tail, cut, 1.0)
        blade = shape(
            (-8, -112), (8, -112), (wide * 0.7, -20, wide, 122), (0, 152), (-wide, 122),
            (-wide * 0.7, -20, -8, -112),
        )
        cloth(
            pen, blade, cut, 1.3, turn=45 if pen.pattern in ("stripe", "pinstripe", "hoop") else 0,
            gloss=0.45,
        )
        with pen.inside(blade):
            pen.fold(curve((0, -112), (2, -90, -3, -50)), 1.2, 5)
            pen.fill(
                shape((-wide * 0.55, -60), (-wide * 0.2, -60), (-wide * 0.3, 130), (-wide * 0.8, 120)), WHITE,
                0.16, blur=5,
            )
        knot = shape((-14, -138), (14, -138), (10, -108), (0, -104, -10, -108))
        cloth(
            pen, knot, cut, 1.4, turn=-30 if pen.pattern in ("stripe", "pinstripe", "hoop") else 0, gloss=0.5,
        )


def cap(pen: Pen) -> None:
    """A baseball cap, three quarters from the front: panels, a peak with stitching, a button."""
    cut = weave(pen)
    pen.cast(0, 62, 90, 7, 0.32)
    crown = shape(
        (-84, 26), (-92, -30, -58, -66), (-20, -96, 24, -84), (82, -66, 86, 22), (40, 4, 0, 6),
        (-50, 8, -84, 26),
    )
    cloth(pen, crown, cut, 1.2)
    with pen.inside(crown):
        for end in ((-58, 20), (-12, 8), (44, 8)):
            seam_line = curve((-4, -90), ((end[0] - 4) / 2 + end[0] * 0.45, -50, *end))
            pen.line(seam_line, width=1.4, alpha=0.8)
            pen.stitch(moved(seam_line, 3, 0))
            pen.stitch(moved(seam_line, -3, 0))
        for x, y in ((-46, -34), (16, -44), (60, -32)):
            pen.line(oval(x, y, 2.6), mix(pen.colour, BLACK, 0.5), 1.6)
    emblem(pen, cut)
    peak_tone = pen.dyed(pen.accents[0], "plain") if pen.chance(0.3) else pen
    peak = shape(
        (-84, 26), (-50, 4, 0, 4), (46, 4, 86, 22), (112, 40, 106, 54), (60, 30, 0, 36), (-60, 42, -96, 66),
        (-106, 48, -84, 26),
    )
    pen.fill(moved(peak, 0, 5), BLACK, 0.3, blur=4)
    cloth(peak_tone, peak, cut, 0.9)
    with pen.inside(peak):
        for n in range(5):
            peak_tone.stitch(
                curve(
                    (-92 + n, 32 + n * 6), (-50, 10 + n * 6, 0, 9 + n * 6), (50, 9 + n * 6, 100, 30 + n * 6),
                ),
                None, 0.6,
            )
    pen.fill(oval(-2, -90, 7, 4), mix(pen.colour, BLACK, 0.2))
    pen.line(oval(-2, -90, 7, 4), width=1)


def emblem(pen: Pen, cut: Weave) -> None:
    """A patch on the front panels."""
    ink = pen.accents[0]
    x, y = 14.0, -30.0
    kind = pen.pick("ring", "diamond", "bars", "none")
    if kind == "ring":
        pen.line(oval(x, y, 15, 15), ink, 4, 0.95)
        pen.fill(oval(x, y, 6), ink, 0.95)
    elif kind == "diamond":
        pen.fill(shape((x, y - 18), (x + 16, y), (x, y + 18), (x - 16, y)), ink, 0.95)
        pen.fill(shape((x, y - 8), (x + 7, y), (x, y + 8), (x - 7, y)), pen.colour)
    elif kind == "bars":
        for n in range(3):
            pen.line(
                curve((x - 18 + n * 3, y - 10 + n * 10), (x + 18 - n * 3, y - 10 + n * 10)), ink, 4.6, 0.95,
            )


def scarf(pen: Pen) -> None:
    """A scarf, looped: a thick collar of folds and two fringed ends."""
    cut = weave(pen)
    long = pen.u(118, 136)
    for side, tilt in ((-1, pen.u(-4, 2)), (1, pen.u(-2, 6))):
        end = shape(
            (side * 4, -60), (side * 46, -70), (side * 44 + tilt, 20, side * 52 + tilt, long),
            (side * 8 + tilt, long + 3), (side * 10, 10, side * 4, -60),
        )
        cloth(pen, end, cut, 1.0, turn=side * 2)
        with pen.inside(end):
            for n in range(3):
                pen.fold(
                    curve(
                        (side * (10 + n * 13), -70),
                        (side * (14 + n * 12), 20, side * (14 + n * 14), long + 4),
                    ),
                    1.2, 6,
                )
        for n in range(12):
            x = side * (9 + n * 3.8) + tilt
            fringe = curve((x, long + 1), (x + pen.u(-2, 2), long + 10, x + pen.u(-3, 3), long + 19))
            pen.line(fringe, mix(pen.colour, BLACK, 0.4), 2.6, 1)
            pen.line(fringe, mix(pen.colour, WHITE, 0.1), 1.5, 1)
    ring = shape(
        (-66, -104), (-60, -146, 0, -146), (62, -146, 66, -104), (66, -50, 0, -44), (-66, -50, -66, -104),
    )
    cloth(pen, ring, cut, 1.4)
    hole = shape(
        (-34, -114), (-26, -132, 0, -132), (28, -132, 34, -114), (28, -94, 0, -92), (-28, -94, -34, -114),
    )
    pen.fill(hole, mix(pen.colour, BLACK, 0.6))
    with pen.inside(ring):
        for n in range(4):
            pen.fold(
                curve(
                    (-64 + n * 6, -120 + n * 10), (-30, -76 + n * 10, 4, -74 + n * 9),
                    (40, -74 + n * 8, 64 - n * 4, -118 + n * 10),
                ),
                1.3, 6,
            )
        pen.line(hole, BLACK, 5, 0.35, blur=3)


def socks(pen: Pen) -> None:
    """A pair of socks, the second behind the first: ribbed cuff, heel and toe in another colour."""
    cut = weave(pen)
    crew = pen.u(96, 128) if pen.chance(0.8) else pen.u(48, 60)
    tip = pen.accents[0] if pen.chance(0.4) else mix(pen.colour, BLACK, 0.22)
    for dx, dy in ((26, -8), (-16, 6)):
        with pen.placed(dx - 18, dy, 4 if dx > 0 else -3):
            one_sock(pen, cut, crew, tip)


def one_sock(pen: Pen, cut: Weave, crew: float, tip: Rgb) -> None:
    """One sock, the toe to the right."""
    top = 52 - crew - 60
    foot = shape(
        (-44, top), (16, top), (18, 10, 22, 26), (46, 50, 84, 70), (112, 92, 96, 116), (84, 128, 60, 124),
        (10, 112, -28, 92), (-54, 76, -48, 44),
    )
    cloth(pen, foot, cut, 1.1)
    with pen.inside(foot):
        for patch in (
            shape((-60, 40), (-20, 50, -6, 96), (-40, 110), (-70, 90)),
            shape((74, 60), (60, 90, 62, 130), (130, 130), (120, 60)),
        ):
            pen.fill(patch, tip, 0.92)
            pen.line(patch, width=1, alpha=0.5)
        x = -46.0
        while x < 24:
            pen.line(curve((x, top), (x + 1, 40)), width=0.8, alpha=0.18)
            x += 4
        pen.fold(curve((20, 26), (0, 50, -30, 54)), 1.0, 6)
        pen.fold(curve((24, 34), (10, 66, -10, 84)), 0.8, 6)
        pen.line(foot, BLACK, 6, 0.18, blur=3)
    ribbed(pen, box(-45, top - 2, 17, top + 17, 3))
    pen.line(foot, width=1, alpha=0.6)


def cufflinks(pen: Pen) -> None:
    """A pair of cufflinks: a face of enamel or metal on a post with its toggle."""
    round_face = pen.chance(0.5)
    size = pen.u(34, 40)
    second = pen.accents[0]
    enamel = pen.chance(0.4)
    for dx, dy, turn in ((-46, -34, -12), (44, 38, 8)):
        with pen.placed(dx, dy, turn):
            pen.cast(6, size + 6, size, 8, 0.35)
            post = shape((8, 4), (44, 26), (40, 36), (0, 18))
            pen.metallic(post, STEEL)
            pen.metallic(moved(box(-5, -20, 5, 20, 4), 44, 32, 30), STEEL, turn=True)
            face = oval(0, 0, size) if round_face else box(-size, -size * 0.82, size, size * 0.82, 6)
            pen.metallic(face, pen.colour)
            inner = moved(face, 0, 0, 0, 0.72)
            if enamel:
                pen.fill(inner, mix(pen.colour, BLACK, 0.2))
                pen.line(curve((-size * 0.5, size * 0.4), (size * 0.5, -size * 0.4)), second, 5, 0.9)
                pen.dyed(pen.colour).round_off(inner, 0.8, 0.8)
            else:
                pen.metallic(inner, mix(pen.colour, WHITE, 0.1), turn=True)
                for n in range(-2, 3):
                    with pen.inside(inner):
                        pen.line(curve((-size, n * 10), (size, n * 10 - 10)), BLACK, 1.2, 0.35)
            pen.fill(oval(-size * 0.3, -size * 0.34, size * 0.22, size * 0.1), WHITE, 0.75, blur=2)


DRAWINGS = {
    "Watches": watch, "Sunglasses": sunglasses, "Belts": belt, "Ties": tie, "Caps": cap, "Scarves": scarf,
    "Socks": socks,
    "Cufflinks": cufflinks,
}
