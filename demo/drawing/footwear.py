"""Footwear, seen from its outer side with the toe to the right, as shops photograph it."""

from __future__ import annotations

from demo.drawing.canvas import BLACK, WHITE, Path, Pen, Rgb, box, curve, mix, moved, oval, seam, shape
from demo.drawing.fabrics import Weave, cloth, weave

RUBBER: Rgb = (240.0, 238.0, 232.0)
GUM: Rgb = (176.0, 128.0, 82.0)
HEEL_STACK: Rgb = (58.0, 40.0, 30.0)


def ground(pen: Pen, y: float, left: float = -96, right: float = 100) -> None:
    """The shadow where the sole meets the floor."""
    pen.cast((left + right) / 2, y, (right - left) / 2, 6, 0.42)


def shine(pen: Pen, path: Path, spot: Path, strength: float = 0.4) -> None:
    """A window's reflection on leather."""
    with pen.inside(path):
        pen.fill(spot, WHITE, strength, blur=4.5)


def laces(
    pen: Pen, points: list[tuple[float, float]], colour: Rgb, across: tuple[float, float] = (13, -7),
) -> None:
    """Rows of laces across the tongue, each with its eyelet and shadow."""
    for x, y in points:
        row = curve((x - across[0] / 2, y - across[1] / 2 + 4), (x + across[0] / 2, y + across[1] / 2 + 4))
        pen.line(moved(row, 0.5, 1.6), BLACK, 4, 0.3)
        pen.line(row, mix(colour, BLACK, 0.25), 4.2, 1)
        pen.line(row, colour, 3.0, 1)
        pen.fill(oval(x - across[0] / 2, y - across[1] / 2 + 4.5, 1.5), mix(pen.metal, BLACK, 0.4))


def casual_shoe(pen: Pen) -> None:
    """A sneaker or plimsoll: a flat rubber sole with a foxing line, a toe cap, laces; or a slip-on."""
    cut = weave(pen)
    high = pen.chance(0.22)
    collar = pen.u(-78, -70) if high else pen.u(-34, -26)
    ground(pen, 50)
    back = shape(
        (-92, 36), (-97, 0, -90, collar), (-60, collar + 9, -36, collar - 3), (-20, collar + 16, 4, -8),
        (40, 6, 74, 9), (98, 14, 100, 38),
    )
    inside = shape((-88, collar), (-62, collar - 9, -36, collar - 3), (-58, collar + 11, -88, collar))
    pen.fill(inside, mix(pen.colour, BLACK, 0.5))
    cloth(pen, back, cut, 0.9)
    with pen.inside(back):
        quarter = curve((8, -10), (2, 16, 24, 40))
        pen.line(quarter, width=1.4, alpha=0.75)
        pen.stitch(moved(quarter, -3, 0))
        pen.stitch(curve((-88, collar + 8), (-60, collar + 16, -30, collar + 10)))
        heel = shape((-100, collar - 4), (-78, collar + 6), (-72, 10, -74, 44), (-100, 44))
        pen.fill(heel, mix(pen.colour, BLACK, 0.2), 0.85)
        pen.line(heel, width=1, alpha=0.6)
        pen.fold(curve((30, 4), (36, 20, 30, 36)), 0.9, 6)
        pen.fold(curve((-20, 4), (-30, 22, -60, 30)), 0.6, 7)
    sole_colour = RUBBER if pen.chance(0.88) else GUM
    cap_sole(pen, sole_colour, toe_cap=pen.chance(0.6))
    if high or pen.chance(0.72):
        start = (-34, collar + 8) if high else (-26, collar + 8)
        count = 6 if high else 4
        points = [
            (
                start[0] + (18 - start[0]) * n / (count - 1), start[1] + (-2 - start[1]) * n / (count - 1),
            ) for n in range(count)
        ]
        laces(pen, points, RUBBER if pen.chance(0.7) else mix(pen.accents[0], WHITE, 0.2))
    else:
        gusset = shape((-22, collar + 8), (-2, -8), (-10, 10), (-34, 2))
        pen.fill(gusset, mix(pen.colour, BLACK, 0.45))
        pen.line(gusset, width=1)


