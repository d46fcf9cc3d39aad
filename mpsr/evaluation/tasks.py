"""The tasks of the protocol: who asks, what is searched, what is relevant, and the systems that answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.split import Side
from mpsr.evaluation.bench import Bench, Places, joined
from mpsr.evaluation.metrics import Judged, best_order, count_grades, look_up, measure
from mpsr.space.modality_weights import IMAGE_ONLY, TEXT_ONLY
from mpsr.space.pairs import Codes, grades_between
from mpsr.types import FloatArray

#: Queries scored at a time; bounds the memory to a few hundred megabytes with 40,000 products.
BLOCK = 512

#: Levels of relevance of the product tasks: name → the lowest grade that counts; "graded" keeps them apart.
LEVELS = {"graded": 0, "type": 1, "type + colour": 2}

FLOOR, CEILING = "random", "best possible"

#: Settings tried on validation.
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
DIMENSIONS = (32, 64, 128, 256)

Grades = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Row:
    """One system's answer: scores are inner products of (Q, d) and (G, d)."""

    queries: FloatArray
    gallery: FloatArray


@dataclass(frozen=True)
class Task:
    """Queries, a gallery, and who answers.

    Attributes:
        name: short, for JSON.
        title: for readers.
        gallery: what is searched, in words.
        kinds: shape (Q,), the article type of each query, for figures a type.
        family: shape (Q,), the family of each query; the unit of the bootstrap.
        grades: gives the grades of a slice of queries against the gallery, (q, G), -1 for what may not come back.
        highest: the highest grade.
        rows: name → the system.
        levels: names of the levels of relevance reported.
        excluded: queries left out before (no words of the form asked for, for example).
    """

    name: str
    title: str
    gallery: str
    kinds: Codes
    family: Codes
    grades: Callable[[slice], Grades]
    highest: int
    rows: dict[str, Row]
    levels: tuple[str, ...] = tuple(LEVELS)
    excluded: int = 0


@dataclass(frozen=True)
class Chosen:
    """What validation chose.

    Attributes:
        late: weight of the words in late fusion.
        dimension: of the principal components.
        both: weight of the words in the learned space when a product asks.
        photo: weight of the words block when a photo is asked of fused products in the learned space.
        sentence: the same when words are asked.
    """

    late: float = 0.5
    dimension: int = 128
    both: float = 0.5
    photo: float = 0.5
    sentence: float = 0.5
    figures: dict[str, dict[str, float]] = field(default_factory=dict)


def run(task: Task, seed: int = 0) -> dict[str, Judged]:
    """Every row's answers, judged, and with them the random floor and the best that could be reached."""
    random = np.random.default_rng(seed)
    found: dict[str, list[npt.NDArray[np.int64]]] = {name: [] for name in (FLOOR, *task.rows)}
    available = []
    for start in range(0, len(task.kinds), BLOCK):
        block = slice(start, start + BLOCK)
        grades = task.grades(block)
        available.append(count_grades(grades, task.highest))
        found[FLOOR].append(look_up(random.random(grades.shape, dtype=np.float32), grades))
        for name, row in task.rows.items():
            found[name].append(look_up(row.queries[block] @ row.gallery.T, grades))
    counts = np.concatenate(available) if available else np.zeros((0, task.highest + 1), np.int64)
    judged = {
        name: Judged(np.concatenate(parts) if parts else np.zeros((0, 10), np.int64), counts)
        for name, parts in found.items()
    }
    return {**judged, CEILING: Judged(best_order(counts), counts)}


def product_grades(
    bench: Bench, queries: Places, gallery: Places, labels: Codes | None = None, variants: bool = False
) -> Callable[[slice], Grades]:
    """Grades by type, colour and gender; the query itself and, unless ``variants`` stay, its family may not come back."""
    known = bench.data.labels if labels is None else labels
    barred = np.arange(len(known)) if variants else bench.data.split.family

    def grades(block: slice) -> Grades:
        asked = queries[block]
        found = grades_between(known[asked], known[gallery])
        found[barred[asked][:, None] == barred[gallery][None]] = -1
        return found

    return grades


def _task(
    bench: Bench, name: str, title: str, where: str, queries: Places, gallery: Places, rows: dict[str, Row],
    labels: Codes | None = None, excluded: int = 0, variants: bool = False,
) -> Task:  # fmt: skip
    known = bench.data.labels if labels is None else labels
    return Task(
        name, title, where, known[queries, 0], bench.data.split.family[queries],
        product_grades(bench, queries, gallery, labels, variants), 3, rows, excluded=excluded,
    )  # fmt: skip


