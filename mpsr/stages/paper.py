"""The stage of the paper's space: standardised, concatenated, divided by the norm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.errors import StoreError
from mpsr.space.fusion import fuse, load_scalers, save_scalers
from mpsr.store import Artefact, read_embeddings, save_array
from mpsr.store.facts import SpaceFacts
from mpsr.store.layout import IDS, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def fuse_paper_space(make: Maker, generation: Artefact, text: Artefact, image: Artefact) -> Artefact:
    """The vectors of the paper's space, standardised by its generation's scalers.

    Raises:
        StoreError: the two embeddings are of different products.
    """

    def write(folder: Path) -> SpaceFacts:
        texts, images = read_embeddings(text), read_embeddings(image)
        if texts.ids != images.ids:
            raise StoreError(
                f"{text.folder} has embeddings of {len(texts.ids):,} products and {image.folder} of {len(images.ids):,}; "
                "expected the same products in the same order. Delete both folders and build again."
            )
        scalers = load_scalers(generation.folder)
        fuse(texts, images, scalers, folder)
        save_scalers(folder, *scalers)
        save_array(folder / IDS, np.array(texts.ids))
        split, rest = texts.vectors.shape[1], images.vectors.shape[1]
        return {"split": split, "dimension": split + rest}

    inputs = {"generation": generation, "text": text, "image": image}
    return make.make(Stage.PAPER, inputs, {}, write)
