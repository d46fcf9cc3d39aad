"""Every picture of a catalogue decoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from mpsr.catalogue.pictures import MAX_BYTES, PictureError, decode_picture
from mpsr.catalogue.source import MemberError, Source
from mpsr.catalogue.types import ID, Reject

Progress = Callable[[int, int], None]


def check_pictures(
    source: Source, products: pd.DataFrame, progress: Progress | None
) -> tuple[pd.Series, list[Reject]]:
    """Decode every picture once: its SHA-256, or a reject."""
    named = products[products["picture"].notna()]

    def check(member: str) -> str | PictureError:
        try:
            data = source.read(member, MAX_BYTES)
            decode_picture(data)
        except MemberError as error:
            return PictureError("unreadable picture", str(error))
        except PictureError as error:
            return error
        return hashlib.sha256(data).hexdigest()

    hashes: dict[int, str] = {}
    refused: list[Reject] = []
    lines = dict(zip(named.index, zip(named["line"], named[ID], strict=True), strict=True))
    with ThreadPoolExecutor() as pool:
        outcomes: Iterable[str | PictureError] = pool.map(check, named["picture"])
        for done, (place, outcome) in enumerate(zip(named.index, outcomes, strict=True), start=1):
            if isinstance(outcome, str):
                hashes[place] = outcome
            else:
                line, product = lines[place]
                refused.append(Reject(int(line), product, "picture", outcome.reason, str(outcome)))
            if progress and (done % 256 == 0 or done == len(named)):
                progress(done, len(named))
    return pd.Series(hashes, index=products.index, dtype="str"), refused