def picture_task(
    bench: Bench,
    queries: Places,
    gallery: Places,
    where: str,
    name: str = "picture",
    labels: Codes | None = None,
    variants: bool = False,
) -> Task:
    """Picture → product, by the picture alone."""
    rows = {
        "raw picture": Row(bench.raw("image", queries), bench.raw("image", gallery)),
        "paper's space": Row(bench.paper("image", queries), bench.paper("image", gallery)),
    }
    if bench.towers is not None:
        rows["learned space"] = Row(bench.learned("image", queries), bench.learned("image", gallery))
    return _task(bench, name, "picture → product", where, queries, gallery, rows, labels, variants=variants)


def words_task(bench: Bench, queries: Places, gallery: Places, where: str) -> Task:
    """Words → product, by the catalogue's words alone (which name subcategory and colour)."""
    rows = {
        "raw words": Row(bench.raw("text", queries), bench.raw("text", gallery)),
        "paper's space": Row(bench.paper("text", queries), bench.paper("text", gallery)),
    }
    if bench.towers is not None:
        rows["learned space"] = Row(bench.learned("text", queries), bench.learned("text", gallery))
    return _task(bench, "words", "words → product", where, queries, gallery, rows)


def masked_task(bench: Bench, queries: Places, where: str) -> Task:
    """Words → product with the words for type, subcategory and colour taken out of both sides."""
    masked = bench.data.forms["masked"]
    kept = queries[masked.where[queries] >= 0]
    rows = {"raw words": Row(masked.rows(kept), masked.rows(kept))}
    if bench.towers is not None:
        projected = bench.project("text", masked.rows(kept))
        rows["learned space"] = Row(projected, projected)
    return _task(
        bench, "masked", "words without type and colour terms → product", where, kept, kept, rows,
        excluded=len(queries) - len(kept),
    )  # fmt: skip


def both_task(
    bench: Bench, queries: Places, gallery: Places, where: str, chosen: Chosen, name: str = "both"
) -> Task:
    """Words and picture → product."""
    rows = {
        "raw picture": Row(bench.raw("image", queries), bench.raw("image", gallery)),
        "raw words": Row(bench.raw("text", queries), bench.raw("text", gallery)),
        "paper's space": Row(bench.paper("both", queries), bench.paper("both", gallery)),
        "PCA of the paper's space": Row(
            bench.reduced(chosen.dimension, queries), bench.reduced(chosen.dimension, gallery)
        ),
        "late fusion": Row(bench.late(chosen.late, queries), bench.late(chosen.late, gallery)),
    }
    if bench.towers is not None:
        for row, weight in (("learned space", 0.5), ("learned space, weight chosen", chosen.both)):
            asked, searched = (
                joined(bench.learned("text", places), bench.learned("image", places), weight)
                for places in (queries, gallery)
            )
            rows[row] = Row(asked, searched)
    return _task(bench, name, "words + picture → product", where, queries, gallery, rows)


def photo_task(bench: Bench, queries: Places, gallery: Places, where: str, chosen: Chosen) -> Task:
    """Photo → product: the picture alone asks, the gallery has words and pictures."""
    photos = bench.raw("image", queries)
    rows = {
        "raw picture": Row(photos, bench.raw("image", gallery)),
        "paper's space": Row(bench.standardise_pictures(photos), bench.paper("both", gallery)),
    }
    if bench.towers is not None:
        v, t = bench.learned("image", gallery), bench.learned("text", gallery)
        asked = bench.project("image", photos)
        rows["learned space, pictures only"] = Row(asked, v)
        rows["learned space"] = Row(asked, mixed(t, v, 1 - IMAGE_ONLY))
        rows["learned space, weight chosen"] = Row(asked, mixed(t, v, chosen.photo))
    return _task(bench, "photo", "photo → product with words and picture", where, queries, gallery, rows)


def sentence_task(bench: Bench, queries: Places, gallery: Places, where: str, chosen: Chosen) -> Task:
    """Attribute sentence → product; each distinct sentence once."""
    said = bench.data.forms["sentence"]
    spoken = queries[said.where[queries] >= 0]
    _, first = np.unique(said.where[spoken], return_index=True)
    asked = spoken[np.sort(first)]
    vectors = said.rows(asked)
    rows = {
        "raw words": Row(vectors, bench.raw("text", gallery)),
        "paper's space": Row(bench.standardise_words(vectors), bench.paper("both", gallery)),
        "late fusion": Row(vectors, bench.raw("text", gallery)),
    }
    if bench.towers is not None:
        v, t = bench.learned("image", gallery), bench.learned("text", gallery)
        words = bench.spoken(vectors)
        rows["learned space, pictures only"] = Row(words, v)
        rows["learned space"] = Row(words, mixed(t, v, TEXT_ONLY))
        rows["learned space, weight chosen"] = Row(words, mixed(t, v, chosen.sentence))
    known = bench.data.labels

    def grades(block: slice) -> Grades:  # a sentence is no product: nothing is left out
        return grades_between(known[asked[block]], known[gallery])

    return Task(
        "sentence", "attribute sentence → product", where, known[asked, 0], np.arange(len(asked)), grades, 3, rows,
        excluded=len(queries) - len(spoken),
    )  # fmt: skip


