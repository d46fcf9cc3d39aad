"""What a visitor does on the map, and the state after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from mpsr.atlas import Shape
from mpsr.service import Service
from mpsr.ui.map.state import MapState


class MapEvent(TypedDict, total=False):
    """What the map reports: exactly one of these.

    Attributes:
        pick: row of the product that was clicked.
        shape: corners (x, y) of a drawn shape, map coordinates.
        region: number of the region that was clicked.
        clear: selection and product are to be cleared.
    """

    pick: int
    shape: Sequence[Sequence[float]]
    region: int
    clear: bool


def after(event: MapEvent, service: Service, state: MapState) -> MapState:
    """The state after an event.

    Raises:
        InputError: the event names a region or a shape that cannot be.
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
