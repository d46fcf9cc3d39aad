"""Whether clicks help, where the truth is known: ``python -m benchmarks.click_simulation [--write]``.

A catalogue is drawn: every product has a true taste (a unit vector in some dimensions) and a content vector that is the
taste with noise, so that content alone is good and not perfect. Shoppers ask for what is similar to a product, are shown
``SHOWN`` products, look at place r with the probability 1 / r^``BIAS``, and click what they look at with a probability
that grows with the true similarity. Half of the products are asked for a hundred times as often as the others, and a
tenth is never asked for and never clicked: those are the cold ones.

What is measured is nDCG@10 against the true similarity, which no shop can know. The same code learns and ranks as in
``mpsr learn-clicks`` and in a search.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.clicks.choosing import WEEK, choose, ranking
from mpsr.clicks.interleaving import team_draft
from mpsr.clicks.learning import counts_of, model_of
from mpsr.clicks.statistics import duel
from mpsr.search.click_blend import LISTED
from mpsr.search.clicked import Clicked

PRODUCTS, DIMENSIONS, NOISE = 2000, 16, 0.9
SHOWN, BIAS = 10, 1.0

#: Similarity at which half of those who look click, and how steeply that grows.
MIDDLE, STEEP, MOST_CLICKED = 0.75, 12.0, 0.5

COLD, POPULAR = 0.1, 100.0

#: Lists shown.
SIZES = (300, 3_000, 30_000, 300_000)
WEEKS, START = 5, 1_700_000_000.0

#: Products whose ranking is measured.
MEASURED = 400

ROUNDS, A_ROUND = 5, 30_000

#: Clicks must not cost more than this in nDCG@10, however few or random they are.
BOUND = 0.005

PAGE = Path(__file__).parents[1] / "docs" / "clicks.md"
TABLES = re.compile(r"(<!-- simulation -->\n).*?(<!-- end -->)", re.S)

Rows = npt.NDArray[np.int64]
Ranking = Callable[[int], Rows]


@dataclass(frozen=True)
class World:
    """What is true and what content says.

    Attributes:
        truth: true similarities, shape (N, N).
        content: rows by content, the nearest first, shape (N, LISTED).
        ids: the products' ids.
        asked: how often each is asked for, as probabilities, shape (N,).
        cold: which are never asked for and never clicked, shape (N,).
    """

    truth: npt.NDArray[np.float32]
    content: Rows
    ids: tuple[str, ...]
    asked: npt.NDArray[np.float64]
    cold: npt.NDArray[np.bool_]


def world(seed: int = 0, products: int = PRODUCTS) -> World:
    """A catalogue drawn from a seed."""
    rng = np.random.default_rng(seed)
    taste = _unit(
        rng.normal(size=(products, DIMENSIONS))
        + 2.5 * _unit(rng.normal(size=(40, DIMENSIONS)))[rng.integers(0, 40, products)]
    )
    described = _unit(taste + NOISE * rng.normal(size=taste.shape) / np.sqrt(DIMENSIONS))
    near = described @ described.T
    np.fill_diagonal(near, -np.inf)
    content = np.argsort(-near, axis=1, kind="stable")[:, :LISTED]
    cold = np.zeros(products, bool)
    cold[rng.choice(products, int(COLD * products), replace=False)] = True
    asked = np.where(rng.random(products) < 0.5, POPULAR, 1.0) * ~cold
    truth = (taste @ taste.T).astype(np.float32)
    np.fill_diagonal(truth, 0)
    return World(truth, content, tuple(f"p{n:05d}" for n in range(products)), asked / asked.sum(), cold)


def _unit(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def sessions(
    here: World, lists: int, ranked: Ranking, rng: np.random.Generator, random: bool = False, first: int = 0
) -> pd.DataFrame:
    """The clicks of so many lists shown, spread over ``WEEKS`` weeks.

    Args:
        here: the world.
        lists: how many.
        ranked: what is shown for a product, the best first.
        rng: the chance.
        random: shoppers click whatever they look at with the same probability.
        first: number of the first session.
    """
    queries = rng.choice(len(here.ids), lists, p=here.asked)
    look = rng.random((lists, SHOWN)) < 1 / np.arange(1, SHOWN + 1) ** BIAS
    shown = {query: ranked(query)[:SHOWN] for query in np.unique(queries).tolist()}
    products = np.stack([shown[query] for query in queries.tolist()])
    likes = MOST_CLICKED / (1 + np.exp(-STEEP * (here.truth[queries[:, None], products] - MIDDLE)))
    likes = np.full_like(likes, 0.1) if random else likes
    clicked = look & (rng.random(products.shape) < likes) & ~here.cold[products]
    at, place = np.nonzero(clicked)
    ids = np.array(here.ids, object)
    return pd.DataFrame({
        "id": [f"{first + one}-{spot}" for one, spot in zip(at, place, strict=True)],
        "kind": "click",
        "session": [f"s{first + one}" for one in at],
        "product": ids[products[at, place]],
        "time": START + (first + at) / max(lists + first, 1) * WEEKS * WEEK,
        "query": ids[queries[at]],
        "position": pd.array(place + 1, dtype="Int64"),
        "arm": "",
    })  # fmt: skip


def looked_at(events: pd.DataFrame) -> pd.DataFrame:
    """With the look at each query product's own page, from which a product is known to have been there."""
    pages = events.drop_duplicates(["session", "query"])
    nowhere = pd.array([pd.NA] * len(pages), dtype="Int64")
    pages = pages.assign(kind="view", position=nowhere)
    pages = pages.assign(product=pages["query"], query="", id="v" + pages["id"])
    return pd.concat([events, pages.astype(events.dtypes)], ignore_index=True)