def cap_sole(pen: Pen, rubber: Rgb, toe_cap: bool) -> None:
    """A flat cup sole with a foxing stripe, and a rubber toe."""
    tone = pen.dyed(rubber)
    if toe_cap:
        cap = shape((70, 12), (96, 14, 100, 36), (66, 36), (62, 22, 70, 12))
        tone.fill(cap, rubber)
        tone.round_off(cap, 0.8)
    sole = shape((-95, 32), (0, 38, 101, 34), (106, 42, 100, 50), (0, 54, -92, 51), (-99, 42, -95, 32))
    tone.fill(sole, rubber)
    tone.round_off(sole, 0.9)
    pen.line(curve((-96, 38), (0, 44, 103, 40)), pen.accents[0], 1.6, 0.85)


def sports_shoe(pen: Pen) -> None:
    """A running shoe: a thick sculpted sole, mesh, overlays and a swoosh-free pattern of bars."""
    cut = weave(pen)
    second = pen.accents[0]
    ground(pen, 56)
    tab = pen.u(-52, -44)
    upper = shape(
        (-88, 26), (-100, -8, -92, tab), (-84, tab - 8, -78, tab), (-66, tab + 24, -44, tab + 10),
        (-30, tab - 12, -22, tab - 2),
        (6, -22, 40, -6), (86, 4, 100, 30), (60, 40, -88, 32),
    )
    pen.fill(
        shape((-86, tab + 2), (-58, tab - 6, -30, tab + 2), (-60, tab + 22, -86, tab + 2)),
        mix(pen.colour, BLACK, 0.55),
    )
    cloth(pen, upper, cut, 1.0)
    with pen.inside(upper):
        mesh(pen)
        toe = shape((104, 40), (100, 0, 66, -4), (70, 20, 44, 40))
        panel = pen.dyed(mix(pen.colour, BLACK, 0.16))
        panel.fill(toe, panel.colour, 0.9)
        panel.line(toe, width=1, alpha=0.7)
        heel = shape((-104, tab), (-78, tab + 4), (-66, -4, -52, 36), (-104, 40))
        panel.fill(heel, panel.colour, 0.9)
        panel.line(heel, width=1, alpha=0.7)
        side_bars(pen, second)
        eyestay = shape((-36, tab + 6), (-16, tab + 2), (36, -6), (32, 6), (-20, tab + 26))
        panel.fill(eyestay, panel.colour, 0.95)
        panel.stitch(eyestay)
        pen.fill(oval(-84, tab + 14, 10, 5), second, 0.9)
    laces(
        pen, [(-27, tab + 10), (-14, tab + 14), (0, tab + 19), (14, tab + 24), (27, tab + 30)],
        RUBBER if pen.chance(0.6) else second, (12, -9),
    )
    running_sole(pen, second)


def mesh(pen: Pen) -> None:
    """Holes of an airy knit on the upper."""
    for row in range(9):
        for column in range(26):
            pen.fill(oval(-60 + column * 5.2 + (row % 2) * 2.6, -30 + row * 6.2, 0.9), seam(pen.colour), 0.45)


def side_bars(pen: Pen, second: Rgb) -> None:
    """A made-up side mark: bars, a wave or an arrow."""
    kind = pen.pick("bars", "wave", "arrow")
    if kind == "bars":
        for n in range(4):
            pen.line(curve((-30 + n * 13, 30), (-18 + n * 13, -12 + n * 4)), second, 4.6, 0.92)
    elif kind == "wave":
        pen.line(curve((-58, 10), (-30, -20, -8, 10), (14, 34, 40, 6)), second, 6, 0.92)
    else:
        pen.line(curve((-44, -8), (-8, 12), (-40, 30)), second, 6, 0.92)
        pen.line(curve((-20, -10), (16, 12), (-16, 32)), second, 4, 0.8)


