"""Learn from a store's events, and keep what was learned in the store."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mpsr.clicks.choosing import Choice, choose
from mpsr.clicks.events import KEPT_DAYS, Events, check_days
from mpsr.search.click_blend import LISTED
from mpsr.search.click_file import save_clicks
from mpsr.service import Service
from mpsr.shop.clicks_taken import take_choices
from mpsr.store.layout import CLICKS


@dataclass(frozen=True)
class Learned:
    """What was learned.

    Attributes:
        choice: λ, κ, and what they gain on the later week.
        events: how many events it was learned from: those in which somebody chose a product of the catalogue.
        products: how many products were chosen.
        pairs: how many pairs of them were chosen together.
        used: whether the store ranks by it from now on.
        new: how many events were read from the database.
        why_all: why all were read, "" where only newer ones were.
    """

    choice: Choice
    events: int
    products: int
    pairs: int
    used: bool
    new: int = 0
    why_all: str = ""


def learn_clicks(
    service: Service, events: Events, always: bool = False, keep_days: float = KEPT_DAYS, anew: bool = False
) -> Learned:
    """Remove events that are too old, read those that are new, and learn from all there are.

    Args:
        service: the store.
        events: the database.
        always: keep what was learned whatever it does.
        keep_days: events that are older are removed first.
        anew: read everything again; the result is the same.

    Raises:
        InputError: the days are not above 0.
    """
    check_days(keep_days)
    limit = time.time() - keep_days * 86_400
    events.remove_before(limit)
    taken = take_choices(service.root, events, limit, anew)
    learned = learn_from(service, taken.with_queries(service.ids), always)
    return replace(learned, new=taken.new, why_all=taken.why_all)


def learn_from(service: Service, events: pd.DataFrame, always: bool = False) -> Learned:
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
