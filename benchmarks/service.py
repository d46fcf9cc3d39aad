"""User-facing latency: queries to a store by product, filters, text or photo, from bytes to neighbours."""

from __future__ import annotations

import random

import numpy as np

from benchmarks.figures import OURS, Measured, Scale, p50
from mpsr.search.request import Request
from mpsr.service import Service, open_service
from mpsr.types import Part, Query, Weights

UNEVEN = Weights(0.7, 0.3)


def measure(scale: Scale) -> Measured:
    """p50 of each kind of question, the models loaded before."""
    service, found = open_service(scale.store), Measured()
    size, count = f"{len(service):,} products", scale.queries
    asked = np.random.default_rng(0).choice(len(service), count, replace=False)
    products = [service.ids[place] for place in asked]
    value = next(iter(service.counts()["gender"]))
    slow = products[: max(20, count // 4)]
    photos = [photo for product in slow if (photo := _photo(service, product))]
    for what, ask, questions in (
        (f"a product's neighbours from the stored graph, {size}", service.similar, products),
        (
            "a product with uneven weights and a filter",
            lambda product: service.similar(product, weights=UNEVEN, where={"gender": [value]}),
            products,
        ),
        (
            "new text to neighbours, model loaded",
            lambda words: service.search(Request(Query((Part(words=words),)))),
            _words(service, slow),
        ),
        (
            "a new photo's bytes to neighbours, model loaded",
            lambda photo: service.search(Request(Query((Part(picture=photo),)))),
            photos,
        ),
    ):
        milliseconds, _ = p50(ask, questions)
        found.add("ask", f"{what}, p50 ms", {OURS: milliseconds})
    found.details = {"products": len(service), "spaces": service.spaces}
    return found


def _words(service: Service, products: list[str]) -> list[str]:
    """Texts that no cache has seen: the words of a product's name in another order."""
    shuffled = [service.name(product).split() for product in products]
    for place, name in enumerate(shuffled):
        random.Random(place).shuffle(name)
    return [" ".join([*name, str(place)]) for place, name in enumerate(shuffled)]


def _photo(service: Service, product: str) -> bytes | None:
    """A product's picture as another, larger file, which no cache has seen."""
    import io

    from PIL import Image

    data = service.picture(product)
    if data is None:
        return None
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    out = io.BytesIO()
    picture.resize((picture.width * 4, picture.height * 4)).save(out, "JPEG", quality=92)
    return out.getvalue()
