"""What the map fetches by address: points, colours and names, each once and then kept by the browser."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mpsr.errors import InputError
from mpsr.ui.map.data import MapData, map_data
from mpsr.ui.opened import opened_snapshot
from mpsr.ui.routes import FOREVER

BYTES, JSON = "application/octet-stream", "application/json"


def map_routes(start: str) -> list[Route]:
    """The map's routes; ``start`` is "" or the server's base path with a slash before it."""
    return [
        Route(f"{start}/atlas/{{snapshot}}/points.bin", points, methods=["GET"]),
        Route(f"{start}/atlas/{{snapshot}}/codes-{{column:int}}.bin", codes, methods=["GET"]),
        Route(f"{start}/atlas/{{snapshot}}/facts.json", facts, methods=["GET"]),
    ]


def points(request: Request) -> Response:
    """Coordinates of all products."""
    return _answer(request, MapData.points, BYTES)


def codes(request: Request) -> Response:
    """Colours of a column, by its number."""
    return _answer(request, lambda data: data.codes(int(request.path_params["column"])), BYTES)


def facts(request: Request) -> Response:
    """Names, and which products have no picture."""
    return _answer(request, MapData.facts, JSON)


def _answer(request: Request, read: Callable[[MapData], bytes], kind: str) -> Response:
    try:
        service = opened_snapshot(request.path_params["snapshot"])
        if service is not None:
            return Response(read(map_data(service)), media_type=kind, headers=FOREVER)
    except (InputError, OSError):  # the page itself says what is wrong with the store
        pass
    return Response("no such map", 404, media_type="text/plain")
