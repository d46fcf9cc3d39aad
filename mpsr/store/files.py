"""Files written whole or not at all, with an error that names its cause when the disk is full."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.number)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the file's name to an error of the operating system that names none, such as that of a full disk."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, on disk when the block has ended.

    Every file of a store is written through here or through ``new_array_of``: libraries that open files themselves lose
    the cause when the disk is full, and some give the file a mode that keeps everybody else from reading it.

    Raises:
        OSError: it cannot be written; the error has its number and the file's name.
    """
    with naming(path), path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_file(path: Path, data: bytes) -> None:
    """Write a file; see ``new_file``."""
    with new_file(path) as file:
        file.write(data)


def write_whole(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)  # what lies there may be a link that leads elsewhere
    write_file(partial, text.encode())
    partial.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Force a file's bytes, or a folder's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Like ``numpy.save``, but through Python's own file: the error of a full disk then names its cause.

    Raises:
        TypeError: an array of objects, which only pickle could write.
    """
    if array.dtype.hasobject:
        raise TypeError(f"{path.name}: an array of objects would need pickle")
    whole = np.ascontiguousarray(array)
    with new_file(path) as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(whole))
        file.write(whole.data)


def new_array(path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[np.float32]]:
    """A new float32 .npy file to fill through memory; see ``new_array_of``."""
    return new_array_of(np.float32, path, shape)


def new_array_of(dtype: type[Number], path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[Number]]:
    """A new .npy file to fill through memory.

    Its space is reserved at once: writing to a mapped file on a full disk would kill the process without a message.
    """
    with naming(path):
        array = np.lib.format.open_memmap(path, "w+", dtype, shape)
        if hasattr(os, "posix_fallocate"):
            with path.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return array
