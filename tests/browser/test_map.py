"""The map in a real browser: what is drawn around or clicked is exactly what is there, and text is text."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from matplotlib.path import Path as Polygon

from mpsr.atlas.regions import RegionSettings
from mpsr.csvsafe import from_csv
from mpsr.progress import silent
from mpsr.service import Service, open_service
from mpsr.stages.maker import Maker
from mpsr.stages.regions import find_regions
from mpsr.store import Store
from tests.conftest import picture_bytes


@pytest.fixture(scope="module")
def drawn(shown_stores: Path) -> Service:
    return open_service(shown_stores / "drawn")


class Map:
    """The map as a visitor sees it."""

    def __init__(self, visitor, **address: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        visitor.open("/map", **address)
        self.loaded()

    def loaded(self) -> Map:
        self.page.wait_for_selector('.map[data-names="ready"]', timeout=60_000)
        self.visitor.settled()
        return self

    @property
    def stage(self):
        return self.page.locator(".map .stage")

    @property
    def view(self) -> dict[str, float]:
        told = self.stage.evaluate("stage => ({...stage.dataset})")
        return {name: float(told[name]) for name in ("x", "y", "scale")}

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Where map coordinates are in the window, shape (n, 2)."""
        self.stage.scroll_into_view_if_needed()
        box = self.stage.evaluate(
            "s => { const b = s.getBoundingClientRect();"
            " return [b.x + s.clientLeft, b.y + s.clientTop, s.clientWidth, s.clientHeight]; }"
        )
        view = self.view
        x = box[0] + box[2] / 2 + (points[:, 0] - view["x"]) * view["scale"]
        y = box[1] + box[3] / 2 - (points[:, 1] - view["y"]) * view["scale"]
        return np.column_stack([x, y])

    def tool(self, name: str) -> None:
        self.page.locator(".tools").get_by_role("button", name=name, exact=True).click()

    def drag(self, corners: np.ndarray) -> None:
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for corner in corners[1:]:
            self.page.mouse.move(*corner, steps=4)
        self.page.mouse.up()

    def shape(self) -> np.ndarray:
        """The corners in the address."""
        text = parse_qs(self.visitor.page.evaluate("location.search.slice(1)"))["shape"][0]
        return np.array([[float(value) for value in corner.split(",")] for corner in text.split(";")])

    def selected(self) -> set[str]:
        """Ids of the selection, as the CSV has them."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name="Download CSV").click()
        return set(from_csv(Path(waiting.value.path()).read_bytes())["id"])

    def heading(self, text: str) -> None:
        self.page.get_by_role("heading", name=text, exact=True).wait_for(timeout=30_000)


def circle(middle: np.ndarray, radius: float, corners: int = 14) -> np.ndarray:
    turns = np.linspace(0, 2 * math.pi, corners)
    return middle + radius * np.column_stack([np.cos(turns), np.sin(turns)])


def test_a_lasso_selects_exactly_the_products_inside(visitor, drawn):
    shown = Map(visitor)
    coordinates = drawn.atlas.coordinates.astype(float)
    shown.tool("Lasso")
    middle = shown.pixels(np.median(coordinates, axis=0)[None])[0]
    around = circle(middle, 150)
    where = shown.pixels(coordinates)
    shown.drag(around)
    visitor.address_has("shape=")
    inside = Polygon(shown.shape()).contains_points(coordinates)
    assert 5 < inside.sum() < len(drawn)
    shown.heading(f"{inside.sum()} products selected")
    assert shown.selected() == {drawn.ids[row] for row in np.flatnonzero(inside)}
    # The shape in the address is the shape that was drawn: only points within two pixels of the line may differ.
    reach = np.linalg.norm(where - middle, axis=1)
    assert inside[reach < 150 * math.cos(math.pi / 13) - 2].all()
    assert not inside[reach > 152].any()


def test_a_box_selects_exactly_the_products_inside(visitor, drawn):
    shown = Map(visitor)
    coordinates = drawn.atlas.coordinates.astype(float)
    low, high = np.quantile(coordinates, 0.2, axis=0), np.quantile(coordinates, 0.8, axis=0)
    shown.tool("Box")
    shown.drag(shown.pixels(np.array([low, high])))
    visitor.address_has("shape=")
    (left, bottom), (right, top) = shown.shape().min(0), shown.shape().max(0)
    np.testing.assert_allclose([left, bottom, right, top], [*low, *high], atol=1.5 / shown.view["scale"])
    x, y = coordinates.T
    inside = (x > left) & (x < right) & (y > bottom) & (y < top)
    assert shown.selected() == {drawn.ids[row] for row in np.flatnonzero(inside)}


def test_a_click_picks_the_product_under_it(visitor, drawn):
    shown = Map(visitor)
    coordinates = drawn.atlas.coordinates.astype(float)
    apart = np.linalg.norm(coordinates[:, None] - coordinates[None], axis=2) + 9 * np.eye(len(coordinates))
    labels = [region.typical for region in drawn.atlas.regions]
    lonely = next(
        row for row in np.argsort(-apart.min(1)) if row not in labels and pressable(shown, coordinates[row])
    )
    shown.page.mouse.move(*shown.pixels(coordinates[[lonely]])[0])
    tip = shown.page.locator(".tip")
    tip.wait_for(state="visible")
    assert tip.inner_text().strip() == drawn.name(drawn.ids[lonely])
    image = tip.locator("img")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 20
    shown.page.mouse.click(*shown.pixels(coordinates[[lonely]])[0])
    visitor.address_has(f"id={drawn.ids[lonely]}")
    names = [name for name in visitor.texts(".mpsr-name") if name == drawn.name(drawn.ids[lonely])]
    assert names
    nearest = [item.name for item in drawn.similar(drawn.ids[lonely], k=8).neighbours]
    for name in nearest:
        assert shown.page.get_by_role("button", name=name, exact=True).count()


def pressable(shown: Map, point: np.ndarray) -> bool:
    """Whether no label lies over the point."""
    x, y = shown.pixels(point[None])[0]
    found = shown.stage.evaluate(
        "(stage, [x, y]) => stage.getRootNode().elementFromPoint(x, y)?.closest('button') === null", [x, y]
    )
    return bool(found)


def test_a_selection_throws_no_view_away_and_back_undoes_it(visitor):
    shown = Map(visitor)
    shown.tool("Zoom in")
    shown.stage.focus()
    shown.page.keyboard.press("ArrowLeft")
    shown.stage.evaluate("stage => { stage.kept = true; }")
    before = shown.view
    shown.tool("Box")
    box = shown.stage.bounding_box()
    corner = np.array([box["x"] + 100, box["y"] + 100])
    shown.drag(np.array([corner, corner + 250]))
    visitor.address_has("shape=")
    visitor.settled()
    assert shown.view == before
    assert shown.stage.evaluate("stage => stage.kept")
    shown.page.go_back()
    visitor.until("() => !location.search.includes('shape=')")
    shown.page.get_by_role("heading", name="products selected").wait_for(state="detached")
    assert shown.view == before


def test_a_placed_photo_outlives_a_reload(visitor):
    shown = Map(visitor)
    shown.page.get_by_text("Place a photo or text").click()
    out = picture_bytes((200, 30, 30), size=(60, 80))
    shown.page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out}
    )
    placed = shown.page.get_by_text("The star marks your photo")
    placed.wait_for(timeout=60_000)
    visitor.address_has("photo=")
    shown.page.reload()
    shown.loaded()
    placed.wait_for(timeout=60_000)


def test_a_link_brings_the_selection_back(visitor, drawn):
    shown = Map(visitor, shape="-2,-2;0,-2;0,2;-2,2", colour="baseColour", id=drawn.ids[0])
    left = drawn.atlas.coordinates[:, 0] < 0
    shown.heading(f"{left.sum()} products selected")
    assert drawn.name(drawn.ids[0]) in visitor.texts(".mpsr-name")
    assert "White" in shown.page.locator(".legend").inner_text()
    assert (
        shown.page.get_by_role("link", name="Find similar").count() + visitor.page.locator("header").count()
    )


def test_labels_are_buttons_that_select_their_region(visitor, drawn):
    shown = Map(visitor)
    labels = shown.page.locator(".labels button")
    assert 3 <= labels.count() <= 28
    boxes = [labels.nth(place).bounding_box() for place in range(labels.count())]
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert (
                one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
                or one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]
            )  # fmt: skip
    labels.first.focus()
    shown.page.keyboard.press("Enter")
    visitor.address_has("region=0")
    shown.heading(f"{drawn.atlas.regions[0].size} products selected")
    picture = labels.first.locator("img")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 20


def test_without_a_mouse_the_middle_product_is_picked(visitor, drawn):
    shown = Map(visitor)
    shown.stage.focus()
    coordinates = drawn.atlas.coordinates.astype(float)
    for _ in range(40):
        view = shown.view
        away = (coordinates - [view["x"], view["y"]]) * view["scale"]
        nearest = np.linalg.norm(away, axis=1).argmin()
        dx, dy = away[nearest]
        if math.hypot(dx, dy) < 43:
            break
        across = abs(dx) > abs(dy)
        keys = ("ArrowRight", "ArrowLeft") if across else ("ArrowUp", "ArrowDown")
        shown.page.keyboard.press(keys[int((dx if across else dy) < 0)])
        shown.page.wait_for_timeout(60)
    shown.page.keyboard.press("Enter")
    visitor.address_has(f"id={drawn.ids[nearest]}")
    assert "120 products" in shown.stage.get_attribute("aria-label")


@pytest.fixture(scope="module")
def labelled(shown_stores: Path) -> Iterator[str]:
    """A store of hostile products whose regions are named even where a name is rare; never the newest store."""
    root = Path(shutil.copytree(shown_stores / "attack", shown_stores / "labelled"))
    store = Store(root)
    before = store.current()
    settings = RegionSettings(support=0.05, fewest=2, columns=("articleType",))
    made = find_regions(
        Maker(store, silent),
        store.open_object("catalogue", before.stages["catalogue"]),
        store.open_object("atlas", before.stages["atlas"]),
        settings,
    )
    store.publish({**before.stages, "regions": made.manifest["fingerprint"]}, before.facts)
    os.utime(root / "current", (0, 0))
    yield "labelled"
    shutil.rmtree(root)


def test_text_of_a_catalogue_is_text_in_hover_labels_and_legend(visitor, shown_stores, labelled):
    hostile = open_service(shown_stores / labelled)
    shown = Map(visitor, store=labelled)
    coordinates = hostile.atlas.coordinates.astype(float)
    for row, (x, y) in enumerate(shown.pixels(coordinates)):
        if not pressable(shown, coordinates[row]):
            continue
        shown.page.mouse.move(x, y)
        tip = shown.page.locator(".tip")
        tip.wait_for(state="visible")
        assert tip.locator("p").text_content() in {hostile.name(product) for product in hostile.ids}
        assert tip.locator("p *").count() == 0
    labels = shown.page.locator(".labels .text")
    assert labels.count()
    told = {region.label for region in hostile.atlas.regions}
    for text in labels.all_text_contents():
        assert any(text.startswith(label) for label in told)
    assert shown.page.locator(".legend span *, .labels .text *").count() == 0
    Map(visitor, store=labelled, shape="-2,-2;2,-2;2,2;-2,2", id=hostile.ids[0]).heading(
        f"{len(hostile)} products selected"
    )


def test_a_lasso_on_the_plain_chart_selects_too(visitor, drawn):
    visitor.open("/map", plain="1")
    plot = visitor.page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for(timeout=60_000)
    box = plot.bounding_box()
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    corners = circle(middle, 180)
    visitor.page.mouse.move(*corners[0])
    visitor.page.mouse.down()
    for corner in corners[1:]:
        visitor.page.mouse.move(*corner, steps=3)
    visitor.page.mouse.up()
    visitor.address_has("shape=")
    text = parse_qs(visitor.page.evaluate("location.search.slice(1)"))["shape"][0]
    shape = np.array([[float(value) for value in corner.split(",")] for corner in text.split(";")])
    inside = Polygon(shape).contains_points(drawn.atlas.coordinates)
    assert inside.any()
    visitor.page.get_by_role("heading", name=f"{inside.sum()} products selected", exact=True).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(another, scheme, drawn):
    visitor = another(width=400, color_scheme=scheme)
    shown = Map(visitor, shape="-2,-2;2,-2;2,2;-2,2", id=drawn.ids[3])
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = shown.stage.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400
