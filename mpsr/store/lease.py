"""Leases: a reader holds the snapshot it has open, so that ``mpsr gc`` leaves it.

A lease is a shared lock on the snapshot's file. It writes nothing, so it works in a store that may only be read, and the
system releases it when the process ends, however it ends.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import BinaryIO

from mpsr.errors import StoreError

try:
    import fcntl
except ImportError:  # Windows, which does not remove files that are open
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)


def hold(snapshot: Path) -> BinaryIO | None:
    """Hold a snapshot as long as the file that is returned is open; None where the system knows no such locks.

    Raises:
        FileNotFoundError: the snapshot was removed.
    """
    file = snapshot.open("rb")
    if fcntl is None:
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:  # being removed
        file.close()
        raise FileNotFoundError(snapshot) from None
    except OSError as error:  # some network file systems have no locks
        logger.debug("no lease on %s: %s", snapshot, error)
    if not snapshot.exists():
        file.close()
        raise FileNotFoundError(snapshot)
    return file


def remove_unheld(snapshot: Path) -> bool:
    """Remove a snapshot's file unless a reader holds it; whether it was removed.

    Raises:
        StoreError: the system has no locks that could tell.
    """
    with snapshot.open("r+b") as file:
        if not _locked(file, snapshot):
            return False
        snapshot.unlink()
        return True


def is_held(snapshot: Path) -> bool:
    """Whether a reader holds a snapshot.

    Raises:
        StoreError: the system has no locks that could tell.
    """
    with snapshot.open("r+b") as file:
        return not _locked(file, snapshot)


def _locked(file: BinaryIO, snapshot: Path) -> bool:
    if fcntl is None:
        raise StoreError(
            f"this system has no file locks, so nothing tells who reads {snapshot}. Nothing was removed."
        )
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreError(
            f"the file system of {snapshot} has no locks ({error}), so nothing tells who reads it; nothing was removed."
        ) from error
    return True
