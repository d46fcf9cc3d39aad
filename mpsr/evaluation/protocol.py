"""Run the protocol on a store: choose on validation, measure every task on one side, return one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mpsr.catalogue.families import near_identical
from mpsr.catalogue.split import SIDES, Side
from mpsr.errors import InputError
from mpsr.evaluation.bench import Bench, Rows, open_bench
from mpsr.evaluation.choosing import BOTH, LATE, PCA, PHOTO, SENTENCE, choose
from mpsr.evaluation.labels import merged_labels
from mpsr.evaluation.metrics import METRICS, Judged, intervals, measure
from mpsr.evaluation.report import ChosenReport, Figure, Figures, Queries, Report, TaskReport, TypeFigures
from mpsr.evaluation.task import CEILING, LEVELS, RANDOM, Task, run
from mpsr.evaluation.tasks import (
    Chosen,
    both_task,
    masked_task,
    photo_task,
    picture_task,
    sentence_task,
    title_task,
    words_task,
)
from mpsr.store.facts import TowersFacts
from mpsr.store.layout import HASHED, HASHES, Stage

if TYPE_CHECKING:
    from mpsr.service import Service

#: Changes when a figure would come out differently on the same store.
PROTOCOL = 4

#: Most article types listed one by one.
TYPES_SHOWN = 40

LEARNED = "learned space"


def evaluate(service: Service, side: Side = "test", log: Callable[[str], None] = lambda line: None) -> Report:
    """Measure the store by the protocol of docs/evaluation.md.

    Args:
        service: the store.
        side: whose products are the queries; "validation" while something is still being chosen.
        log: receives one line a task.

    Returns:
        The report: tasks → rows → levels → metrics, each with its 95 % interval; no time and no path in it, so that
        two runs on one store give the same document.

    Raises:
        StoreError: the store has no split.
        InputError: too few products to measure anything.
    """
    bench = open_bench(service)
    queries = bench.complete_on(side)
    if len(queries) < 2 or not len(bench.train):
        raise InputError(
            f"{len(queries)} products with text and picture on the {side} side and {len(bench.train)} to fit on; "
            "expected at least 2 and 1. Evaluate a larger catalogue."
        )
    log("choosing weights and dimensions on validation")
    chosen = choose(bench)
    results = {}
    for task in tasks_of(bench, queries, side, chosen):
        log(f"{task.title}; gallery: {task.gallery}")
        results[task.name] = report_of(task, run(task), service)
    split = bench.data.split
    return {
        "protocol": PROTOCOL,
        "store": service.snapshot.fingerprint,
        "profile": service.snapshot.facts["profile"],
        "side": side,
        "products": {name: int((split.side == name).sum()) for name in SIDES},
        "with words and picture": {name: len(bench.complete_on(name)) for name in SIDES},
        "families": len(np.unique(split.family)),
        "chosen on validation": _chosen(chosen),
        "towers": _training(bench),
        "label noise": label_noise(bench),
        "tasks": results,
    }


def _chosen(chosen: Chosen) -> ChosenReport:
    return {
        LATE: chosen.late,
        PCA: chosen.dimension,
        BOTH: chosen.both,
        PHOTO: chosen.photo,
        SENTENCE: chosen.sentence,
        "tried": chosen.figures,
    }


def _training(bench: Bench) -> Mapping[str, Any] | None:
    """How the towers' training went, None without a learned space."""
    if bench.towers is None:
        return None
    return bench.service.artefact(Stage.TOWERS).read_facts(TowersFacts)["report"]


def tasks_of(bench: Bench, queries: Rows, side: Side, chosen: Chosen) -> list[Task]:
    """Every task of the protocol that this store has the data for."""
    everything = bench.complete_on()
    unseen, whole = f"the {len(queries):,} products of the {side} side", f"all {len(everything):,} products"
    merged = merged_labels(bench.service.products)
    labels = f"{unseen}, 55 types and 15 colours"
    tasks = [
        picture_task(bench, queries, queries, unseen),
        picture_task(bench, queries, everything, whole, "picture, whole catalogue"),
        picture_task(bench, queries, queries, labels, "picture, merged labels", merged),
        picture_task(
            bench,
            queries,
            queries,
            f"{labels}; variants stay",
            "picture, variants stay",
            merged,
            variants=True,
        ),
        words_task(bench, queries, queries, unseen),
        both_task(bench, queries, queries, unseen, chosen),
        both_task(bench, queries, everything, whole, chosen, "both, whole catalogue"),
        photo_task(bench, queries, queries, unseen, chosen),
    ]
    if "masked" in bench.data.forms:
        tasks.insert(5, masked_task(bench, queries, unseen))
    if "sentence" in bench.data.forms:
        tasks.append(sentence_task(bench, queries, queries, unseen, chosen))
    if "title" in bench.data.forms:
        tasks.append(title_task(bench, queries, everything, f"all {len(everything):,} pictures"))
        tasks.append(
            title_task(bench, queries, queries, f"the pictures of {unseen}", "title, unseen pictures")
        )
        tasks.append(title_task(bench, queries, everything, whole, "title, products", products=True))
    return tasks


