"""The tables of the boards, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import math

from sqlalchemy import Dialect, Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Changes whenever a table does; a database of a newer schema is refused.
SCHEMA = 1


class Words(TypeDecorator[str]):
    """Text; SQLite gives back what another program has written there, of whatever type.

    Raises:
        TypeError: a value read is none.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """``String`` where it has a length."""
        length = getattr(self.impl, "length", None)
        return dialect.type_descriptor(String(length) if length else Text())

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """The value as it was written."""
        if value is None or isinstance(value, str):
            return value
        raise TypeError(f"{type(value).__name__} in place of text")


class Number(TypeDecorator[float]):
    """A finite number.

    Raises:
        TypeError: a value read is none.
    """

    impl = Double
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> float | None:
        """The value as it was written."""
        if value is None or (isinstance(value, int | float) and math.isfinite(value)):
            return value
        raise TypeError(f"{type(value).__name__} in place of a number")


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

    id: Mapped[str] = mapped_column(Words(16), primary_key=True)
    name: Mapped[str] = mapped_column(Words())
    note: Mapped[str] = mapped_column(Words())
    made: Mapped[float] = mapped_column(Number())
    changed: Mapped[float] = mapped_column(Number())
    deleted: Mapped[float | None] = mapped_column(Number())


class ItemRow(Base):
    """A product on a board. ``place`` is a fraction, so that moving one product writes one row."""

    __tablename__ = "mpsr_board_item"
    __table_args__ = (Index("mpsr_board_item_place", "board", "place"),)

    board: Mapped[str] = mapped_column(ForeignKey("mpsr_board.id", ondelete="CASCADE"), primary_key=True)
    store: Mapped[str] = mapped_column(Words(), primary_key=True)
    product: Mapped[str] = mapped_column(Words(), primary_key=True)
    name: Mapped[str] = mapped_column(Words())
    note: Mapped[str] = mapped_column(Words())
    place: Mapped[float] = mapped_column(Number())
    added: Mapped[float] = mapped_column(Number())
