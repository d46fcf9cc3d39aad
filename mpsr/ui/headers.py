"""Headers that every answer of the app's server carries. Streamlit sets none of them itself."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mpsr.errors import InputError

#: Names the sites whose pages may show the app in a frame, beside its own; apart by spaces.
FRAMES = "MPSR_FRAME_ANCESTORS"

_SITE = re.compile(r"https?://(\*\.)?[\w.-]+(:(\d{1,5}|\*))?", re.ASCII)

#: What the pages may load: nothing from other sites, and no script that is written into a page. The front end and Plotly
#: write styles into it, and the components' scripts are loaded from blobs.
LOADED = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)

#: Streamlit's own page, and the scripts in it.
PAGE, _SCRIPT = (
    Path(streamlit.__file__).parent / "static" / "index.html",
    re.compile(rb"<script>(.*?)</script>", re.S),
)


def security_headers() -> dict[str, str]:
    """The headers by name.

    Raises:
        InputError: ``MPSR_FRAME_ANCESTORS`` holds something that is no site.
    """
    sites = os.environ.get(FRAMES, "").split()
    for site in sites:
        if not _SITE.fullmatch(site):
            raise InputError(f"{FRAMES} has {site!r}. Expected sites such as https://intranet.example.")
    rules = [
        *LOADED,
        " ".join(["script-src 'self' blob:", *own_scripts()]),
        " ".join(["frame-ancestors 'self'", *sites]),
    ]
    headers = {
        "Content-Security-Policy": "; ".join(rules),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    if not sites:  # it knows no list of sites, and browsers that read the policy ignore it
        headers["X-Frame-Options"] = "SAMEORIGIN"
    return headers


def own_scripts() -> list[str]:
    """The scripts in Streamlit's page by their hashes, as a policy names them; those of the version that is installed."""
    hashes = [hashlib.sha256(script).digest() for script in _SCRIPT.findall(PAGE.read_bytes())]
    return [f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes]


class SecurityHeaders:
    """Adds the headers to every answer that has not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app, self._headers = app, security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told if scope["type"] == "http" else send)
