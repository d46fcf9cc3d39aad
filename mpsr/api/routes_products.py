"""Routes about one product: itself, its similar products, its picture."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from mpsr.api.answers import answer_to
from mpsr.api.bodies import within_limits
from mpsr.api.models import Answer, Product
from mpsr.api.problems import ApiError
from mpsr.api.served import Served, ServedHere
from mpsr.api.settings import MAX_K
from mpsr.catalogue.types import ID, INTERNAL, NAME
from mpsr.errors import InputError
from mpsr.search.request import Request, weights_of

router = APIRouter(tags=["products"])

#: Ids stay encoded in the path until here (``mpsr.api.paths``), so that a slash in one is no separator.
ProductId = Annotated[
    str, Path(description="The product's id, percent-encoded: a%2Fb for a/b.", min_length=1)
]
WhereParameter = Annotated[
    list[str] | None,
    Query(description="Filter COLUMN=VALUE; repeat for more columns, or more values of one."),
]

#: How long a picture may be kept before it is asked about again.
PICTURE_HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
_FILE = {"schema": {"type": "string", "format": "binary"}}
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": _FILE}}}


@router.get("/products/{product:path}/similar")
async def similar(
    here: ServedHere,
    product: ProductId,
    k: Annotated[int, Query(ge=1, le=MAX_K, description="How many results.")] = Request.k,
    space: Annotated[str | None, Query(description="Name of a space; the store's first by default.")] = None,
    weights: Annotated[str, Query(description="How much text and image count.")] = "text=0.5,image=0.5",
    where: WhereParameter = None,
    hide_variants: Annotated[
        bool, Query(description="One product of those with the same name or picture.")
    ] = False,
    diversity: Annotated[
        float, Query(ge=0, le=1, description="From 0, most similar, to 1, most diverse.")
    ] = 0.0,
    rules: Annotated[bool, Query(description="Whether the merchandiser's rules count.")] = True,
    clicks: Annotated[bool, Query(description="Whether what was learned from clicks counts.")] = True,
    session: Annotated[
        str, Query(max_length=128, description="Where rankings are interleaved, a session sees one list.")
    ] = "",
) -> Answer:
    """The products most similar to a product. POST search takes the whole request."""
    known = here.known(unquote(product))
    given = weights_of(weights)
    document = {
        "parts": [{"product": known}],
        "k": k,
        "space": space,
        "weights": {"text": given.text, "image": given.image},
        "where": where_of(where),
        "hide_variants": hide_variants,
        "diversity": diversity,
        "rules": rules,
        "clicks": clicks,
    }
    return await answer_to(here, within_limits(Request.from_json(document)), session)


@router.get("/products/{product:path}")
async def product(here: ServedHere, product: ProductId) -> Product:
    """Every column of a product."""
    return await here.run(_product, here, here.known(unquote(product)))


@router.get("/pictures/{product:path}", response_class=Response, responses=JPEG)
async def picture(
    here: ServedHere,
    product: ProductId,
    number: Annotated[int, Query(ge=0, description="Which of its pictures; 0 is the first.")] = 0,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A product's picture as JPEG. It comes from the store; nothing of the address becomes a path."""
    known = here.known(unquote(product))
    tag = f'"{here.snapshot[:16]}-{here.service.row_of(known)}-{number}"'
    headers = {**PICTURE_HEADERS, "ETag": tag}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    data = await here.run(here.service.picture, known, number)
    if data is None:
        raise ApiError(404, f"The product {known!r} has no {f'picture {number}' if number else 'picture'}.")
    return Response(data, media_type="image/jpeg", headers=headers)


def where_of(texts: list[str] | None) -> dict[str, Any]:
    """Column → accepted values, from ``COLUMN=VALUE`` texts.

    Raises:
        InputError: one is written otherwise.
    """
    where: dict[str, list[str]] = {}
    for text in texts or []:
        column, equals, value = text.partition("=")
        if not (column and equals and value):
            raise InputError(f"where is {text!r}; expected COLUMN=VALUE, for example gender=Men.")
        where.setdefault(column, []).append(value)
    return where


def _product(here: Served, product: str) -> Product:
    return Product(
        id=product,
        name=here.service.name(product),
        picture=here.picture_link(product),
        pictures=here.picture_links(product),
        attributes={
            name: value
            for name, value in here.service.product(product).items()
            if name not in (ID, NAME, *INTERNAL)
        },
        snapshot=here.snapshot,
    )
