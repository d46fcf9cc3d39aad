"""The stage of text forms: the products' texts in the forms shoppers use, which the learned space is trained on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mpsr.catalogue.split import read_split
from mpsr.catalogue.types import ID
from mpsr.space.forms import FORMS, Form, texts_of
from mpsr.stages.catalogue import read_products
from mpsr.stages.embeddings import EmbeddingStage, Encoded, Work
from mpsr.stages.text import BATCHING
from mpsr.store import Artefact, new_array_of, save_array
from mpsr.store.layout import VECTORS, WHERE, Stage

if TYPE_CHECKING:
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

#: The forms that are encoded here; the catalogue's own texts are the text stage's.
OTHER_FORMS = FORMS[1:]

#: Share of the train side whose titles are also shown with words dropped, or masked. More costs minutes of encoding.
THINNED: dict[Form, float] = {"dropped": 0.25, "masked": 0.1}


def embed_text_forms(make: Maker, settings: Settings, catalogue: Artefact, split: Artefact) -> Artefact:
    """Embeddings of the texts in every form but the catalogue's own, in half precision.

    Raises:
        InputError: the model's weights cannot be found.
    """
    model = settings.profile.text

    def prepare(files: ModelFiles) -> Work[str]:
        from mpsr.encoders.text import TextEncoder

        products = read_products(catalogue)
        texts = form_texts(products, read_split(split).side)
        encoder = TextEncoder(model, files, runtime=settings.runtime)
        ids = products[ID].to_numpy(dtype=str)
        return Work(ids, texts, str, encoder.encode, encoder.runner, encoder.lengths)

    return EmbeddingStage(
        Stage.TEXT_FORMS,
        model,
        {"catalogue": catalogue, "split": split},
        {"forms": list(OTHER_FORMS), "thinned": THINNED, "version": 3},
        BATCHING,
        prepare,
        save_by_form,
    ).run(make, settings)


def form_texts(products: pd.DataFrame, side: np.ndarray) -> list[str | None]:
    """The texts of all products in the first form, then in the second, and so on.

    Titles with words dropped or masked are thinned out, except that all masked titles beyond the train side stay:
    evaluation asks with them.
    """
    drawn = np.random.default_rng(0).random(len(products))
    texts: list[str | None] = []
    for form in OTHER_FORMS:
        kept = drawn < THINNED.get(form, 1.0)
        if form == "masked":
            kept |= side != "train"
        texts += [
            text if keep else None for text, keep in zip(texts_of(form, products, []), kept, strict=True)
        ]
    return texts


def save_by_form(folder: Path, encoded: Encoded) -> None:
    """The distinct texts' vectors, and which of them is each product's in each form."""
    count, size = len(encoded.distinct.items), encoded.shard_size
    vectors = new_array_of(np.float16, folder / VECTORS, (count, encoded.dimension))
    for number, shard in enumerate(encoded.shards.read(-(-count // size))):
        vectors[number * size : number * size + len(shard)] = shard
    vectors.flush()
    where = encoded.distinct.where.reshape(len(OTHER_FORMS), len(encoded.ids)).T.astype(np.int32)
    save_array(folder / WHERE, np.ascontiguousarray(where))
