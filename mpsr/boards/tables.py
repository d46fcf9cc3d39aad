"""The tables of the boards, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Changes whenever a table does; a database of a newer schema is refused.
SCHEMA = 1


class Base(DeclarativeBase):
    """Names begin with ``mpsr_`` because a team's database may hold other things too."""


class SchemaRow(Base):
    """One row: which schema this database has."""

    __tablename__ = "mpsr_boards_schema"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class BoardRow(Base):
    """A board. Times are seconds since 1970; ``deleted`` is set while it can still be restored."""

    __tablename__ = "mpsr_board"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    made: Mapped[float] = mapped_column(Double)
    changed: Mapped[float] = mapped_column(Double)
    deleted: Mapped[float | None] = mapped_column(Double)


class ItemRow(Base):
    """A product on a board. ``place`` is a fraction, so that moving one product writes one row."""

    __tablename__ = "mpsr_board_item"
    __table_args__ = (Index("mpsr_board_item_place", "board", "place"),)

    board: Mapped[str] = mapped_column(ForeignKey("mpsr_board.id", ondelete="CASCADE"), primary_key=True)
    store: Mapped[str] = mapped_column(Text, primary_key=True)
    product: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    place: Mapped[float] = mapped_column(Double)
    added: Mapped[float] = mapped_column(Double)
