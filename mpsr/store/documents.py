"""Reading a store that anybody may have made: regular files below it, of bounded size, of the form they must have."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from mpsr.errors import StoreError
from mpsr.store import manifest
from mpsr.store.damage import REBUILD, told_as_damage
from mpsr.store.manifest import sealed

Form = TypeVar("Form")

#: Bytes of a JSON document at most; a manifest with a report of its training has some ten thousand.
MAX_DOCUMENT = 8_000_000

#: Bytes of ``current`` at most; it holds a fingerprint and a line feed.
MAX_POINTER = 4096


def size_of(path: Path) -> int | None:
    """Bytes of a regular file; None for anything else: missing, a folder, a link, a pipe, a device."""
    try:
        found = path.lstat()
    except (OSError, ValueError):  # ValueError: a null character in its name
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def check_folders(root: Path, folder: Path) -> None:
    """Check that no folder between ``root`` and ``folder``, this included, is a link that leads elsewhere.

    Raises:
        StoreError: one is.
    """
    for part in (folder, *folder.parents):
        if part == root:
            return
        if part.is_symlink():
            raise StoreError(
                f"{part} is a symbolic link. A store's folders and files must lie below it. "
                f"{REBUILD.format(root=root)}"
            )


def read_bounded(path: Path, limit: int, root: Path) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes.

    Raises:
        StoreError: it is missing, no regular file, or larger.
    """
    check_folders(root, path.parent)
    size = size_of(path)
    if size is None:
        what = "is no regular file" if os.path.lexists(path) else "is missing"
        raise StoreError(f"{path} {what}. {REBUILD.format(root=root)}")
    with told_as_damage(path, root), path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise StoreError(
            f"{path} has {size:,} bytes, expected at most {limit:,}. {REBUILD.format(root=root)}"
        )
    return data


def read_sealed(path: Path, form: type[Form], root: Path) -> Form:
    """A sealed JSON document of a store.

    Args:
        path: of the document.
        form: a TypedDict, whose entries and their types it must have; further ones are left out.
        root: of the store.

    Raises:
        StoreError: it is missing, of another schema or form, or damaged.
    """
    data = read_bounded(path, MAX_DOCUMENT, root)
    rebuild = REBUILD.format(root=root)
    with told_as_damage(path, root):
        document: Any = json.loads(data)
        schema = document.get("schema") if isinstance(document, dict) else None
        if schema != manifest.SCHEMA:
            raise StoreError(
                f"{path} has schema {str(schema)[:20]}; this version reads schema {manifest.SCHEMA}. {rebuild}"
            )
        if document != sealed(document):
            raise StoreError(f"{path} is damaged: its content does not match its seal. {rebuild}")
        return checked(document, form, path, root)


def checked(document: object, form: type[Form], path: Path, root: Path) -> Form:
    """A document whose entries have the types that ``form`` (a TypedDict) says.

    Raises:
        StoreError: one is missing or of another type.
    """
    try:
        return msgspec.convert(document, form)
    except msgspec.ValidationError as error:
        raise StoreError(
            f"{path} is not of the form expected: {error}. {REBUILD.format(root=root)}"
        ) from error
