"""The body of a request: JSON, or a form with the same JSON and picture files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request as HttpRequest

from mpsr.api.problems import ApiError
from mpsr.api.schema import reference
from mpsr.api.settings import MAX_K, MAX_PARTS
from mpsr.errors import InputError
from mpsr.search.request import Request, RequestDocument
from mpsr.types import Query

JSON, FORM = "application/json", "multipart/form-data"

#: Fields of a form that are not files: the request, and the product to explain.
MAX_FIELDS = 2


async def body_of(http: HttpRequest) -> tuple[dict[str, Any], list[bytes]]:
    """The body's document, and the files sent along.

    Raises:
        ApiError: another media type, or no JSON object.
    """
    kind = http.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind == JSON:
        return _object(await http.body(), "the body"), []
    if kind == FORM:
        return await _form(http)
    raise ApiError(415, f"The body is {kind or 'of no media type'}; expected {JSON} or {FORM}.")


async def _form(http: HttpRequest) -> tuple[dict[str, Any], list[bytes]]:
    """The form's ``request`` as JSON, its ``product`` as text, its ``picture`` files."""
    async with http.form(max_files=MAX_PARTS, max_fields=MAX_FIELDS) as form:
        document: dict[str, Any] = {}
        files = []
        for name, value in form.multi_items():
            if name == "picture" and isinstance(value, UploadFile):
                files.append(await value.read())
            elif name == "request" and isinstance(value, str):
                document["request"] = _object(value, "the field request")
            elif name == "product" and isinstance(value, str):
                document["product"] = value
            else:
                raise ApiError(
                    422, f"The form has {name!r}; expected request (JSON), product, and picture files."
                )
        return document, files


def _object(data: bytes | str, what: str) -> dict[str, Any]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ApiError(400, f"{what.capitalize()} is no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise ApiError(422, f"{what.capitalize()} is {_kind(document)}; expected an object.")
    return document


def _kind(value: object) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(value), "no object")


def request_of(document: Mapping[str, Any], files: list[bytes]) -> Request:
    """The library's request; a file that no part names is one more part, with weight 1.

    Raises:
        InputError: it is no request, or asks for more than a server answers.
    """
    document = dict(document)
    parts = document.get("parts")
    if parts is None or isinstance(parts, list):
        named = [part.get("picture") for part in parts or [] if isinstance(part, Mapping)]
        digests = [hashlib.sha256(data).hexdigest() for data in files]
        further = [{"picture": digest} for digest in digests if digest not in named]
        document["parts"] = [*(parts or []), *further]
    return within_limits(Request.from_json(document, files))


def within_limits(request: Request) -> Request:
    """The request itself, when a server answers as much.

    Raises:
        InputError: too many results, or too many parts.
    """
    if request.k > MAX_K:
        raise InputError(f"k is {request.k}; expected at most {MAX_K}.")
    _few(request.query)
    return request


def _few(query: Query) -> None:
    if len(query.parts) > MAX_PARTS:
        raise InputError(f"the query has {len(query.parts)} parts; expected at most {MAX_PARTS}.")


def _documented(wrapped: dict[str, Any], fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """What a route's OpenAPI says of its body: the JSON, or a form of the same with files."""
    pictures = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {**fields, "picture": pictures}, "required": required}
    return {
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": wrapped}, FORM: {"schema": form}},
        }
    }


_REQUEST = reference(RequestDocument)
_PRODUCT = {"type": "string", "description": "Id of the result to explain; any product will do."}

#: The bodies of search and explain, for their routes.
SEARCH_BODY = _documented(_REQUEST, {"request": _REQUEST}, [])
EXPLAIN_BODY = _documented(
    {
        "type": "object",
        "properties": {"request": _REQUEST, "product": _PRODUCT},
        "required": ["request", "product"],
    },
    {"request": _REQUEST, "product": _PRODUCT},
    ["product"],
)
