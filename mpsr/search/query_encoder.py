"""New text and pictures into embeddings, with the encoders the store was built with.

Nothing here is loaded before somebody asks with words or with a picture; torch comes with the first such request.
The spaces turn the embeddings into query blocks (``mpsr.space.space``).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from cachetools import LRUCache

from mpsr.catalogue.pictures import decode_upload
from mpsr.errors import InputError
from mpsr.space.lazy import Lazy
from mpsr.types import FloatArray, Modality

if TYPE_CHECKING:
    import pandas as pd

    from mpsr.encoders.image import ImageEncoder
    from mpsr.encoders.profiles import ImageModel, TextModel
    from mpsr.encoders.text import TextEncoder
    from mpsr.encoders.weights import ModelFiles
    from mpsr.search.store_reader import OpenStore

#: Left, top, right and bottom in fractions of a picture's width and height.
Frame = tuple[float, float, float, float]

#: Words of a query in characters; the text encoder reads at most 128 tokens of them.
MOST_WORDS = 1000

#: Embeddings of earlier queries that are kept (a few KB each): a page asks the same again and again.
KEPT = 512

#: A folder to look for model weights in first, for stores built with ``--weights``.
WEIGHTS_VARIABLE = "MPSR_WEIGHTS"


class Encoders:
    """The encoders of a store, each loaded once when first needed; safe to use from several threads.

    One lock serves all encoding: a tokenizer is not to be used by two threads at once, and two encodings at a time on
    the same cores end no sooner than one after the other.
    """

    def __init__(self, store: OpenStore) -> None:
        self._store = store
        self._encoding = threading.Lock()
        self._text_encoder, self._image_encoder = Lazy(self._load_text), Lazy(self._load_image)
        self._kept_lock = threading.Lock()
        self._kept: LRUCache[tuple[Modality, str], FloatArray] = LRUCache(KEPT)

    def words(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of texts as the catalogue's are made: (n, d_text), float32, unit norm.

        Raises:
            InputError: too long, or the store's text encoder is not to be had here.
        """
        keys = [text.strip() for text in texts]
        for key in keys:
            if len(key) > MOST_WORDS:
                raise InputError(f"the words have {len(key):,} characters. Expected at most {MOST_WORDS:,}.")
        with self._kept_lock:
            found = {key: self._kept[("text", key)] for key in keys if ("text", key) in self._kept}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            encoder = self._text_encoder()
            lowered = [key.lower() if encoder.model.lowercase else key for key in missing]
            with self._encoding:
                vectors = encoder.encode(lowered)
            found |= dict(zip(missing, vectors, strict=True))
            with self._kept_lock:
                self._kept.update({("text", key): found[key] for key in missing})
        return np.stack([found[key] for key in keys])

    def picture(self, data: bytes) -> FloatArray:
        """The embedding of an encoded picture file, made as the catalogue's are: (d_image,), unit norm.

        Only the pixels are used, and nothing of the file is kept.

        Raises:
            InputError: too large, no picture, damaged, or the store's picture encoder is not to be had here.
        """
        key: tuple[Modality, str] = ("image", hashlib.sha256(data).hexdigest())
        with self._kept_lock:
            vector = self._kept.get(key)
        if vector is None:
            picture = decode_upload(data)
            encoder = self._image_encoder()
            with self._encoding:
                vector = encoder.encode([encoder.prepare(picture)])[0]
            with self._kept_lock:
                self._kept[key] = vector
        return vector

    def feature_maps(self, pictures: Sequence[bytes]) -> list[tuple[FloatArray, Frame]]:
        """For each encoded picture the feature map it is pooled from, (h, w, d_image), and where on the picture it lies.

        Raises:
            InputError: as ``picture``.
        """
        decoded = [decode_upload(data) for data in pictures]
        encoder = self._image_encoder()
        with self._encoding:
            maps = encoder.feature_maps([encoder.prepare(picture) for picture in decoded])
        return [
            (cells, encoder.frame(picture.size, (cells.shape[0], cells.shape[1])))
            for cells, picture in zip(maps, decoded, strict=True)
        ]

    def product_texts(self, products: pd.DataFrame) -> list[str]:
        """The texts that the products' own text embeddings were made of, one a row."""
        from mpsr.encoders.text import product_texts

        return product_texts(products, self._text_encoder().model)

    # -- what it takes ------------------------------------------------------------------------------------

    def _load_text(self) -> TextEncoder:
        """The text encoder, in the precision the store's embeddings were made in."""
        from mpsr.encoders.profiles import profile
        from mpsr.encoders.text import TextEncoder

        model = profile(self._profile).text
        return TextEncoder(model, self._files("text", model), precision=self._parameters("text")["precision"])

    def _load_image(self) -> ImageEncoder:
        """The picture encoder, in the precision the store's embeddings were made in."""
        from mpsr.encoders.image import ImageEncoder
        from mpsr.encoders.profiles import profile

        model = profile(self._profile).image
        return ImageEncoder(
            model, self._files("image", model), precision=self._parameters("image")["precision"]
        )

    @property
    def _profile(self) -> str:
        return str(self._store.snapshot.facts["profile"])

    def _parameters(self, modality: Modality) -> dict[str, Any]:
        """What the store's embeddings were made with."""
        return dict(self._store.artefact(modality).manifest["parameters"])

    def _files(self, modality: Modality, model: TextModel | ImageModel) -> ModelFiles:
        """The model's files, verified to be those the store was built with.

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
