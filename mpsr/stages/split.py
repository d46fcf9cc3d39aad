"""The stage of the split: families of products, and their train, validation and test sides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.families import HASH_BYTES, NEAR_IDENTICAL_BITS, perceptual_hash
from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.split import split_catalogue
from mpsr.stages.catalogue import read_products
from mpsr.stages.pictures import TICK
from mpsr.store import Artefact, save_array
from mpsr.store.facts import SplitFacts
from mpsr.store.layout import FAMILY, HASHED, HASHES, OFFSETS, PICTURES, SIDE, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def split_families(make: Maker, catalogue: Artefact, pictures: Artefact) -> Artefact:
    """Families and sides, from the names and from perceptual hashes of the store's pictures."""

    def write(folder: Path) -> SplitFacts:
        hashed, hashes = _hashes(make, pictures)
        found = split_catalogue(read_products(catalogue), hashed, hashes)
        save_array(folder / FAMILY, found.family)
        save_array(folder / SIDE, found.side)
        save_array(folder / HASHED, hashed)
        save_array(folder / HASHES, hashes)
        return {
            "train": int(found.on("train").sum()),
            "validation": int(found.on("validation").sum()),
            "test": int(found.on("test").sum()),
            "families": len(np.unique(found.family)),
        }

    parameters = {"bits": NEAR_IDENTICAL_BITS, "version": 2}
    return make.make(Stage.SPLIT, {"catalogue": catalogue, "pictures": pictures}, parameters, write)


def _hashes(make: Maker, pictures: Artefact) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
    """The M rows with a picture, ascending, and their perceptual hashes, shape (M, 32)."""
    offsets = pictures.array(OFFSETS)
    hashed = np.flatnonzero(offsets[:, 1])
    hashes = np.empty((len(hashed), HASH_BYTES), np.uint8)
    with pictures.path(PICTURES).open("rb") as file:
        for number, (start, length) in enumerate(offsets[hashed]):
            file.seek(start)
            hashes[number] = perceptual_hash(decode_picture(file.read(length)))
            if number % TICK == 0:
                make.report.progress(number, len(hashed))
    return hashed, hashes
