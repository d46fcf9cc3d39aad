"""Light garments for the upper body, laid flat: T-shirts, shirts, tops, vests; and what all tops share."""

from __future__ import annotations

import math
from dataclasses import dataclass

from demo.drawing.canvas import (
    BLACK,
    WHITE,
    Path,
    Pen,
    Rgb,
    box,
    curve,
    flipped,
    mix,
    oval,
    seam,
    shape,
)
from demo.drawing.fabrics import Weave, cloth, weave


@dataclass(frozen=True)
class Torso:
    """The measures of a body piece, in half widths.

    Attributes:
        top: y of the shoulder at the neck.
        neck: half width of the neck opening.
        drop: how deep the neckline falls in front.
        shoulder: half width at the shoulder seam.
        slope: how far the shoulder seam lies below the neck.
        armpit: (x, y) of the armpit.
        waist: (x, y) of the narrowest place.
        hem: (x, y) of the hem's corner.
        vee: whether the neckline is pointed.
        sag: how far the hem hangs in the middle.
    """

    top: float
    neck: float
    drop: float
    shoulder: float
    slope: float
    armpit: tuple[float, float]
    waist: tuple[float, float]
    hem: tuple[float, float]
    vee: bool = False
    sag: float = 4.0

    def outline(self) -> Path:
        """The body piece."""
        (ax, ay), (wx, wy), (hx, hy) = self.armpit, self.waist, self.hem
        neckline: tuple[float, ...] = (self.neck, self.top)
        if not self.vee:
            neckline = (self.neck * 0.82, self.top + self.drop, self.neck, self.top)
        shoulder = (self.shoulder, self.top + self.slope)
        return shape(
            (0, self.top + self.drop), neckline,
            (shoulder[0] - 4, shoulder[1] - 4 * self.slope / max(1.0, self.shoulder - self.neck)),
            (*shoulder, shoulder[0] - 0.5, shoulder[1] + 4),
            (ax - 5, (shoulder[1] + ay) / 2 + 4, ax, ay),
            (wx + (ax - wx) * 0.3, (ay + wy) / 2, wx, wy),
            (wx, (wy + hy) / 2, hx, hy),
            (hx * 0.5, hy + self.sag, 0, hy + self.sag),
            mirror=True,
        )

    def neckline(self) -> Path:
        """The neck's edge in front, as an open line."""
        control = (0.0, self.top + self.drop) if self.vee else None
        if control:
            return curve((-self.neck, self.top), control, (self.neck, self.top))
        bottom = self.top + self.drop
        return curve(
            (-self.neck, self.top), (-self.neck * 0.82, bottom, 0, bottom),
            (self.neck * 0.82, bottom, self.neck, self.top)
        )

    def back(self) -> Path:
        """What is seen of the back through the neck opening."""
        return shape(
            (-self.neck, self.top), (0, self.top + 9, self.neck, self.top),
            (self.neck * 0.8, self.top + self.drop, 0, self.top + self.drop + 1),
            (-self.neck * 0.8, self.top + self.drop, -self.neck, self.top),
        )


def torso(pen: Pen, length: float = 100, width: float = 70, **changes: object) -> Torso:
    """A body piece for the pen's cut: straight for men, waisted for women, small and boxy for children."""
    width *= pen.u(0.95, 1.05)
    length *= pen.u(0.96, 1.04)
    top = -length * 0.93
    taper = pen.u(0.8, 0.86) if pen.gender == "Women" else pen.u(0.95, 1.0)
    flare = pen.u(0.95, 1.04) if pen.gender == "Women" else pen.u(0.98, 1.03)
    measures: dict[str, object] = {
        "top": top, "neck": pen.u(23, 27), "drop": pen.u(17, 24), "shoulder": width * 0.93,
        "slope": pen.u(15, 20),
        "armpit": (width, top + pen.u(66, 74)), "waist": (width * taper, top + length * 1.15),
        "hem": (width * flare, top + length * 2),
    }
    measures.update(changes)
    return Torso(**measures)  # type: ignore[arg-type]


