"""The stage of families and of the train, validation and test sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mpsr.catalogue.families import NEAR_IDENTICAL_BITS, perceptual_hash
from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.split import SIDES, split_catalogue
from mpsr.stages.catalogue import products_of
from mpsr.stages.maker import Maker
from mpsr.store import Artefact, save_array
from mpsr.store.layout import FAMILY, HASHED, HASHES, OFFSETS, PICTURES, SIDE


def split(make: Maker, catalogue: Artefact, pictures: Artefact) -> Artefact:
    """Families and sides, from the names and from perceptual hashes of the store's pictures."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products, offsets = products_of(catalogue), pictures.array(OFFSETS)
        hashed = np.flatnonzero(offsets[:, 1])
        hashes = np.empty((len(hashed), 32), np.uint8)
        with (pictures.folder / PICTURES).open("rb") as file:
            for place, (start, length) in enumerate(offsets[hashed]):
                file.seek(start)
                hashes[place] = perceptual_hash(decode_picture(file.read(length)))
                if place % 256 == 0:
                    make.report.progress(place, len(hashed))
        found = split_catalogue(products, hashed, hashes)
        save_array(folder / FAMILY, found.family)
        save_array(folder / SIDE, found.side)
        save_array(folder / HASHED, hashed)
        save_array(folder / HASHES, hashes)
        facts |= {side: int((found.side == side).sum()) for side in SIDES}
        facts["families"] = len(np.unique(found.family))

    parameters = {"bits": NEAR_IDENTICAL_BITS, "version": 2}
    return make.make("split", {"catalogue": catalogue, "pictures": pictures}, parameters, write)
