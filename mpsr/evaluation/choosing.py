"""Weights and dimensions chosen on validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from mpsr.catalogue.split import Side
from mpsr.evaluation.bench import Bench, Rows, joined
from mpsr.evaluation.metrics import measure
from mpsr.evaluation.task import System, Task, run
from mpsr.evaluation.tasks import Chosen, mixed, product_task, sentence_task

#: What is tried.
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
DIMENSIONS = (32, 64, 128, 256)

#: Products used at most.
SAMPLE = 2000

#: What is chosen, as the report names it.
LATE: Final = "late fusion, weight of words"
PCA: Final = "PCA, dimensions"
BOTH: Final = "learned space, weight of words"
PHOTO: Final = "photo, weight of words"
SENTENCE: Final = "sentence, weight of words"


def choose(bench: Bench, side: Side = "validation") -> Chosen:
    """Choose weights and dimension by graded nDCG@10 on validation; of equal figures the smaller value."""
    rows = bench.complete_on(side)
    if len(rows) < 2:
        return Chosen()
    if len(rows) > SAMPLE:
        rows = np.sort(np.random.default_rng(0).choice(rows, SAMPLE, replace=False))
    figures = {name: _figures(task) for name, task in _trials(bench, rows)}
    best = {
        name: max(values, key=lambda value: (values[value], -float(value)))
        for name, values in figures.items()
        if values
    }
    return Chosen(
        late=float(best[LATE]),
        dimension=int(best.get(PCA, bench.components.n_components_)),
        both=float(best.get(BOTH, 0.5)),
        photo=float(best.get(PHOTO, 0.5)),
        sentence=float(best.get(SENTENCE, 0.5)),
        figures=figures,
    )


def _trials(bench: Bench, rows: Rows) -> Iterator[tuple[str, Task]]:
    """What is chosen, with a task that has a system for each value tried."""

    def products(systems: dict[str, System]) -> Task:
        return product_task(bench, "", "", "", rows, rows, systems)

    yield LATE, products({str(w): _symmetric(bench.late(w, rows)) for w in WEIGHTS})
    widest = bench.components.n_components_
    yield PCA, products({str(d): _symmetric(bench.reduced(d, rows)) for d in DIMENSIONS if d <= widest})
    if bench.towers is None:
        return
    v, t = bench.learned("image", rows), bench.learned("text", rows)
    yield BOTH, products({str(w): _symmetric(joined(t, v, w)) for w in WEIGHTS})
    yield PHOTO, products({str(w): System(v, mixed(t, v, w)) for w in WEIGHTS})
    if "sentence" in bench.data.forms:
        task = sentence_task(bench, rows, rows, "", Chosen())
        queries = task.systems["learned space"].queries
        yield SENTENCE, replace(task, systems={str(w): System(queries, mixed(t, v, w)) for w in WEIGHTS})


def _symmetric(vectors: np.ndarray) -> System:
    return System(vectors, vectors)


def _figures(task: Task) -> dict[str, float]:
    judged = run(task)
    return {name: round(float(np.nanmean(measure(judged[name])["nDCG@10"])), 4) for name in task.systems}
