"""Errors as RFC 9457 problem documents: one form for all of them, whoever raises them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mpsr.errors import InputError, MPSRError, StoreError, WeightsNotFoundError

log = logging.getLogger("mpsr.api")

PROBLEM_JSON = "application/problem+json"

#: Kinds of problems, for programs: the last part of the URN in ``type``.
KINDS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "body-too-large",
    415: "unsupported-media-type",
    421: "unknown-host",
    422: "invalid-request",
    429: "too-many-requests",
    500: "internal-error",
    503: "unavailable",
    504: "timeout",
}

NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class ApiError(Exception):
    """A request that is not answered, with its status and what to say about it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem(
    status: int, detail: str, path: str, headers: Mapping[str, str] | None = None, **further: Any
) -> Response:
    """The problem document as a response."""
    document = {
        "type": f"urn:mpsr:problem:{KINDS.get(status, 'other')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": path,
        **further,
    }
    return Response(
        orjson.dumps(document), status, headers={**NO_STORE, **(headers or {})}, media_type=PROBLEM_JSON
    )


def say_problems(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(ApiError, _of_api_error)
    app.add_exception_handler(MPSRError, _of_own_error)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http_exception)
    app.add_exception_handler(Exception, _of_anything)


# Starlette types every handler as one of any Exception; each gets only the kind it was added for.


def _of_api_error(request: Request, error: Any) -> Response:
    return problem(error.status, error.detail, request.url.path, error.headers)


def _of_own_error(request: Request, error: Exception) -> Response:
    """What the request cannot have is its own fault; what the store or its models lack is the server's.

    Messages about the latter name files of the server, so they go to its log.
    """
    if isinstance(error, InputError) and not isinstance(error, StoreError | WeightsNotFoundError):
        return problem(422, str(error), request.url.path)
    log.error("%s", error)
    detail = "The store or its models lack what this request needs; the server's log says what."
    return problem(503, detail, request.url.path)


def _of_validation(request: Request, error: Any) -> Response:
    errors = [{"where": ".".join(map(str, one["loc"])), "detail": one["msg"]} for one in error.errors()]
    detail = "; ".join(f"{one['where']}: {one['detail']}" for one in errors)
    return problem(422, detail, request.url.path, errors=errors)


def _of_http_exception(request: Request, error: Any) -> Response:
    said = {404: "There is no such route.", 405: "This route has no such method."}
    detail = said.get(error.status_code) or str(error.detail)
    return problem(error.status_code, detail, request.url.path, error.headers)


def _of_anything(request: Request, error: Exception) -> Response:
    """Nothing of the error itself: it may name files of the server."""
    return problem(500, "The server failed to answer; its log says why.", request.url.path)
