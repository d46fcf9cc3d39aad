"""What a request has to pass before it is read: host, token, rate, and how much is under way."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mpsr.api.problems import ApiError, problem
from mpsr.api.rate import Rate
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import Scope as TokenScope
from mpsr.api.tokens import Token, token_of

SCHEME = "bearer"


class Gate:
    """Lets through what may be answered; everything else gets a problem document."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        open_paths: frozenset[str],
        write_paths: frozenset[str] = frozenset(),
    ) -> None:
        """A gate before ``app``.

        Args:
            app: what answers.
            settings: what is allowed.
            open_paths: paths that need no token.
            write_paths: paths that need a token with the scope write, and so does what is below them; all others need
                read.
        """
        self._app, self._settings = app, settings
        self._open, self._write = open_paths, write_paths
        self._rate = Rate(settings.rate) if settings.rate else None
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
        except ApiError as error:
            response = problem(error.status, error.detail, scope["path"], error.headers)
            await response(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        self._check_host(headers.get("host", ""))
        if scope["path"] in self._open:
            return
        name = self._who(scope, headers)
        seconds = self._rate.wait(name) if self._rate else 0
        if seconds:
            raise ApiError(429, f"Too many requests of {name}.", {"Retry-After": str(seconds)})
        if self._under_way >= self._settings.waiting:
            raise ApiError(503, "Too many requests are under way.", {"Retry-After": "1"})

    def _check_host(self, host: str) -> None:
        allowed = self._settings.hosts
        if allowed is not None and _name_of(host) not in allowed:
            raise ApiError(
                421, f"The host {host[:100]!r} is not served here; expected {', '.join(sorted(allowed))}."
            )

    def _who(self, scope: Scope, headers: Headers) -> str:
        """The token's name, or the address where none is needed."""
        if not self._settings.tokens:
            return scope["client"][0] if scope.get("client") else "unknown"
        token = self._token(headers.get("authorization", ""))
        needed: TokenScope = "write" if self._writes(scope["path"]) else "read"
        if not token.may(needed):
            raise ApiError(403, f"The token {token.name} may only {token.scope}; this needs {needed}.")
        scope.setdefault("state", {})["token"] = token.name
        return token.name

    def _writes(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") for one in self._write)

    def _token(self, said: str) -> Token:
        scheme, _, secret = said.partition(" ")
        token = token_of(secret.strip(), self._settings.tokens) if scheme.lower() == SCHEME else None
        if token is None:
            detail = "No token, or an unknown one. Send the header Authorization: Bearer TOKEN."
            raise ApiError(401, detail, {"WWW-Authenticate": 'Bearer realm="mpsr"'})
        return token


def _name_of(host: str) -> str:
    """The name in a Host header, without its port and the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
