"""Applies to a board what its grid in the browser reports.

The grid numbers its reports and sends every one that is not confirmed yet, so that nothing is lost when clicks come
faster than the page answers; ``Outbox`` makes sure that none is applied twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpsr.boards.boards import Boards
from mpsr.boards.types import Beside, Item, Key
from mpsr.errors import InputError

STEPS = ("first", "up", "down", "last")


class Outbox:
    """The last report of each open grid that was applied. A grid identifies itself by a random name."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}

    def done(self) -> dict[str, int]:
        """Grid → number of the last report that was applied."""
        return dict(self._done)

    def fresh(self, reports: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The reports that were not applied yet; they count as applied from now on.

        Raises:
            InputError: they are not what a grid sends.
        """
        try:
            grid = str(reports["grid"])
            numbered = sorted((int(report["number"]), report) for report in reports["reports"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the page sent an invalid report ({error}). Reload the page.") from error
        new = [report for number, report in numbered if number > self._done.get(grid, 0)]
        if numbered:
            self._done[grid] = max(numbered[-1][0], self._done.get(grid, 0))
        return new


def obey(boards: Boards, board: str, report: Mapping[str, Any]) -> list[Item]:
    """Apply one report to the board; returns the products it removed.

    Raises:
        InputError: it cannot be done, or is not a report.
        ConflictError: somebody else changed the same note.
    """
    done, key = report.get("done"), _key(report.get("key"))
    if done == "remove":
        return boards.remove(board, [key])
    if done == "move":
        boards.move(board, key, _place(report.get("to")))
    elif done == "note":
        boards.note_item(board, key, str(report.get("text", "")), seen=str(report.get("seen", "")))
    else:
        raise InputError(f"the page asked for {done!r}. Expected remove, move or note. Reload the page.")
    return []


def _place(to: Any) -> Any:
    if to in STEPS:
        return to
    if isinstance(to, Sequence) and len(to) == 2 and to[0] in ("before", "after"):
        return Beside(to[0], _key(to[1]))
    raise InputError(f"a product cannot be moved to {to!r}. Reload the page.")


def _key(given: Any) -> Key:
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 2:
        return Key(str(given[0]), str(given[1]))
    raise InputError(
        f"{given!r} is not a product. Expected a store's name and a product's id. Reload the page."
    )
