"""Every picture of a catalogue decoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from mpsr.catalogue.pictures import MAX_BYTES, PictureError, decode_picture
from mpsr.catalogue.source import MemberError, Source

Progress = Callable[[int, int], None]


def check_pictures(
    source: Source, members: Sequence[str], progress: Progress | None = None
) -> dict[str, str | PictureError]:
    """For each of the members the SHA-256 of its bytes, or why it is no picture that can be used."""

    def check(member: str) -> str | PictureError:
        try:
            data = source.read(member, MAX_BYTES)
            decode_picture(data)
        except MemberError as error:
            return PictureError("unreadable picture", str(error))
        except PictureError as error:
            return error
        return hashlib.sha256(data).hexdigest()

    checked: dict[str, str | PictureError] = {}
    with ThreadPoolExecutor() as pool:
        outcomes: Iterable[str | PictureError] = pool.map(check, members)
        for done, (member, outcome) in enumerate(zip(members, outcomes, strict=True), start=1):
            checked[member] = outcome
            if progress and (done % 256 == 0 or done == len(members)):
                progress(done, len(members))
    return checked
