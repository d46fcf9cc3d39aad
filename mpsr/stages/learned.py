"""The stage of the learned space: both embeddings projected by the towers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.space.fusion import CHUNK
from mpsr.space.learned import BLOCK_NORM
from mpsr.store import Artefact, new_array, read_embeddings, save_array
from mpsr.store.facts import SpaceFacts
from mpsr.store.layout import EMPHASIS, IDS, NORMS, VECTORS, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def project_learned_space(make: Maker, towers: Artefact, text: Artefact, image: Artefact) -> Artefact:
    """The learned space: [t | v], each a unit vector times √½ (zero where the product lacks that modality)."""
    from mpsr.space.towers import towers_of

    def write(folder: Path) -> SpaceFacts:
        texts, images, loaded = read_embeddings(text), read_embeddings(image), towers_of(towers)
        width, count = loaded.shape.dimension, len(texts.ids)
        vectors = new_array(folder / VECTORS, (count, 2 * width))
        for start in range(0, count, CHUNK):
            rows = slice(start, start + CHUNK)
            t = BLOCK_NORM * loaded.project("text", texts.vectors[rows])
            v = BLOCK_NORM * loaded.project("image", images.vectors[rows])
            vectors[rows, :width] = np.where(texts.present[rows, None], t, 0)
            vectors[rows, width:] = np.where(images.present[rows, None], v, 0)
        vectors.flush()
        save_array(folder / NORMS, np.full((count, 2), BLOCK_NORM, np.float32))
        save_array(folder / EMPHASIS, loaded.emphasis())
        save_array(folder / IDS, np.array(texts.ids))
        return {"split": width, "dimension": 2 * width}

    inputs = {"towers": towers, "text": text, "image": image}
    return make.make(Stage.LEARNED, inputs, {"version": 2}, write)
