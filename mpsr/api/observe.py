"""Every request is counted and logged: route, status, time and the token's name; no query, no header, no secret."""

from __future__ import annotations

import logging
import time
import uuid
from typing import Any

import orjson
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mpsr.api.metrics import Metrics

log = logging.getLogger("mpsr.api")

#: What is counted for an address that is no route: addresses themselves could be without number.
NO_ROUTE = "none"

#: Methods that are counted by name.
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Observe:
    """Counts and logs what the app inside it answers, and gives every answer an id that the log names too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, count, log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, number, status = time.perf_counter(), uuid.uuid4().hex[:16], 500
        self._metrics.begun()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._said(scope, number, status, time.perf_counter() - begun)

    def _said(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NO_ROUTE)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.answered(route, method, status, seconds)
        line: dict[str, Any] = {
            "time": time.time(),
            "request": number,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(1000 * seconds, 3),
            "token": scope.get("state", {}).get("token"),
        }
        log.log(logging.WARNING if status >= 500 else logging.INFO, "%s", orjson.dumps(line).decode())


def log_lines(level: int = logging.INFO) -> None:
    """Write the log to stderr, a JSON document a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False
