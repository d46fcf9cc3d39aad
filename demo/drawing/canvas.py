"""The pen every product is drawn with: shapes, fills, light and seams.

The origin is the middle of the frame, x runs right and y down: the frame is [-120, 120] x [-160, 160].
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import skia as skia  # type: ignore[import-not-found, import-untyped, unused-ignore]

WIDTH, HEIGHT = 240, 320

Rgb = tuple[float, float, float]
Path = Any
"""A skia.Path; skia comes without type information."""

BLACK: Rgb = (0.0, 0.0, 0.0)
WHITE: Rgb = (255.0, 255.0, 255.0)


def rgb(hex_colour: str) -> Rgb:
    """`#rrggbb` as three numbers from 0 to 255."""
    return (int(hex_colour[1:3], 16), int(hex_colour[3:5], 16), int(hex_colour[5:7], 16))


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`one` with `share` of `other` in it."""
    r, g, b = (a + (c - a) * share for a, c in zip(one, other, strict=True))
    return (r, g, b)


def luminance(colour: Rgb) -> float:
    """How light a colour looks, 0 to 255."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def seam(colour: Rgb) -> Rgb:
    """A line that shows on `colour`: darker, or lighter where the colour is nearly black."""
    return mix(colour, WHITE, 0.24) if luminance(colour) < 55 else mix(colour, BLACK, 0.38)


def argb(colour: Rgb, alpha: float = 1.0) -> int:
    """A colour as skia takes it."""
    r, g, b = (max(0, min(255, round(c))) for c in colour)
    return int(skia.Color(r, g, b, max(0, min(255, round(alpha * 255)))))


def shape(
    start: tuple[float, float], *segments: tuple[float, ...], mirror: bool = False, close: bool = True,
) -> Path:
    """A path from short tuples: 2 numbers draw a line, 4 a quadratic, 6 a cubic curve.

    Args:
        start: the first point.
        segments: control points and the end point of each segment, in order.
        mirror: go back to the start along the path's reflection at x = 0 (a garment's left from its right).
        close: close the path.
    """
    path = skia.Path()
    path.moveTo(*start)
    here, ends = start, []
    for segment in segments:
        _to(path, segment)
        ends.append((here, segment))
        here = (segment[-2], segment[-1])
    if mirror:
        path.lineTo(-here[0], here[1])
        for begin, segment in reversed(ends):
            controls = [(-segment[i], segment[i + 1]) for i in range(0, len(segment) - 2, 2)][::-1]
            _to(path, tuple(v for point in [*controls, (-begin[0], begin[1])] for v in point))
    if close:
        path.close()
    return path


def _to(path: Path, segment: tuple[float, ...]) -> None:
    {2: path.lineTo, 4: path.quadTo, 6: path.cubicTo}[len(segment)](*segment)


def curve(start: tuple[float, float], *segments: tuple[float, ...]) -> Path:
    """An open path, for seams and folds."""
    return shape(start, *segments, close=False)


def oval(x: float, y: float, rx: float, ry: float | None = None) -> Path:
    """An ellipse around a point."""
    ry = rx if ry is None else ry
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> Path:
    """A rectangle, its corners rounded."""
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius)
    return path


def flipped(path: Path) -> Path:
    """The path's reflection at x = 0."""
    out = skia.Path(path)
    out.transform(skia.Matrix.Scale(-1, 1))
    return out


def moved(path: Path, dx: float, dy: float, turn: float = 0.0, scale: float = 1.0) -> Path:
    """The path scaled and turned (degrees) about the origin, then moved."""
    matrix = skia.Matrix.Translate(dx, dy)
    matrix.preRotate(turn)
    matrix.preScale(scale, scale)
    out = skia.Path(path)
    out.transform(matrix)
    return out


