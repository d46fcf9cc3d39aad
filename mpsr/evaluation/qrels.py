"""Somebody else's judgments in BEIR form, over the whole catalogue: {query: {product id: grade}}."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mpsr.errors import InputError
from mpsr.evaluation.bench import Bench, Places, open_bench, unit
from mpsr.evaluation.metrics import METRICS, Judged, count_grades, look_up, measure
from mpsr.space.modality_weights import IMAGE_ONLY, TEXT_ONLY
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.service import Service

QUERIES, GALLERIES = ("text", "image", "product"), ("text", "image", "fused")

#: Queries scored at a time.
BLOCK = 256

EXPECTED = 'Expected JSON such as {"black shirt for men": {"9065": 2, "9067": 1}}.'


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgments from a file, checked: query → product id → grade of at least 0.

    Raises:
        InputError: no such file, no JSON, another form, a grade that is none, or no query at all.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as judgments ({error}). {EXPECTED}") from error
    if not isinstance(document, dict) or not document:
        raise InputError(f"{path} holds no queries. {EXPECTED}")
    for query, judged in document.items():
        if not isinstance(judged, dict):
            raise InputError(
                f"{path}: the judgments of {query!r} are no object of product id and grade. {EXPECTED}"
            )
        for product, grade in judged.items():
            if isinstance(grade, bool) or not isinstance(grade, int) or not 0 <= grade <= 100:
                raise InputError(
                    f"{path}: {query!r} gives {product!r} the grade {grade!r}; "
                    "expected a whole number, 0 to 100."
                )
    return document


def evaluate_qrels(
    service: Service, path: Path, query: str, gallery: str, space: str | None = None
) -> dict[str, Any]:
    """The metrics of one space on somebody's judgments, the gallery being every product that has what is searched.

    A product that asks never comes back itself. Judgments of unknown products, unknown products as queries and
    queries left without a relevant product are counted and left out.

    Args:
        service: the store.
        path: the judgments.
        query: what a query is: "text" (words), "image" (a product id, its picture asks) or "product" (a product id).
        gallery: what is searched: the products' "text", their "image", or both ("fused").
        space: "paper" or "shared"; the store's first by default.

    Raises:
        InputError: malformed judgments, an unknown word, nothing left to measure, or a comparison of words with
            pictures in a space where the two cannot be compared.
    """
    for name, value, choices in (("--query", query, QUERIES), ("--gallery", gallery, GALLERIES)):
        if value not in choices:
            raise InputError(f"{name} is {value!r}. Expected {', '.join(choices)}.")
    chosen = space or service.spaces[0]
    if chosen not in service.spaces:
        raise InputError(f"this store has no space {chosen!r}. Expected one of {', '.join(service.spaces)}.")
    crossing = {query, gallery} == {"text", "image"}
    if chosen == "paper" and crossing:
        raise InputError(
            "the paper's space cannot compare words with pictures. Use --space shared, or --gallery fused."
        )
    qrels, bench = read_qrels(path), open_bench(service)
    position = {product: place for place, product in enumerate(bench.text.ids)}
    either = bench.text.present | bench.image.present
    needed = {"text": bench.text.present, "image": bench.image.present, "fused": either}[gallery]
    places = np.flatnonzero(needed)
    asking, left = _usable(qrels, query, position, bench, needed)
    if not asking:
        raise InputError(f"nothing to measure in {path}: {left}.")
    queries = _query_vectors(bench, chosen, query, asking, position)
    rows = _gallery_vectors(bench, chosen, gallery, places)
    highest = max(grade for name in asking for grade in qrels[name].values())
    column = {int(place): number for number, place in enumerate(places)}
    found, available = [], []
    for start in range(0, len(asking), BLOCK):
        grades = np.zeros((len(asking[start : start + BLOCK]), len(places)), np.int8)
        for row, name in enumerate(asking[start : start + BLOCK]):
            for product, grade in qrels[name].items():
                if product in position and position[product] in column:
                    grades[row, column[position[product]]] = grade
            if query != "text" and position[name] in column:
                grades[row, column[position[name]]] = -1
        found.append(look_up(queries[start : start + BLOCK] @ rows.T, grades))
        available.append(count_grades(grades, highest))
    values = measure(Judged(np.concatenate(found), np.concatenate(available)))
    return {
        "space": chosen,
        "query": query,
        "gallery": gallery,
        "products searched": len(places),
        "queries": len(asking),
        "left out": left,
        "metrics": {name: round(float(np.mean(values[name])), 4) for name in METRICS},
        "store": service.snapshot.fingerprint,
    }


def _usable(
    qrels: dict[str, dict[str, int]], query: str, position: dict[str, int], bench: Bench, searched: np.ndarray
) -> tuple[list[str], dict[str, int]]:
    """The queries that can be asked and answered, and counts of what cannot."""
    unknown = sum(product not in position for judged in qrels.values() for product in judged)
    asking, absent, nothing = [], 0, 0
    mask = bench.image.present if query == "image" else bench.text.present | bench.image.present
    for name, judged in qrels.items():
        known = bool(name.strip()) if query == "text" else name in position and bool(mask[position[name]])
        if not known:
            absent += 1
        elif not any(
            grade > 0
            and product in position
            and searched[position[product]]
            and (query == "text" or product != name)
            for product, grade in judged.items()
        ):
            nothing += 1
        else:
            asking.append(name)
    return asking, {
        "judgments of unknown products": unknown,
        "queries that are unknown, empty or without a picture": absent,
        "queries without a relevant product": nothing,
    }


def _query_vectors(
    bench: Bench, space: str, query: str, names: list[str], position: dict[str, int]
) -> FloatArray:
    if query == "text":
        words = encode_words(bench.service, names)
        if space == "paper":
            return bench.standardise_words(words)
        said = bench.spoken(words)
        return np.concatenate([TEXT_ONLY * said, (1 - TEXT_ONLY) * said], axis=1, dtype=np.float32)
    places = np.array([position[name] for name in names])
    if query == "image":
        photos = bench.raw("image", places)
        if space == "paper":
            return bench.standardise_pictures(photos)
        shown = bench.project("image", photos)
        return np.concatenate([(1 - IMAGE_ONLY) * shown, IMAGE_ONLY * shown], axis=1, dtype=np.float32)
    return _gallery_vectors(bench, space, "fused", places)


def _gallery_vectors(bench: Bench, space: str, gallery: str, places: Places) -> FloatArray:
    """The store's own vectors of these products, the block that is not searched set to zero."""
    artefact = bench.service.artefact(space)
    rows = np.array(artefact.array("vectors.npy")[places])
    split = artefact.facts["split"]
    if gallery == "text":
        rows[:, split:] = 0
    if gallery == "image":
        rows[:, :split] = 0
    return unit(rows) if space == "paper" else rows


def encode_words(service: Service, texts: list[str]) -> FloatArray:
    """Text embeddings of any words with the store's own encoder."""
    from mpsr.encoders.profiles import profile
    from mpsr.encoders.text import TextEncoder
    from mpsr.encoders.weights import find_weights

    model = profile(str(service.snapshot.facts["profile"])).text
    encoder = TextEncoder(model, find_weights(model))
    lowered = [text.lower() if model.lowercase else text for text in texts]
    parts = [encoder.encode(lowered[start : start + 64]) for start in range(0, len(lowered), 64)]
    return np.concatenate(parts)
