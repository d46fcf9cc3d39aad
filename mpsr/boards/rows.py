"""The statements of a change to the boards, each inside the caller's transaction."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from mpsr.boards import limits
from mpsr.boards.tables import BoardRow, ItemRow
from mpsr.boards.types import ConflictError, Item, Key
from mpsr.errors import InputError

#: No vowels and no characters that look alike: an id can be read aloud and never spells a word.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 10


def touch(connection: Connection, board: str) -> None:
    """Record the time of the change. This locks the board's row until the transaction ends, so its writers take turns."""
    there = (BoardRow.id == board, BoardRow.deleted.is_(None))
    if not connection.execute(update(BoardRow).where(*there).values(changed=time.time())).rowcount:
        raise limits.unknown(board)


def make(connection: Connection, name: str, note: str) -> str:
    """A new board; returns its id."""
    board = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    now = time.time()
    connection.execute(insert(BoardRow).values(id=board, name=name, note=note, made=now, changed=now))
    return board


def items_of(connection: Connection, board: str) -> list[Item]:
    """A board's products in their order."""
    rows = connection.execute(
        select(ItemRow.store, ItemRow.product, ItemRow.name, ItemRow.note, ItemRow.place, ItemRow.added)
        .where(ItemRow.board == board)
        .order_by(ItemRow.place, ItemRow.store, ItemRow.product)
    )
    return [
        Item(Key(store, product), name, note, place, added)
        for store, product, name, note, place, added in rows
    ]


def insert_items(connection: Connection, board: str, items: Iterable[Item]) -> None:
    """Insert products that are not on the board yet."""
    rows = [
        {
            "board": board,
            "store": item.key.store,
            "product": item.key.product,
            "name": item.name,
            "note": item.note,
            "place": item.place,
            "added": item.added,
        }
        for item in items
    ]
    if rows:
        connection.execute(insert(ItemRow), rows)


def arrange(connection: Connection, board: str, keys: Sequence[Key]) -> None:
    """Renumber the places of a board's products, in this order."""
    for place, key in enumerate(keys, 1):
        connection.execute(update(ItemRow).where(*is_item(board, key)).values(place=float(place)))


def is_item(board: str, key: Key) -> tuple[ColumnElement[bool], ...]:
    """The condition for one row."""
    return ItemRow.board == board, ItemRow.store == key.store, ItemRow.product == key.product


def exchange(
    connection: Connection,
    what: str,
    column: InstrumentedAttribute[str],
    where: Mapping[str, str],
    wanted: str,
    seen: str,
) -> None:
    """Write a value if the current one is still the one its writer saw."""
    row = [getattr(column.class_, name) == value for name, value in where.items()]
    now = connection.scalar(select(column).where(*row))
    if now is None:
        raise InputError(f"the {what} cannot be saved: it is no longer on the board.")
    if now not in (seen, wanted):
        raise ConflictError(what, now, wanted)
    connection.execute(update(column.class_).where(*row).values({column.key: wanted}))
