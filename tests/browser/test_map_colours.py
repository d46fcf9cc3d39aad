"""The map's component alone, with as many points as a real catalogue: colours are counted in its pixels."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mpsr.ui.map.component as component

#: Points of the public catalogue.
COUNT = 44_446

NAMES = [f"x{row}" for row in range(COUNT)]

#: The legend: what needs an outline on a light ground, on a dark one, and on none.
ENTRIES = [("White", "#ffffff"), ("Black", "#1b1b1b"), ("2016 – 2019", "#fde725"), ("Blue", "#2f5fb3")]
GROUNDS = {"light": "#ffffff", "dark": "#16130f"}

PAGE = """<!doctype html><style>%(css)s body { margin: 0; background: %(ground)s; }
  #host { width: 900px; --st-background-color: %(ground)s; --st-text-color: #888888; --st-primary-color: #b4532a; }
  #host .stage { height: 700px; }</style><div id="host">%(html)s</div>
<script type="module">
  import draw from "/map.js";
  if (%(plain)s) {
    const own = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind === "webgl" ? null : own.call(this, kind, ...more);
    };
  }
  window.sent = [];
  draw({ parentElement: document.querySelector("#host"), data: %(data)s,
    setTriggerValue: (name, value) => window.sent.push(value) });
</script>"""


def points() -> tuple[np.ndarray, np.ndarray]:
    """Coordinates, shape (COUNT, 2), and the legend entry of each: one cluster an entry."""
    random = np.random.default_rng(0)
    codes = np.arange(COUNT) % len(ENTRIES)
    middles = np.array([[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]])
    xy = middles[codes] + random.uniform(-0.4, 0.4, (COUNT, 2))
    return xy.astype("<f4"), codes.astype("<u2")


@pytest.fixture
def shown(chromium) -> Iterator[Callable[..., object]]:
    """Opens the component in a page of its own: ``shown("dark", plain=True)``."""
    context = chromium.new_context(viewport={"width": 900, "height": 900})
    folder = Path(component.__file__).parent
    xy, codes = points()

    def at(scheme: str, plain: bool = False, ready: str = '.map[data-names="ready"]'):
        data = {
            "points": "/points.bin", "facts": "/facts.json", "pictures": "/pictures", "regions": [], "chosen": None,
            "colour": {"codes": "/codes.bin", "entries": [
                {"label": label, "hex": colour, "count": COUNT // len(ENTRIES)} for label, colour in ENTRIES
            ]},
            "shape": None, "picked": -1, "near": [], "placed": None, "said": "a map",
        }  # fmt: skip
        html = PAGE % {
            "css": (folder / "map.css").read_text(), "html": (folder / "map.html").read_text(),
            "ground": GROUNDS[scheme], "plain": json.dumps(plain), "data": json.dumps(data),
        }  # fmt: skip
        answers = {
            "/": ("text/html", html.encode()),
            "/map.js": ("text/javascript", (folder / "map.js").read_bytes()),
            "/points.bin": ("application/octet-stream", xy.tobytes()),
            "/codes.bin": ("application/octet-stream", codes.tobytes()),
            "/facts.json": ("application/json", json.dumps(
                {"names": NAMES, "unpictured": list(range(COUNT)), "added": []}
            )),
        }  # fmt: skip

        def answer(route) -> None:
            kind, body = answers.get(
                route.request.url.removeprefix("http://map.example"), ("text/plain", b"")
            )
            route.fulfill(content_type=kind, body=body)

        page = context.new_page()
        page.route("http://map.example/**", answer)
        page.goto("http://map.example/")
        page.wait_for_selector(ready)
        page.wait_for_timeout(300)
        return page

    yield at
    context.close()


def counts(page) -> dict[str, int]:
    """Pixels of the map by the colour they have, where it is within 6 of an entry's in every channel."""
    shot = Image.open(io.BytesIO(page.locator(".stage").screenshot())).convert("RGB")
    pixels = np.asarray(shot).astype(int)
    half = np.array(pixels.shape[:2]) // 2
    quarters = {
        "White": pixels[: half[0], : half[1]], "Black": pixels[: half[0], half[1] :],
        "2016 – 2019": pixels[half[0] :, : half[1]], "Blue": pixels[half[0] :, half[1] :],
    }  # fmt: skip
    rgb = {label: [int(colour[at : at + 2], 16) for at in (1, 3, 5)] for label, colour in ENTRIES}
    return {
        label: int((np.abs(quarter - rgb[label]).max(axis=2) <= 6).sum())
        for label, quarter in quarters.items()
    }


@pytest.mark.parametrize("plain", [False, True], ids=["webgl", "canvas"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_legend_is_on_the_map(shown, scheme: str, plain: bool) -> None:
    """A rim that sets a colour off from its ground never takes the place of the colour."""
    found = counts(shown(scheme, plain))
    plain_blue = found.pop("Blue")  # needs no rim on either ground
    assert plain_blue > 40_000
    ground = "White" if scheme == "light" else None  # counted with the ground, which has the same colour
    for label, count in found.items():
        if label != ground:
            assert count > 0.8 * plain_blue, (label, found, plain_blue)


def test_a_colour_like_its_ground_has_a_rim_around_it(shown) -> None:
    """White on white: the cluster's points are white, and a thin rim says where they are."""
    page = shown("light")
    shot = Image.open(io.BytesIO(page.locator(".stage").screenshot())).convert("RGB")
    quarter = np.asarray(shot).astype(int)[: shot.height // 2, : shot.width // 2]
    marked = (np.abs(quarter - 255).max(axis=2) > 40).mean()
    assert 0.002 < marked < 0.25


def test_the_hover_tip_goes_with_its_point(shown) -> None:
    """The wheel moves the points under a still pointer: the tip is always about what is there now, or gone."""
    page = shown("light")
    box = page.locator(".stage").bounding_box()
    xy = points()[0].astype(float)
    page.mouse.move(box["x"] + 250, box["y"] + 200)
    told = []
    for _ in range(14):
        page.mouse.wheel(0, -240)
        page.wait_for_timeout(120)
        view = page.locator(".stage").evaluate("s => ({...s.dataset, w: s.clientWidth, h: s.clientHeight})")
        x, y, scale = (float(view[name]) for name in ("x", "y", "scale"))
        pixels = np.column_stack(
            [view["w"] / 2 + (xy[:, 0] - x) * scale, view["h"] / 2 - (xy[:, 1] - y) * scale]
        )
        away = np.hypot(*(pixels - (250 - 1, 200 - 1)).T)  # the stage has a border of one pixel
        nearest = int(away.argmin())
        tip = page.locator(".tip p").text_content() if page.locator(".tip").is_visible() else None
        if abs(away[nearest] - 9) > 0.5:
            assert tip == (f"x{nearest}" if away[nearest] < 9 else None)
        told.append(tip)
    assert None in told
    assert any(told)
