"""The events in their database, beside the boards: SQLite or PostgreSQL, append-only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, inspect, make_url, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from mpsr.boards.database import Database
from mpsr.clicks.tables import SCHEMA, EventBase, EventRow, EventSchemaRow
from mpsr.clicks.types import MOST, Event
from mpsr.errors import InputError

#: Days that events are kept unless told otherwise.
KEPT_DAYS = 365

COLUMNS = tuple(field.name for field in fields(Event))

#: Of a choice: what learning needs of an event.
CHOICE = ("number", "kind", "session", "product", "time", "query")

#: The number of PostgreSQL's advisory lock under which events are added; any number nobody else uses.
ADDING = 0x6D706576


@dataclass(frozen=True)
class Mark:
    """How far a database's events have been read.

    Attributes:
        database: which database it is.
        number: of the last event read.
        id: its id.
    """

    database: str
    number: int
    id: str


@dataclass(frozen=True)
class Choices:
    """Events in which somebody chose a product: all but those of products that were only shown in a list.

    Attributes:
        table: those after a mark by their number, a column for each of ``CHOICE``.
        mark: the last of them.
        kept: how many up to the mark that was given are still there; None where the mark is of no event here.
    """

    table: pd.DataFrame
    mark: Mark
    kept: int | None


class EventsDatabase(Database):
    """The database of the events: ``MPSR_EVENTS_URL``, else a file in the user's data folder."""

    what: ClassVar[str] = "events"
    variable: ClassVar[str] = "MPSR_EVENTS_URL"
    tables: ClassVar[type[DeclarativeBase]] = EventBase
    schema_row: ClassVar[type[Any]] = EventSchemaRow
    schema: ClassVar[int] = SCHEMA

    def _check_schema(self, connection: Connection) -> None:
        if not self.read_only and inspect(connection).has_table(EventSchemaRow.__tablename__):
            columns = inspect(connection).get_columns(EventSchemaRow.__tablename__)
            if "database" not in {one["name"] for one in columns}:
                _number_events(connection)
        super()._check_schema(connection)


def _number_events(connection: Connection) -> None:
    """From schema 1, whose events had no numbers, to schema 2."""
    for index in EventRow.__table__.indexes:  # type: ignore[attr-defined]  # it is a table
        connection.execute(text(f"DROP INDEX IF EXISTS {index.name}"))
    connection.execute(text("ALTER TABLE mpsr_event RENAME TO mpsr_event_1"))
    connection.execute(text("DROP TABLE mpsr_events_schema"))
    EventBase.metadata.create_all(connection)
    names = ", ".join(COLUMNS)
    connection.execute(
        text(f"INSERT INTO mpsr_event ({names}) SELECT {names} FROM mpsr_event_1 ORDER BY time, id")
    )
    connection.execute(text("DROP TABLE mpsr_event_1"))
    connection.execute(insert(EventSchemaRow).values(id=1, version=SCHEMA))


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
        adding = postgresql.insert(EventRow) if server else sqlite.insert(EventRow)
        first = {event.id: asdict(event) for event in reversed(events)}  # the first of an id counts
        rows = list(first.values())[::-1]
        with self.database.writing() as connection:
            if server:  # a reader never sees a number before a lower one is there
                connection.execute(select(func.pg_advisory_xact_lock(ADDING)))
            before = (
                select(func.count()).select_from(EventRow).where(EventRow.id.in_([row["id"] for row in rows]))
            )
            there = connection.scalar(before) or 0
            connection.execute(adding.on_conflict_do_nothing(index_elements=["id"]), rows)
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
        check_days(days)
        return self.remove_before(time.time() - days * 86_400)

    def remove_before(self, limit: float) -> int:
        """Remove events before a time; returns how many there were."""
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

    def choices(self, after: Mark | None = None) -> Choices:
        """The choices that are newer than a mark, all without one."""
        chosen = or_(EventRow.kind != "view", EventRow.position.is_(None))
        wanted = [getattr(EventRow, name) for name in CHOICE]
        with self.database.reading() as connection:
            database = connection.scalar(select(EventSchemaRow.database)) or ""
            begin, kept = Mark(database, 0, ""), None
            if after and after.database == database and _id_of(connection, after.number) == after.id:
                up_to = select(func.count()).where(chosen, EventRow.number <= after.number)
                begin, kept = after, connection.scalar(up_to)
            newer = select(*wanted).where(chosen, EventRow.number > begin.number).order_by(EventRow.number)
            table = pd.DataFrame.from_records(
                [tuple(row) for row in connection.execute(newer)], columns=list(CHOICE)
            ).astype({"number": "int64", "time": "float64"})
            if len(table):
                number = int(table["number"].iloc[-1])
                begin = Mark(database, number, _id_of(connection, number) or "")
        return Choices(table, begin, kept)

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def check_days(days: float) -> None:
    """Check for how long events are kept.

    Raises:
        InputError: it is not above 0.
    """
    if not days > 0:
        raise InputError(f"events are to be kept for {days} days; expected a number above 0.")


def _id_of(connection: Connection, number: int) -> str | None:
    return connection.scalar(select(EventRow.id).where(EventRow.number == number))


def events_there() -> Events | None:
    """The events, where there is a database of them; looking makes none."""
    url = make_url(EventsDatabase.default_url())
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return None
    return Events()
