"""The stage of the split: families of products, and their train, validation and test sides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

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


#: What families depend on beside the products and their pictures.
PARAMETERS = {"bits": NEAR_IDENTICAL_BITS, "version": 2}


def split_families(make: Maker, catalogue: Artefact, pictures: Artefact) -> Artefact:
    """Families and sides, from the names and from perceptual hashes of the store's pictures."""

    def write(folder: Path) -> SplitFacts:
        products = read_products(catalogue)
        hashed, hashes = _hashes(make, pictures, products["picture_sha256"])
        found = split_catalogue(products, hashed, hashes)
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

    return make.make(Stage.SPLIT, {"catalogue": catalogue, "pictures": pictures}, PARAMETERS, write)


def _hashes(
    make: Maker, pictures: Artefact, digests: pd.Series
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
    """The M rows with a picture, ascending, and their perceptual hashes, shape (M, 32)."""
    known = _published(make)
    offsets = pictures.array(OFFSETS)
    hashed = np.flatnonzero(offsets[:, 1])
    hashes = np.empty((len(hashed), HASH_BYTES), np.uint8)
    with pictures.path(PICTURES).open("rb") as file:
        for number, row in enumerate(hashed):
            digest, (start, length) = digests.iloc[row], offsets[row]
            if digest not in known:
                file.seek(start)
                known[digest] = perceptual_hash(decode_picture(file.read(length)))
            hashes[number] = known[digest]
            if number % TICK == 0:
                make.report.progress(number, len(hashed))
    return hashed, hashes


def _published(make: Maker) -> dict[str, npt.NDArray[np.uint8]]:
    """Digest of a picture → its perceptual hash, of the published build."""
    split, catalogue = make.published(Stage.SPLIT), make.published(Stage.CATALOGUE)
    if split is None or catalogue is None or split.parameters != PARAMETERS:
        return {}
    digests = read_products(catalogue)["picture_sha256"].to_numpy()
    return dict(zip(digests[split.array(HASHED)], np.asarray(split.array(HASHES)), strict=True))
