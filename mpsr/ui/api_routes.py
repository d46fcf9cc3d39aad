"""The HTTP API below the app's own address: ``/api/v1``, about the newest store, as ``mpsr serve`` answers it."""

from __future__ import annotations

import importlib.util
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.shop.live_rules import LiveRules
from mpsr.store import known_stores
from mpsr.ui.opened import opened
from mpsr.ui.rules.live import RULES

if TYPE_CHECKING:
    from mpsr.api.settings import ApiSettings

#: What the API is made of beyond what the app needs.
EXTRA = ("fastapi", "prometheus_client", "multipart")


class ApiRoute(BaseRoute):
    """Everything below one path is answered by the API. A new build of the store is a new API."""

    def __init__(self, start: str = "") -> None:
        """The API of the newest store.

        Args:
            start: "" or the server's base path with a slash before it.
        """
        self.prefix = f"{start}/api/v1"
        self._lock = threading.Lock()
        self._made: tuple[str, ASGIApp] | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is asked."""
        path = scope.get("path", "")
        asked = scope["type"] == "http" and (path == self.prefix or path.startswith(f"{self.prefix}/"))
        return (Match.FULL if asked else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what cannot be answered is said in one line."""
        if any(importlib.util.find_spec(name) is None for name in EXTRA):
            said: ASGIApp = PlainTextResponse("this needs the extra api: pip install 'mpsr[api]'\n", 501)
            await said(scope, receive, send)
            return
        try:
            app = await run_in_threadpool(self._app)
        except (StoreError, OSError, IndexError):  # the page itself says what is wrong with the store
            app = PlainTextResponse("there is no store to ask\n", 503)
        await app(scope, receive, send)

    def _app(self) -> ASGIApp:
        """The API of the newest store's published build."""
        service = opened(known_stores()[0])
        key = f"{service.snapshot.fingerprint} {os.environ.get(RULES, '')}"
        with self._lock:
            if self._made is None or self._made[0] != key:
                self._made = key, self._new(service)
            return self._made[1]

    def _new(self, service: Service) -> ASGIApp:
        from mpsr.api.app import create_app

        told = os.environ.get(RULES)
        rules = LiveRules(service, Path(told), strict=False) if told else None
        return create_app(service, _settings(), self.prefix, rules)


def _settings() -> ApiSettings:
    """Tokens of ``MPSR_TOKENS``; without any, only names of this machine are answered."""
    from mpsr.api.settings import ApiSettings
    from mpsr.api.tokens import read_tokens

    told = os.environ.get("MPSR_TOKENS")
    return ApiSettings(tokens=read_tokens(Path(told)), hosts=None) if told else ApiSettings()
