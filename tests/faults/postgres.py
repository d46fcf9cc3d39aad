"""A PostgreSQL server of a test's own, which can be stopped and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path


def programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, where a server is installed."""
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl", path=str(Path(found).resolve().parent)):
        return Path(found).resolve().parent
    return next((one.parent for one in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[::-1]), None)


def account() -> str | None:
    """The account that the server runs under: it refuses root. None is that of the tests.

    Raises:
        KeyError: the tests are run by root, and there is no account ``postgres``.
    """
    return pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else None


@dataclass
class Server:
    """A server in a folder of its own.

    Attributes:
        bin: the folder with its programs.
        folder: where its data lie; below a folder that its account may enter.
        port: where it listens, on localhost alone.
    """

    bin: Path
    folder: Path
    port: int

    @classmethod
    def made(cls, bin: Path, folder: Path) -> Server:
        """A new one, not started yet; ``folder`` is there, and is its account's."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = cls(bin, folder, port)
        server.run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "-D", str(folder / "data"))
        return server

    @property
    def url(self) -> str:
        """Its address, with a password that nobody may be shown."""
        return f"postgresql+psycopg://tester:SECRET@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-l", log, "-o", options)

    def stop(self) -> None:
        """Stop it at once, as if its machine had lost power."""
        self.run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "data"))

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs under its account."""
        subprocess.run(
            [self.bin / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            user=account(),
            timeout=60,
        )
