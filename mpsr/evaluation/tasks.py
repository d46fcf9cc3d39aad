"""The tasks of the protocol: what the queries are, what is searched, what is relevant, and the systems compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from mpsr.evaluation.bench import Bench, Rows, joined
from mpsr.evaluation.task import Grades, Lexical, System, Task
from mpsr.space.forms import Form
from mpsr.space.modality_weights import IMAGE_ONLY, TEXT_ONLY
from mpsr.space.pairs import Codes, grades_between
from mpsr.types import LEXICAL_WEIGHT, FloatArray

#: What is added to a system's name where its scores have the lexical share of ``mpsr similar --words``.
AND_LEXICAL = ", and lexical"


@dataclass(frozen=True)
class Chosen:
    """What validation chose.

    Attributes:
        late: weight of the text in late fusion.
        dimension: number of principal components.
        both: weight of the text in the learned space where the query is a product.
        photo: the same where the query is a photo.
        sentence: the same where the query is a sentence.
        figures: what was chosen → value tried → graded nDCG@10.
    """

    late: float = 0.5
    dimension: int = 128
    both: float = 0.5
    photo: float = 0.5
    sentence: float = 0.5
    figures: dict[str, dict[str, float]] = field(default_factory=dict)


def product_grades(
    bench: Bench, queries: Rows, gallery: Rows, labels: Codes | None = None, variants: bool = False
) -> Callable[[slice], Grades]:
    """Grades by type, colour and gender; the query itself and, unless ``variants`` stay, its family are left out."""
    known = bench.data.labels if labels is None else labels
    barred = np.arange(len(known)) if variants else bench.data.split.family

    def grades(block: slice) -> Grades:
        asked = queries[block]
        found = grades_between(known[asked], known[gallery])
        found[barred[asked][:, None] == barred[gallery][None]] = -1
        return found

    return grades


def product_task(
    bench: Bench, name: str, title: str, where: str, queries: Rows, gallery: Rows, systems: dict[str, System],
    labels: Codes | None = None, excluded: int = 0, variants: bool = False,
) -> Task:  # fmt: skip
    """A task whose queries and gallery are products, judged by ``product_grades``."""
    known = bench.data.labels if labels is None else labels
    return Task(
        name, title, where, known[queries, 0], bench.data.split.family[queries],
        product_grades(bench, queries, gallery, labels, variants), 3, systems, excluded=excluded,
    )  # fmt: skip


def picture_task(
    bench: Bench,
    queries: Rows,
    gallery: Rows,
    where: str,
    name: str = "picture",
    labels: Codes | None = None,
    variants: bool = False,
) -> Task:
    """Picture → product, by the picture alone."""
    systems = {
        "raw picture": System(bench.raw("image", queries), bench.raw("image", gallery)),
        "paper's space": System(bench.paper("image", queries), bench.paper("image", gallery)),
    }
    if bench.towers is not None:
        systems["learned space"] = System(bench.learned("image", queries), bench.learned("image", gallery))
    return product_task(
        bench, name, "picture → product", where, queries, gallery, systems, labels, variants=variants
    )


def words_task(bench: Bench, queries: Rows, gallery: Rows, where: str) -> Task:
    """Text → product, by the catalogue's text alone (which names subcategory and colour)."""
    systems = {
        "raw words": System(bench.raw("text", queries), bench.raw("text", gallery)),
        "paper's space": System(bench.paper("text", queries), bench.paper("text", gallery)),
    }
    if bench.towers is not None:
        systems["learned space"] = System(bench.learned("text", queries), bench.learned("text", gallery))
    return product_task(bench, "words", "words → product", where, queries, gallery, systems)


def masked_task(bench: Bench, queries: Rows, where: str) -> Task:
    """Text → product, without the words for type, subcategory and colour on either side."""
    masked = bench.data.forms["masked"]
    kept = queries[masked.where[queries] >= 0]
    systems = {"raw words": System(masked.of(kept), masked.of(kept))}
    if bench.towers is not None:
        projected = bench.learned_form("masked", kept)
        systems["learned space"] = System(projected, projected)
    return product_task(
        bench, "masked", "words without type and colour terms → product", where, kept, kept, systems,
        excluded=len(queries) - len(kept),
    )  # fmt: skip


def both_task(
    bench: Bench, queries: Rows, gallery: Rows, where: str, chosen: Chosen, name: str = "both"
) -> Task:
    """Text and picture → product."""
    systems = {
        "raw picture": System(bench.raw("image", queries), bench.raw("image", gallery)),
        "raw words": System(bench.raw("text", queries), bench.raw("text", gallery)),
        "paper's space": System(bench.paper("both", queries), bench.paper("both", gallery)),
        "PCA of the paper's space": System(
            bench.reduced(chosen.dimension, queries), bench.reduced(chosen.dimension, gallery)
        ),
        "late fusion": System(bench.late(chosen.late, queries), bench.late(chosen.late, gallery)),
    }
    if bench.towers is not None:
        for label, weight in (("learned space", 0.5), ("learned space, weight chosen", chosen.both)):
            query, searched = (
                joined(bench.learned("text", rows), bench.learned("image", rows), weight)
                for rows in (queries, gallery)
            )
            systems[label] = System(query, searched)
    return product_task(bench, name, "words + picture → product", where, queries, gallery, systems)


