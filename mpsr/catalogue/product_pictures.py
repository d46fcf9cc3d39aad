"""The pictures of every product of a catalogue: found, decoded once, and in the order they are named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mpsr.catalogue.check_pictures import Progress, Verdict, check_pictures
from mpsr.catalogue.find_pictures import Found, find_pictures
from mpsr.catalogue.located import Located
from mpsr.catalogue.pictures import PictureError
from mpsr.catalogue.rows import Row
from mpsr.catalogue.types import ID, Reject


@dataclass(frozen=True)
class Pictures:
    """The pictures of N products.

    Attributes:
        usable: for each product its pictures in order, each a member of the source and the SHA-256 of its bytes ("" where
            they were not checked).
        rejects: pictures that are named and cannot be used.
        unused: pictures of the source that are no product's.
        digests: the SHA-256 of each member that was checked and can be used.
    """

    usable: list[list[tuple[str, str]]]
    rejects: list[Reject]
    unused: int
    digests: dict[str, str]


def pictures_of(
    located: Located,
    rows: Sequence[Row],
    check: bool = True,
    progress: Progress | None = None,
    known: dict[str, str] | None = None,
) -> Pictures:
    """Find the pictures of the products and, if asked to, decode each once, except those whose digest is known."""
    ids = [row.fields[ID] for row in rows]
    found = find_pictures(located, ids, [row.pictures for row in rows])
    members = list(dict.fromkeys(member for one in found for member in one.members))
    checked: dict[str, Verdict] = dict.fromkeys(members, "")
    if check:
        checked = check_pictures(located.source, members, progress, known)
    usable = [
        [(member, said) for member in one.members if isinstance(said := checked[member], str)]
        for one in found
    ]
    digests = {member: said for member, said in checked.items() if isinstance(said, str) and said}
    rejects = [reject for row, one in zip(rows, found, strict=True) for reject in _rejects(row, one, checked)]
    return Pictures(usable, rejects, len(located.pictures() - set(members)), digests)


def _rejects(row: Row, found: Found, checked: dict[str, Verdict]) -> list[Reject]:
    lost = [(one.reason, one.detail) for one in found.lost]
    for member in found.members:
        if isinstance(error := checked[member], PictureError):
            lost.append((error.reason, f"{member}: {error}" if len(found.members) > 1 else str(error)))
    return [Reject(row.line, row.fields[ID], "picture", reason, detail) for reason, detail in lost]


def further_pictures(products: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Row, member of the source and SHA-256 of each picture beyond a product's first, by row and in order."""
    told = products["further_pictures"]
    return [
        (row, member, digest)
        for row in told.notna().to_numpy().nonzero()[0].tolist()
        for member, digest in json.loads(told.iloc[row])
    ]


def picture_columns(pictures: Pictures) -> pd.DataFrame:
    """The columns ``picture`` and ``picture_sha256`` of the first picture, and ``further_pictures``.

    The latter is JSON: ``[["photos/1b.jpg", "<SHA-256>"], ...]``, missing where there is no more than one.
    """
    first = [one[0] if one else (None, None) for one in pictures.usable]
    further = [json.dumps(one[1:], ensure_ascii=False) if len(one) > 1 else None for one in pictures.usable]
    columns = {
        "picture": [member for member, _ in first],
        "picture_sha256": [digest or None for _, digest in first],
        "further_pictures": further,
    }
    return pd.DataFrame(columns, dtype="str")
