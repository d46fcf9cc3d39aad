"""What people click, with intervals: rates by position, products seen and never clicked, which ranking won.

Intervals are Wilson's at 95 %. Events of one visitor depend on each other, so an interval is rather too narrow than too
wide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest

#: The normal quantile of 95 % intervals.
Z = 1.959963984540054


@dataclass(frozen=True)
class Duel:
    """Which of two interleaved rankings won.

    Attributes:
        clicks: sessions in which the ranking with clicks got more clicks.
        content: sessions in which that without them did.
        ties: sessions in which both got as many.
        p: probability of a difference at least this large if neither were better (two-sided sign test); 1 without any.
    """

    clicks: int
    content: int
    ties: int
    p: float


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The interval of a rate; (0, 1) without trials."""
    if trials <= 0:
        return 0.0, 1.0
    rate, spread = successes / trials, Z**2 / trials
    middle = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(rate * (1 - rate) * spread + spread**2 / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def by_position(events: pd.DataFrame) -> pd.DataFrame:
    """A row a position: how often a product was shown there and clicked there, the rate and its interval."""
    shown = _counted(events, "view", ["position"])
    clicked = _counted(events, "click", ["position"])
    table = pd.concat([shown.rename("shown"), clicked.rename("clicked")], axis=1).fillna(0).sort_index()
    return _with_rates(table[table["shown"] > 0]).reset_index()


def by_product(events: pd.DataFrame) -> pd.DataFrame:
    """A row a product that was shown in a list: how often, how often it was clicked there, the rate and its interval."""
    shown = _counted(events, "view", ["product"])
    clicked = _counted(events, "click", ["product"])
    table = pd.concat([shown.rename("shown"), clicked.rename("clicked")], axis=1).fillna(0)
    ordered = _with_rates(table[table["shown"] > 0]).sort_values(
        ["shown", "clicked"], ascending=False, kind="stable"
    )
    return ordered.reset_index()


def never_clicked(events: pd.DataFrame) -> pd.DataFrame:
    """The products of ``by_product`` that nobody clicked, the most shown first, and how high their rate may still be."""
    table = by_product(events)
    return table[table["clicked"] == 0].drop(columns=["clicked", "rate", "lowest"]).reset_index(drop=True)


def duel(events: pd.DataFrame) -> Duel:
    """Which ranking won, session by session."""
    clicked = events[(events["kind"] == "click") & events["arm"].isin(["content", "clicks"])]
    votes = clicked.groupby(["session", "arm"]).size().unstack(fill_value=0)
    votes = votes.reindex(columns=["content", "clicks"], fill_value=0)
    balance = np.sign((votes["clicks"] - votes["content"]).to_numpy())
    won, lost = int((balance > 0).sum()), int((balance < 0).sum())
    p = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    return Duel(won, lost, int((balance == 0).sum()), p)


def _counted(events: pd.DataFrame, kind: str, by: list[str]) -> pd.Series:
    """Events of a kind in lists; the same product at the same place of a session's same list counts once."""
    of_kind = events[(events["kind"] == kind) & events["position"].notna()]
    once = of_kind.drop_duplicates(["session", "query", "product", "position"])
    return once.groupby(by).size()


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """With rate, lowest and highest."""
    table = table.astype(int)
    clicked = np.minimum(table["clicked"], table["shown"])
    bounds = [wilson(one, of) for one, of in zip(clicked, table["shown"], strict=True)]
    return table.assign(
        rate=clicked / table["shown"],
        lowest=[low for low, _ in bounds],
        highest=[high for _, high in bounds],
    )
