"""Where a catalogue lies: a folder, or a zip read in place.

A source lists its members by their path inside it (``images/1163.jpg``) and reads one at a time. Nothing is
ever unpacked to disk, so a name inside an archive cannot point anywhere.
"""

from __future__ import annotations

import hashlib
import logging
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from mpsr.errors import InputError
from mpsr.store.layout import OBJECTS, SNAPSHOTS

#: Above this ratio of plain to packed bytes an archive member is taken for a zip bomb (deflate ends near 1,030).
MAX_ZIP_RATIO = 500
MIB = 1024 * 1024

#: And above this one what unpacks to more than ``LARGE``. Tables are packed to a tenth or a thirtieth.
MAX_LARGE_RATIO, LARGE = 100, 32 * MIB

#: Files of a folder at most; more is somebody's whole disk.
MOST_FILES = 5_000_000

#: bzip2 is left out: a few of its bytes unpack to gigabytes in one go.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)
ENCRYPTED = 0x1
UTF8_NAME = 0x800

#: What a damaged archive makes zipfile raise.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    IndexError,
)

logger = logging.getLogger(__name__)


class MemberError(InputError):
    """One member of a source cannot be read; the rest of the source can."""


class Source(Protocol):
    """A place that holds a table and pictures."""

    @property
    def location(self) -> Path:
        """The folder or the archive."""

    def members(self) -> dict[str, str]:
        """Every file: path inside the source → a stamp that changes when the file does."""

    def read(self, member: str, max_bytes: int) -> bytes:
        """The bytes of one file.

        Raises:
            MemberError: it is missing, damaged, or larger than ``max_bytes``.
        """

    def head(self, member: str, at_most: int) -> bytes:
        """The first bytes of one file.

        Raises:
            MemberError: it is missing or damaged.
        """


class FolderSource:
    """A folder on disk. Links that lead out of it are not followed."""

    def __init__(self, location: Path) -> None:
        self.location = location.resolve()

    def members(self) -> dict[str, str]:
        """Every file below the folder; its stamp is its size and the times at which its content and its entry changed."""
        try:
            os.scandir(self.location).close()
        except OSError as error:
            raise InputError(f"cannot read {self.location}: {error.strerror}.") from error
        found = dict(islice(self._walk(), MOST_FILES + 1))
        if len(found) > MOST_FILES:
            raise InputError(
                f"{self.location} holds more than {MOST_FILES:,} files. Expected a catalogue's folder: put the table and "
                "its pictures into one of their own."
            )
        return found

    def _walk(self) -> Iterator[tuple[str, str]]:
        """Every file, folder by folder; neither what links lead out to, nor pipes, nor stores that lie in the folder."""
        waiting = [""]
        while waiting:
            prefix = waiting.pop()
            entries = _entries(self.location / prefix)
            if {OBJECTS, SNAPSHOTS} <= {entry.name for entry in entries}:
                continue
            for entry in entries:
                name = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                elif stamp := self._stamp(entry):
                    yield name, stamp

    def _stamp(self, entry: os.DirEntry[str]) -> str | None:
        """Of a regular file within the folder; None for anything else."""
        try:
            if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(self.location):
                return None
            found = entry.stat()
        except (OSError, RuntimeError):  # a broken link, or one in a circle
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"

    def read(self, member: str, max_bytes: int) -> bytes:
        """The bytes of ``member``, at most ``max_bytes`` of them."""
        return _within(self.head(member, max_bytes + 1), member, max_bytes)

    def head(self, member: str, at_most: int) -> bytes:
        """The first bytes of ``member``."""
        try:
            with (self.location / member).open("rb") as file:
                return file.read(at_most)
        except OSError as error:
            raise MemberError(f"cannot read {self.location / member}: {error.strerror}") from error


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder by name; one that may not be read, or lies too deep, holds nothing, and says so."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        logger.warning("cannot read %s: %s; what it holds is left out", str(folder)[:200], error.strerror)
        return []


