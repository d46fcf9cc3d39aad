"""The stage of image embeddings: one a product, of its picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.types import ID
from mpsr.stages.catalogue import read_products
from mpsr.stages.embeddings import Batching, EmbeddingStage, Encoder, Inputs
from mpsr.stages.pictures import picture_bytes
from mpsr.store import Artefact
from mpsr.store.layout import Stage
from mpsr.store.segments import DIGEST_BYTES, Digests

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.encoders.image import Pixels
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings
    from mpsr.stages.shard_jobs import ShardJob

BATCHING = Batching(shard=1024, batch=32, workers=2)


def embed_image(make: Maker, settings: Settings, located: Located | None, catalogue: Artefact) -> Artefact:
    """Image embeddings; zero rows for products without a picture.

    Raises:
        InputError: the model's weights cannot be found.
    """
    return _stage(settings, located, catalogue).run(make, settings)


def reopen(job: ShardJob) -> EmbeddingStage[Pixels]:
    """The stage, in another process."""
    return _stage(job.settings, job.located(), job.artefact())


def _stage(settings: Settings, located: Located | None, catalogue: Artefact) -> EmbeddingStage[Pixels]:
    model = settings.profile.image

    def list_inputs() -> Inputs:
        products = read_products(catalogue)
        digests = [digest if isinstance(digest, str) else None for digest in products["picture_sha256"]]
        return Inputs(products[ID].to_numpy(dtype=str), digests, picture_digests)

    def start(files: ModelFiles) -> Encoder[Pixels]:
        from mpsr.encoders.image import ImageEncoder

        products = read_products(catalogue)
        members = dict(zip(products["picture_sha256"], products["picture"], strict=True))
        encoder = ImageEncoder(model, files, runtime=settings.runtime)

        def load(digest: str) -> Pixels:
            return encoder.prepare(decode_picture(picture_bytes(located, members[digest], digest)))

        return Encoder(load, encoder.encode, encoder.runner)

    return EmbeddingStage(
        Stage.IMAGE,
        model,
        {"catalogue": catalogue},
        {},
        BATCHING,
        list_inputs,
        start,
        reopen=reopen,
        source=located.source.location.resolve() if located else None,
    )


def picture_digests(digests: Sequence[str]) -> Digests:
    """SHA-256 sums in hexadecimal as bytes."""
    return np.frombuffer(bytes.fromhex("".join(digests)), np.uint8).reshape(-1, DIGEST_BYTES)