def title_task(
    bench: Bench, queries: Places, gallery: Places, where: str, name: str = "title", words: bool = False
) -> Task:
    """Title → picture, or → product with words and picture; each distinct title once, all products of it are relevant."""
    titles = bench.data.forms["title"]
    spoken = queries[(titles.where[queries] >= 0) & (bench.data.title[queries] >= 0)]
    _, first = np.unique(bench.data.title[spoken], return_index=True)
    asked = spoken[np.sort(first)]
    vectors, rows = titles.rows(asked), {}
    if words:
        rows["raw words"] = Row(vectors, bench.raw("text", gallery))
        rows["paper's space"] = Row(bench.standardise_words(vectors), bench.paper("both", gallery))
    if bench.towers is not None:
        searched = bench.learned("image", gallery)
        if words:
            searched = mixed(bench.learned("text", gallery), searched, TEXT_ONLY)
        rows["learned space"] = Row(bench.spoken(vectors), searched)

    def grades(block: slice) -> Grades:
        return (bench.data.title[asked[block]][:, None] == bench.data.title[gallery][None]).astype(np.int8)

    title = "title → product with words and picture" if words else "title → picture"
    return Task(
        name, title, where, bench.data.labels[asked, 0], bench.data.split.family[asked], grades, 1, rows,
        ("graded",), len(queries) - len(spoken),
    )  # fmt: skip


def mixed(words: FloatArray, pictures: FloatArray, weight: float) -> FloatArray:
    """w·words + (1-w)·pictures of one space: the inner product with a query is the weighted sum of its cosines."""
    return np.float32(weight) * words + np.float32(1 - weight) * pictures


def choose(bench: Bench, side: Side = "validation") -> Chosen:
    """Choose weights and dimension by graded nDCG@10 on validation."""
    places = bench.whole_on(side)
    if len(places) < 2:
        return Chosen()
    if len(places) > 2000:
        places = np.sort(np.random.default_rng(0).choice(places, 2000, replace=False))
    late = {str(w): Row(bench.late(w, places), bench.late(w, places)) for w in WEIGHTS}
    widest = bench.components.n_components_
    reduced = {
        str(d): Row(bench.reduced(d, places), bench.reduced(d, places)) for d in DIMENSIONS if d <= widest
    }
    figures = {
        "late fusion, weight of words": _figures(_task(bench, "late", "", "", places, places, late)),
        "PCA, dimensions": _figures(_task(bench, "pca", "", "", places, places, reduced)),
    }
    if bench.towers is not None:
        v, t = bench.learned("image", places), bench.learned("text", places)
        both = {str(w): Row(joined(t, v, w), joined(t, v, w)) for w in WEIGHTS}
        figures["learned space, weight of words"] = _figures(_task(bench, "", "", "", places, places, both))
        photo = {str(w): Row(v, mixed(t, v, w)) for w in WEIGHTS}
        figures["photo, weight of words"] = _figures(_task(bench, "photo", "", "", places, places, photo))
        if "sentence" in bench.data.forms:
            task = sentence_task(bench, places, places, "", Chosen())
            asked = task.rows["learned space"].queries
            words = {str(w): Row(asked, mixed(t, v, w)) for w in WEIGHTS}
            figures["sentence, weight of words"] = _figures(
                Task("", "", "", task.kinds, task.family, task.grades, 3, words)
            )
    best = {
        name: max(values, key=lambda key: (values[key], -float(key)))
        for name, values in figures.items()
        if values
    }
    return Chosen(
        float(best["late fusion, weight of words"]), int(best.get("PCA, dimensions", widest)),
        float(best.get("learned space, weight of words", 0.5)),
        float(best.get("photo, weight of words", 0.5)), float(best.get("sentence, weight of words", 0.5)), figures,
    )  # fmt: skip


def _figures(task: Task) -> dict[str, float]:
    judged = run(task)
    return {name: round(float(np.nanmean(measure(judged[name])["nDCG@10"])), 4) for name in task.rows}
