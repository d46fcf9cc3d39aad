"""Run the protocol on a store: choose on validation, measure every task on one side, gather one document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mpsr.catalogue.families import NEAR_IDENTICAL_BITS, near_identical
from mpsr.catalogue.split import SIDES, Side
from mpsr.errors import InputError
from mpsr.evaluation.bench import Bench, Places, open_bench
from mpsr.evaluation.labels import merged_labels
from mpsr.evaluation.metrics import METRICS, Judged, intervals, measure
from mpsr.evaluation.tasks import (
    CEILING,
    FLOOR,
    LEVELS,
    Chosen,
    Task,
    both_task,
    choose,
    masked_task,
    photo_task,
    picture_task,
    run,
    sentence_task,
    title_task,
    words_task,
)

if TYPE_CHECKING:
    from mpsr.service import Service

#: Changes when a figure would come out differently on the same store.
PROTOCOL = 3

#: Most article types listed one by one.
TYPES_SHOWN = 40

LEARNED = "learned space"


def evaluate(
    service: Service, side: Side = "test", say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Measure the store by the protocol of docs/evaluation.md.

    Args:
        service: the store.
        side: whose products ask; "validation" while something is still being chosen.
        say: receives one line a task.

    Returns:
        The report: tasks → rows → levels → metrics, each with its 95 % interval; no clock and no path in it, so that
        two runs on one store give the same document.

    Raises:
        StoreError: the store has no split.
        InputError: too few products to measure anything.
    """
    bench = open_bench(service)
    queries = bench.whole_on(side)
    if len(queries) < 2 or not len(bench.train):
        raise InputError(
            f"{len(queries)} products with words and picture on the {side} side and {len(bench.train)} to fit on; "
            "an evaluation needs some on both."
        )
    say("choosing weights and dimensions on validation")
    chosen = choose(bench)
    results = {}
    for task in tasks_of(bench, queries, side, chosen):
        say(f"{task.title}; gallery: {task.gallery}")
        results[task.name] = report_of(task, run(task), service)
    split = bench.data.split
    return {
        "protocol": PROTOCOL,
        "store": service.snapshot.fingerprint,
        "profile": service.snapshot.facts.get("profile"),
        "side": side,
        "products": {name: int((split.side == name).sum()) for name in SIDES},
        "with words and picture": {name: len(bench.whole_on(name)) for name in SIDES},
        "families": len(np.unique(split.family)),
        "chosen on validation": {
            "late fusion, weight of words": chosen.late,
            "PCA, dimensions": chosen.dimension,
            "learned space, weight of words": chosen.both,
            "photo, weight of words": chosen.photo,
            "sentence, weight of words": chosen.sentence,
            "tried": chosen.figures,
        },
        "towers": service.artefact("towers").facts.get("report") if bench.towers is not None else None,
        "label noise": label_noise(bench),
        "tasks": results,
    }


def tasks_of(bench: Bench, queries: Places, side: Side, chosen: Chosen) -> list[Task]:
    """Every task of the protocol that this store can be asked."""
    everything = bench.whole_on()
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
        tasks.append(title_task(bench, queries, everything, whole, "title, products", words=True))
    return tasks


def report_of(task: Task, judged: dict[str, Judged], service: Service) -> dict[str, Any]:
    """One task's figures: every row at every level, intervals, figures a type, and what the learned space gains."""
    rows: dict[str, dict[str, Any]] = {name: {} for name in (FLOOR, *task.rows, CEILING)}
    gains, by_type, asked = {}, {}, {}
    for level in task.levels:
        grade = LEVELS[level]
        at_level = {name: judged[name].at_least(grade) if grade else judged[name] for name in rows}
        answerable = at_level[FLOOR].answerable()
        asked[level] = {"queries": int(answerable.sum()), "without a relevant item": int((~answerable).sum())}
        values = {name: measure(at_level[name].of(answerable)) for name in rows}
        table = np.stack([values[name][metric] for name in rows for metric in METRICS], axis=1)
        means, bounds = intervals(table, task.family[answerable])
        for place, name in enumerate(rows):
            columns = slice(place * len(METRICS), (place + 1) * len(METRICS))
            rows[name][level] = {
                metric: _figure(table[:, column], bounds[:, column])
                for metric, column in zip(METRICS, range(columns.start, columns.stop), strict=True)
            }
        gains[level] = _gains(list(rows), table, means)
        main = LEARNED if LEARNED in task.rows else next(iter(task.rows), FLOOR)
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


def _figure(values: np.ndarray, bounds: np.ndarray) -> list[float | None]:
    """Mean and 95 % interval, four digits."""
    if not len(values):
        return [None, None, None]
    return [round(float(values.mean()), 4), round(float(bounds[0]), 4), round(float(bounds[1]), 4)]


def _gains(names: list[str], table: np.ndarray, means: np.ndarray) -> dict[str, list[float]]:
    """nDCG@10 of the learned space minus each other row's, with its paired interval."""
    if LEARNED not in names or not len(table):
        return {}
    at = {name: place * len(METRICS) + METRICS.index("nDCG@10") for place, name in enumerate(names)}
    found = {}
    for name, column in at.items():
        if name in (LEARNED, FLOOR, CEILING):
            continue
        low, high = np.quantile(means[:, at[LEARNED]] - means[:, column], [0.025, 0.975])
        difference = float((table[:, at[LEARNED]] - table[:, column]).mean())
        found[name] = [round(difference, 4), round(float(low), 4), round(float(high), 4)]
    return found


def _by_type(values: dict[str, np.ndarray], kinds: np.ndarray, service: Service) -> dict[str, Any]:
    """Figures a type of the query, the frequent ones by name, and the mean over all types (macro)."""
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


def label_noise(bench: Bench) -> dict[str, Any]:
    """How often products with near-identical pictures bear different labels.

    The hash sees brightness only: for colour this counts true colour variants too, and is an upper bound of the noise.
    """
    artefact = bench.service.artefact("split")
    hashed = np.asarray(artefact.array("hashed.npy"))
    left, right = near_identical(np.asarray(artefact.array("hashes.npy")), NEAR_IDENTICAL_BITS)
    one, other = bench.data.labels[hashed[left]], bench.data.labels[hashed[right]]
    known = (one >= 0) & (other >= 0)
    renamed = bench.data.title[hashed[left]] != bench.data.title[hashed[right]]
    result: dict[str, Any] = {"near-identical pairs": len(left), "of different names": int(renamed.sum())}
    for column, name in enumerate(("type", "colour", "gender")):
        for chosen, words in ((known[:, column], "all"), (known[:, column] & renamed, "of different names")):
            if chosen.any():
                differ = (one[chosen, column] != other[chosen, column]).mean()
                result[f"{name} differs, {words}"] = round(float(differ), 4)
    return result
