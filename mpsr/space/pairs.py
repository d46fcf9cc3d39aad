"""What the towers are trained on: texts in several forms and pictures of the same products, with labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.coded import coded
from mpsr.catalogue.families import normalised_name
from mpsr.catalogue.split import Side, Split
from mpsr.catalogue.types import NAME
from mpsr.space.forms import COLOUR, GENDER, TYPE, Form, texts_of
from mpsr.store import Artefact
from mpsr.store.facts import FormsParameters
from mpsr.store.layout import VECTORS, WHERE
from mpsr.types import Embeddings, FloatArray

Codes = npt.NDArray[np.int64]

#: What relevance is made of, in this order: 1 same type, 2 and colour, 3 and gender.
LABELS = (TYPE, COLOUR, GENDER)


@dataclass(frozen=True)
class TextForm:
    """The texts of N products in one form: M distinct embeddings, and which of them is each product's.

    Attributes:
        vectors: shape (M, d), float16 or float32.
        where: shape (N,), row in ``vectors``, -1 where a product has no text in this form.
        texts: the N products' texts themselves; empty where they are not known.
    """

    vectors: npt.NDArray[np.floating]
    where: Codes
    texts: Sequence[str | None] = ()

    def of(self, rows: npt.NDArray[np.integer]) -> FloatArray:
        """The embeddings of these products, float32; all must have text in this form."""
        return np.asarray(self.vectors[self.where[rows]], dtype=np.float32)

    def texts_of(self, rows: npt.NDArray[np.integer]) -> list[str | None]:
        """The texts of these products."""
        return [self.texts[row] if self.texts else None for row in rows]


def read_forms(artefact: Artefact, products: pd.DataFrame) -> dict[str, TextForm]:
    """The texts of a store's text forms artefact, form by form, the embeddings memory-mapped."""
    vectors, where = artefact.array(VECTORS), artefact.array(WHERE)
    forms = artefact.read_parameters(FormsParameters)["forms"]
    return {
        form: TextForm(vectors, np.asarray(where[:, n], np.int64), texts_of(cast(Form, form), products, ()))
        for n, form in enumerate(forms)
    }


@dataclass(frozen=True)
class Pairs:
    """N products with their texts, pictures and labels.

    Attributes:
        forms: form → texts; "catalogue" is always there.
        image: shape (N, d), float32; zero rows where ``pictured`` is False.
        pictured: shape (N,), bool.
        labels: shape (N, 3), int64: codes of type, colour and gender, -1 where missing.
        title: shape (N,), int64: code of the normalised name, -1 where missing.
        split: families and sides.
    """

    forms: dict[str, TextForm]
    image: FloatArray
    pictured: npt.NDArray[np.bool_]
    labels: Codes
    title: Codes
    split: Split

    @property
    def complete(self) -> npt.NDArray[np.bool_]:
        """Products with both text and picture, shape (N,)."""
        return self.pictured & (self.forms["catalogue"].where >= 0)

    def on(self, side: Side) -> npt.NDArray[np.intp]:
        """Rows of the complete products on that side."""
        return np.flatnonzero(self.complete & self.split.on(side))


def codes(values: pd.Series) -> Codes:
    """Numbers for the values, -1 for a missing or empty one, shape (N,)."""
    return coded(values).codes


def title_codes(products: pd.DataFrame) -> Codes:
    """Numbers for the normalised names, -1 for a missing one."""
    return codes(products[NAME].map(normalised_name, na_action=None))


def pairs_of(
    products: pd.DataFrame,
    texts: Sequence[str],
    text: Embeddings,
    image: Embeddings,
    split: Split,
    forms: dict[str, TextForm] | None = None,
) -> Pairs:
    """Bring a catalogue's texts, embeddings, labels and split together; ``forms`` are those beyond the catalogue's."""
    own = TextForm(text.vectors, np.where(text.present, np.arange(len(text.ids)), -1), texts)
    labels = np.stack([codes(products[name]) for name in LABELS], axis=1)
    return Pairs(
        {"catalogue": own, **(forms or {})},
        image.vectors,
        image.present,
        labels,
        title_codes(products),
        split,
    )


def grades_between(queries: Codes, gallery: Codes) -> npt.NDArray[np.int8]:
    """Grades by type, colour and gender, (Q, 3) and (G, 3) → (Q, G); a missing label equals nothing."""
    same = [
        (queries[:, n, None] == gallery[None, :, n]) & (queries[:, n, None] >= 0) for n in range(len(LABELS))
    ]
    kind = same[0].astype(np.int8)
    both = same[0] & same[1]
    return kind + both + (both & same[2])
