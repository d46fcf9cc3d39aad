"""Everything an evaluation reads of a store, and the systems it compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from mpsr.catalogue.split import Side, read_split
from mpsr.errors import StoreError
from mpsr.search.lexical_shares import Lexicon
from mpsr.space.forms import Form, texts_of
from mpsr.space.fusion import Scaler, fit_scaler
from mpsr.space.pairs import Pairs, pairs_of, read_forms
from mpsr.store import read_embeddings
from mpsr.store.layout import Stage
from mpsr.types import Embeddings, FloatArray

if TYPE_CHECKING:
    from mpsr.service import Service
    from mpsr.space.towers import Towers
    from mpsr.types import Modality

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Bench:
    """The products, labels, split and vectors of a store.

    Attributes:
        service: the store.
        data: embeddings, texts in their forms (those that the store has), labels, split.
        text: text embeddings.
        image: image embeddings.
    """

    service: Service
    data: Pairs
    text: Embeddings
    image: Embeddings

    def complete_on(self, side: Side | None = None) -> Rows:
        """Rows of the products with text and picture, on one side or on all."""
        return np.flatnonzero(self.data.complete) if side is None else self.data.on(side)

    @cached_property
    def train(self) -> Rows:
        """The complete products of the train side; scalers and components are fitted on nothing else."""
        return self.complete_on("train")

    @cached_property
    def scalers(self) -> tuple[Scaler, Scaler]:
        """The paper's standardisation, fitted on the train side."""
        seen = np.zeros(len(self.text.ids), bool)
        seen[self.train] = True
        text, image = (
            fit_scaler(Embeddings(part.ids, part.vectors, part.space, seen))
            for part in (self.text, self.image)
        )
        return text, image

    @cached_property
    def towers(self) -> Towers | None:
        """The learned space's towers, None where the store has none."""
        if Stage.TOWERS not in self.service.snapshot.stages:
            return None
        from mpsr.space.towers import towers_of

        return towers_of(self.service.artefact(Stage.TOWERS))

    # -- words as words -----------------------------------------------------------------------------------

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of all products."""
        return Lexicon(self.service.products)

    def texts(self, form: Form, rows: Rows) -> list[str]:
        """The products' texts in a form other than the catalogue's; "" for those without."""
        return [text or "" for text in texts_of(form, self.service.products.iloc[rows], ())]

    def lexical_scores(self, texts: Sequence[str], rows: Rows) -> FloatArray:
        """The lexical scores of n texts with these m products, shape (n, m)."""
        return self.lexicon.scores_between(texts, rows)

    # -- the systems' vectors; a row a product, unit norm -------------------------------------------------

    def raw(self, modality: Modality, rows: Rows) -> FloatArray:
        """The encoder's own unit vectors."""
        part = self.text if modality == "text" else self.image
        return np.asarray(part.vectors[rows], np.float32)

    def paper(self, modality: Modality | Literal["both"], rows: Rows) -> FloatArray:
        """The paper's standardised vectors: text, image, or both concatenated; divided by their norm."""
        text, image = self.scalers
        if modality == "text":
            return unit(text.transform(self.raw("text", rows)))
        if modality == "image":
            return unit(image.transform(self.raw("image", rows)))
        blocks = text.transform(self.raw("text", rows)), image.transform(self.raw("image", rows))
        return unit(np.concatenate(blocks, axis=1))

    def standardise_text(self, vectors: FloatArray) -> FloatArray:
        """Any text embeddings, in the paper's space with an empty image block, (n, d_text + d_image)."""
        texts = unit(self.scalers[0].transform(vectors))
        return np.concatenate(
            [texts, np.zeros((len(texts), self.image.vectors.shape[1]), np.float32)], axis=1
        )

    def standardise_images(self, vectors: FloatArray) -> FloatArray:
        """Any image embeddings, in the paper's space with an empty text block, (n, d_text + d_image)."""
        images = unit(self.scalers[1].transform(vectors))
        return np.concatenate(
            [np.zeros((len(images), self.text.vectors.shape[1]), np.float32), images], axis=1
        )

    @cached_property
    def components(self) -> PCA:
        """Principal components of the paper's space, fitted on (at most 10,000 of) the train side."""
        sample = self.train
        if len(sample) > 10_000:
            sample = np.sort(np.random.default_rng(0).choice(sample, 10_000, replace=False))
        rows = self.paper("both", sample)
        return PCA(min(256, *rows.shape), svd_solver="covariance_eigh").fit(rows)

    def reduced(self, dimension: int, rows: Rows) -> FloatArray:
        """The paper's space reduced to its first components."""
        return unit(self.components.transform(self.paper("both", rows))[:, :dimension].astype(np.float32))

    def late(self, weight: float, rows: Rows) -> FloatArray:
        """Late fusion: weight·cos_text + (1 - weight)·cos_image as one inner product."""
        return joined(self.raw("text", rows), self.raw("image", rows), weight)

    def learned(self, modality: Modality, rows: Rows) -> FloatArray:
        """A tower's unit vectors of the products' own texts or pictures.

        Raises:
            StoreError: the store has no learned space.
        """
        if modality == "text":
            return self.learned_form("catalogue", rows)
        return self._towers().project_image(self.raw("image", rows))

    def learned_form(self, form: Form, rows: Rows) -> FloatArray:
        """The text tower's unit vectors of the products' texts in a form.

        Raises:
            StoreError: the store has no learned space.
        """
        texts = self.data.forms[form]
        return self._towers().project_text(texts.of(rows), texts.texts_of(rows))

    def learned_query(self, form: Form, rows: Rows) -> FloatArray:
        """The products' texts in a form as queries of text alone: the text tower's vectors times its emphasis.

        Raises:
            StoreError: the store has no learned space.
        """
        return self.learned_form(form, rows) * self._towers().emphasis()

    def _towers(self) -> Towers:
        if self.towers is None:
            raise StoreError(
                f"{self.service.root} has no learned space. Learn one with: mpsr train-space --store {self.service.root}"
            )
        return self.towers


def joined(texts: FloatArray, images: FloatArray, weight: float) -> FloatArray:
    """[√w·text | √(1-w)·image]: the inner product of two such rows is the weighted sum of the cosines."""
    return np.concatenate([texts * np.float32(weight**0.5), images * np.float32((1 - weight) ** 0.5)], axis=1)


def unit(rows: FloatArray) -> FloatArray:
    """Rows divided by their norm; rows of zeros stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1), dtype=np.float32)


def open_bench(service: Service) -> Bench:
    """What an evaluation of this store reads.

    Raises:
        StoreError: the store has no split; the message names the command that makes one.
    """
    from mpsr.encoders.text import product_texts, text_columns

    split = read_split(service.artefact(Stage.SPLIT))
    text, image = (read_embeddings(service.artefact(stage)) for stage in (Stage.TEXT, Stage.IMAGE))
    has_forms = Stage.TEXT_FORMS in service.snapshot.stages
    forms = read_forms(service.artefact(Stage.TEXT_FORMS), service.products) if has_forms else {}
    texts = product_texts(service.products, text_columns(service.artefact(Stage.TEXT)))
    return Bench(service, pairs_of(service.products, texts, text, image, split, forms), text, image)