def quality(here: World, ranked: Ranking, queries: Rows) -> npt.NDArray[np.float64]:
    """nDCG@10 of each query against the true similarity, as gains that are 0 below 0."""
    discount = 1 / np.log2(np.arange(2, 12))
    found = []
    for query in queries.tolist():
        truth = np.maximum(here.truth[query], 0)
        best = np.sort(truth)[::-1][:10]
        found.append((truth[ranked(query)[:10]] @ discount) / (best @ discount))
    return np.array(found)


def learned(here: World, events: pd.DataFrame) -> tuple[Ranking, bool, str]:
    """The ranking as ``mpsr learn-clicks`` leaves it, whether clicks are used, and λ and κ."""
    model, choice = choose(events, here.ids, lambda row: here.content[row])
    clicked = Clicked(model, here.ids) if choice.helps else None
    told = f"λ {choice.shrinkage:g}, κ {choice.confidence:g}"
    return (lambda row: ranking(clicked, row, here.content[row])), choice.helps, told


def by_content(here: World) -> Ranking:
    """The ranking without clicks."""
    return lambda row: here.content[row]


def by_size(here: World, random: bool) -> list[tuple[int, int, bool, str, float, float, float, float, float]]:
    """A row for each of ``SIZES``: lists, clicks, used, what was chosen, nDCG by content and learned, gain, cold."""
    content = by_content(here)
    rng = np.random.default_rng(1)
    asked = rng.choice(np.flatnonzero(~here.cold), MEASURED, replace=False, p=here.asked[~here.cold])
    before = quality(here, content, asked)
    rows = []
    for lists in SIZES:
        events = looked_at(sessions(here, lists, content, np.random.default_rng(2), random))
        ranked, used, told = learned(here, events)
        after = quality(here, ranked, asked)
        gain = after - before
        error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
        clicks = int((events["kind"] == "click").sum())
        rows.append(
            (
                lists,
                clicks,
                used,
                told,
                float(before.mean()),
                float(after.mean()),
                float(gain.mean()),
                error,
                cold_shown(here, ranked, asked),
            )
        )
    return rows


def cold_shown(here: World, ranked: Ranking, queries: Rows) -> float:
    """The share of cold products among the first ten of these queries."""
    return float(np.mean([here.cold[ranked(query)[:10]].mean() for query in queries.tolist()]))


