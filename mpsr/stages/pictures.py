"""The stage of the pictures: every product's, in a size for the screen and in one file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.pictures import MAX_BYTES, preview
from mpsr.catalogue.product_pictures import further_pictures
from mpsr.errors import InputError
from mpsr.stages.catalogue import read_products
from mpsr.store import Artefact, new_file, save_array
from mpsr.store.layout import FURTHER, OFFSETS, PICTURES, Stage

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.stages.maker import Maker

#: Another version where the same picture would be kept otherwise.
PARAMETERS: dict[str, int] = {}

#: Pictures between two reports of progress.
TICK = 256


def keep_pictures(make: Maker, located: Located | None, catalogue: Artefact) -> Artefact:
    """Every product's pictures, so that a store does not need its source."""
    products = read_products(catalogue)
    further = further_pictures(products)

    def write(folder: Path) -> dict[str, int]:
        firsts = zip(range(len(products)), products["picture"], products["picture_sha256"], strict=True)
        offsets = np.zeros((len(products), 2), np.int64)
        with new_file(folder / PICTURES) as file:
            writer = _Writer(file, located, _published(make))
            for row, member, digest in firsts:
                if isinstance(member, str):
                    offsets[row] = writer.place(member, digest)
                if row % TICK == 0:
                    make.report.progress(row, len(products))
            others = [(row, *writer.place(member, digest)) for row, member, digest in further]
        save_array(folder / OFFSETS, offsets)
        if others:
            save_array(folder / FURTHER, np.array(others, np.int64))
        return {"distinct": len(writer.places)}

    return make.make(Stage.PICTURES, {"catalogue": catalogue}, _parameters(bool(further)), write)


def _parameters(further: bool) -> dict[str, int]:
    return {**PARAMETERS, "further": 1} if further else PARAMETERS


class _Writer:
    """Writes each distinct picture once, taken from the published build where that has it."""

    def __init__(self, file: BinaryIO, located: Located | None, old: Kept) -> None:
        self.places: dict[str, tuple[int, int]] = {}
        self._file, self._located, self._old = file, located, old

    def place(self, member: str, digest: str) -> tuple[int, int]:
        """Start and length of a picture in the file."""
        if digest not in self.places:
            data = self._old.get(digest) or preview(picture_bytes(self._located, member, digest))
            self.places[digest] = (self._file.tell(), len(data))
            self._file.write(data)
        return self.places[digest]


@dataclass(frozen=True)
class Kept:
    """The pictures of a published build: start and length by the digest of what they were made from."""

    places: dict[str, tuple[int, int]]
    data: npt.NDArray[np.uint8]

    def get(self, digest: str) -> bytes:
        """A picture; empty where there is none."""
        start, length = self.places.get(digest, (0, 0))
        return self.data[start : start + length].tobytes()


def _published(make: Maker) -> Kept:
    """The published build's pictures, where this version would make them alike."""
    pictures, catalogue = make.published(Stage.PICTURES), make.published(Stage.CATALOGUE)
    alike = pictures and pictures.parameters in (_parameters(False), _parameters(True))
    if pictures is None or catalogue is None or not alike or not _any(pictures):
        return Kept({}, np.empty(0, np.uint8))
    products = read_products(catalogue)
    offsets = np.asarray(pictures.array(OFFSETS)).tolist()
    pairs = zip(products["picture_sha256"], offsets, strict=True)
    places = {digest: (start, length) for digest, (start, length) in pairs if isinstance(digest, str)}
    if FURTHER in pictures.manifest["files"]:
        others = zip(further_pictures(products), np.asarray(pictures.array(FURTHER)).tolist(), strict=True)
        places |= {digest: (start, length) for (_, _, digest), (_, start, length) in others}
    return Kept(places, np.memmap(pictures.path(PICTURES), np.uint8, "r"))


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
