"""New words and pictures into a store's vectors: with the encoders, scalers and towers the store was built with.

Nothing here is loaded before somebody asks with words or with a picture; torch comes with the first such question.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from mpsr.catalogue.pictures import decode_upload
from mpsr.errors import InputError
from mpsr.space.fusion import Scaler, load_scalers
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from mpsr.encoders.image import ImageEncoder
    from mpsr.encoders.profiles import ImageModel, TextModel
    from mpsr.encoders.text import TextEncoder
    from mpsr.encoders.weights import ModelFiles
    from mpsr.search.store_reader import OpenStore
    from mpsr.space.towers import Towers

Modality = Literal["text", "image"]
MODALITIES: tuple[Modality, ...] = ("text", "image")
Made = TypeVar("Made")

#: Left, top, right and bottom in fractions of a picture's width and height.
Frame = tuple[float, float, float, float]

#: Words of a query in characters; the text encoder reads at most 128 tokens of them.
MOST_WORDS = 1000

#: Embeddings of words and of pictures asked before that are kept (a few KB each): a page asks the same again and again.
KEPT = 512

#: A folder to look for model weights in first, for stores built with ``--weights``.
WEIGHTS_VARIABLE = "MPSR_WEIGHTS"


class Kept:
    """The latest embeddings; the oldest goes when there are more than ``KEPT``."""

    def __init__(self) -> None:
        self._vectors: OrderedDict[tuple[Modality, str], FloatArray] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, modality: Modality, key: str) -> FloatArray | None:
        """The embedding of that text, or of the picture with that SHA-256, when it is still there."""
        with self._lock:
            if (modality, key) in self._vectors:
                self._vectors.move_to_end((modality, key))
            return self._vectors.get((modality, key))

    def put(self, modality: Modality, key: str, vector: FloatArray) -> None:
        """Keep an embedding."""
        with self._lock:
            self._vectors[modality, key] = vector
            while len(self._vectors) > KEPT:
                self._vectors.popitem(last=False)


class Encoders:
    """The encoders of a store, each loaded once when first needed; safe to use from several threads.

    One lock serves loading and encoding: a tokenizer is not to be used by two threads at once, and two encodings at
    a time on the same cores end no sooner than one after the other.
    """

    def __init__(self, store: OpenStore) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._made: dict[str, Any] = {}
        self._kept = Kept()

    # -- what is asked ------------------------------------------------------------------------------------

    def words(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of words as the catalogue's are made: (n, d_text), float32, unit norm.

        Raises:
            InputError: too long, or the store's text encoder is not to be had here.
        """
        keys = [text.strip() for text in texts]
        for key in keys:
            if len(key) > MOST_WORDS:
                raise InputError(f"the words have {len(key):,} characters. Expected at most {MOST_WORDS:,}.")
        found = {key: self._kept.get("text", key) for key in keys}
        missing = [key for key, vector in found.items() if vector is None]
        if missing:
            with self._lock:
                encoder = self.text_encoder()
                lowered = [key.lower() if encoder.model.lowercase else key for key in missing]
                vectors = encoder.encode(lowered)
            for key, vector in zip(missing, vectors, strict=True):
                found[key] = vector
                self._kept.put("text", key, vector)
        return np.stack([vector for key in keys if (vector := found[key]) is not None])

    def picture(self, data: bytes) -> FloatArray:
        """The embedding of an encoded picture file, on the way the catalogue's pictures take: (d_image,), unit norm.

        Only the pixels are used, and nothing of the file is kept.

        Raises:
            InputError: too large, no picture, damaged, or the store's picture encoder is not to be had here.
        """
        key = hashlib.sha256(data).hexdigest()
        vector = self._kept.get("image", key)
        if vector is None:
            picture = decode_upload(data)
            with self._lock:
                encoder = self.image_encoder()
                vector = encoder.encode([encoder.prepare(picture)])[0]
            self._kept.put("image", key, vector)
        return vector

    def looked_at(self, pictures: Sequence[bytes]) -> list[tuple[FloatArray, Frame]]:
        """For each encoded picture the feature map it is pooled from, (h, w, d_image), and where on the picture it lies.

        Raises:
            InputError: as ``picture``.
        """
        decoded = [decode_upload(data) for data in pictures]
        with self._lock:
            encoder = self.image_encoder()
            maps = encoder.feature_maps([encoder.prepare(picture) for picture in decoded])
        return [
            (cells, encoder.frame(picture.size, (cells.shape[0], cells.shape[1])))
            for cells, picture in zip(maps, decoded, strict=True)
        ]

    def written(self, products: pd.DataFrame) -> list[str]:
        """The texts that the products' own text embeddings were made of, one a row."""
        from mpsr.encoders.text import product_texts

        return product_texts(products, self.text_encoder().model)

    def standardised(self, modality: Modality, embeddings: FloatArray) -> FloatArray:
        """Embeddings in the paper's space: (n, d), standardised per feature, not divided by their norm."""
        return self.scalers()[modality].transform(embeddings)

    def projected(self, modality: Modality, embeddings: FloatArray) -> FloatArray:
        """Embeddings in the learned space: (n, d), float32, unit norm."""
        with self._lock:
            return self.towers().project(modality, embeddings)

    # -- what it is answered with -------------------------------------------------------------------------

    def scalers(self) -> dict[Modality, Scaler]:
        """The paper's standardisation of each modality."""

        def make() -> dict[Modality, Scaler]:
            text, image = load_scalers(self._store.artefact("paper").folder)
            return {"text": text, "image": image}

        return self._once("scalers", make)

    def towers(self) -> Towers:
        """The towers of the learned space."""

        def make() -> Towers:
            from mpsr.space.towers import load_towers

            return load_towers(self._store.artefact("towers").folder)

        return self._once("towers", make)

    def text_encoder(self) -> TextEncoder:
        """The text encoder, in the precision the store's embeddings were made in."""

        def make() -> TextEncoder:
            from mpsr.encoders.profiles import profile
            from mpsr.encoders.text import TextEncoder

            model = profile(self._profile).text
            return TextEncoder(
                model, self._files("text", model), precision=self._parameters("text")["precision"]
            )

        return self._once("text", make)

    def image_encoder(self) -> ImageEncoder:
        """The picture encoder, in the precision the store's embeddings were made in."""

        def make() -> ImageEncoder:
            from mpsr.encoders.image import ImageEncoder
            from mpsr.encoders.profiles import profile

            model = profile(self._profile).image
            return ImageEncoder(
                model, self._files("image", model), precision=self._parameters("image")["precision"]
            )

        return self._once("image", make)

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    @property
    def _profile(self) -> str:
        return str(self._store.snapshot.facts["profile"])

    def _parameters(self, modality: Modality) -> dict[str, Any]:
        """What the store's embeddings were made with."""
        return dict(self._store.artefact(modality).manifest["parameters"])

    def _files(self, modality: Modality, model: TextModel | ImageModel) -> ModelFiles:
        """The model's files, sure to be those the store was built with.

        Raises:
            InputError: they are not to be had, or are others.
        """
        from mpsr.encoders.weights import find_weights

        told = os.environ.get(WEIGHTS_VARIABLE)
        files = find_weights(model, Path(told) if told else None, offline=True)
        built = self._parameters(modality)
        mine = {**model.identity(), "weights": files.sha256}
        if {name: built.get(name) for name in mine} != mine:
            raise InputError(
                f"{self._store.root} was built with {built['model']}, SHA-256 {built['weights'][:12]}…; found here is "
                f"{model.name}, SHA-256 {files.sha256[:12]}…, so that new words and pictures would not compare. "
                f"Build the store again with: mpsr build SOURCE --store {self._store.root}"
            )
        return files
