"""What has to hold before a server is started: its address, and the paths in its environment."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path

import typer

from mpsr.errors import InputError

#: Variables that name a folder or a file; the app runs in another one, where a relative path would lead elsewhere.
PATHS = ("MPSR_STORES", "MPSR_CACHE", "MPSR_WEIGHTS", "MPSR_RULES", "MPSR_TOKENS")

#: Names the engine; an address of a server, or a file.
ENGINE = "MPSR_ENGINE"

BOARDS = "MPSR_BOARDS_URL"
EVENTS = "MPSR_EVENTS_URL"
SQLITE = "sqlite:///"


def check_address(address: str) -> None:
    """Check an address to listen on, and warn where others can reach it.

    Raises:
        InputError: it is empty (a server would listen everywhere), or no address of this machine.
    """
    if not address.strip():
        raise InputError("--address is empty. Expected an address to listen on, for example localhost.")
    try:
        found = socket.getaddrinfo(address, None, type=socket.SOCK_STREAM)
        with socket.socket(found[0][0], socket.SOCK_STREAM) as tried:
            tried.bind((found[0][4][0], 0))
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"--address is {address!r}, which is no address of this machine ({error}). Expected one, for example "
            "localhost."
        ) from error
    if not ipaddress.ip_address(str(found[0][4][0]).partition("%")[0]).is_loopback:
        typer.echo(
            f"mpsr: {address} can be reached from other machines, and whoever reaches it sees all stores and changes all "
            "boards. See SECURITY.md.",
            err=True,
        )


def secrets_options(app: Path) -> list[str]:
    """Options by which Streamlit finds the secrets of the folder the user is in, when it runs in that of the app."""
    here = Path.cwd() / ".streamlit" / "secrets.toml"
    if Path.cwd() == app or not here.exists():
        return []
    return [f"--secrets.files={path}" for path in (Path.home() / ".streamlit" / "secrets.toml", here)]


def keep_paths() -> None:
    """Make the relative paths of the environment absolute."""
    for name in PATHS:
        if os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).expanduser().absolute())
    if "://" not in os.environ.get(ENGINE, "://"):
        os.environ[ENGINE] = str(Path(os.environ[ENGINE]).expanduser().absolute())
    for name in (BOARDS, EVENTS):
        url = os.environ.get(name, "")
        path = url.removeprefix(SQLITE)
        if url.startswith(SQLITE) and path and not path.startswith(("/", ":", "file:")):
            os.environ[name] = f"{SQLITE}{Path(path).absolute()}"