def running_sole(pen: Pen, second: Rgb) -> None:
    """A wedge of white foam, a coloured line, a dark tread."""
    tread = shape((-88, 50), (0, 58, 92, 48), (106, 36, 108, 34), (104, 54, 84, 57), (0, 62, -86, 60))
    pen.fill(tread, mix(pen.colour, (40, 40, 44), 0.75))
    foam = pen.dyed(RUBBER)
    wedge = shape(
        (-102, 16), (-70, 32, -20, 34), (40, 36, 102, 28), (112, 34, 104, 44), (60, 56, 0, 53),
        (-60, 56, -96, 54), (-108, 40, -102, 16),
    )
    foam.fill(wedge, RUBBER)
    foam.round_off(wedge, 1.0)
    with pen.inside(wedge):
        pen.line(curve((-104, 34), (-50, 46, 0, 43), (60, 44, 110, 36)), second, 3.4, 0.9)
        for n in range(5):
            pen.line(curve((-90 + n * 13, 30), (-84 + n * 13, 58)), BLACK, 1.6, 0.18)
    with pen.inside(tread):
        for n in range(13):
            pen.line(curve((-80 + n * 14, 55), (-77 + n * 14, 62)), BLACK, 2, 0.5)


def formal_shoe(pen: Pen) -> None:
    """A leather Derby, Oxford or loafer: a long toe, a thin sole, a stacked heel, polished."""
    cut = weave(pen)
    leather = pen.dyed(pen.colour, "leather")
    ground(pen, 52)
    collar = pen.u(-34, -28)
    sole = shape(
        (-92, 34), (0, 36, 60, 36), (96, 34, 108, 28), (110, 34, 100, 40), (50, 46, -26, 42), (-32, 52),
        (-90, 52), (-96, 42, -92, 34),
    )
    pen.fill(sole, mix(mix(pen.colour, HEEL_STACK, 0.7), BLACK, 0.2))
    for y in (40, 44, 48):
        pen.line(curve((-92, y), (-32, y)), BLACK, 0.8, 0.4)
    upper = shape(
        (-90, 34), (-98, 4, -88, collar - 2), (-60, collar + 12, -38, collar - 4), (-22, collar + 4, 2, -4),
        (46, 4, 78, 10), (108, 16, 106, 30), (50, 38, -90, 36),
    )
    pen.fill(
        shape((-86, collar), (-60, collar - 8, -36, collar - 4), (-58, collar + 12, -86, collar)),
        (150, 116, 84),
    )
    cloth(leather, upper, cut, 1.2, gloss=0.5)
    loafer = pen.chance(0.4)
    with pen.inside(upper):
        cap = curve((64, 4), (54, 18, 58, 38))
        if not loafer and pen.chance(0.6):
            pen.line(cap, width=1.4, alpha=0.85)
            pen.stitch(moved(cap, -3, 0))
        pen.stitch(curve((-88, collar + 5), (-60, collar + 17, -36, collar + 4)))
        pen.line(curve((-64, collar + 8), (-70, 10, -66, 40)), width=1.2, alpha=0.7)
        if loafer:
            apron = curve((-18, collar + 10), (0, 6, 40, 12), (80, 14, 92, 24))
            pen.line(apron, width=2.2, alpha=0.8)
            pen.stitch(moved(apron, 0, 3))
        else:
            flap = curve((-10, -18), (-2, 8, -22, 38))
            pen.line(flap, width=1.6, alpha=0.85)
            pen.stitch(moved(flap, -3, 0))
        pen.fold(curve((26, 4), (34, 18, 28, 36)), 1.0, 5)
    shine(pen, upper, oval(82, 15, 13, 3.5), 0.55)
    shine(pen, upper, oval(-78, 4, 4, 17), 0.35)
    shine(pen, upper, oval(12, 8, 16, 4), 0.3)
    if loafer:
        strap = shape((-30, collar + 8), (6, 0), (2, 12), (-40, collar + 24))
        cloth(leather, strap, cut, 0.7, gloss=0.4)
        if pen.chance(0.5):
            pen.metallic(box(-16, collar + 16, -2, collar + 22, 2), pen.metal)
    else:
        laces(
            pen, [(-32, collar + 3), (-22, collar + 9), (-12, collar + 15)], mix(pen.colour, BLACK, 0.45),
            (12, -7),
        )
    pen.line(
        curve((-92, 35), (0, 38, 60, 37), (96, 35, 107, 29)), mix(pen.colour, WHITE, 0.25), 1.0, 0.6,
        dash=(2, 1.6),
    )


