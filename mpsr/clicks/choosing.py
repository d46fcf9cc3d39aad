"""How much clicks should count: λ and κ chosen on a later week, and clicks used only where they help there.

A replay asks, for every click of the later week, at which place the clicked product would have stood. It is no uplift:
people could only click what they were shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.clicks.learning import counts_of, model_of
from mpsr.search.click_blend import mixed_percentiles
from mpsr.search.clicked import Clicked, ClickModel

#: What is tried.
SHRINKAGES, CONFIDENCES = (1.0, 5.0, 20.0, 80.0), (1.0, 5.0, 20.0, 80.0, 320.0)

#: The later week in seconds, clicks of it that are replayed at most, and those without which nothing is chosen.
WEEK, REPLAYED, FEWEST = 7 * 86_400.0, 1000, 50

#: Places that count.
DEPTH = 10

#: A gain counts when it is this many standard errors above zero.
SURE = 2.0

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes:
        shrinkage: λ.
        confidence: κ.
        content: nDCG@10 of the later week's clicks by content alone; nan where nothing was replayed.
        blend: with clicks.
        gain: the difference.
        error: its standard error.
        replayed: how many clicks were replayed.
    """

    shrinkage: float
    confidence: float
    content: float
    blend: float
    gain: float
    error: float
    replayed: int

    @property
    def helps(self) -> bool:
        """Whether clicks are better than content alone, and that surely."""
        return self.gain > SURE * self.error


def later_week(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events before the last week, and those of it."""
    cut = events["time"].max() - WEEK
    return events[events["time"] <= cut], events[events["time"] > cut]


def clicks_about(events: pd.DataFrame, known: Sequence[str], seed: int = 0) -> list[tuple[str, str]]:
    """Query product and clicked product of clicks on similar products, ``REPLAYED`` at most, drawn at random."""
    there = set(known)
    clicked = events[events["kind"] == "click"]
    clicked = clicked[clicked["query"].isin(there) & clicked["product"].isin(there)]
    pairs = list(zip(clicked["query"], clicked["product"], strict=True))
    if len(pairs) <= REPLAYED:
        return pairs
    drawn = np.random.default_rng(seed).choice(len(pairs), REPLAYED, replace=False)
    return [pairs[at] for at in np.sort(drawn)]


def choose(
    events: pd.DataFrame, ids: Sequence[str], listed: Callable[[int], Rows]
) -> tuple[ClickModel, Choice]:
    """The model of all events, with λ and κ that were the best on the last week when learned on the time before.

    Args:
        events: all of them.
        ids: the catalogue's products.
        listed: the nearest of a row by content, the best first.
    """
    before, after = later_week(events)
    row_of = {product: row for row, product in enumerate(ids)}
    pairs = [(row_of[query], row_of[product]) for query, product in clicks_about(after, ids)]
    lists = {query: listed(query) for query, _ in pairs}
    counts = counts_of(before, ids)
    alone = _gains(None, lists, pairs)
    learned = [model_of(counts, shrinkage, 1.0) for shrinkage in SHRINKAGES]
    tried = {
        (model.shrinkage, confidence): _gains(
            Clicked(replace(model, confidence=confidence), ids), lists, pairs
        )
        for model in learned
        for confidence in CONFIDENCES
    }
    # the most careful of those that are equal
    best = max(tried, key=lambda one: (tried[one].mean() if len(pairs) else 0.0, one[1], one[0]))
    choice = _choice(best, alone, tried[best])
    return model_of(counts_of(events, ids), choice.shrinkage, choice.confidence), choice


def _choice(best: tuple[float, float], alone: Floats, blend: Floats) -> Choice:
    if len(alone) < FEWEST:
        return Choice(*best, float("nan"), float("nan"), 0.0, 0.0, len(alone))
    difference = blend - alone
    error = float(difference.std(ddof=1) / np.sqrt(len(difference)))
    means = float(alone.mean()), float(blend.mean()), float(difference.mean())
    return Choice(*best, *means, error, len(alone))


def _gains(clicked: Clicked | None, lists: dict[int, Rows], pairs: list[tuple[int, int]]) -> Floats:
    """The discounted gain of each replayed click: 1 / log2(1 + place), 0 below ``DEPTH``."""
    ranked = {query: ranking(clicked, query, found)[:DEPTH] for query, found in lists.items()}
    places = [np.flatnonzero(ranked[query] == product) for query, product in pairs]
    return np.array([1 / np.log2(2 + place[0]) if len(place) else 0.0 for place in places])


def ranking(clicked: Clicked | None, query: int, listed: Rows) -> Rows:
    """The candidates of a query in the order of content and clicks.

    Args:
        clicked: what was learned; None leaves content alone.
        query: its row.
        listed: the nearest by content, the best first.
    """
    if clicked is None or not clicked.knows(query):
        return listed
    near, values = clicked.near(query)
    further = ~np.isin(near, listed)
    rows = np.concatenate([listed, near[further]])
    scores = dict(zip(near.tolist(), values.tolist(), strict=True))
    by_clicks = np.array([scores.get(row, 0.0) for row in rows.tolist()])
    own = float(clicked.confidence(np.array([query]))[0])
    mixed = mixed_percentiles(by_clicks, len(listed), own, clicked.confidence(rows))
    return rows[np.argsort(-mixed, kind="stable")]