def photo_task(bench: Bench, queries: Rows, gallery: Rows, where: str, chosen: Chosen) -> Task:
    """Photo → product: the query is a picture alone, the gallery has text and pictures."""
    photos = bench.raw("image", queries)
    systems = {
        "raw picture": System(photos, bench.raw("image", gallery)),
        "paper's space": System(bench.standardise_images(photos), bench.paper("both", gallery)),
    }
    if bench.towers is not None:
        v, t = bench.learned("image", gallery), bench.learned("text", gallery)
        asked = bench.learned("image", queries)
        systems["learned space, pictures only"] = System(asked, v)
        systems["learned space"] = System(asked, mixed(t, v, 1 - IMAGE_ONLY))
        systems["learned space, weight chosen"] = System(asked, mixed(t, v, chosen.photo))
    return product_task(
        bench, "photo", "photo → product with words and picture", where, queries, gallery, systems
    )


def sentence_task(bench: Bench, queries: Rows, gallery: Rows, where: str, chosen: Chosen) -> Task:
    """Attribute sentence → product; each distinct sentence once."""
    sentences = bench.data.forms["sentence"]
    described = queries[sentences.where[queries] >= 0]
    _, first = np.unique(sentences.where[described], return_index=True)
    asked = described[np.sort(first)]
    vectors = sentences.of(asked)
    systems = {
        "raw words": System(vectors, bench.raw("text", gallery)),
        "paper's space": System(bench.standardise_text(vectors), bench.paper("both", gallery)),
        "late fusion": System(vectors, bench.raw("text", gallery)),
    }
    if bench.towers is not None:
        v, t = bench.learned("image", gallery), bench.learned("text", gallery)
        projected = bench.learned_query("sentence", asked)
        systems["learned space, pictures only"] = System(projected, v)
        systems["learned space"] = System(projected, mixed(t, v, TEXT_ONLY))
        systems["learned space, weight chosen"] = System(projected, mixed(t, v, chosen.sentence))
    _add_lexical(bench, systems, "sentence", asked, gallery)
    known = bench.data.labels

    def grades(block: slice) -> Grades:  # a sentence is not a product: nothing is left out
        return grades_between(known[asked[block]], known[gallery])

    return Task(
        "sentence", "attribute sentence → product", where, known[asked, 0], np.arange(len(asked)), grades, 3, systems,
        excluded=len(queries) - len(described),
    )  # fmt: skip


def title_task(
    bench: Bench, queries: Rows, gallery: Rows, where: str, name: str = "title", products: bool = False
) -> Task:
    """Title → picture, or → product; each distinct title once, all products of that title are relevant."""
    titles = bench.data.forms["title"]
    titled = queries[(titles.where[queries] >= 0) & (bench.data.title[queries] >= 0)]
    _, first = np.unique(bench.data.title[titled], return_index=True)
    asked = titled[np.sort(first)]
    vectors, systems = titles.of(asked), dict[str, System]()
    if products:
        systems["raw words"] = System(vectors, bench.raw("text", gallery))
        systems["paper's space"] = System(bench.standardise_text(vectors), bench.paper("both", gallery))
    if bench.towers is not None:
        searched = bench.learned("image", gallery)
        if products:
            searched = mixed(bench.learned("text", gallery), searched, TEXT_ONLY)
        systems["learned space"] = System(bench.learned_query("title", asked), searched)
    if products:
        _add_lexical(bench, systems, "title", asked, gallery)

    def grades(block: slice) -> Grades:
        return (bench.data.title[asked[block]][:, None] == bench.data.title[gallery][None]).astype(np.int8)

    title = "title → product with words and picture" if products else "title → picture"
    return Task(
        name, title, where, bench.data.labels[asked, 0], bench.data.split.family[asked], grades, 1, systems,
        ("graded",), len(queries) - len(titled),
    )  # fmt: skip


def _add_lexical(bench: Bench, systems: dict[str, System], form: Form, asked: Rows, gallery: Rows) -> None:
    """Each space once more, with the lexical share that a query by words alone has in a search."""
    texts = bench.texts(form, asked)
    lexical = Lexical(LEXICAL_WEIGHT, lambda block: bench.lexical_scores(texts[block], gallery))
    for name in ("paper's space", "learned space"):
        if name in systems:
            systems[name + AND_LEXICAL] = replace(systems[name], lexical=lexical)


def mixed(texts: FloatArray, images: FloatArray, weight: float) -> FloatArray:
    """w·text + (1-w)·image in the learned space: the inner product with a query is the weighted sum of its cosines."""
    return np.float32(weight) * texts + np.float32(1 - weight) * images
