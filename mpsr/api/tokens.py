"""Who may ask: tokens, of which a file holds only the SHA-256.

A line of the file is ``NAME SCOPE SHA256``; empty lines and those that begin with ``#`` are skipped.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from mpsr.errors import InputError

#: What a token may do; who may write may also read.
Scope = Literal["read", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

#: Bytes of chance in a token: too many to guess, so that a plain hash of it is safe to keep.
TOKEN_BYTES = 32

_NAME = re.compile(r"[\w.-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Token:
    """What the server knows of a token: its name (for logs and limits), its scope and its SHA-256 in hex."""

    name: str
    scope: Scope
    digest: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InputError(
                f"a token is named {self.name!r}; expected up to 64 letters, digits, dots and hyphens."
            )
        if self.scope not in SCOPES:
            raise InputError(f"the scope of a token is {self.scope!r}; expected {' or '.join(SCOPES)}.")
        if not _DIGEST.fullmatch(self.digest):
            raise InputError("what follows a token's scope is no SHA-256; expected 64 hexadecimal digits.")

    def may(self, scope: Scope) -> bool:
        """Whether it may do what needs that scope."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)

    @property
    def line(self) -> str:
        """The token as a line of the file."""
        return f"{self.name} {self.scope} {self.digest}"


def new_token(name: str, scope: Scope) -> tuple[str, Token]:
    """A new secret, and what the file says of it."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    return secret, Token(name, scope, digest_of(secret))


def digest_of(secret: str) -> str:
    """The SHA-256 of a secret, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str, tokens: Iterable[Token]) -> Token | None:
    """The token with that secret; all are compared, so that the time taken says nothing."""
    digest, found = digest_of(secret), None
    for token in tokens:
        if hmac.compare_digest(digest, token.digest):
            found = token
    return found


def read_tokens(path: Path) -> tuple[Token, ...]:
    """The tokens of a file.

    Raises:
        InputError: it cannot be read, a line is written otherwise, or it holds no token.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the token file {path} cannot be read: {error}.") from error
    tokens = tuple(
        _token(path, number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not tokens:
        raise InputError(f"the token file {path} holds no token. Make one with: mpsr token NAME --to {path}")
    if len({token.name for token in tokens}) < len(tokens):
        raise InputError(f"the token file {path} names a token twice; each needs a name of its own.")
    return tokens


def _token(path: Path, number: int, line: str) -> Token:
    fields = line.split()
    if len(fields) != 3:  # never quote the line: somebody may have put the token itself there
        raise InputError(f"{path}, line {number}: {len(fields)} fields; expected NAME SCOPE SHA256.")
    name, scope, digest = fields
    try:
        return Token(name, scope, digest)  # type: ignore[arg-type]  # checked there
    except InputError as error:
        raise InputError(f"{path}, line {number}: {error}") from error
