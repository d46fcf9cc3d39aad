"""Whether speed costs quality: our vectors against plain float32 torch, and the neighbours that both give."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from benchmarks.figures import OURS, Measured, Scale
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.profiles import profile
from mpsr.encoders.runtime import choice
from mpsr.encoders.text import TextEncoder, product_texts
from mpsr.encoders.weights import find_weights
from mpsr.service import Service, open_service
from mpsr.space.learned import BLOCK_NORM
from mpsr.types import FloatArray

TOP, BATCH = 5, 64


def measure(scale: Scale) -> Measured:
    """Cosine of each vector with its float32 self, and how much of the top 5 both share."""
    service, chosen = open_service(scale.store), profile("embedded")
    pictured = _distinct(service)
    places = np.random.default_rng(0).choice(pictured, min(scale.pairs, len(pictured)), replace=False)
    rows = service.products.iloc[np.sort(places)]
    texts = product_texts(rows, chosen.text)
    files = find_weights(chosen.text), find_weights(chosen.image)

    def vectors(precision: Any, runtime: Any) -> dict[str, FloatArray]:
        words = TextEncoder(chosen.text, files[0], precision, runtime)
        photos = ImageEncoder(chosen.image, files[1], precision, runtime)
        pixels = [photos.prepare(_picture(service.picture(product))) for product in rows["id"]]
        both = {"text": _encoded(words, texts), "pictures": _encoded(photos, pixels)}
        return both | {
            "text and pictures": np.concatenate(list(both.values()), axis=1) * np.float32(BLOCK_NORM)
        }

    plain, ours = vectors("float32", "torch"), vectors(None, None)
    runtime, _, precision = choice()
    found = Measured(details={"runtime": runtime, "precision": precision, "products": len(rows)})
    for name, reference in plain.items():
        cosine = (ours[name] * reference).sum(axis=1)
        shared, reached = agreement(reference, ours[name])
        found.details[name] = {
            "least cosine": float(cosine.min()), "top 5 shared": shared, "reach the fifth best within 0.001": reached,
        }  # fmt: skip
        found.add(
            "quality", f"{name}: share of the top 5 as with plain float32 torch", {OURS: shared}, "more",
            note=f"least cosine {cosine.min():.5f}; {reached:.2%} reach the fifth best score within 0.001",
        )  # fmt: skip
    return found


def _distinct(service: Service) -> npt.NDArray[np.int64]:
    """One product of each text and of each picture: equal ones have equal vectors, and a tie has no top 5."""
    table = pd.DataFrame({"text": product_texts(service.products, profile("embedded").text)})
    table["picture"] = service.products["picture_sha256"].to_numpy()
    table = table.dropna().drop_duplicates("text").drop_duplicates("picture")
    return table.index.to_numpy(np.int64)


def _picture(data: bytes | None) -> Image.Image:
    return Image.open(io.BytesIO(data or b"")).convert("RGB")


def _encoded(encoder: Any, items: list[Any]) -> FloatArray:
    """In batches, as they come."""
    return np.concatenate([encoder.encode(items[at : at + BATCH]) for at in range(0, len(items), BATCH)])


def agreement(reference: FloatArray, other: FloatArray) -> tuple[float, float]:
    """Mean share of the top 5 that both have, and share of the other's whose reference score is a top-5 score."""
    shared = reached = 0.0
    for at in range(0, len(reference), 1024):
        rows = np.arange(at, min(at + 1024, len(reference)))
        true, found = (_scores(vectors, rows) for vectors in (reference, other))
        best, theirs = (np.argpartition(-scores, TOP, axis=1)[:, :TOP] for scores in (true, found))
        fifth = np.take_along_axis(true, best, axis=1).min(axis=1, keepdims=True)
        reached += (np.take_along_axis(true, theirs, axis=1) >= fifth - 1e-3).mean(axis=1).sum()
        shared += sum(len(set(a) & set(b)) / TOP for a, b in zip(best, theirs, strict=True))
    return shared / len(reference), float(reached / len(reference))


def _scores(vectors: FloatArray, rows: Any) -> FloatArray:
    """Cosines of some rows with all, their own left out."""
    scores = vectors[rows] @ vectors.T
    scores[np.arange(len(rows)), rows] = -2
    return scores
