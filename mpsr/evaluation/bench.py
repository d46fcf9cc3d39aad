"""Everything an evaluation reads of a store, and the systems it compares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from mpsr.catalogue.split import Side, read_split
from mpsr.space.fusion import Scaler, fit_scaler
from mpsr.space.pairs import Pairs, pairs_of, read_forms
from mpsr.store import Artefact
from mpsr.types import Embeddings, FloatArray

if TYPE_CHECKING:
    from mpsr.service import Service
    from mpsr.space.towers import Towers

Places = npt.NDArray[np.intp]


def read_embeddings(artefact: Artefact) -> Embeddings:
    """The embeddings of a text or image artefact, memory-mapped."""
    stage = str(artefact.manifest["stage"])
    return Embeddings(
        artefact.array("ids.npy").tolist(),
        artefact.array("vectors.npy"),
        stage,
        artefact.array("present.npy"),
    )


@dataclass(frozen=True)
class Bench:
    """One store's products, labels, split and vectors.

    Attributes:
        service: the store.
        data: embeddings, words in their forms (as far as the store has them), labels, split.
        text: text embeddings.
        image: image embeddings.
    """

    service: Service
    data: Pairs
    text: Embeddings
    image: Embeddings

    def whole_on(self, side: Side | None = None) -> Places:
        """Positions of the products with words and picture, on one side or on all."""
        mask = self.data.whole if side is None else self.data.whole & (self.data.split.side == side)
        return np.flatnonzero(mask)

    @cached_property
    def train(self) -> Places:
        """The whole products of the train side; scalers and components see nothing else."""
        return self.whole_on("train")

    @cached_property
    def scalers(self) -> tuple[Scaler, Scaler]:
        """The paper's standardisation, fitted on the train side."""
        seen = np.zeros(len(self.text.ids), bool)
        seen[self.train] = True
        return tuple(  # type: ignore[return-value]
            fit_scaler(Embeddings(part.ids, part.vectors, part.space, seen))
            for part in (self.text, self.image)
        )

    @cached_property
    def towers(self) -> Towers | None:
        """The learned space's towers, None where the store has none."""
        if "towers" not in self.service.snapshot.stages:
            return None
        from mpsr.space.towers import load_towers

        return load_towers(self.service.artefact("towers").folder)

    # -- the systems' vectors; rows of products, unit norm -----------------------------------------------

    def raw(self, modality: str, places: Places) -> FloatArray:
        """The encoder's own unit vectors."""
        part = self.text if modality == "text" else self.image
        return np.asarray(part.vectors[places], np.float32)

    def paper(self, modality: str, places: Places) -> FloatArray:
        """The paper's standardised vectors: words, picture, or ("both") concatenated; divided by their norm."""
        return unit(self._standardised(modality, places))

    def _standardised(self, modality: str, places: Places) -> FloatArray:
        text, image = self.scalers
        blocks = {"text": lambda: text.transform(self.raw("text", places)),
                  "image": lambda: image.transform(self.raw("image", places))}  # fmt: skip
        if modality != "both":
            return blocks[modality]()
        return np.concatenate([blocks["text"](), blocks["image"]()], axis=1)

    def standardise_words(self, vectors: FloatArray) -> FloatArray:
        """Text embeddings of anything, in the paper's space with an empty picture block, (n, d_text + d_image)."""
        words = unit(self.scalers[0].transform(vectors))
        return np.concatenate(
            [words, np.zeros((len(words), self.image.vectors.shape[1]), np.float32)], axis=1
        )

    def standardise_pictures(self, vectors: FloatArray) -> FloatArray:
        """Picture embeddings, in the paper's space with an empty words block, (n, d_text + d_image)."""
        pictures = unit(self.scalers[1].transform(vectors))
        return np.concatenate(
            [np.zeros((len(pictures), self.text.vectors.shape[1]), np.float32), pictures], axis=1
        )

    @cached_property
    def components(self) -> PCA:
        """Principal components of the paper's space, fitted on (at most 10,000 of) the train side."""
        sample = self.train
        if len(sample) > 10_000:
            sample = np.sort(np.random.default_rng(0).choice(sample, 10_000, replace=False))
        rows = self.paper("both", sample)
        return PCA(min(256, *rows.shape), svd_solver="covariance_eigh").fit(rows)

    def reduced(self, dimension: int, places: Places) -> FloatArray:
        """The paper's space reduced to its first components."""
        return unit(self.components.transform(self.paper("both", places))[:, :dimension].astype(np.float32))

    def late(self, weight: float, places: Places) -> FloatArray:
        """Late fusion: weight·cos_text + (1 - weight)·cos_image as one inner product."""
        return joined(self.raw("text", places), self.raw("image", places), weight)

    def learned(self, modality: str, places: Places) -> FloatArray:
        """A tower's unit vectors of the products' own words or pictures."""
        return self.project(modality, self.raw(modality, places))

    def project(self, modality: str, vectors: FloatArray) -> FloatArray:
        """A tower's unit vectors of any embeddings."""
        if self.towers is None:
            raise AssertionError("this store has no towers")
        return self.towers.project(modality, vectors)  # type: ignore[arg-type]

    def spoken(self, vectors: FloatArray) -> FloatArray:
        """Text embeddings as words that ask alone: a tower's unit vectors times its emphasis."""
        if self.towers is None:
            raise AssertionError("this store has no towers")
        return self.towers.project("text", vectors) * self.towers.emphasis()


def joined(words: FloatArray, pictures: FloatArray, weight: float) -> FloatArray:
    """[√w·words | √(1-w)·pictures]: the inner product of two such rows is the weighted sum of the cosines."""
    return np.concatenate(
        [words * np.float32(weight**0.5), pictures * np.float32((1 - weight) ** 0.5)], axis=1
    )


def unit(rows: FloatArray) -> FloatArray:
    """Rows divided by their norm; rows of zeros stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1), dtype=np.float32)


def open_bench(service: Service) -> Bench:
    """What an evaluation of this store reads.

    Raises:
        StoreError: the store was built before there was a split; the message names the command.
    """
    split = read_split(service.artefact("split"))
    text, image = (read_embeddings(service.artefact(stage)) for stage in ("text", "image"))
    forms = read_forms(service.artefact("words")) if "words" in service.snapshot.stages else {}
    return Bench(service, pairs_of(service.products, text, image, split, forms), text, image)