def heel(pen: Pen) -> None:
    """A high heel: a pump, a peep-toe or a strapped sandal on a stiletto, block or wedge heel."""
    cut = weave(pen)
    rise = pen.u(-44, -28)
    kind = pen.pick("stiletto", "stiletto", "block", "wedge")
    pen.cast(60, 62, 44, 4, 0.4)
    pen.cast(-76, 63, 16 if kind != "stiletto" else 8, 3.5, 0.4)
    bed: list[tuple[float, ...]] = [
        (-60.0, rise + 8, -30.0, rise + 34), (10.0, 56.0, 52.0, 58.0), (88.0, 60.0, 104.0, 52.0),
    ]
    dark = pen.dyed(mix(pen.colour, BLACK, 0.25))
    if kind == "stiletto":
        post = shape(
            (-94, rise - 2), (-64, rise + 8), (-76, rise + 34, -77, 62), (-84, 62),
            (-86, rise + 40, -96, rise + 6),
        )
    elif kind == "block":
        post = shape((-95, rise - 2), (-56, rise + 12), (-60, 20, -58, 62), (-90, 62), (-92, 20, -96, rise))
    else:
        post = shape(
            (-95, rise - 2), (-60, rise + 8, -30, rise + 36), (10, 58, 50, 60), (20, 64), (-90, 64),
            (-92, 20, -95, rise),
        )
    cloth(dark, post, cut, 1.3, gloss=0.3)
    sole = shape(
        (-94.0, rise), *bed, (90, 63, 50, 64), (6, 62, -34, rise + 42), (-62, rise + 14, -96, rise + 6),
    )
    dark.fill(sole, dark.colour)
    dark.round_off(sole, 0.6)
    if pen.chance(0.55):
        pump(pen, cut, rise)
    else:
        heeled_sandal(pen, cut, rise)


def pump(pen: Pen, cut: Weave, rise: float) -> None:
    """A closed upper on a heel, with a bow perhaps."""
    leather = pen.dyed(pen.colour, pen.pattern if pen.pattern != "plain" else "leather")
    top = rise - 38
    inner = shape(
        (-90, top + 3), (-54, rise - 4, -14, 14), (20, 40, 52, 34), (20, 52, -30, rise + 30),
        (-70, rise, -90, top + 3),
    )
    pen.fill(inner, mix((206, 170, 140), BLACK, 0.25))
    upper = shape(
        (-96, rise + 4), (-104, rise - 22, -92, top), (-84, rise - 8, -50, rise + 8), (-14, rise + 34, 8, 34),
        (26, 44, 48, 30), (86, 34, 106, 54), (84, 62, 46, 61), (0, 60, -34, rise + 36),
        (-62, rise + 10, -96, rise + 4),
    )
    cloth(leather, upper, cut, 1.2, gloss=0.55)
    shine(pen, upper, oval(76, 42, 13, 4), 0.55)
    shine(pen, upper, oval(-90, rise - 14, 4, 12), 0.4)
    if pen.chance(0.4):
        for ear in (-1, 1):
            bow = shape((48, 36), (48 + ear * 14, 26, 48 + ear * 18, 34), (48 + ear * 16, 46, 48, 38))
            cloth(pen.dyed(mix(pen.colour, BLACK, 0.12)), bow, cut, 0.8)
        pen.fill(oval(48, 37, 3.4), mix(pen.colour, BLACK, 0.3))


