"""Routes that ask about many products: search, explain, facets, suggest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest

from mpsr.api.answers import answer_to, explanation_of
from mpsr.api.bodies import EXPLAIN_BODY, FORM, SEARCH_BODY, body_of, request_of
from mpsr.api.models import Answer, Explanation, Facets, Range, Suggestion, Suggestions
from mpsr.api.problems import ApiError
from mpsr.api.routes_products import WhereParameter, where_of
from mpsr.api.served import Served, ServedHere

router = APIRouter(tags=["search"])

#: Text beyond this many characters is ignored while somebody types, and at most so many products are suggested.
LONGEST, MOST = 200, 50


@router.post("/search", openapi_extra=SEARCH_BODY)
async def search(here: ServedHere, http: HttpRequest) -> Answer:
    """The products most similar to a query of products, words and pictures.

    Send the request as JSON. With pictures, send a form: the same JSON in the field request, the files as picture.
    """
    document, files = await body_of(http)
    if _is_form(http):
        document = document.get("request", {})
    return await answer_to(here, request_of(document, files))


@router.post("/explain", openapi_extra=EXPLAIN_BODY)
async def explain(here: ServedHere, http: HttpRequest) -> Explanation:
    """Why a product is similar to a query: shares, attributes, words, and where in the pictures."""
    document, files = await body_of(http)
    if unknown := sorted(set(document) - {"request", "product"}):
        raise ApiError(422, f"The body has {unknown[0]!r}; expected request and product.")
    product, asked = document.get("product"), document.get("request", {})
    if not isinstance(product, str) or not isinstance(asked, dict):
        raise ApiError(422, "Expected request, an object, and product, the id of the result to explain.")
    return await explanation_of(here, request_of(asked, files), product)


@router.get("/facets")
async def facets(here: ServedHere, where: WhereParameter = None) -> Facets:
    """For each column worth filtering on: value → products that have it and pass all other filters; ranges of numbers."""
    return await here.run(_facets, here, where_of(where))


@router.get("/suggest")
async def suggest(
    here: ServedHere,
    q: Annotated[str, Query(description="What was typed: the beginning of an id, or of words of a name.")],
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many products at most.")] = 8,
) -> Suggestions:
    """Products for what is being typed."""
    return await here.run(_suggestions, here, q[:LONGEST], limit)


def _facets(here: Served, where: dict[str, list[str]]) -> Facets:
    ranges = {name: Range(**asdict(one)) for name, one in here.service.ranges(where).items()}
    return Facets(snapshot=here.snapshot, where=where, facets=here.service.counts(where), ranges=ranges)


def _suggestions(here: Served, typed: str, limit: int) -> Suggestions:
    return Suggestions(
        snapshot=here.snapshot,
        suggestions=[
            Suggestion(
                id=product,
                name=here.service.name(product),
                picture=here.picture_link(product),
                exact=product == typed.strip(),
            )
            for product in here.service.suggest(typed, limit)
        ],
    )


def _is_form(http: HttpRequest) -> bool:
    return http.headers.get("content-type", "").lower().startswith(FORM)
