"""The stage of text embeddings: one a product, of the columns that the profile's text model reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpsr.catalogue.types import ID
from mpsr.stages.catalogue import read_products
from mpsr.stages.embeddings import Batching, EmbeddingStage, Work
from mpsr.store import Artefact
from mpsr.store.layout import Stage

if TYPE_CHECKING:
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

BATCHING = Batching(shard=4096, batch=64)


def embed_text(make: Maker, settings: Settings, catalogue: Artefact) -> Artefact:
    """Text embeddings; zero rows for products without text.

    Raises:
        InputError: the model's weights cannot be found.
    """
    model = settings.profile.text

    def prepare(files: ModelFiles) -> Work[str]:
        from mpsr.encoders.text import TextEncoder, product_texts

        products = read_products(catalogue)
        texts = [text or None for text in product_texts(products, model)]
        encoder = TextEncoder(model, files, runtime=settings.runtime)
        ids = products[ID].to_numpy(dtype=str)
        return Work(ids, texts, str, encoder.encode, encoder.runner, encoder.lengths)

    stage = EmbeddingStage(Stage.TEXT, model, {"catalogue": catalogue}, {"version": 2}, BATCHING, prepare)
    return stage.run(make, settings)