def heeled_sandal(pen: Pen, cut: Weave, rise: float) -> None:
    """Straps over a raised bed and one around the ankle."""
    top = rise - 46
    counter = shape((-96, rise + 4), (-103, rise - 20, -93, top + 12), (-80, rise - 12, -66, rise + 10))
    cloth(pen, counter, cut, 1.0, gloss=0.3)
    ankle = curve(
        (-94, top + 16), (-66, top + 2, -44, top + 14), (-40, top + 22, -52, top + 26),
        (-76, top + 30, -94, top + 16),
    )
    band(pen, ankle, 5.5)
    pen.metallic(box(-56, top + 18, -47, top + 28, 2), pen.metal)
    band(pen, curve((-46, top + 22), (-10, 0, 24, 30)), 5.5)
    for n in range(int(pen.rng.integers(2, 4))):
        x = 24 + n * 21
        strap = shape(
            (x - 8, 57), (x + 2, 22 + n * 3, x + 20, 32 + n * 4), (x + 27, 44 + n * 3, x + 24, 58),
            (x + 12, 59), (x + 14, 46, x + 8, 58),
        )
        cloth(pen, strap, cut, 1.1, gloss=0.4)
        if n == 0 and pen.chance(0.4):
            for jewel in range(3):
                pen.metallic(oval(x + 4 + jewel * 6, 36 + jewel, 2.4), pen.metal)


def band(pen: Pen, path: Path, width: float) -> None:
    """A narrow strap with a lit edge."""
    pen.line(moved(path, 0.6, 1.4), BLACK, width, 0.22, blur=1)
    pen.line(path, mix(pen.colour, BLACK, 0.45), width + 1.2, 1)
    pen.line(path, pen.colour, width, 1)
    pen.line(moved(path, 0, -width * 0.2), WHITE, width * 0.25, 0.4)


def flat(pen: Pen) -> None:
    """A ballerina: low, round, a thin sole, a bow or a buckle at the toe."""
    cut = weave(pen)
    ground(pen, 44, -92, 98)
    leather = pen.dyed(pen.colour, "leather" if pen.pattern == "plain" else pen.pattern)
    top = pen.u(-22, -12)
    lining = shape(
        (-86, top + 2), (-50, 14, 0, 12), (30, 12, 52, 6), (40, 34, 0, 34), (-60, 34, -86, top + 2),
    )
    pen.fill(lining, mix((222, 196, 168), BLACK, 0.12))
    pen.gradient(lining, (0, top), (0, 34), [(BLACK, 0.3), (BLACK, 0.05)])
    upper = shape(
        (-92, 36), (-99, 8, -90, top), (-76, 18, -30, 20), (14, 24, 34, 10), (44, 2, 58, 4),
        (92, 10, 100, 34), (40, 42, -92, 40),
    )
    cloth(leather, upper, cut, 1.2, gloss=0.4)
    sole = shape(
        (-93, 36), (0, 40, 100, 34), (102, 42, 92, 44), (0, 47, -60, 45), (-64, 49), (-90, 49), (-95, 42),
    )
    pen.fill(sole, mix(pen.colour, HEEL_STACK, 0.75))
    pen.line(
        curve((-90, top + 1), (-76, 19, -30, 21), (14, 25, 34, 11), (44, 3, 58, 5)),
        mix(pen.colour, BLACK, 0.3), 2.6, 0.95,
    )
    shine(pen, upper, oval(78, 16, 12, 4), 0.5)
    shine(pen, upper, oval(-84, 14, 4, 12), 0.35)
    x, y = 52, 5
    kind = pen.pick("bow", "bow", "buckle", "flower")
    if kind == "bow":
        for ear in (-1, 1):
            loop = shape((x, y), (x + ear * 12, y - 13, x + ear * 20, y - 3), (x + ear * 19, y + 9, x, y + 2))
            cloth(pen.dyed(mix(pen.colour, BLACK, 0.1)), loop, cut, 0.9)
        pen.fill(oval(x, y + 1, 3.6), mix(pen.colour, BLACK, 0.35))
    elif kind == "buckle":
        pen.line(box(x - 11, y - 3, x + 11, y + 9, 2), mix(pen.metal, BLACK, 0.4), 4)
        pen.line(box(x - 11, y - 3, x + 11, y + 9, 2), mix(pen.metal, WHITE, 0.5), 2)
    else:
        for petal in range(6):
            with pen.placed(x, y, petal * 60):
                pen.fill(oval(6, 0, 5, 3.6), mix(pen.colour, WHITE if petal % 2 else BLACK, 0.22))
        pen.metallic(oval(x, y, 2.8), pen.metal)


