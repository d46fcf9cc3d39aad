"""Relevance judgments of your own, in BEIR's form, over the whole catalogue: {query: {product id: grade}}."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from mpsr.errors import InputError
from mpsr.evaluation.bench import Bench, Rows, open_bench, unit
from mpsr.evaluation.metrics import METRICS, Judged, count_grades, look_up, measure
from mpsr.space.modality_weights import IMAGE_ONLY, TEXT_ONLY
from mpsr.store.facts import SpaceFacts
from mpsr.store.layout import VECTORS, Stage
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.service import Service

QUERIES, GALLERIES = ("text", "image", "product"), ("text", "image", "fused")

#: Queries scored at a time.
BLOCK = 256

EXPECTED = 'Expected JSON such as {"black shirt for men": {"9065": 2, "9067": 1}}.'


QrelsResult = TypedDict(
    "QrelsResult",
    {
        "space": str,
        "query": str,
        "gallery": str,
        "products searched": int,
        "queries": int,
        "left out": dict[str, int],
        "metrics": dict[str, float],
        "store": str,
    },
)


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgments from a file, checked: query → product id → grade of at least 0.

    Raises:
        InputError: no such file, no JSON, another form, a grade that is not a whole number, or no query at all.
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
                f"{path}: the judgments of {query!r} are not an object of product ids and grades. {EXPECTED}"
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
) -> QrelsResult:
    """The metrics of one space on judgments; the gallery is every product that has what is searched.

    A product is never a result of its own query. Judgments of unknown products, unknown products as queries and
    queries without a relevant product are counted and left out.

    Args:
        service: the store.
        path: the judgments.
        query: what a query is: "text", "image" (a product id, of which the picture counts) or "product" (a product id).
        gallery: what is searched: the products' "text", their "image", or both ("fused").
        space: "paper" or "learned"; the store's first by default.

    Raises:
        InputError: malformed judgments, an unknown option, nothing left to measure, or a comparison of text with
            pictures in a space where the two cannot be compared.
    """
    for name, value, choices in (("--query", query, QUERIES), ("--gallery", gallery, GALLERIES)):
        if value not in choices:
            raise InputError(f"{name} is {value!r}. Expected {', '.join(choices)}.")
    chosen = space or service.spaces[0]
    if chosen not in service.spaces:
        raise InputError(f"this store has no space {chosen!r}. Expected one of {', '.join(service.spaces)}.")
    crossing = {query, gallery} == {"text", "image"}
    if chosen == Stage.PAPER and crossing:
        raise InputError(
            "the paper's space cannot compare text with pictures. Use --space learned, or --gallery fused."
        )
    qrels, bench = read_qrels(path), open_bench(service)
    row_of = {product: row for row, product in enumerate(bench.text.ids)}
    either = bench.text.present | bench.image.present
    needed = {"text": bench.text.present, "image": bench.image.present, "fused": either}[gallery]
    searched = np.flatnonzero(needed)
    asking, left = _usable(qrels, query, row_of, bench, needed)
    if not asking:
        raise InputError(f"nothing to measure in {path}: {left}.")
    queries = _query_vectors(bench, chosen, query, asking, row_of)
    vectors = _gallery_vectors(bench, chosen, gallery, searched)
    highest = max(grade for name in asking for grade in qrels[name].values())
    column = {int(row): number for number, row in enumerate(searched)}
    found, available = [], []
    for start in range(0, len(asking), BLOCK):
        block = asking[start : start + BLOCK]
        grades = np.zeros((len(block), len(searched)), np.int8)
        for number, name in enumerate(block):
            for product, grade in qrels[name].items():
                if product in row_of and row_of[product] in column:
                    grades[number, column[row_of[product]]] = grade
            if query != "text" and row_of[name] in column:
                grades[number, column[row_of[name]]] = -1
        found.append(look_up(queries[start : start + BLOCK] @ vectors.T, grades))
        available.append(count_grades(grades, highest))
    values = measure(Judged(np.concatenate(found), np.concatenate(available)))
    return {
        "space": chosen,
        "query": query,
        "gallery": gallery,
        "products searched": len(searched),
        "queries": len(asking),
        "left out": left,
        "metrics": {name: round(float(np.mean(values[name])), 4) for name in METRICS},
        "store": service.snapshot.fingerprint,
    }


def _usable(
    qrels: dict[str, dict[str, int]], query: str, row_of: dict[str, int], bench: Bench, searched: np.ndarray
) -> tuple[list[str], dict[str, int]]:
    """The queries that can be asked and answered, and counts of what cannot."""
    unknown = sum(product not in row_of for judged in qrels.values() for product in judged)
    asking, absent, nothing = [], 0, 0
    mask = bench.image.present if query == "image" else bench.text.present | bench.image.present
    for name, judged in qrels.items():
        known = bool(name.strip()) if query == "text" else name in row_of and bool(mask[row_of[name]])
        if not known:
            absent += 1
        elif not any(
            grade > 0
            and product in row_of
            and searched[row_of[product]]
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
    bench: Bench, space: str, query: str, names: list[str], row_of: dict[str, int]
) -> FloatArray:
    if query == "text":
        embeddings = encode_texts(bench.service, names)
        if space == Stage.PAPER:
            return bench.standardise_text(embeddings)
        return _both_blocks(bench.project_text_query(embeddings), TEXT_ONLY)
    rows = np.array([row_of[name] for name in names])
    if query == "image":
        embeddings = bench.raw("image", rows)
        if space == Stage.PAPER:
            return bench.standardise_images(embeddings)
        return _both_blocks(bench.project("image", embeddings), 1 - IMAGE_ONLY)
    return _gallery_vectors(bench, space, "fused", rows)


def _both_blocks(vectors: FloatArray, text_weight: float) -> FloatArray:
    """Vectors of one modality, to be compared with both blocks of the learned space."""
    return np.concatenate([text_weight * vectors, (1 - text_weight) * vectors], axis=1, dtype=np.float32)


def _gallery_vectors(bench: Bench, space: str, gallery: str, rows: Rows) -> FloatArray:
    """The store's own vectors of these products, the block that is not searched set to zero."""
    artefact = bench.service.artefact(space)
    vectors = np.array(artefact.array(VECTORS)[rows])
    split = artefact.read_facts(SpaceFacts)["split"]
    if gallery == "text":
        vectors[:, split:] = 0
    if gallery == "image":
        vectors[:, :split] = 0
    return unit(vectors) if space == Stage.PAPER else vectors


def encode_texts(service: Service, texts: list[str]) -> FloatArray:
    """Embeddings of any texts with the store's own encoder."""
    from mpsr.encoders.profiles import profile
    from mpsr.encoders.text import TextEncoder
    from mpsr.encoders.weights import find_weights

    model = profile(service.snapshot.facts["profile"]).text
    encoder = TextEncoder(model, find_weights(model))
    lowered = [text.lower() if model.lowercase else text for text in texts]
    parts = [encoder.encode(lowered[start : start + 64]) for start in range(0, len(lowered), 64)]
    return np.concatenate(parts)
