"""Download the pictures that a table names by URL, so that a build finds them.

Each lies under the digest of its URL (``ab/abcd….jpg``) in a folder beside the table, where
``mpsr.catalogue.find_pictures`` looks for it. What is there already is not downloaded again.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pandas as pd
from PIL import Image

from mpsr import csvsafe
from mpsr.catalogue.find_pictures import urls_in
from mpsr.catalogue.located import Located
from mpsr.catalogue.pictures import MAX_BYTES, PictureError, decode_picture
from mpsr.catalogue.public_network import PrivateAddressError, PublicTransport
from mpsr.catalogue.read import Policies, rows_of
from mpsr.catalogue.url_names import file_stem, whole_url
from mpsr.errors import InputError
from mpsr.store.files import write_file

#: The table of what failed, in the folder of the pictures.
FAILED = "failed.csv"

#: Answers after which another try may succeed.
PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))

REDIRECTS = 5

#: Seconds before the second try; twice as long before each further one, and never longer than the most.
BACKOFF, LONGEST_WAIT = 0.5, 30.0


@dataclass(frozen=True)
class Manners:
    """How pictures are asked for.

    Attributes:
        at_once: downloads under way, of all hosts.
        of_a_host: of them, of one host.
        tries: how often a picture is asked for before it is given up.
        seconds: for one picture, all tries together.
        max_bytes: the largest picture taken.
        allow_private: also ask addresses of private networks.
    """

    at_once: int = 16
    of_a_host: int = 4
    tries: int = 4
    seconds: float = 60.0
    max_bytes: int = MAX_BYTES
    allow_private: bool = False


@dataclass(frozen=True)
class Fetched:
    """What came of it: how many were downloaded, how many were there already, and why others failed by URL."""

    downloaded: int = 0
    there: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class _GivenUpError(Exception):
    """A picture that will not come, and why."""


def fetch_pictures(
    located: Located,
    to: Path,
    manners: Manners | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Download every picture that the table names by URL and that is not beside it yet.

    Args:
        located: the catalogue, a table in a folder.
        to: a folder below the table's, where a build looks for pictures.
        manners: how they are asked for.
        progress: called with (pictures done, pictures in all).

    Raises:
        InputError: ``to`` is elsewhere, or the table names no picture by URL.
    """
    root = located.source.location
    if not root.is_dir() or root.resolve() not in to.resolve().parents:
        raise InputError(
            f"--to is {to}, where a build would not look for the pictures. Expected a folder below {root}."
        )
    urls = urls_in(located, [row.pictures for row in rows_of(located, Policies())])
    if not urls:
        raise InputError(f"{located.table} names no picture by URL. Expected a column of URLs.")
    there = {path.stem for path in to.glob("*/*.*")}
    wanted = [url for url in urls if file_stem(url) not in there]
    failed = asyncio.run(_fetch_all(wanted, to, manners or Manners(), progress))
    _report(to, failed)
    return Fetched(len(wanted) - len(failed), len(urls) - len(wanted), failed)


def _report(to: Path, failed: dict[str, str]) -> None:
    """Write down what failed; nothing is left of an earlier report."""
    if failed:
        table = pd.DataFrame({"url": list(failed), "reason": list(failed.values())})
        write_file(to / FAILED, csvsafe.to_csv(table))
    else:
        (to / FAILED).unlink(missing_ok=True)


async def _fetch_all(
    urls: Sequence[str], to: Path, manners: Manners, progress: Callable[[int, int], None] | None
) -> dict[str, str]:
    to.mkdir(parents=True, exist_ok=True)
    limits = httpx.Limits(max_connections=manners.at_once, max_keepalive_connections=manners.at_once)
    hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(manners.of_a_host))
    queue, failed, done = iter(urls), {}, 0
    transport = None if manners.allow_private else PublicTransport(limits)
    async with httpx.AsyncClient(
        transport=transport,
        limits=limits,
        timeout=min(20.0, manners.seconds),
        trust_env=manners.allow_private,  # a proxy would look names up for us
        headers={"User-Agent": "mpsr (fetch pictures)", "Accept": "image/*"},
    ) as client:

        async def work() -> None:
            nonlocal done
            for url in queue:
                try:
                    async with hosts[httpx.URL(whole_url(url)).host]:
                        await _fetch(client, url, to, manners)
                except _GivenUpError as error:
                    failed[url] = str(error)
                except (httpx.InvalidURL, ValueError) as error:
                    failed[url] = f"no address that can be asked ({error})"
                done += 1
                if progress:
                    progress(done, len(urls))

        await asyncio.gather(*(work() for _ in range(manners.at_once)))
    return {url: failed[url] for url in urls if url in failed}


async def _fetch(client: httpx.AsyncClient, url: str, to: Path, manners: Manners) -> None:
    """One picture, tried again where another try may help."""
    try:
        async with asyncio.timeout(manners.seconds):
            data = await _tried(client, url, manners)
    except TimeoutError as error:
        raise _GivenUpError(f"not there within {manners.seconds:g} seconds") from error
    ending = await asyncio.to_thread(_ending, data)
    stem = file_stem(url)
    target = to / stem[:2] / f"{stem}.{ending}"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    write_file(partial, data)
    partial.replace(target)


def _ending(data: bytes) -> str:
    """What the picture is by its content; whoever served it may have said something else."""
    try:
        decode_picture(data)
        with Image.open(io.BytesIO(data)) as opened:
            return {"jpeg": "jpg"}.get(kind := (opened.format or "").lower(), kind)
    except PictureError as error:
        raise _GivenUpError(f"{error.reason}: {error}") from error


async def _tried(client: httpx.AsyncClient, url: str, manners: Manners) -> bytes:
    for turn in range(1, manners.tries + 1):
        try:
            return await _asked(client, whole_url(url), manners)
        except PrivateAddressError as error:
            raise _GivenUpError(f"{error}; --allow-private asks there too") from error
        except httpx.HTTPStatusError as error:
            if error.response.status_code not in PASSING or turn == manners.tries:
                raise _GivenUpError(f"the server answers {error.response.status_code}") from error
            await asyncio.sleep(_pause(turn, error.response.headers.get("Retry-After")))
        except (httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
            raise _GivenUpError(str(error)) from error
        except httpx.TransportError as error:
            if turn == manners.tries:
                raise _GivenUpError(f"no answer ({type(error).__name__}: {error})") from error
            await asyncio.sleep(_pause(turn))
    raise _GivenUpError("never asked")


def _pause(turn: int, told: str | None = None) -> float:
    """Seconds to wait after a try: what the server says, else twice as long each time, and not all at one moment."""
    if told and told.isascii() and told.isdigit():
        return min(float(told), LONGEST_WAIT)
    return min(BACKOFF * 2 ** (turn - 1), LONGEST_WAIT) * random.uniform(0.5, 1.5)


async def _asked(client: httpx.AsyncClient, url: str, manners: Manners) -> bytes:
    """The body at a URL, redirects followed."""
    for _ in range(REDIRECTS + 1):
        async with client.stream("GET", url) as response:
            if response.has_redirect_location:
                url = str(response.url.join(response.headers["Location"]))
                continue
            response.raise_for_status()
            return await _body(response, manners.max_bytes)
    raise httpx.TooManyRedirects(f"redirected more than {REDIRECTS} times")


async def _body(response: httpx.Response, most: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > most:
            raise _GivenUpError(f"larger than {most:,} bytes")
    return bytes(data)
