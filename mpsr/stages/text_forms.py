"""The stage of text forms: the products' texts in the forms shoppers use, which the learned space is trained on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mpsr.catalogue.split import read_split
from mpsr.catalogue.types import ID
from mpsr.space.forms import FORMS, Form, texts_of
from mpsr.stages.catalogue import read_products
from mpsr.stages.embeddings import EmbeddingStage, Encoded, Inputs
from mpsr.stages.text import BATCHING, start_text, text_digests
from mpsr.store import Artefact, new_array_of, save_array
from mpsr.store.layout import IDS, VECTORS, WHERE, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

#: The forms that are encoded here; the catalogue's own texts are the text stage's.
OTHER_FORMS = FORMS[1:]

#: Changes when the same products give other texts.
VERSION = 5

#: Share of the train side whose titles are also shown with words dropped, or masked. More costs minutes of encoding.
THINNED: dict[Form, float] = {"dropped": 0.25, "masked": 0.1}


def embed_text_forms(make: Maker, settings: Settings, catalogue: Artefact, split: Artefact) -> Artefact:
    """Embeddings of the texts in every form but the catalogue's own, in half precision.

    Raises:
        InputError: the model's weights cannot be found.
    """
    model = settings.profile.text

    def list_inputs() -> Inputs:
        products = read_products(catalogue)
        texts = form_texts(products, read_split(split).side)
        return Inputs(products[ID].to_numpy(dtype=str), texts, text_digests)

    return EmbeddingStage(
        Stage.TEXT_FORMS,
        model,
        {"catalogue": catalogue, "split": split},
        {"forms": list(OTHER_FORMS), "thinned": THINNED, "forms_version": VERSION},
        BATCHING,
        list_inputs,
        lambda files: start_text(model, files, settings),
        save_by_form,
        np.float16,
    ).run(make, settings)


def keep_text_forms(make: Maker, catalogue: Artefact, split: Artefact, before: Artefact) -> Artefact:
    """The text forms of a generation that is kept; products that are new or changed have none until the next one."""
    kept = make.kept

    def write(folder: Path) -> dict[str, int]:
        where = np.asarray(before.array(WHERE))
        ids = read_products(catalogue)[ID].to_numpy(dtype=str)
        if kept is None or len(where) != kept.count_before:
            raise RuntimeError("text forms can only be kept with their generation")
        moved = np.full((len(ids), where.shape[1]), -1, np.int32)
        moved[kept.same] = where[kept.before[kept.same]]
        save_array(folder / VECTORS, before.array(VECTORS))
        save_array(folder / WHERE, moved)
        save_array(folder / IDS, ids)
        return {**before.facts, "encoded": 0, "resumed": 0, "seconds": 0.0}

    inputs = {"catalogue": catalogue, "split": split}
    return make.make(Stage.TEXT_FORMS, inputs, before.parameters, write, before)


def form_texts(products: pd.DataFrame, side: np.ndarray) -> list[str | None]:
    """The texts of all products in the first form, then in the second, and so on.

    Titles with words dropped or masked are thinned out, except that all masked titles beyond the train side stay:
    evaluation asks with them.
    """
    drawn = np.array([_uniform(product) for product in products[ID]])
    texts: list[str | None] = []
    for form in OTHER_FORMS:
        kept = drawn < THINNED.get(form, 1.0)
        if form == "masked":
            kept |= side != "train"
        texts += [
            text if keep else None for text, keep in zip(texts_of(form, products, []), kept, strict=True)
        ]
    return texts


def _uniform(product: str) -> float:
    """A number in [0, 1) that depends on the product alone, so that its forms stay when others come or go."""
    return int.from_bytes(hashlib.sha256(f"mpsr-forms-1:{product}".encode()).digest()[:8]) / 2**64


def save_by_form(folder: Path, encoded: Encoded) -> None:
    """The distinct texts' vectors, and which of them is each product's in each form."""
    count = len(encoded.distinct.items)
    vectors = new_array_of(np.float16, folder / VECTORS, (count, encoded.dimension))
    encoded.place.copy(np.arange(count), vectors)
    vectors.flush()
    where = encoded.distinct.where.reshape(len(OTHER_FORMS), len(encoded.ids)).T.astype(np.int32)
    save_array(folder / WHERE, np.ascontiguousarray(where))
