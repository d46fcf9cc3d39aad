"""The stage of text embeddings: one a product, of the columns that the profile's text model reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mpsr.catalogue.types import ID
from mpsr.stages.catalogue import read_products
from mpsr.stages.embeddings import Batching, EmbeddingStage, Encoder, Inputs
from mpsr.store import Artefact
from mpsr.store.layout import Stage
from mpsr.store.segments import Digests, digests_of

if TYPE_CHECKING:
    from mpsr.encoders.profiles import TextModel
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings
    from mpsr.stages.shard_jobs import ShardJob

BATCHING = Batching(shard=4096, batch=64)


def embed_text(make: Maker, settings: Settings, catalogue: Artefact) -> Artefact:
    """Text embeddings; zero rows for products without text.

    Raises:
        InputError: the model's weights cannot be found.
    """
    return _stage(settings, catalogue).run(make, settings)


def reopen(job: ShardJob) -> EmbeddingStage[str]:
    """The stage, in another process."""
    return _stage(job.settings, job.artefact())


def _stage(settings: Settings, catalogue: Artefact) -> EmbeddingStage[str]:
    model = settings.profile.text

    def list_inputs() -> Inputs:
        from mpsr.encoders.text import product_texts

        products = read_products(catalogue)
        texts = [text or None for text in product_texts(products, model)]
        return Inputs(products[ID].to_numpy(dtype=str), texts, text_digests)

    return EmbeddingStage(
        Stage.TEXT,
        model,
        {"catalogue": catalogue},
        {},
        BATCHING,
        list_inputs,
        lambda files: start_text(model, files, settings),
        reopen=reopen,
    )


def start_text(model: TextModel, files: ModelFiles, settings: Settings) -> Encoder[str]:
    """The text model, ready to encode."""
    from mpsr.encoders.text import TextEncoder

    encoder = TextEncoder(model, files, runtime=settings.runtime)
    return Encoder(str, encoder.encode, encoder.runner, encoder.widths)


def text_digests(texts: Sequence[str]) -> Digests:
    """The SHA-256 of each text; one that no UTF-8 file can hold has one, too."""
    return digests_of([text.encode(errors="surrogatepass") for text in texts])