def sleeve(body: Torso, length: float, angle: float, cuff: float) -> Path:
    """The right sleeve: `angle` degrees off the vertical, `cuff` wide at its end."""
    a = math.radians(angle)
    dx, dy = math.sin(a), math.cos(a)
    x, y = body.shoulder - 5, body.top + body.slope - 2.5
    ex, ey = x + dx * length, y + dy * length
    ix, iy = ex - dy * cuff, ey + dx * cuff
    ax, ay = body.armpit
    bulge = min(12.0, length * 0.12)
    # It starts on the shoulder seam and passes outside the body's corner, so that no corner sticks out.
    fall = body.slope / max(1.0, body.shoulder - body.neck)
    seam_y = body.top + body.slope
    corner = (body.shoulder + 2 + bulge * 0.3, seam_y + 1)
    elbow = (x + dx * length * 0.4 + bulge * 0.8, y + dy * length * 0.4)
    return shape(
        (body.shoulder - 14, seam_y - 14 * fall), (body.shoulder - 4, seam_y - 4 * fall),
        (*corner, *elbow, ex, ey), (ix, iy),
        ((ix + ax) / 2 + 1, (iy + ay) / 2 - 2, ax - 4, ay + 6), (ax - 14, ay - 20),
    )


def hem_of_sleeve(body: Torso, length: float, angle: float, cuff: float, back: float) -> Path:
    """A line across the right sleeve, `back` before its end."""
    a = math.radians(angle)
    dx, dy = math.sin(a), math.cos(a)
    ex, ey = body.shoulder - 5 + dx * (length - back), body.top + body.slope - 2.5 + dy * (length - back)
    return curve((ex, ey), (ex - dy * (cuff + back * 0.05), ey + dx * (cuff + back * 0.05)))


def both(pen: Pen, path: Path, cut: Weave, turn: float = 0.0, **more: float) -> None:
    """Lay the right piece and its reflection."""
    cloth(pen, path, cut, turn=-turn, **more)
    cloth(pen, flipped(path), cut, turn=turn, **more)


def lines(pen: Pen, path: Path, **more: object) -> None:
    """Draw a line and its reflection."""
    pen.line(path, **more)  # type: ignore[arg-type]
    pen.line(flipped(path), **more)  # type: ignore[arg-type]


def drape(pen: Pen, body: Torso, strength: float = 1.0) -> None:
    """Folds of a hanging body piece: from the armpits inward, and at the hem."""
    (ax, ay), (hx, hy) = body.armpit, body.hem
    with pen.inside(body.outline()):
        for side in (-1, 1):
            pen.fold(
                curve(
                    (side * ax, ay + 2),
                    (side * ax * 0.7, ay + 12, side * ax * pen.u(0.3, 0.5), ay + pen.u(22, 40)),
                ),
                strength,
            )
            pen.fold(
                curve(
                    (side * body.waist[0], body.waist[1] + pen.u(-8, 8)),
                    (side * ax * 0.6, body.waist[1] + 10, side * ax * 0.35, body.waist[1] + 6),
                ),
                0.8 * strength, 5,
            )
        for _ in range(4):
            x = pen.u(-hx * 0.8, hx * 0.8)
            pen.fold(
                curve((x, hy + 6), (x + pen.u(-6, 6), hy - pen.u(20, 40), x * 0.8, hy - pen.u(40, 75))),
                0.7 * strength, pen.u(4, 8),
            )
    # The sleeve seam is what tells body and sleeve apart.
    arm = curve(
        (body.shoulder, body.top + body.slope), (ax - 5, (body.top + body.slope + ay) / 2 + 4, ax, ay),
    )
    lines(pen, arm, width=1.1, alpha=0.6)


def inner_back(pen: Pen, body: Torso) -> None:
    """The inside of the back and a label, seen through the neck."""
    pen.fill(body.back(), mix(pen.colour, BLACK, 0.34))
    pen.line(
        curve((-body.neck, body.top), (0, body.top + 9, body.neck, body.top)), mix(pen.colour, BLACK, 0.1), 4,
        1,
    )
    pen.fill(box(-6, body.top + 7, 6, body.top + 12, 0.8), mix(pen.colour, WHITE, 0.75), 0.9)