def sandal(pen: Pen) -> None:
    """A sandal on a moulded sole: strapped over foot and heel, or a mule with two buckled bands."""
    cut = weave(pen)
    leather = pen.dyed(pen.colour, "leather" if pen.pattern == "plain" else pen.pattern)
    ground(pen, 56)
    bed = shape(
        (-98, 14), (-60, 24, -10, 28), (50, 34, 102, 22), (112, 30, 104, 42), (60, 56, 0, 56),
        (-60, 60, -92, 58), (-108, 44, -98, 14),
    )
    sole = pen.dyed(mix(pen.colour, (44, 38, 34), 0.6))
    sole.fill(bed, sole.colour)
    sole.round_off(bed, 1.0)
    with pen.inside(bed):
        for n in range(14):
            pen.line(curve((-88 + n * 14, 51), (-84 + n * 14, 60)), BLACK, 2, 0.5)
    pen.line(curve((-96, 28), (-50, 40, 0, 42), (60, 46, 106, 34)), mix(pen.colour, WHITE, 0.2), 2.2, 0.7)
    footbed = shape((-98, 14), (-60, 24, -10, 28), (50, 34, 102, 22), (60, 20, -10, 20), (-60, 14, -98, 14))
    pen.fill(footbed, mix(pen.colour, (196, 160, 120), 0.45))
    if pen.chance(0.62):
        strapped(pen, leather, cut)
    else:
        mule(pen, leather, cut)


def strapped(pen: Pen, leather: Pen, cut: Weave) -> None:
    """Straps over toes, instep and heel, with a hook closure."""
    counter = shape((-99, 18), (-106, -14, -98, -38), (-84, -42, -82, -34), (-80, -6, -66, 24))
    cloth(leather, counter, cut, 1.0, gloss=0.25)
    heel_strap = shape((-97, -36), (-50, -44, -22, -28), (-14, -20), (-20, -10), (-50, -26, -90, -18))
    cloth(leather, heel_strap, cut, 0.9, gloss=0.25)
    instep = shape((-40, 27), (-34, -20, -16, -44), (0, -48, 6, -40), (6, -10, 12, 30))
    cloth(leather, instep, cut, 1.0, gloss=0.25)
    toe = shape(
        (36, 33), (38, 4, 50, -10), (76, -12, 88, 4), (100, 16, 98, 28), (80, 32, 74, 31), (68, 14, 58, 33),
    )
    cloth(leather, toe, cut, 1.0, gloss=0.25)
    link = shape((2, -20), (30, -14, 52, -4), (48, 10), (28, 0, 4, -4))
    cloth(leather, link, cut, 0.8, gloss=0.25)
    for piece in (instep, toe, heel_strap):
        with pen.inside(piece):
            pen.stitch(moved(piece, 0, 0, 0, 0.93), mix(pen.colour, WHITE, 0.4), 0.7)
    pen.fill(box(-30, -18, -8, -6, 2), mix(pen.colour, BLACK, 0.4))
    pen.metallic(box(-6, -34, 5, -24, 2), pen.metal)


