"""A connection to Milvus: a server, or Milvus Lite in a file. Its errors become ours."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mpsr.errors import EngineError, InputError

#: What a file of Milvus Lite is called; the client takes no other name for one.
SUFFIX = ".db"

#: Holds the token of a server that asks for one: ``user:password`` or an API key. An address is shown in messages, so it
#: holds no secret.
TOKEN = "MPSR_MILVUS_TOKEN"

#: Seconds an answer may take.
TIMEOUT = 30.0

#: Milvus Lite ends a connection that asks whether it is alive every ten seconds, as the client does unless told.
QUIET = {"grpc.keepalive_time_ms": 3_600_000, "grpc.keepalive_permit_without_calls": False}

#: They log an error, with its traceback, before they raise it; we tell it once.
NOISY = ("pymilvus", "milvus_lite", "grpc._server")


def connect(address: str, make: bool = False) -> Any:
    """A client of the engine at an address.

    Args:
        address: ``http://host:port`` (``https://`` with TLS), or a file of Milvus Lite, ``FILE.db``.
        make: the file need not be there yet.

    Raises:
        InputError: it is no such address, there is no such file, or the client is not installed.
        EngineError: nothing answers there, or another process has the file open.
    """
    is_file = check_address(address)
    if is_file and not make and not Path(address).exists():
        raise InputError(
            f"there is no file {address}. Make it with: mpsr publish --to {address}, or give a server's address."
        )
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise InputError(f"this needs the extra milvus ({error}): pip install 'mpsr[milvus]'") from error
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    hint = "Has another process opened it? One at a time can." if is_file else "Is a Milvus running there?"
    with asking(address, hint):
        further = {"grpc_options": QUIET} if is_file else {}
        return MilvusClient(address, token=os.environ.get(TOKEN, ""), timeout=TIMEOUT, **further)


def check_address(address: str) -> bool:
    """Whether an address is a file's; it has to be that or a server's.

    Raises:
        InputError: it is neither.
    """
    if address.startswith(("http://", "https://")) and "@" in address:
        raise InputError(f"the engine's address holds a name or a password. Put them into {TOKEN}.")
    if address.startswith(("http://", "https://")):
        return False
    if "://" in address or not address.endswith(SUFFIX):
        raise InputError(
            f"the engine's address is {address!r}. Expected http://HOST:PORT of a Milvus, or FILE{SUFFIX} of Milvus Lite."
        )
    return True


@contextmanager
def asking(address: str, hint: str = "") -> Iterator[None]:
    """Turn the client's errors into ``EngineError``."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        told = str(getattr(error, "message", "") or error).strip().rstrip(".")
        raise EngineError(f"the engine at {address} did not do as asked: {told}. {hint}".rstrip()) from error