def interleaved(here: World, lists: int) -> tuple[int, int, float]:
    """Sessions won by clicks and by content when both are interleaved, and the sign test's p."""
    content = by_content(here)
    events = looked_at(sessions(here, SIZES[-1], content, np.random.default_rng(2)))
    ranked, _, _ = learned(here, events)
    rng = np.random.default_rng(3)
    rows = []
    for number, query in enumerate(rng.choice(len(here.ids), lists, p=here.asked).tolist()):
        plain, mixed = ([here.ids[row] for row in one(query)[:SHOWN]] for one in (content, ranked))
        for place, (product, arm) in enumerate(team_draft(plain, mixed, SHOWN, str(number)), 1):
            row = int(product[1:])
            likes = MOST_CLICKED / (1 + np.exp(-STEEP * (here.truth[query, row] - MIDDLE)))
            if rng.random() < likes / place**BIAS:
                rows.append({"kind": "click", "session": str(number), "arm": arm})
    found = duel(pd.DataFrame(rows))
    return found.clicks, found.content, found.p


def feedback(here: World) -> list[tuple[int, float, float, float]]:
    """Rounds of showing what was learned and learning from that: round, nDCG, Gini of exposure, share ever shown."""
    content = by_content(here)
    rng = np.random.default_rng(4)
    asked = rng.choice(np.flatnonzero(~here.cold), MEASURED, replace=False, p=here.asked[~here.cold])
    ranked, parts, rows = content, [], []
    for turn in range(ROUNDS + 1):
        shown = np.zeros(len(here.ids))
        for row in range(len(here.ids)):
            shown[ranked(row)[:SHOWN]] += here.asked[row]
        rows.append(
            (turn, float(quality(here, ranked, asked).mean()), gini(shown), float((shown > 0).mean()))
        )
        parts.append(sessions(here, A_ROUND, ranked, rng, first=turn * A_ROUND))
        ranked, _, _ = learned(here, looked_at(pd.concat(parts, ignore_index=True)))
    return rows


def gini(shares: npt.NDArray[np.float64]) -> float:
    """How unequal exposures are: 0 where all are alike, near 1 where one has all."""
    ordered = np.sort(shares)
    count = len(ordered)
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))


def seconds(lists: int = 1_000_000) -> tuple[int, float]:
    """Events of so many lists, and the seconds in which a model of them is made with λ and κ given."""
    here = world()
    events = looked_at(sessions(here, lists, lambda row: here.content[row], np.random.default_rng(5)))
    begun = time.perf_counter()
    model_of(counts_of(events), 20.0, 20.0)
    return len(events), time.perf_counter() - begun


def head(*columns: str) -> str:
    """The head of a table."""
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"


BY_SIZE = head("lists shown", "clicks", "used", "chosen", "content", "learned", "gain", "cold products shown")
BY_ROUND = head("round", "nDCG@10", "Gini of exposure", "products ever shown")


def tables() -> str:
    """All results as Markdown."""
    here = world()
    text = ""
    for title, random in (("Clicks that mean something", False), ("Random clicks", True)):
        text += f"\n**{title}**\n\n{BY_SIZE}"
        for lists, clicks, used, told, before, after, gain, error, cold in by_size(here, random):
            text += (
                f"| {lists:,} | {clicks:,} | {'yes' if used else 'no'} | {told} | {before:.4f} | {after:.4f} | "
                f"{gain:+.4f} ± {error:.4f} | {cold:.1%} |\n"
            )
    won, lost, p = interleaved(here, 20_000)
    text += f"\nInterleaved, 20,000 lists: clicks won {won:,} sessions, content {lost:,} (sign test p = {p:.2g}).\n"
    text += f"\n**Feedback**: each round shows what was learned from all rounds before\n\n{BY_ROUND}"
    for turn, ndcg, unequal, reached in feedback(here):
        text += f"| {turn} | {ndcg:.4f} | {unequal:.3f} | {reached:.1%} |\n"
    events, took = seconds()
    return text + f"\nLearning from {events:,} events takes {took:.1f} s on one core.\n\n"


def main() -> None:
    """Print the tables, or write them into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write them into docs/clicks.md")
    found = tables()
    if parser.parse_args().write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(TABLES.sub(lambda old: old[1] + found + old[2], page), encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main()
