"""The stage of the learned space: both embeddings projected by the towers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mpsr.space.fusion import CHUNK
from mpsr.space.learned import BLOCK_NORM
from mpsr.stages.catalogue import read_products
from mpsr.store import Artefact, new_array, read_embeddings, save_array
from mpsr.store.facts import SpaceFacts
from mpsr.store.layout import EMPHASIS, IDS, NORMS, VECTORS, Stage
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def project_learned_space(
    make: Maker, towers: Artefact, catalogue: Artefact, text: Artefact, image: Artefact
) -> Artefact:
    """The learned space: [t | v], each a unit vector times √½ (zero where the product lacks that modality)."""
    from mpsr.encoders.text import product_texts, text_columns
    from mpsr.space.towers import towers_of

    def write(folder: Path) -> SpaceFacts:
        texts, images, loaded = read_embeddings(text), read_embeddings(image), towers_of(towers)
        width, count = loaded.shape.dimension, len(texts.ids)
        products, columns = read_products(catalogue), text_columns(text)
        vectors = new_array(folder / VECTORS, (count, 2 * width))
        todo = _copied(make, towers, vectors)
        for start in range(0, len(todo), CHUNK):
            rows = todo[start : start + CHUNK]
            words = product_texts(products.iloc[rows], columns)
            t = BLOCK_NORM * loaded.project_text(texts.vectors[rows], words)
            v = BLOCK_NORM * loaded.project_image(images.vectors[rows])
            vectors[rows, :width] = np.where(texts.present[rows, None], t, 0)
            vectors[rows, width:] = np.where(images.present[rows, None], v, 0)
        vectors.flush()
        save_array(folder / NORMS, np.full((count, 2), BLOCK_NORM, np.float32))
        save_array(folder / EMPHASIS, loaded.emphasis())
        save_array(folder / IDS, np.array(texts.ids))
        return {"split": width, "dimension": 2 * width}

    inputs = {"towers": towers, "catalogue": catalogue, "text": text, "image": image}
    return make.make(Stage.LEARNED, inputs, {"version": 3}, write)


def _copied(make: Maker, towers: Artefact, vectors: FloatArray) -> npt.NDArray[np.int64]:
    """Copy the vectors that the same towers gave in the published build; the rows that are left to project."""
    before = make.published(Stage.LEARNED) if make.kept else None
    if make.kept is None or before is None or before.manifest["inputs"]["towers"] != towers.fingerprint:
        return np.arange(len(vectors))
    old = before.array(VECTORS)
    for start in range(0, len(make.kept.same), CHUNK):
        rows = make.kept.same[start : start + CHUNK]
        vectors[rows] = old[make.kept.before[rows]]
    return make.kept.new