def rib(pen: Pen, path: Path, width: float, colour: Rgb | None = None) -> None:
    """A ribbed band along a line."""
    tone = colour or pen.colour
    pen.line(path, mix(tone, BLACK, 0.35), width + 1.2, 1)
    pen.line(path, mix(tone, BLACK, 0.08), width, 1)
    pen.line(path, seam(tone), width, 0.35, dash=(0.8, 1.9))


def tshirt(pen: Pen) -> None:
    """A T-shirt: short sleeves, crew or V neck or polo collar, plain, hooped or with a chest print."""
    cut = weave(pen)
    collar = pen.pick("crew", "crew", "vee", "polo")
    body = torso(pen, 98, 72, vee=collar == "vee", drop=pen.u(26, 34) if collar == "vee" else pen.u(15, 20))
    length, angle, cuff = pen.u(54, 66), pen.u(31, 40), pen.u(34, 40)
    trim = pen.accents[0] if pen.chance(0.3) else pen.colour
    inner_back(pen, body)
    both(pen, sleeve(body, length, angle, cuff), cut, turn=angle)
    lines(pen, hem_of_sleeve(body, length, angle, cuff, 6), width=0.9, alpha=0.55, dash=(2.4, 1.8))
    cloth(pen, body.outline(), cut, 0.8)
    drape(pen, body)
    hx, hy = body.hem
    pen.stitch(curve((-hx, hy - 7), (0, hy - 2, hx, hy - 7)))
    if collar == "polo":
        polo_collar(pen, body, trim)
    else:
        rib(pen, body.neckline(), 5.5, trim)
    if pen.pattern == "plain" and collar != "polo" and pen.chance(0.7):
        chest_print(pen, body)


def polo_collar(pen: Pen, body: Torso, trim: Rgb) -> None:
    """A flat knit collar and a short placket with buttons."""
    y = body.top + body.drop
    placket = box(-5, y - 4, 5, y + 38, 1)
    pen.fill(placket, mix(pen.colour, BLACK, 0.06))
    pen.line(placket, width=0.9, alpha=0.6)
    for step in (8, 20, 31):
        button(pen, 0, y + step)
    leaf = shape(
        (0, y), (body.neck + 1, body.top - 5), (body.neck + 8, body.top + 3), (body.neck * 0.95, y + 10),
        (body.neck * 0.5, y + 13),
    )
    for side in (leaf, flipped(leaf)):
        tinted = pen.dyed(trim)
        tinted.fill(side, trim)
        tinted.round_off(side, 0.7)


def button(pen: Pen, x: float, y: float, radius: float = 1.7) -> None:
    """A small button with its holes."""
    pale = mix(pen.colour, WHITE, 0.72)
    pen.fill(oval(x + 0.4, y + 0.7, radius + 0.3), BLACK, 0.35)
    pen.fill(oval(x, y, radius), pale)
    pen.line(oval(x, y, radius), mix(pale, BLACK, 0.45), 0.5)
    pen.fill(oval(x - 0.5, y, 0.35), BLACK, 0.6)
    pen.fill(oval(x + 0.5, y, 0.35), BLACK, 0.6)


