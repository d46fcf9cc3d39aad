"""Places as fractions: a product moves by taking a number between its new neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from mpsr.boards.types import Beside, Key, Move


def moved(keys: Sequence[Key], key: Key, to: Move) -> int:
    """The position, counted from 0, that a product has once it is moved.

    Raises:
        ValueError: it is not among ``keys``, or the product to move it beside is not.
    """
    at = keys.index(key)
    if isinstance(to, Beside):
        if to.key == key:
            return at
        other = keys.index(to.key)
        return other + (to.side == "after") - (at < other)
    steps = {"first": 0, "up": at - 1, "down": at + 1, "last": len(keys) - 1}
    return min(max(steps[to], 0), len(keys) - 1)


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