def mule(pen: Pen, leather: Pen, cut: Weave) -> None:
    """Two broad bands over an open foot, a buckle on each."""
    bands = (
        (shape((-46, 26), (-46, -10, -34, -30), (-12, -34, 6, -22), (14, 0, 18, 31)), -14.0, -18.0),
        (shape((26, 31), (20, 6, 16, -16), (54, -10, 78, 8), (92, 18, 92, 27), (60, 34, 26, 31)), 44.0, 2.0),
    )
    for strap, x, y in bands:
        cloth(leather, strap, cut, 1.1, gloss=0.3)
        with pen.inside(strap):
            pen.stitch(moved(strap, 0, 0, 0, 0.95), mix(pen.colour, WHITE, 0.4), 0.7)
        with pen.placed(x, y, 14):
            dark = leather.dyed(mix(pen.colour, BLACK, 0.15), "leather")
            cloth(dark, shape((-20, -6), (16, -6), (22, 0), (16, 6), (-20, 6)), cut, 0.8)
            frame = box(-8, -9, 5, 9, 2)
            pen.line(frame, mix(pen.metal, BLACK, 0.5), 3.6)
            pen.line(frame, mix(pen.metal, WHITE, 0.3), 2)


def flip_flop(pen: Pen) -> None:
    """Flip-flops: a pair seen from above, a thong strap on each."""
    cut = weave(pen)
    strap = pen.dyed(pen.accents[0] if pen.chance(0.3) else mix(pen.colour, BLACK, 0.28))
    turn = pen.u(3, 7)
    for side in (-1, 1):
        with pen.placed(side * 49, 4, side * turn):
            one_flip_flop(pen, strap, cut, side)


def one_flip_flop(pen: Pen, strap: Pen, cut: Weave, side: int) -> None:
    """One of the pair, toe up."""
    long = 116
    bed = shape(
        (0, -long), (40 + 3 * side, -long, 43, -60, 34, 0), (30, 30, 36, 60, 34, 84),
        (32, long, 12, long, 0, long), (-12, long, -32, long, -34, 84), (-36, 60, -30, 30, -34, 0),
        (-43, -60, -40 + 3 * side, -long, 0, -long),
    )
    rim = moved(bed, 0, 4, 0, 1.03)
    pen.fill(rim, mix(pen.colour, BLACK, 0.45))
    cloth(pen, bed, cut, 0.9)
    with pen.inside(bed):
        y = -long + 12.0
        while y < long:
            pen.line(curve((-40, y), (0, y + 5, 40, y)), width=0.8, alpha=0.22)
            y += 6
        pen.line(moved(bed, 0, 0, 0, 0.93), pen.accents[0], 1.6, 0.6)
        pen.fill(oval(0, 76, 18, 24), BLACK, 0.1, blur=6)
    for way in (-1, 1):
        arm = shape(
            (-2 * way, -70), (way * 26, -56, way * 37, 8), (way * 33, 14, way * 26, 10),
            (way * 18, -34, -2 * way, -56),
        )
        pen.fill(moved(arm, 1, 4), BLACK, 0.3, blur=2.5)
        strap.fill(arm, strap.colour)
        strap.round_off(arm, 0.9, 0.3)
    strap.fill(oval(0, -66, 5, 8), strap.colour)
    strap.round_off(oval(0, -66, 5, 8), 0.9, 0.4)


DRAWINGS = {
    "Casual Shoes": casual_shoe, "Sports Shoes": sports_shoe, "Formal Shoes": formal_shoe, "Heels": heel,
    "Flats": flat,
    "Sandals": sandal, "Flip Flops": flip_flop,
}
