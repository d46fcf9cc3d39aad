"""Where a catalogue lies: a folder, or a zip read in place.

A source lists its members by their path inside it (``images/1163.jpg``) and reads one at a time. Nothing is
ever unpacked to disk, so a name inside an archive cannot point anywhere.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from mpsr.errors import InputError

#: Above this ratio of plain to packed bytes an archive member is taken for a zip bomb (deflate ends near 1,030).
MAX_ZIP_RATIO = 500
MIB = 1024 * 1024


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


class FolderSource:
    """A folder on disk. Links that lead out of it are not followed."""

    def __init__(self, location: Path) -> None:
        self.location = location.resolve()

    def members(self) -> dict[str, str]:
        """Every file below the folder; its stamp is size and modification time."""
        return dict(self._walk(self.location))

    def _walk(self, folder: Path) -> Iterator[tuple[str, str]]:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(path)
            elif path.is_file() and path.resolve().is_relative_to(self.location):
                stat = path.stat()
                yield path.relative_to(self.location).as_posix(), f"{stat.st_size}-{stat.st_mtime_ns}"

    def read(self, member: str, max_bytes: int) -> bytes:
        """The bytes of ``member``, at most ``max_bytes`` of them."""
        try:
            with (self.location / member).open("rb") as file:
                data = file.read(max_bytes + 1)
        except OSError as error:
            raise MemberError(f"cannot read {self.location / member}: {error.strerror}") from error
        return _within(data, member, max_bytes)


class ZipSource:
    """A zip archive, read in place.

    Raises:
        InputError: the file is no complete zip, or a member's name tries to leave the archive.
    """

    def __init__(self, location: Path) -> None:
        self.location = location.resolve()
        try:
            self._zip = zipfile.ZipFile(self.location)
        except (zipfile.BadZipFile, OSError) as error:
            raise InputError(
                f"{location} is not a complete zip archive ({error}). "
                "Expected the data set's zip as it was distributed; fetch it again."
            ) from error
        for name in self._zip.namelist():
            path = PurePosixPath(name.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts:
                raise InputError(
                    f"{location} holds the name {name!r}, which points outside the archive. "
                    "Expected plain names such as images/1163.jpg; do not trust this file."
                )

    def members(self) -> dict[str, str]:
        """Every file in the archive; its stamp is size and CRC-32."""
        return {
            info.filename: f"{info.file_size}-{info.CRC}"
            for info in self._zip.infolist()
            if not info.is_dir()
        }

    def read(self, member: str, max_bytes: int) -> bytes:
        """The bytes of ``member``, at most ``max_bytes`` of them; members packed beyond belief are refused."""
        try:
            info = self._zip.getinfo(member)
            if info.file_size > MIB and info.file_size > MAX_ZIP_RATIO * max(info.compress_size, 1):
                raise MemberError(
                    f"{member} in {self.location.name} unpacks to {info.file_size:,} bytes from "
                    f"{info.compress_size:,}: taken for a zip bomb and not opened."
                )
            with self._zip.open(info) as file:
                data = file.read(max_bytes + 1)
        except (KeyError, RuntimeError, OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise MemberError(f"cannot read {member} in {self.location.name}: {error}") from error
        return _within(data, member, max_bytes)


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
    return ZipSource(location)


def source_fingerprint(members: dict[str, str]) -> str:
    """SHA-256 over the names and stamps of the members that make a catalogue."""
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(f"{name}\0{members[name]}\n".encode())
    return digest.hexdigest()