class ZipSource:
    """A zip archive, read in place.

    Raises:
        InputError: the file is no complete zip, or a member's name tries to leave the archive.
    """

    def __init__(self, location: Path) -> None:
        self.location = location.resolve()
        try:
            self._zip = zipfile.ZipFile(self.location)
        except (*ZIP_ERRORS, OSError) as error:
            raise InputError(
                f"{location} is not a complete zip archive ({error}). "
                "Expected the data set's zip as it was distributed; fetch it again."
            ) from error
        self._files: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = _name(info).replace("\\", "/")  # some archivers on Windows write it so
            path = PurePosixPath(name)
            if not name.endswith("/"):
                self._files[name] = info
            if path.is_absolute() or ".." in path.parts:
                raise InputError(
                    f"{location} holds the name {name!r}, which points outside the archive. "
                    "Expected plain names such as images/1163.jpg; do not trust this file."
                )

    def members(self) -> dict[str, str]:
        """Every file in the archive; its stamp is size and CRC-32."""
        return {name: f"{info.file_size}-{info.CRC}" for name, info in self._files.items()}

    def read(self, member: str, max_bytes: int) -> bytes:
        """The bytes of ``member``, at most ``max_bytes`` of them; members packed beyond belief are refused."""
        return _within(self.head(member, max_bytes + 1), member, max_bytes)

    def head(self, member: str, at_most: int) -> bytes:
        """The first bytes of ``member``; members packed beyond belief are refused."""
        info = self._files.get(member)
        if info is None:
            raise MemberError(f"{self.location.name} holds no {member}.")
        if refused := zip_refusal(info):
            raise MemberError(f"{member} in {self.location.name} {refused}")
        try:
            with self._zip.open(info) as file:
                return file.read(at_most)
        except (*ZIP_ERRORS, OSError) as error:
            raise MemberError(f"cannot read {member} in {self.location.name}: {error}") from error


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; one in UTF-8 without the flag that says so is read as that (macOS and old archivers write it)."""
    if not info.flag_bits & UTF8_NAME and not info.filename.isascii():
        with suppress(UnicodeError):
            return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def zip_refusal(info: zipfile.ZipInfo) -> str | None:
    """Why a member of an archive is not opened, or None."""
    if info.flag_bits & ENCRYPTED:
        return "is encrypted. Unpack the archive with its password and give the folder."
    if info.compress_type not in METHODS:
        return f"is packed with method {info.compress_type}. Expected an ordinary zip (deflate)."
    if is_bomb(info.file_size, info.compress_size):
        sizes = f"{info.file_size:,} bytes from {info.compress_size:,}"
        return f"unpacks to {sizes}: taken for a zip bomb and not opened."
    return None


def is_bomb(plain: int, packed: int) -> bool:
    """Whether bytes were packed beyond belief."""
    ratio = plain / max(packed, 1)
    return (plain > MIB and ratio > MAX_ZIP_RATIO) or (plain > LARGE and ratio > MAX_LARGE_RATIO)


def _within(data: bytes, member: str, max_bytes: int) -> bytes:
    if len(data) > max_bytes:
        raise MemberError(f"{member} is larger than {max_bytes:,} bytes and was not read.")
    return data


def open_source(location: Path) -> Source:
    """The source at ``location``: a folder or a zip.

    Raises:
        InputError: there is nothing, or something else.
    """
    if not location.exists():
        raise InputError(
            f"{location} does not exist. Expected a catalogue folder, its zip, or a CSV/Parquet table."
        )
    if location.is_dir():
        return FolderSource(location)
    if location.stat().st_size == 0:
        raise InputError(
            f"{location} is an empty file. Expected a catalogue folder, its zip, or a CSV/Parquet table."
        )
    if location.suffix.lower() != ".zip" and not zipfile.is_zipfile(location):
        raise InputError(
            f"{location} is no catalogue. Expected a catalogue folder, its zip, or a .csv or .parquet table."
        )
    return ZipSource(location)


def source_fingerprint(members: dict[str, str]) -> str:
    """SHA-256 over the names and stamps of the members that make a catalogue."""
    digest = hashlib.sha256()
    for name in sorted(members):
        line = f"{name}\0{members[name]}\n"
        digest.update(line.encode(errors="surrogateescape"))  # file names need not be UTF-8
    return digest.hexdigest()
