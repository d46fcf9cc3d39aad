"""The body of a request is read before it is answered: only so much of it, and only for so long."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mpsr.api.problems import ApiError, problem


class BodyLimit:
    """Reads the body, refuses what is too large or too slow, and hands it on in one piece."""

    def __init__(self, app: ASGIApp, most: int, seconds: float) -> None:
        self._app, self._most, self._seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, then answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(scope, receive)
        except ApiError as error:
            response = problem(error.status, error.detail, scope["path"], {"Connection": "close"})
            await response(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None when who asked has gone."""
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > self._most:
            raise self._too_large(said)
        chunks, size = [], 0
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    chunks.append(message.get("body", b""))
                    size += len(chunks[-1])
                    if size > self._most:
                        raise self._too_large(f"more than {self._most}")
                    if not message.get("more_body", False):
                        return b"".join(chunks)
        except TimeoutError as error:
            raise ApiError(408, f"The body was not sent within {self._seconds:g} seconds.") from error

    def _too_large(self, came: str) -> ApiError:
        return ApiError(413, f"The body has {came} bytes; expected at most {self._most}.")


def _again(body: bytes, receive: Receive) -> Receive:
    """The body in one message, then whatever comes after it."""
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
