"""The events in their database, beside the boards: SQLite or PostgreSQL, append-only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy import delete, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from mpsr.boards.database import Database
from mpsr.clicks.tables import SCHEMA, EventBase, EventRow, EventSchemaRow
from mpsr.clicks.types import MOST, Event
from mpsr.errors import InputError

#: Days that events are kept unless told otherwise.
KEPT_DAYS = 365

COLUMNS = tuple(field.name for field in fields(Event))


class EventsDatabase(Database):
    """The database of the events: ``MPSR_EVENTS_URL``, else a file in the user's data folder."""

    what: ClassVar[str] = "events"
    variable: ClassVar[str] = "MPSR_EVENTS_URL"
    tables: ClassVar[type[DeclarativeBase]] = EventBase
    schema_row: ClassVar[type[Any]] = EventSchemaRow
    schema: ClassVar[int] = SCHEMA


class Events:
    """All events of a database. Safe to share between threads; each call is one short transaction."""

    def __init__(self, url: str | None = None) -> None:
        """Open the events at ``url`` (default: ``MPSR_EVENTS_URL``, else the user's file)."""
        self.database = EventsDatabase(url)

    def add(self, events: Sequence[Event]) -> int:
        """Add events; those whose id is there already are left as they are. Returns how many are new.

        Raises:
            InputError: more than ``MOST`` at once.
        """
        if len(events) > MOST:
            raise InputError(f"{len(events):,} events at once; expected at most {MOST:,}.")
        if not events:
            return 0
        server = self.database.url.get_backend_name() == "postgresql"
        insert = postgresql.insert(EventRow) if server else sqlite.insert(EventRow)
        rows = list({event.id: asdict(event) for event in reversed(events)}.values())
        with self.database.writing() as connection:
            before = (
                select(func.count()).select_from(EventRow).where(EventRow.id.in_([row["id"] for row in rows]))
            )
            there = connection.scalar(before) or 0
            connection.execute(insert.on_conflict_do_nothing(index_elements=["id"]), rows)
        return len(rows) - there

    def forget(self, session: str) -> int:
        """Remove all events of a session; returns how many there were."""
        with self.database.writing() as connection:
            return connection.execute(delete(EventRow).where(EventRow.session == session)).rowcount

    def prune(self, days: float = KEPT_DAYS) -> int:
        """Remove events that are older than so many days; returns how many there were.

        Raises:
            InputError: it is not above 0.
        """
        if not days > 0:
            raise InputError(f"events are to be kept for {days} days; expected a number above 0.")
        limit = time.time() - days * 86_400
        with self.database.writing() as connection:
            return connection.execute(delete(EventRow).where(EventRow.time < limit)).rowcount

    def count(self) -> int:
        """How many events there are."""
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(EventRow)) or 0

    def table(self) -> pd.DataFrame:
        """All events by time, a column for each of ``COLUMNS``."""
        wanted = [getattr(EventRow, name) for name in COLUMNS]
        with self.database.reading() as connection:
            rows = connection.execute(select(*wanted).order_by(EventRow.time, EventRow.id)).all()
        table = pd.DataFrame.from_records([tuple(row) for row in rows], columns=list(COLUMNS))
        return table.astype({"position": "Int64", "time": "float64"})

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def events_there() -> Events | None:
    """The events, where there is a database of them; looking makes none."""
    url = make_url(EventsDatabase.default_url())
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return None
    return Events()
