"""What a server allows."""

from __future__ import annotations

from dataclasses import dataclass

from mpsr.api.tokens import Token
from mpsr.catalogue.pictures import MAX_UPLOAD_BYTES

#: Below this path are the routes of this version of the API.
PREFIX = "/v1"

#: Names by which a browser on the same machine reaches the server.
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

#: Most results of one request, and most parts of one query.
MAX_K, MAX_PARTS = 1000, 100


@dataclass(frozen=True)
class ApiSettings:
    """Limits and doors of a server.

    Attributes:
        tokens: who may ask; with none, everybody may.
        hosts: names in the Host header that are answered; None answers all. Without tokens a page of another site could
            otherwise point its own name at this machine and read the answers.
        allow_origins: sites whose pages may read answers (CORS); none by default.
        max_body: largest body of a request in bytes.
        timeout: seconds for reading a body, and for an answer.
        rate: requests a second for each token (each address without tokens), up to two seconds' worth at once; None is no
            limit.
        workers: requests that are worked on at the same time.
        waiting: requests that may be under way; further ones are refused.
    """

    tokens: tuple[Token, ...] = ()
    hosts: frozenset[str] | None = LOCAL_HOSTS
    allow_origins: tuple[str, ...] = ()
    max_body: int = MAX_UPLOAD_BYTES + 1024 * 1024
    timeout: float = 30.0
    rate: float | None = None
    workers: int = 8
    waiting: int = 256