def chest_print(pen: Pen, body: Torso) -> None:
    """A graphic on the chest: made-up emblems, never letters that could be a mark."""
    y = body.armpit[1] + pen.u(-4, 14)
    ink, second = pen.accents[0], pen.accents[1]
    size = pen.u(17, 27)
    kind = pen.pick("sun", "peaks", "bars", "rings", "leaf", "bolt")
    if kind == "sun":
        for ray in range(12):
            with pen.placed(0, y, ray * 30):
                pen.line(curve((0, -size * 0.72), (0, -size)), ink, 2.2, 0.9)
        pen.fill(oval(0, y, size * 0.58), ink, 0.92)
        pen.fill(oval(size * 0.18, y - size * 0.1, size * 0.44), second, 0.85)
    elif kind == "peaks":
        pen.fill(
            shape((-size, y + size * 0.6), (-size * 0.3, y - size * 0.7), (size * 0.25, y + size * 0.6)), ink,
            0.92,
        )
        pen.fill(
            shape((-size * 0.2, y + size * 0.6), (size * 0.4, y - size * 0.35), (size, y + size * 0.6)),
            second, 0.9,
        )
    elif kind == "bars":
        for row in range(4):
            wide = size * (1.1 - row * 0.16)
            pen.fill(box(-wide, y + row * 8 - 14, wide, y + row * 8 - 9, 1), ink if row % 2 else second, 0.92)
    elif kind == "rings":
        for ring in (1.0, 0.72, 0.44):
            pen.line(oval(0, y, size * ring), ink if ring != 0.72 else second, 3, 0.9)
    elif kind == "leaf":
        for turn in range(0, 360, 45):
            with pen.placed(0, y, turn):
                pen.fill(
                    shape((0, 0), (size * 0.3, -size * 0.5, 0, -size), (-size * 0.3, -size * 0.5, 0, 0)),
                    ink if turn % 90 else second, 0.85,
                )
    else:
        pen.fill(
            shape(
                (size * 0.2, y - size), (-size * 0.6, y + size * 0.15), (-size * 0.02, y + size * 0.1),
                (-size * 0.25, y + size), (size * 0.6, y - size * 0.2), (size * 0.02, y - size * 0.15),
            ),
            ink, 0.95,
        )


def shirt(pen: Pen) -> None:
    """A buttoned shirt: collar, placket, cuffs, a chest pocket, a curved hem."""
    cut = weave(pen)
    body = torso(pen, 108, 66, drop=pen.u(20, 25), neck=pen.u(19, 22), sag=pen.u(10, 16))
    long = pen.chance(0.88)
    length, angle, cuff = (pen.u(150, 166), pen.u(13, 18), pen.u(20, 23)) if long else (
        pen.u(62, 70), pen.u(26, 32), pen.u(33, 37),
    )
    arm = sleeve(body, length, angle, cuff)
    pen.fill(body.back(), mix(pen.colour, BLACK, 0.38))
    both(pen, arm, cut, turn=angle)
    for side in (arm, flipped(arm)):
        with pen.inside(side):
            way = 1 if side is arm else -1
            for share in (0.42, 0.52, 0.64):
                x = body.shoulder + math.sin(math.radians(angle)) * length * share
                y = body.top + body.slope + length * share
                pen.fold(
                    curve((way * (x + 4), y), (way * (x - 8), y + 6, way * (x - 24), y + pen.u(-3, 4))), 0.8,
                    4,
                )
    if long:
        both(pen, cuff_piece(body, length, angle, cuff, 15), cut, turn=90 + angle)
    cloth(pen, body.outline(), cut, 0.8)
    drape(pen, body, 0.8)
    front_placket(pen, body, cut)
    shirt_collar(pen, body, cut)
    if pen.chance(0.75):
        shirt_pocket(pen, body, cut)


def cuff_piece(body: Torso, length: float, angle: float, cuff: float, deep: float) -> Path:
    """The band at the end of the right sleeve."""
    a = math.radians(angle)
    dx, dy = math.sin(a), math.cos(a)
    x, y = body.shoulder - 5, body.top + body.slope - 2.5
    ex, ey = x + dx * length, y + dy * length
    sx, sy = ex - dx * deep, ey - dy * deep
    return shape(
        (sx + 1, sy), (ex + 1, ey), (ex - dy * (cuff + 1), ey + dx * (cuff + 1)),
        (sx - dy * (cuff + 2), sy + dx * (cuff + 2)),
    )


