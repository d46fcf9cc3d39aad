"""Sign-in by OpenID Connect, where ``[auth]`` of ``secrets.toml`` asks for it; Streamlit speaks to the provider."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.config import get_option
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from mpsr.errors import InputError

AUTH = "auth"

#: Characters of a secret that nobody guesses; whoever knows it can write cookies for anybody.
SECRET = 32

#: What Streamlit signs in with.
LIBRARY = "authlib"

#: Parts of the app's address beside the pages that show something of the stores.
SHOWN = ("pictures", "suggest", "atlas", "api")

NO_STORE = {"Cache-Control": "no-store"}

#: With tokens the API lets in who has one, signed in or not.
API, TOKENS = "api", "MPSR_TOKENS"


def auth_settings() -> Mapping[str, Any] | None:
    """``[auth]`` of ``secrets.toml``; None where there is none, and everybody who reaches the app is let in.

    Raises:
        InputError: there is a file of secrets that cannot be read, so nobody knows whether it asks for a sign-in; or its
            cookies could be forged.
    """
    try:
        secrets = st.secrets.to_dict()
    except (StreamlitSecretNotFoundError, OSError, UnicodeDecodeError) as error:
        if any(os.path.lexists(path) for path in get_option("secrets.files")):
            raise InputError(
                "secrets.toml cannot be read, so nobody is let in. The server's log says why."
            ) from error
        return None
    if AUTH not in secrets:
        return None
    found = secrets[AUTH] if isinstance(secrets[AUTH], Mapping) else {}
    if len(str(found.get("cookie_secret", ""))) < SECRET:
        raise InputError(
            f"cookie_secret in [auth] of secrets.toml is missing or has fewer than {SECRET} characters, so nobody is let "
            'in. Make one with: python -c "import secrets; print(secrets.token_hex())"'
        )
    return found


def require_login() -> None:
    """Stop the script with the page for signing in, unless the visitor is signed in or nobody needs to be."""
    try:
        settings = auth_settings()
    except InputError as error:
        st.title("Sign in")
        st.error(str(error), icon=":material/error:")
        st.stop()
    if settings is None:
        return
    if st.user.get("is_logged_in") is True:
        _who()
        return
    st.title("Sign in")
    if importlib.util.find_spec(LIBRARY) is None:
        st.error("Signing in needs the extra login: pip install 'mpsr[login]'", icon=":material/error:")
        st.stop()
    st.write("This catalogue is shown to people who are signed in.")
    for provider in _providers(settings):
        name = f"Sign in with {provider}" if provider else "Sign in"
        if st.button(name, key=f"login-{provider}", icon=":material/login:", type="primary"):
            _login(provider)
    st.stop()


def _providers(settings: Mapping[str, Any]) -> list[str]:
    """Names of the providers; "" is the one that has no section of its own."""
    named = [
        name for name, section in settings.items() if isinstance(section, Mapping) and "client_id" in section
    ]
    return [""] if "client_id" in settings or not named else named


def _login(provider: str) -> None:
    try:
        st.login(provider or None)
    except StreamlitAuthError as error:  # it names what the settings lack, and no value of them
        st.error("The settings for signing in are not complete.", icon=":material/error:")
        st.text(str(error))


def _who() -> None:
    """Who is signed in, and the way out."""
    name = st.user.get("email") or st.user.get("name") or "signed in"
    with st.sidebar.container(horizontal=True, vertical_alignment="center"):
        st.text(str(name))
        st.button("Sign out", key="logout", icon=":material/logout:", type="tertiary", on_click=st.logout)


class SignedIn:
    """Answers what is served beside the pages only to visitors who are signed in, where that is asked for."""

    def __init__(self, app: ASGIApp, start: str = "") -> None:
        """Stand before ``app``.

        Args:
            app: what answers.
            start: "" or the server's base path with a slash before it.
        """
        self._app, self._shown = app, tuple(f"{start}/{part}" for part in SHOWN)
        self._api = f"{start}/{API}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that a sign-in is missing."""
        if scope["type"] != "http" or not self._guarded(scope):
            await self._app(scope, receive, send)
            return
        try:
            asked = auth_settings() is not None
            let_in = not asked or is_signed_in(HTTPConnection(scope).cookies)
        except InputError:
            asked, let_in = True, False
        if let_in:
            await self._app(scope, receive, _private(send) if asked else send)
        else:
            await PlainTextResponse("sign in first\n", 401, NO_STORE)(scope, receive, send)

    def _guarded(self, scope: Scope) -> bool:
        """Whether the address shows something of the stores, with or without what a server in front put before it."""
        paths = {scope["path"], scope["path"].removeprefix(scope.get("root_path", ""))}
        if os.environ.get(TOKENS) and all(_below(path, self._api) for path in paths):
            return False
        return any(_below(path, shown) for path in paths for shown in self._shown)


def _private(send: Send) -> Send:
    """What one visitor may see is not kept for others on the way."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "cache-control" in headers:
                headers["cache-control"] = headers["cache-control"].replace("public", "private")
        await send(message)

    return told


def _below(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")


def is_signed_in(cookies: Mapping[str, str]) -> bool:
    """Whether the cookies hold a signed-in visitor, signed by this server."""
    secret = get_cookie_secret()

    def read(name: str) -> bytes | None:
        value = cookies.get(name)
        return (
            None if value is None else decode_signed_value(secret, name, value.encode("latin-1", "replace"))
        )

    signed = get_cookie_with_chunks(read, USER_COOKIE_NAME)
    try:
        return signed is not None and json.loads(signed).get("is_logged_in") is True
    except (ValueError, AttributeError):
        return False
