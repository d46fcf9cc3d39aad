"""Places as fractions: a product moves by taking a number between its new neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


def moved(at: int, to: Literal["first", "up", "down", "last"] | int, count: int) -> int:
    """The position, counted from 0, where the product at position ``at`` of ``count`` goes."""
    named = {"first": 0, "up": at - 1, "down": at + 1, "last": count - 1}
    return min(max(named[to] if isinstance(to, str) else to, 0), count - 1)


def between(places: Sequence[float], position: int) -> float | None:
    """A number that puts a new place at ``position`` among ascending ``places``; None where none is left."""
    if not places:
        return 1.0
    if position <= 0:
        return places[0] - 1
    if position >= len(places):
        return places[-1] + 1
    middle = (places[position - 1] + places[position]) / 2
    return middle if places[position - 1] < middle < places[position] else None
