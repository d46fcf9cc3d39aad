"""Ids in paths: the server decodes a path before it is routed, and a slash in an id would become a separator."""

from __future__ import annotations

from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send


class EncodedPath:
    """Routes by the path as it was sent; what reads an id of it decodes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the path as sent in place of the decoded one."""
        if scope["type"] == "http":
            raw = scope.get("raw_path") or quote(scope["path"]).encode()
            scope["path"] = raw.decode("ascii", "replace")
        await self._app(scope, receive, send)
