"""Every picture of a catalogue decoded once, and not again as long as its file stays the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from mpsr.catalogue.decoding import workers
from mpsr.catalogue.pictures import MAX_BYTES, PictureError, decode_picture
from mpsr.catalogue.source import MemberError, Source

Progress = Callable[[int, int], None]

#: The SHA-256 of a picture's bytes, or why it is none that can be used.
Verdict = str | PictureError


def check_pictures(
    source: Source,
    members: Sequence[str],
    progress: Progress | None = None,
    known: dict[str, str] | None = None,
) -> dict[str, Verdict]:
    """The verdict on each of the members.

    Args:
        source: where they are.
        members: their paths in it.
        progress: called with (pictures checked, pictures in all); those that are known are not counted.
        known: SHA-256 of pictures that could be used in an earlier reading and have not changed since then.
    """

    def check(member: str) -> Verdict:
        try:
            data = source.read(member, MAX_BYTES)
            decode_picture(data)
        except MemberError as error:
            return PictureError("unreadable picture", str(error))
        except PictureError as error:
            return error
        return hashlib.sha256(data).hexdigest()

    known = known or {}
    checked: dict[str, Verdict] = {member: known[member] for member in members if member in known}
    unknown = [member for member in members if member not in known]
    with ThreadPoolExecutor(workers()) as pool:
        outcomes: Iterable[Verdict] = pool.map(check, unknown)
        for done, (member, outcome) in enumerate(zip(unknown, outcomes, strict=True), start=1):
            checked[member] = outcome
            if progress and (done % 256 == 0 or done == len(unknown)):
                progress(done, len(unknown))
    return checked