@lru_cache(maxsize=4)
def _noise(kind: str) -> Any:
    """A frame full of grey noise: `grain` is fine cloth, `hide` is leather, `cloud` is a slow uneven wash."""
    tile = np.random.default_rng([7, len(kind)]).normal(0.0, 1.0, (HEIGHT, WIDTH))
    for _ in range({"grain": 0, "hide": 2, "cloud": 60}[kind]):
        tile = (np.roll(tile, 1, 0) + np.roll(tile, -1, 0) + np.roll(tile, 1, 1) + np.roll(tile, -1, 1)) / 4
    tile = tile / tile.std() * 42
    alpha = np.clip(np.abs(tile), 0, 255).astype(np.uint8)
    tone = np.where(tile > 0, alpha, 0).astype(np.uint8)
    pixels = np.ascontiguousarray(np.dstack([tone, tone, tone, alpha]))
    image = skia.Image.fromarray(
        pixels, colorType=skia.ColorType.kRGBA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType
    )
    # In the surface's own format an unscaled copy takes skia's fast way, sixty times faster than a shader.
    surface = skia.Surface(WIDTH, HEIGHT)
    surface.getCanvas().drawImage(image, 0, 0)
    return surface.makeImageSnapshot()


@dataclass
class Pen:
    """A canvas, the product's look and its own source of chance.

    Attributes:
        canvas: the skia canvas, origin in the middle.
        rng: chance for the design; products of one family share it.
        gender: whose cut it is: Men, Women, Boys, Girls or Unisex.
        colour: the base colour.
        accents: the colours beside it, best first.
        pattern: the fabric's print.
        metal: the colour of buckles, zips and clasps.
    """

    canvas: Any
    rng: np.random.Generator
    gender: str
    colour: Rgb
    accents: tuple[Rgb, ...]
    pattern: str
    metal: Rgb = (196.0, 198.0, 204.0)

    @property
    def womens(self) -> bool:
        """Whether the cut is for women or girls."""
        return self.gender in ("Women", "Girls")

    def u(self, low: float, high: float) -> float:
        """A number between the two."""
        return float(self.rng.uniform(low, high))

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return bool(self.rng.random() < share)

    def pick(self, *options: Any) -> Any:
        """One of the options."""
        return options[int(self.rng.integers(len(options)))]

    def dyed(self, colour: Rgb, pattern: str = "plain") -> Pen:
        """The same pen with another colour in it."""
        return replace(self, colour=colour, pattern=pattern)

    @contextmanager
    def inside(self, path: Path) -> Iterator[None]:
        """Draw only inside the path."""
        self.canvas.save()
        self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        try:
            yield
        finally:
            self.canvas.restore()

    @contextmanager
    def placed(self, dx: float, dy: float, turn: float = 0.0, scale: float = 1.0) -> Iterator[None]:
        """Draw in a frame that is moved, turned (degrees) and scaled."""
        self.canvas.save()
        self.canvas.translate(dx, dy)
        self.canvas.rotate(turn)
        self.canvas.scale(scale, scale)
        try:
            yield
        finally:
            self.canvas.restore()

    def fill(self, path: Path, colour: Rgb, alpha: float = 1.0, blur: float = 0.0) -> None:
        """Fill a path with one colour."""
        paint = skia.Paint(AntiAlias=True, Color=argb(colour, alpha))
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        self.canvas.drawPath(path, paint)

    def gradient(
        self, path: Path, begin: tuple[float, float], end: tuple[float, float],
        stops: list[tuple[Rgb, float]],
    ) -> None:
        """Fill a path with a linear gradient of (colour, alpha) stops, evenly spaced."""
        shader = skia.GradientShader.MakeLinear(
            [skia.Point(*begin), skia.Point(*end)], [argb(c, a) for c, a in stops],
        )
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))

    def glow(self, path: Path, x: float, y: float, radius: float, colour: Rgb, alpha: float) -> None:
        """A round light (or dark) spot, inside a path."""
        shader = skia.GradientShader.MakeRadial(
            skia.Point(x, y), radius, [argb(colour, alpha), argb(colour, 0)],
        )
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))

    def line(
        self, path: Path, colour: Rgb | None = None, width: float = 1.0, alpha: float = 0.8,
        blur: float = 0.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Stroke a path; without a colour, in the base colour's seam colour."""
        paint = skia.Paint(
            AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width,
            StrokeCap=skia.Paint.kRound_Cap, StrokeJoin=skia.Paint.kRound_Join,
            Color=argb(seam(self.colour) if colour is None else colour, alpha),
        )
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        if dash:
            paint.setPathEffect(skia.DashPathEffect.Make(list(dash), 0))
        self.canvas.drawPath(path, paint)

    def stitch(self, path: Path, colour: Rgb | None = None, alpha: float = 0.75) -> None:
        """A row of stitches."""
        self.line(path, colour, 0.9, alpha, dash=(2.4, 1.8))

    def grain(self, path: Path, kind: str = "grain", strength: float = 0.2) -> None:
        """Lay a texture over a path. It is tied to the frame, not to the path, which makes it cheap."""
        with self.inside(path):
            self.canvas.resetMatrix()
            self.canvas.drawImage(_noise(kind), 0, 0, skia.SamplingOptions(), skia.Paint(Alphaf=strength))

    def round_off(self, path: Path, depth: float = 1.0, gloss: float = 0.0) -> None:
        """Give a flat shape volume: dark towards its edges, light from the upper left, a rim."""
        bounds = path.getBounds()
        dark = luminance(self.colour) < 70
        # Pale cloth takes little shade: much of it would turn peach into brown and white into grey.
        shade = 1.0 - 0.55 * max(0.0, luminance(self.colour) - 70) / 185
        reach = max(2.0, min(bounds.width(), bounds.height()) * 0.13) * depth
        with self.inside(path):
            self.line(
                path, BLACK, reach * 1.3, 0.5 if dark else 0.36 * shade,
                blur=max(0.8, reach * 0.55),
            )
            self.gradient(
                path, (bounds.left(), bounds.top()), (bounds.right(), bounds.bottom()),
                [
                    (WHITE, (0.12 if dark else 0.22) + gloss * 0.3), (WHITE, 0.02), (BLACK, 0.05),
                    (BLACK, 0.24 * shade),
                ],
            )
            if dark:
                x, y = bounds.left() + bounds.width() * 0.36, bounds.top() + bounds.height() * 0.3
                self.glow(path, x, y, max(bounds.width(), bounds.height()) * 0.55, WHITE, 0.11 + gloss * 0.1)
        self.line(path, mix(self.colour, BLACK, 0.5), 0.9, 0.55)

    def fold(self, path: Path, strength: float = 1.0, width: float = 6.0) -> None:
        """A fold of the cloth: a dark valley with a lit ridge beside it."""
        dark = luminance(self.colour) < 70
        self.line(path, BLACK, width, 0.2 * strength * (1.5 if dark else 1), blur=width * 0.45)
        lit = moved(path, -width * 0.75, -width * 0.15)
        self.line(lit, WHITE, width * 0.8, (0.11 if dark else 0.26) * strength, blur=width * 0.42)

    def metallic(self, path: Path, colour: Rgb, turn: bool = False) -> None:
        """Fill a path with polished metal."""
        b = path.getBounds()
        begin, end = ((b.left(), b.top()), (b.right(), b.top() + b.width() * 0.25))
        if turn:
            begin, end = ((b.left(), b.top()), (b.left() + b.height() * 0.25, b.bottom()))
        hi, lo = mix(colour, WHITE, 0.72), mix(colour, BLACK, 0.3)
        self.gradient(
            path, begin, end,
            [(lo, 1), (colour, 1), (hi, 1), (colour, 1), (lo, 1), (mix(colour, WHITE, 0.3), 1), (lo, 1)],
        )
        self.line(path, mix(colour, BLACK, 0.55), 0.8, 0.7)

    def cast(self, x: float, y: float, rx: float, ry: float, strength: float = 0.4) -> None:
        """A contact shadow on the ground."""
        self.fill(oval(x, y, rx, ry), BLACK, strength, blur=max(1.5, ry * 0.7))