def front_placket(pen: Pen, body: Torso, cut: Weave, buttons: int = 7) -> None:
    """The button strip down the front."""
    top, bottom = body.top + body.drop, body.hem[1] + body.sag
    strip = box(-5.5, top, 5.5, bottom)
    pen.fill(strip, mix(pen.colour, BLACK, 0.05), 0.35)
    for x in (-5.5, 5.5):
        pen.line(curve((x, top), (x, bottom)), width=0.9, alpha=0.55)
    pen.fold(curve((7, top + 10), (7, bottom)), 0.7, 3)
    for n in range(buttons):
        button(pen, 0, top + 12 + n * (bottom - top - 22) / buttons)


def shirt_collar(pen: Pen, body: Torso, cut: Weave) -> None:
    """A turned-down collar with points, on a stand."""
    y = body.top + body.drop
    stand = shape(
        (-body.neck - 1, body.top - 6), (0, body.top + 3, body.neck + 1, body.top - 6),
        (body.neck, body.top + 4), (0, body.top + 15, -body.neck, body.top + 4),
    )
    pen.fill(stand, mix(pen.colour, BLACK, 0.22))
    pen.line(stand, width=0.8)
    point = pen.u(12, 18)
    leaf = shape(
        (0.5, y), (body.neck + 1, body.top - 9), (body.neck + 9, body.top + 2),
        (body.neck + 1, y + point * 0.8), (body.neck * 0.7, y + point),
    )
    both(pen, leaf, cut, turn=40, depth=0.7)
    edge = curve((2.5, y + 1), (body.neck * 0.72, y + point - 3), (body.neck + 6, body.top + 3))
    lines(pen, edge, width=0.7, alpha=0.5, dash=(2.0, 1.6))


def shirt_pocket(pen: Pen, body: Torso, cut: Weave) -> None:
    """A chest pocket on the wearer's left."""
    x, y = body.shoulder * 0.47, body.armpit[1] - 10
    pocket = shape((x - 14, y), (x + 14, y), (x + 14, y + 26), (x, y + 33), (x - 14, y + 26))
    cloth(pen, pocket, cut, 0.5)
    pen.stitch(curve((x - 13, y + 5), (x + 13, y + 5)))


def top(pen: Pen) -> None:
    """A women's top: bare or fluttering shoulders, a wide neck, drawn in at the waist, a flaring hem."""
    cut = weave(pen)
    style = pen.pick("strap", "flutter", "cap", "flutter")
    width = pen.u(56, 62)
    topmost = -98.0
    shoulder = width * (0.55 if style == "strap" else 0.82)
    body = Torso(
        top=topmost, neck=shoulder - (7 if style == "strap" else pen.u(12, 16)), drop=pen.u(34, 46),
        shoulder=shoulder, slope=pen.u(4, 9),
        armpit=(width, topmost + pen.u(54, 62)), waist=(width * pen.u(0.72, 0.8), topmost + pen.u(104, 114)),
        hem=(width * pen.u(1.2, 1.42), topmost + pen.u(182, 198)), sag=pen.u(5, 12), vee=pen.chance(0.25),
    )
    inner_back(pen, body)
    if style != "strap":
        reach = pen.u(40, 50) if style == "flutter" else pen.u(24, 28)
        wing = shape(
            (body.shoulder - 8, body.top + body.slope - 2),
            (body.shoulder + reach * 0.6, body.top + 14, body.shoulder + reach * 0.78, body.top + reach + 14),
            (
                body.shoulder + reach * 0.3, body.top + reach + 20, width + 1, body.armpit[1] - 2,
            ), (width - 14, body.armpit[1] - 20),
        )
        both(pen, wing, cut, turn=30)
        for share in (0.2, 0.45, 0.7):
            lines(
                pen,
                curve(
                    (body.shoulder, body.top + body.slope + 6),
                    (
                        body.shoulder + reach * share, body.top + reach * 0.6, body.shoulder + reach * share,
                        body.top + reach + 12,
                    ),
                ),
                width=3, alpha=0.3, blur=1.3,
            )
    cloth(pen, body.outline(), cut, 0.9)
    wx, wy = body.waist
    with pen.inside(body.outline()):
        for n in range(-4, 5):
            x = n * wx / 4.6
            pen.fold(
                curve((x, wy + 2), (x * 1.15, wy + 30, x * 1.55 + pen.u(-4, 4), body.hem[1] + 8)), 1.0,
                pen.u(4, 7),
            )
            pen.fold(curve((x * 0.9, wy - 2), (x, wy - 14, x * 1.1, wy - pen.u(18, 38))), 0.6, 4)
    if pen.chance(0.6):
        sash = shape(
            (-wx - 1, wy - 4), (0, wy + 2, wx + 1, wy - 4), (wx + 1, wy + 4), (0, wy + 10, -wx - 1, wy + 4),
        )
        tone = mix(pen.colour, BLACK, 0.25)
        pen.fill(sash, tone)
        pen.dyed(tone).round_off(sash, 0.7)
    rib(pen, body.neckline(), 2.6, mix(pen.colour, BLACK, 0.12))
    if pen.pattern == "plain" and pen.chance(0.5):
        lace_yoke(pen, body)


