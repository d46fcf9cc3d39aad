"""The tables of the events, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mpsr.boards.tables import Number, Words
from mpsr.clicks.types import LENGTHS

#: Changes whenever a table does.
SCHEMA = 2


class EventBase(DeclarativeBase):
    """The events' own tables; they may stand in the boards' database."""


class EventSchemaRow(EventBase):
    """One row: which schema the events have."""

    __tablename__ = "mpsr_events_schema"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    #: Tells this database from another one.
    database: Mapped[str] = mapped_column(Words(32), default=lambda: uuid.uuid4().hex)


class EventRow(EventBase):
    """An event. Rows are added and removed, never changed. Later events have higher numbers, and none is given again."""

    __tablename__ = "mpsr_event"
    __table_args__ = (
        Index("mpsr_event_session", "session"),
        Index("mpsr_event_time", "time"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    id: Mapped[str] = mapped_column(Words(LENGTHS["id"]), unique=True)
    kind: Mapped[str] = mapped_column(Words(16))
    session: Mapped[str] = mapped_column(Words(LENGTHS["session"]))
    product: Mapped[str] = mapped_column(Words(LENGTHS["product"]))
    time: Mapped[float] = mapped_column(Number())
    query: Mapped[str] = mapped_column(Words())
    position: Mapped[int | None]
    snapshot: Mapped[str] = mapped_column(Words(LENGTHS["snapshot"]))
    arm: Mapped[str] = mapped_column(Words(LENGTHS["arm"]))
