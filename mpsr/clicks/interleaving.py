"""Two rankings in one list, by team draft (Radlinski, Kurup and Joachims, CIKM 2008), and which of them won.

In each round a coin says which side picks first; each picks its best product that is not in the list yet. Clicks on a
product are a point for the side that picked it. Both sides have the same chances of every place, so whatever people
click by habit helps neither.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Literal

Arm = Literal["content", "clicks"]

CONTENT: Arm = "content"
CLICKS: Arm = "clicks"


def team_draft(content: Sequence[str], clicks: Sequence[str], k: int, seed: str) -> list[tuple[str, Arm]]:
    """The list, and which side picked each product.

    Args:
        content: one ranking, the best first.
        clicks: the other.
        k: how many.
        seed: the same seed draws the same coins, so that a session sees the same list again.
    """
    coins = random.Random(hashlib.sha256(seed.encode()).digest())
    waiting: dict[Arm, list[str]] = {CONTENT: list(content)[::-1], CLICKS: list(clicks)[::-1]}
    drawn: dict[str, Arm] = {}
    while len(drawn) < k:
        order: tuple[Arm, Arm] = (CONTENT, CLICKS) if coins.random() < 0.5 else (CLICKS, CONTENT)
        before = len(drawn)
        for arm in order:
            ranking = waiting[arm]
            while ranking and ranking[-1] in drawn:
                ranking.pop()
            if ranking and len(drawn) < k:
                drawn[ranking.pop()] = arm
        if len(drawn) == before:
            break
    return list(drawn.items())