def lace_yoke(pen: Pen, body: Torso) -> None:
    """A row of scallops below the neckline."""
    y = body.top + body.drop + 7
    for n in range(-3, 4):
        with pen.placed(n * 7.5, y - abs(n) * 3.2):
            pen.line(oval(0, 0, 4.2), mix(pen.colour, WHITE, 0.5), 1, 0.8)
            pen.fill(oval(0, 0, 1.3), mix(pen.colour, WHITE, 0.5), 0.8)


def ribbed(pen: Pen, path: Path) -> None:
    """A ribbed piece: hem or cuff."""
    pen.fill(path, mix(pen.colour, BLACK, 0.06))
    b = path.getBounds()
    with pen.inside(path):
        x = b.left()
        while x < b.right():
            pen.line(curve((x, b.top()), (x, b.bottom())), width=1, alpha=0.4)
            x += 3.1
    pen.round_off(path, 0.8)


def vest(pen: Pen) -> None:
    """An innerwear vest: two straps, deep armholes, straight body."""
    cut = weave(pen)
    straight = pen.u(54, 60)
    y = -112.0
    strap = pen.u(6, 9)
    left = pen.u(23, 28)
    drop = pen.u(42, 54)
    hem = pen.u(98, 110)
    body = shape(
        (0, y + drop), (left * 0.8, y + drop, left, y), (left + strap * 2, y + 1),
        (left + strap * 2 + 2, y + 66, straight, y + 78),
        (straight - 3, y + 140, straight + 1, hem), (straight * 0.5, hem + 4, 0, hem + 4),
        mirror=True,
    )
    back = shape(
        (0, y + drop - 16), (left * 0.8, y + drop - 18, left, y), (left + 4, y),
        (left * 0.8, y + drop, 0, y + drop), mirror=True,
    )
    pen.fill(back, mix(pen.colour, BLACK, 0.3))
    cloth(pen, body, cut)
    with pen.inside(body):
        x = -60.0
        while x < 60:
            pen.line(curve((x, y), (x, hem + 6)), width=0.8, alpha=0.22)
            x += 4.2
        for side in (-1, 1):
            pen.fold(
                curve(
                    (side * straight, y + 80), (side * 30, y + 96, side * pen.u(10, 18), y + pen.u(104, 124)),
                )
            )
            pen.fold(curve((side * 34, hem + 5), (side * 30, hem - 30, side * 20, hem - 60)), 0.8)
    trim = pen.accents[0] if pen.chance(0.35) else mix(pen.colour, BLACK, 0.14)
    lines(pen, curve((0, y + drop), (left * 0.8, y + drop, left, y)), colour=trim, width=3.4, alpha=1.0)
    lines(
        pen, curve((left + strap * 2, y + 1), (left + strap * 2 + 2, y + 66, straight, y + 78)), colour=trim,
        width=3.4, alpha=1.0,
    )
    pen.stitch(curve((-straight, hem - 5), (0, hem - 1, straight, hem - 5)))


DRAWINGS = {"Tshirts": tshirt, "Shirts": shirt, "Tops": top, "Innerwear Vests": vest}
