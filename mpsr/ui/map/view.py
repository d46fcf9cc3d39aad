"""From the state of the map page to what the component draws, and from its events to the next state."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.atlas import Shape
from mpsr.service import Service
from mpsr.ui.map.data import map_data
from mpsr.ui.map.state import MapState
from mpsr.ui.pictures import base_path, url
from mpsr.ui.text import column as told


def view(
    service: Service,
    state: MapState,
    chosen: npt.NDArray[np.bool_] | None,
    near: Sequence[int],
    placed: tuple[float, float] | None,
) -> dict[str, Any]:
    """What the component is given.

    Args:
        service: the open store.
        state: of the page.
        chosen: shape (N,), the selection; None when nothing is selected.
        near: rows to mark as neighbours.
        placed: where something new belongs.
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
        f"Map of {int(atlas.placed.sum()):,} products, coloured by {told(state.colour).lower()}; "
        "similar products lie together. "
        f"{len(atlas.regions)} regions{f', the largest: {names}' if names else ''}. "
    )
    if chosen is not None:
        text += f"{int(chosen.sum()):,} products are selected. "
    if state.picked:
        text += f"Picked: {service.name(state.picked) or state.picked}. "
    return (
        text + "Arrow keys move, plus and minus zoom, Enter picks the product in the middle, Escape lets go."
    )


def after(event: dict[str, Any], service: Service, state: MapState) -> MapState:
    """The state after what the visitor did on the map.

    Raises:
        InputError: the event names a row, a region or a shape that cannot be.
    """
    if "pick" in event:
        return state.but(picked=service.ids[int(event["pick"])], page=state.page)
    if "shape" in event:
        corners = tuple((float(x), float(y)) for x, y in event["shape"])
        return state.but(shape=Shape(corners), region=None)
    if "region" in event:
        service.atlas.region(int(event["region"]))
        return state.but(region=int(event["region"]), shape=None)
    return state.but(shape=None, region=None, picked="")