def report_of(task: Task, judged: dict[str, Judged], service: Service) -> TaskReport:
    """One task's figures: every system at every level with intervals, by type, and what the learned space gains."""
    rows: Figures = {name: {} for name in (RANDOM, *task.systems, CEILING)}
    gains: dict[str, dict[str, list[float]]] = {}
    by_type: dict[str, TypeFigures] = {}
    asked: dict[str, Queries] = {}
    for level in task.levels:
        grade = LEVELS[level]
        at_level = {name: judged[name].at_least(grade) if grade else judged[name] for name in rows}
        answerable = at_level[RANDOM].answerable()
        asked[level] = {"queries": int(answerable.sum()), "without a relevant item": int((~answerable).sum())}
        values = {name: measure(at_level[name].of(answerable)) for name in rows}
        table = np.stack([values[name][metric] for name in rows for metric in METRICS], axis=1)
        means, bounds = intervals(table, task.family[answerable])
        for number, name in enumerate(rows):
            columns = range(number * len(METRICS), (number + 1) * len(METRICS))
            rows[name][level] = {
                metric: _figure(table[:, column], bounds[:, column])
                for metric, column in zip(METRICS, columns, strict=True)
            }
        gains[level] = _gains(list(rows), table, means)
        main = LEARNED if LEARNED in task.systems else next(iter(task.systems), RANDOM)
        by_type[level] = _by_type(values[main], task.kinds[answerable], service)
    return {
        "title": task.title,
        "gallery": task.gallery,
        "queries": asked,
        "left out before": task.excluded,
        "rows": rows,
        "gain of the learned space, nDCG@10": gains,
        "by type": by_type,
    }


def _figure(values: np.ndarray, bounds: np.ndarray) -> Figure:
    """Mean and 95 % interval, four digits."""
    if not len(values):
        return [None, None, None]
    return [round(float(values.mean()), 4), round(float(bounds[0]), 4), round(float(bounds[1]), 4)]


def _gains(names: list[str], table: np.ndarray, means: np.ndarray) -> dict[str, list[float]]:
    """nDCG@10 of the learned space minus each other system's, with its paired interval."""
    if LEARNED not in names or not len(table):
        return {}
    at = {name: number * len(METRICS) + METRICS.index("nDCG@10") for number, name in enumerate(names)}
    found = {}
    for name, column in at.items():
        if name in (LEARNED, RANDOM, CEILING):
            continue
        low, high = np.quantile(means[:, at[LEARNED]] - means[:, column], [0.025, 0.975])
        difference = float((table[:, at[LEARNED]] - table[:, column]).mean())
        found[name] = [round(difference, 4), round(float(low), 4), round(float(high), 4)]
    return found


def _by_type(values: dict[str, np.ndarray], kinds: np.ndarray, service: Service) -> TypeFigures:
    """Figures by article type of the query: the frequent types by name, and the mean over all types (macro)."""
    if not len(kinds):
        return {}
    names = pd.Series(pd.factorize(service.products["articleType"].where(lambda v: v != ""))[1])
    table = pd.DataFrame({"kind": kinds, **{m: values[m] for m in ("nDCG@10", "P@10", "hit@5", "MRR@10")}})
    grouped = table[table["kind"] >= 0].groupby("kind")
    means, counts = grouped.mean(), grouped.size()
    frequent = counts.sort_values(ascending=False, kind="stable").index[:TYPES_SHOWN]
    return {
        "macro": {str(name): round(float(value), 4) for name, value in means.mean().items()},
        "types": len(counts),
        "frequent": [
            {"type": str(names[kind]), "queries": int(counts[kind]),
             **{str(name): round(float(value), 4) for name, value in means.loc[kind].items()}}
            for kind in frequent
        ],
    }  # fmt: skip


def label_noise(bench: Bench) -> dict[str, float]:
    """How often products with near-identical pictures have different labels.

    The hash sees brightness only: for colour this counts true colour variants too, and is an upper bound of the noise.
    """
    artefact = bench.service.artefact(Stage.SPLIT)
    hashed = np.asarray(artefact.array(HASHED))
    left, right = near_identical(np.asarray(artefact.array(HASHES)))
    one, other = bench.data.labels[hashed[left]], bench.data.labels[hashed[right]]
    known = (one >= 0) & (other >= 0)
    renamed = bench.data.title[hashed[left]] != bench.data.title[hashed[right]]
    result: dict[str, float] = {"near-identical pairs": len(left), "of different names": int(renamed.sum())}
    for column, name in enumerate(("type", "colour", "gender")):
        for chosen, which in ((known[:, column], "all"), (known[:, column] & renamed, "of different names")):
            if chosen.any():
                differ = (one[chosen, column] != other[chosen, column]).mean()
                result[f"{name} differs, {which}"] = round(float(differ), 4)
    return result
