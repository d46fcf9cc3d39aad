"""An event: what somebody did with a product in a session."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

from mpsr.errors import InputError

#: view: a product was shown in a list (with its position), or looked at on its own page (without one).
Kind = Literal["view", "click", "cart", "purchase"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Most events of a request, and most characters of each text.
MOST = 1000
LENGTHS = {"id": 64, "session": 128, "product": 512, "query": 1000, "snapshot": 64, "arm": 32}

#: The last position that is counted, and the least and most of times: 2000-01-01, and a day ahead of the clock.
LAST_POSITION, EARLIEST, AHEAD = 1000, 946_684_800.0, 86_400.0


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes:
        id: of whoever sends it; a second event of the same id is the same event and changes nothing.
        kind: one of ``KINDS``.
        session: of one visitor's visit; say nothing in it that names a person.
        product: the product's id.
        time: seconds since 1970.
        query: what the list answered: a product's id, or words; "" for none.
        position: the product's place in the list, from 1; None outside a list.
        snapshot: of the store that made the list, "" if unknown.
        arm: which ranking it came from, where two were interleaved; else "".

    Raises:
        InputError: something is missing, too long, or out of range.
    """

    id: str
    kind: Kind
    session: str
    product: str
    time: float
    query: str = ""
    position: int | None = None
    snapshot: str = ""
    arm: str = ""

    def __post_init__(self) -> None:
        for name, most in LENGTHS.items():
            value = getattr(self, name)
            if not isinstance(value, str) or len(value) > most or "\0" in value:
                raise InputError(
                    f"{name} is {str(value)[:40]!r}; expected a text of at most {most} characters."
                )
        for name in ("id", "session", "product"):
            if not getattr(self, name):
                raise InputError(f"{name} is empty; every event has one.")
        if self.kind not in KINDS:
            raise InputError(f"kind is {self.kind!r}; expected one of {', '.join(KINDS)}.")
        if self.position is not None and not (
            isinstance(self.position, int)
            and not isinstance(self.position, bool)
            and 1 <= self.position <= LAST_POSITION
        ):
            raise InputError(f"position is {self.position!r}; expected 1 to {LAST_POSITION}, or null.")
        latest = time.time() + AHEAD
        if not (math.isfinite(self.time) and EARLIEST <= self.time <= latest):
            raise InputError(f"time is {self.time!r}; expected seconds since 1970, not in the future.")

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Event:
        """The event of a JSON object; without a time it is now.

        Raises:
            InputError: it is none.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(document) - known):
            raise InputError(f"an event has no {unknown[0]!r}. Expected {', '.join(sorted(known))}.")
        if missing := [name for name in ("id", "kind", "session", "product") if name not in document]:
            raise InputError(f"the event lacks {missing[0]}.")
        values = {name: value for name, value in document.items() if value is not None}
        return cls(**values | {"time": time_of(values.get("time"))})


def time_of(said: object) -> float:
    """Seconds since 1970 of a number or of an ISO 8601 text; now for None.

    Raises:
        InputError: it is neither.
    """
    if said is None:
        return time.time()
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said)
    try:
        return datetime.fromisoformat(str(said)).timestamp()
    except ValueError as error:
        raise InputError(
            f"time is {str(said)[:40]!r}; expected seconds since 1970, or a time such as 2026-06-01T12:00:00Z."
        ) from error
