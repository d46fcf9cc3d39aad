"""A task of an evaluation: queries, a gallery, relevance, and the systems whose rankings are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mpsr.evaluation.metrics import DEPTH, Judged, best_order, count_grades, look_up
from mpsr.space.pairs import Codes
from mpsr.types import FloatArray

#: Queries scored at a time; bounds the memory to a few hundred megabytes with 40,000 products.
BLOCK = 512

#: Levels of relevance of the product tasks: name → the lowest grade that counts; "graded" keeps them apart.
LEVELS = {"graded": 0, "type": 1, "type + colour": 2}

#: Names of the two bounds that every task reports: a random order, and the best order possible.
RANDOM, CEILING = "random", "best possible"

Grades = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Lexical:
    """The lexical share of a system's scores.

    Attributes:
        weight: w, of the lexical scores; the vectors' inner products count 1 - w.
        scores: the lexical scores of a slice of queries with the gallery, (q, G).
    """

    weight: float
    scores: Callable[[slice], FloatArray]


@dataclass(frozen=True)
class System:
    """One system's vectors: scores are inner products of (Q, d) and (G, d), and a lexical share where it has one."""

    queries: FloatArray
    gallery: FloatArray
    lexical: Lexical | None = None

    def scores(self, block: slice) -> FloatArray:
        """The scores of a slice of queries with the gallery, (q, G)."""
        found: FloatArray = self.queries[block] @ self.gallery.T
        if self.lexical is None:
            return found
        weight = np.float32(self.lexical.weight)
        return (1 - weight) * found + weight * self.lexical.scores(block)


@dataclass(frozen=True)
class Task:
    """Queries, a gallery, and the systems compared.

    Attributes:
        name: short, for JSON.
        title: for readers.
        gallery: what is searched, described for readers.
        kinds: shape (Q,), the article type of each query, for figures by type.
        family: shape (Q,), the family of each query; the unit of the bootstrap.
        grades: gives the grades of a slice of queries against the gallery, (q, G), -1 for what is left out.
        highest: the highest grade.
        systems: name → the system.
        levels: names of the levels of relevance reported.
        excluded: queries left out beforehand, for example because they lack the form of text.
    """

    name: str
    title: str
    gallery: str
    kinds: Codes
    family: Codes
    grades: Callable[[slice], Grades]
    highest: int
    systems: dict[str, System]
    levels: tuple[str, ...] = tuple(LEVELS)
    excluded: int = 0


def run(task: Task, seed: int = 0) -> dict[str, Judged]:
    """The judged results of every system, of a random order, and of the best order possible."""
    random = np.random.default_rng(seed)
    found: dict[str, list[npt.NDArray[np.int64]]] = {name: [] for name in (RANDOM, *task.systems)}
    available = []
    for start in range(0, len(task.kinds), BLOCK):
        block = slice(start, start + BLOCK)
        grades = task.grades(block)
        available.append(count_grades(grades, task.highest))
        found[RANDOM].append(look_up(random.random(grades.shape, dtype=np.float32), grades))
        for name, system in task.systems.items():
            found[name].append(look_up(system.scores(block), grades))
    counts = np.concatenate(available) if available else np.zeros((0, task.highest + 1), np.int64)
    judged = {
        name: Judged(np.concatenate(parts) if parts else np.zeros((0, DEPTH), np.int64), counts)
        for name, parts in found.items()
    }
    return {**judged, CEILING: Judged(best_order(counts), counts)}
