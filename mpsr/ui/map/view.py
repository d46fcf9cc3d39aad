"""From the state of the map page to what the component draws."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from mpsr.service import Service
from mpsr.ui.map.data import map_data
from mpsr.ui.map.state import MapState
from mpsr.ui.pictures import base_path, url
from mpsr.ui.text import column as told
from mpsr.ui.text import counted


class ColourData(TypedDict):
    """Where the codes of a column are, and its legend: label, ``#rrggbb`` and count of each code."""

    codes: str
    entries: list[LegendEntry]


class LegendEntry(TypedDict):
    """A line of the legend."""

    label: str
    hex: str
    count: int


class RegionData(TypedDict):
    """A region's label, where it is written in map coordinates, its size, and the address of a typical picture."""

    label: str
    detail: str
    x: float
    y: float
    size: int
    picture: str | None


class MapView(TypedDict):
    """What the component is given on each run of the page.

    Attributes:
        points: address of the coordinates.
        facts: address of the names.
        pictures: address the pictures' addresses begin with.
        colour: of the points.
        regions: to be labelled, by descending size.
        chosen: one bit a product, base64; None when nothing is selected.
        shape: corners of the drawn shape.
        picked: row of the selected product, -1 for none.
        near: rows to mark as neighbours.
        placed: coordinates of something new.
        said: the map in words, for those who do not see it.
    """

    points: str
    facts: str
    pictures: str
    colour: ColourData
    regions: list[RegionData]
    chosen: str | None
    shape: list[list[float]] | None
    picked: int
    near: list[int]
    placed: tuple[float, float] | None
    said: str


def view(
    service: Service,
    state: MapState,
    chosen: npt.NDArray[np.bool_] | None,
    near: Sequence[int],
    placed: tuple[float, float] | None,
) -> MapView:
    """What the component is given.

    Args:
        service: the open store.
        state: of the page.
        chosen: shape (N,), the selection; None when nothing is selected.
        near: rows to mark as neighbours.
        placed: coordinates of something new.
    """
    data, atlas, snapshot = map_data(service), service.atlas, service.snapshot.fingerprint
    base = f"{base_path()}/atlas/{snapshot}"
    colours = data.colouring(state.colour)
    return {
        "points": f"{base}/points.bin",
        "facts": f"{base}/facts.json",
        "pictures": f"{base_path()}/pictures/{snapshot}",
        "colour": {
            "codes": f"{base}/codes-{data.number(state.colour)}.bin",
            "entries": [
                {"label": entry.label, "hex": entry.hex, "count": entry.count} for entry in colours.entries
            ],
        },
        "regions": [
            {
                "label": region.label,
                "detail": region.detail,
                "x": region.x,
                "y": region.y,
                "size": region.size,
                "picture": url(service, service.ids[region.typical]),
            }
            for region in atlas.regions
        ],
        "chosen": None if chosen is None else base64.b64encode(np.packbits(chosen).tobytes()).decode(),
        "shape": [list(corner) for corner in state.shape.corners] if state.shape else None,
        "picked": service.row_of(state.picked) if state.picked else -1,
        "near": list(near),
        "placed": placed,
        "said": said(service, state, chosen),
    }


def said(service: Service, state: MapState, chosen: npt.NDArray[np.bool_] | None) -> str:
    """The map in words, for those who do not see it."""
    atlas = service.atlas
    names = ", ".join(region.label for region in atlas.regions[:5] if region.label)
    text = (
        f"Map of {counted(int(atlas.placed.sum()), 'product')}, coloured by {told(state.colour).lower()}; "
        "similar products are close together. "
        f"{counted(len(atlas.regions), 'region')}{f', the largest: {names}' if names else ''}. "
    )
    if count := int(atlas.added.sum()):
        text += f"{counted(count, 'product')} added since it was laid out, placed beside the most similar. "
    if chosen is not None:
        text += f"{counted(int(chosen.sum()), 'product')} selected. "
    if state.picked:
        text += f"Product shown: {service.name(state.picked) or state.picked}. "
    keys = "Arrow keys move, plus and minus zoom, Enter shows the product in the middle, Escape clears the selection."
    return text + keys
