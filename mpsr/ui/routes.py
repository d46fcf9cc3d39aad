"""What the server answers beside the pages: the pictures of the stores, and suggestions while typing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.ui import pictures
from mpsr.ui.opened import opened_snapshot

#: A picture's address names its store's snapshot, so what is behind it never changes.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}

#: Suggestions may be kept for a minute.
FRESH = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}

#: Of a number in an address.
MOST_DIGITS = 12

#: Text beyond this many characters is ignored.
LONGEST = 200

#: Suggestions at most; of them products of exactly the typed name, at first and on request.
SUGGESTED, OF_A_NAME, MOST_OF_A_NAME = 8, 4, 100


def routes(base: str = "") -> list[Route]:
    """The routes below the server's base path, "" for the root."""
    start = f"/{base.strip('/')}".rstrip("/")
    return [
        Route(f"{start}/pictures/{{snapshot}}/{{row}}.jpg", picture, methods=["GET"]),
        Route(f"{start}/suggest/{{snapshot}}", suggest, methods=["GET"]),
    ]


def picture(request: Request) -> Response:
    """The JPEG of a row of a snapshot's catalogue, 404 where there is none; ``3-1.jpg`` is the second picture of row 3.

    Nothing of the address becomes a path: the snapshot is looked up among the stores, row and picture are numbers.
    """
    service = _service(request)
    row, dash, which = request.path_params["row"].partition("-")
    row, number = _number(row), _number(which) if dash else 0
    data = None
    if service is not None and row is not None and number is not None and row < len(service):
        data = service.picture(service.ids[row], number)
    if data is None:
        return Response("no such picture", 404, media_type="text/plain")
    return Response(data, media_type="image/jpeg", headers=FOREVER)


def _number(text: str) -> int | None:
    """A number of an address; None for what is none, or has more digits than any catalogue has rows."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def suggest(request: Request) -> Response:
    """Products for what is being typed (``?q=``), as JSON.

    ``products``: id, name, picture's address, and exact (the id or the whole name was typed); of products that share the
    typed name the first ``OF_A_NAME``. ``more``: how many more have that name; ``&all=1`` gives those too.
    """
    service = _service(request)
    if service is None:
        return JSONResponse({"products": [], "more": 0}, 404)
    typed = request.query_params.get("q", "")[:LONGEST]
    same = service.named(typed)
    first = same[: MOST_OF_A_NAME if request.query_params.get("all") == "1" else OF_A_NAME]
    by_id = [product for product in service.suggest(typed, 1) if product == typed.strip()]
    others = [
        product for product in service.suggest(typed, SUGGESTED + len(same)) if product not in set(same)
    ]
    shown = list(dict.fromkeys([*by_id, *first, *others[: max(SUGGESTED - len(first), 1)]]))
    exact = {*by_id, *same}
    products = [
        {
            "id": product,
            "name": service.name(product) or "no name",
            "picture": pictures.url(service, product),
            "exact": product in exact,
        }
        for product in shown
    ]
    return JSONResponse({"products": products, "more": len(same) - len(first)}, headers=FRESH)


def _service(request: Request) -> Service | None:
    try:
        return opened_snapshot(request.path_params["snapshot"])
    except (StoreError, OSError):  # the page itself says what is wrong with the store
        return None
