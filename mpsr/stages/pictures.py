"""The stage of the pictures: every product's, in a size for the screen and in one file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.pictures import MAX_BYTES, preview
from mpsr.errors import InputError
from mpsr.stages.catalogue import read_products
from mpsr.store import Artefact, new_file, save_array
from mpsr.store.layout import OFFSETS, PICTURES, Stage

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.stages.maker import Maker

#: Another version where the same picture would be kept otherwise.
PARAMETERS: dict[str, int] = {}

#: Pictures between two reports of progress.
TICK = 256


def keep_pictures(make: Maker, located: Located | None, catalogue: Artefact) -> Artefact:
    """Every product's picture, so that a store does not need its source."""

    def write(folder: Path) -> dict[str, int]:
        products = read_products(catalogue)
        offsets = np.zeros((len(products), 2), np.int64)
        kept: dict[str, tuple[int, int]] = {}
        old = _published(make)
        with new_file(folder / PICTURES) as file:
            pairs = zip(products["picture"], products["picture_sha256"], strict=True)
            for row, (member, digest) in enumerate(pairs):
                if isinstance(member, str):
                    if digest not in kept:
                        data = old.get(digest) or preview(picture_bytes(located, member, digest))
                        kept[digest] = (file.tell(), len(data))
                        file.write(data)
                    offsets[row] = kept[digest]
                if row % TICK == 0:
                    make.report.progress(row, len(products))
        save_array(folder / OFFSETS, offsets)
        return {"distinct": len(kept)}

    return make.make(Stage.PICTURES, {"catalogue": catalogue}, PARAMETERS, write)


@dataclass(frozen=True)
class Kept:
    """The pictures of a published build, by the digest of what they were made from."""

    rows: dict[str, int]
    offsets: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]

    def get(self, digest: str) -> bytes:
        """A picture; empty where there is none."""
        row = self.rows.get(digest)
        if row is None:
            return b""
        start, length = self.offsets[row]
        return self.data[start : start + length].tobytes()


def _published(make: Maker) -> Kept:
    """The published build's pictures, where this version would make them alike."""
    pictures, catalogue = make.published(Stage.PICTURES), make.published(Stage.CATALOGUE)
    if pictures is None or catalogue is None or pictures.parameters != PARAMETERS or not _any(pictures):
        return Kept({}, np.empty((0, 2), np.int64), np.empty(0, np.uint8))
    digests = read_products(catalogue)["picture_sha256"]
    rows = {digest: row for row, digest in enumerate(digests) if isinstance(digest, str)}
    return Kept(rows, np.asarray(pictures.array(OFFSETS)), np.memmap(pictures.path(PICTURES), np.uint8, "r"))


def _any(pictures: Artefact) -> bool:
    return pictures.path(PICTURES).stat().st_size > 0  # an empty file cannot be mapped


def picture_bytes(located: Located | None, member: str, digest: str) -> bytes:
    """The bytes of a picture that the catalogue stage has checked.

    Raises:
        InputError: the picture has changed since then, or is in another source.
    """
    if located is None:
        raise InputError(
            f"{member} is needed again and is not in the store. Build from the whole catalogue: mpsr build SOURCE"
        )
    data = located.source.read(member, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(f"{member} was changed during the build. Run the same command again.")
    return data
