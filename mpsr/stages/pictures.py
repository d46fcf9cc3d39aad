"""The stage of the pictures: every product's, in a size for the screen and in one file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.catalogue.pictures import MAX_BYTES, preview
from mpsr.errors import InputError
from mpsr.stages.catalogue import read_products
from mpsr.store import Artefact, new_file, save_array
from mpsr.store.layout import OFFSETS, PICTURES, Stage

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.stages.maker import Maker

#: Pictures between two reports of progress.
TICK = 256


def keep_pictures(make: Maker, located: Located, catalogue: Artefact) -> Artefact:
    """Every product's picture, so that a store does not need its source."""

    def write(folder: Path) -> dict[str, int]:
        products = read_products(catalogue)
        offsets = np.zeros((len(products), 2), np.int64)
        kept: dict[str, tuple[int, int]] = {}
        with new_file(folder / PICTURES) as file:
            pairs = zip(products["picture"], products["picture_sha256"], strict=True)
            for row, (member, digest) in enumerate(pairs):
                if isinstance(member, str):
                    if digest not in kept:
                        data = preview(picture_bytes(located, member, digest))
                        kept[digest] = (file.tell(), len(data))
                        file.write(data)
                    offsets[row] = kept[digest]
                if row % TICK == 0:
                    make.report.progress(row, len(products))
        save_array(folder / OFFSETS, offsets)
        return {"distinct": len(kept)}

    return make.make(Stage.PICTURES, {"catalogue": catalogue}, {}, write)


def picture_bytes(located: Located, member: str, digest: str) -> bytes:
    """The bytes of a picture that the catalogue stage has checked.

    Raises:
        InputError: the picture has changed since then.
    """
    data = located.source.read(member, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(f"{member} was changed during the build. Run the same command again.")
    return data
