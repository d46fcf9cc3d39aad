"""An OpenID provider of this process on loopback: it asks nobody for a password and signs everybody in."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, PASSWORD = "mpsr", "client password"


@dataclass
class Provider:
    """What it knows, and what is wrong with it.

    Attributes:
        address: where it is.
        key: what it signs with.
        published: what it says that it signs with; another key makes every token a forgery.
        codes: what was asked for, by the code that was given out.
        asked: paths of the requests.
    """

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, object]:
        return {"keys": [(self.published or self.key).as_dict(private=False)]}

    def authorize(self, told: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert (told["client_id"], told["response_type"]) == (CLIENT, "code")
        assert told["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = told
        return f"{told['redirect_uri']}?{urlencode({'code': code, 'state': told['state']})}"

    def token(self, told: dict[str, str], authorization: str) -> dict[str, object]:
        """The tokens for a code, once, to the client alone that asked for it."""
        asked = self.codes.pop(told["code"])
        assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{CLIENT}:{PASSWORD}"
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 600}
        claims |= {"nonce": asked["nonce"], "email": "ada@shop.example", "name": "Ada"}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers until the end of the block."""
    one = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            one.asked.append(parts.path)
            told = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", one.authorize(told))
                self.end_headers()
            else:
                self.say(
                    {"/.well-known/openid-configuration": one.discovery, "/jwks": one.jwks}[parts.path]()
                )

        def do_POST(self) -> None:
            one.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(one.token(told, self.headers["Authorization"]))

        def say(self, document: dict[str, object]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        one.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield one
        finally:
            server.shutdown()
            thread.join()
