"""Learn from a store's events, and keep what was learned in the store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mpsr.clicks.choosing import Choice, choose
from mpsr.search.click_blend import LISTED
from mpsr.search.click_file import save_clicks
from mpsr.service import Service
from mpsr.store.layout import CLICKS


@dataclass(frozen=True)
class Learned:
    """What was learned.

    Attributes:
        choice: λ, κ, and what they gain on the later week.
        events: how many events there were.
        products: how many products were chosen.
        pairs: how many pairs of them were chosen together.
        used: whether the store ranks by it from now on.
    """

    choice: Choice
    events: int
    products: int
    pairs: int
    used: bool


def learn_clicks(service: Service, events: pd.DataFrame, always: bool = False) -> Learned:
    """Learn, and keep the model in the store's folder where it helps; else the store goes on by content alone.

    Args:
        service: the store.
        events: all events.
        always: keep it whatever it does.
    """
    rows = {product: row for row, product in enumerate(service.ids)}
    known = events[events["product"].isin(rows.keys())]

    def listed(row: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        found = service.similar(service.ids[row], k=LISTED, rules=False, clicks=False).neighbours
        return np.array([rows[item.id] for item in found], np.int64)

    model, choice = choose(known, service.ids, listed)
    used = bool(len(model.ids)) and (always or choice.helps)
    if used:
        save_clicks(service.root, model)
    else:
        (service.root / CLICKS).unlink(missing_ok=True)
    return Learned(choice, len(known), len(model.ids), model.scores.nnz // 2, used)
