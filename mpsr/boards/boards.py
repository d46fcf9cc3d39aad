"""Boards and everything that can be done with them.

Adding, removing and moving change rows of their own, so what two people do at once both stays. A name or a note is
one value: it is written only when it still is what its writer had seen, otherwise ``ConflictError`` tells.
"""

from __future__ import annotations

import secrets
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from mpsr.boards.database import Database
from mpsr.boards.order import between, moved
from mpsr.boards.tables import BoardRow, ItemRow
from mpsr.boards.types import COVER, Beside, Board, ConflictError, Item, Key, Listed, Move
from mpsr.errors import InputError

#: Longest name and note, in characters; more is no name and no note but a mistake in pasting.
LONGEST_NAME, LONGEST_NOTE = 120, 4000

#: A sheet of 5,000 products has more than a hundred pages; who wants more wants a table.
MOST_ITEMS = 5000

#: Days a deleted board can be restored.
KEPT_DAYS = 30

#: No vowels and nothing that is mistaken for something else: an address that can be read aloud and spells no word.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 10


class Boards:
    """All boards of a database. Safe to share between threads; each call is one short transaction."""

    def __init__(self, url: str | None = None) -> None:
        """Open the boards at ``url`` (default: ``MPSR_BOARDS_URL``, else the user's file); see ``Database``."""
        self.database = Database(url)
        with self.database.writing() as connection:
            limit = time.time() - KEPT_DAYS * 86_400
            connection.execute(delete(BoardRow).where(BoardRow.deleted < limit))

    # -- reading ------------------------------------------------------------------------------------------

    def listed(self, deleted: bool = False) -> list[Listed]:
        """All boards, or all deleted ones, the last changed first."""
        wanted = BoardRow.deleted.is_not(None) if deleted else BoardRow.deleted.is_(None)
        when = func.coalesce(BoardRow.deleted, BoardRow.changed)
        count = select(func.count()).where(ItemRow.board == BoardRow.id).correlate(BoardRow).scalar_subquery()
        boards = select(
            BoardRow.id, BoardRow.name, BoardRow.note, count.label("held"), when.label("when")
        ).where(wanted)
        rank = func.row_number().over(
            partition_by=ItemRow.board, order_by=(ItemRow.place, ItemRow.store, ItemRow.product)
        )
        ranked = select(ItemRow.board, ItemRow.store, ItemRow.product, rank.label("rank")).subquery()
        covers = select(ranked).where(ranked.c.rank <= COVER).order_by(ranked.c.board, ranked.c.rank)
        with self.database.reading() as connection:
            rows = connection.execute(boards.order_by(when.desc(), BoardRow.id)).all()
            cover: dict[str, list[Key]] = {}
            for row in connection.execute(covers):
                cover.setdefault(row.board, []).append(Key(row.store, row.product))
        return [
            Listed(row.id, row.name, row.note, row.held, row.when, tuple(cover.get(row.id, ())))
            for row in rows
        ]

    def get(self, board: str) -> Board:
        """A board with all its products.

        Raises:
            InputError: there is none of that id, or it was deleted.
        """
        header = select(BoardRow).where(BoardRow.id == board, BoardRow.deleted.is_(None))
        with self.database.reading() as connection:
            row = connection.execute(header).one_or_none()
            items = _items(connection, board)
        if row is None:
            raise _unknown(board)
        return Board(row.id, row.name, row.note, row.made, row.changed, tuple(items))

    def keys(self, board: str) -> set[Key]:
        """The products on a board; none when there is no such board."""
        with self.database.reading() as connection:
            found = connection.execute(select(ItemRow.store, ItemRow.product).where(ItemRow.board == board))
            return {Key(*row) for row in found}

    def holds(self, board: str, key: Key) -> bool:
        """Whether a product is on a board."""
        with self.database.reading() as connection:
            return connection.scalar(select(ItemRow.place).where(*_is(board, key))) is not None

    def names(self) -> dict[str, str]:
        """Id → name of all boards, the last changed first."""
        there = select(BoardRow.id, BoardRow.name).where(BoardRow.deleted.is_(None))
        with self.database.reading() as connection:
            rows = connection.execute(there.order_by(BoardRow.changed.desc(), BoardRow.id))
            return {row.id: row.name for row in rows}

    # -- a board as a whole -------------------------------------------------------------------------------

    def make(self, name: str, note: str = "") -> str:
        """A new board; returns its id.

        Raises:
            InputError: no name, or one that is too long.
        """
        with self.database.writing() as connection:
            return _make(connection, _name(name), _note(note))

    def rename(self, board: str, name: str, seen: str) -> None:
        """Give a board another name.

        Args:
            board: its id.
            name: the new one.
            seen: the name its writer saw when changing it.

        Raises:
            InputError: no such board, no name, or one that is too long.
            ConflictError: it has another name by now.
        """
        with self.database.writing() as connection:
            _touch(connection, board)
            _exchange(connection, "name of the board", BoardRow.name, {"id": board}, _name(name), seen)

    def annotate(self, board: str, note: str, seen: str) -> None:
        """Write the board's note; arguments and errors as ``rename``, an empty note is one too."""
        with self.database.writing() as connection:
            _touch(connection, board)
            _exchange(connection, "note of the board", BoardRow.note, {"id": board}, _note(note), seen)

    def delete(self, board: str) -> None:
        """Delete a board; ``restore`` brings it back for ``KEPT_DAYS`` days."""
        with self.database.writing() as connection:
            _touch(connection, board)
            connection.execute(update(BoardRow).where(BoardRow.id == board).values(deleted=time.time()))

    def restore(self, board: str) -> None:
        """Bring a deleted board back as it was.

        Raises:
            InputError: there is none of that id any more.
        """
        with self.database.writing() as connection:
            done = connection.execute(update(BoardRow).where(BoardRow.id == board).values(deleted=None))
            if not done.rowcount:
                raise _unknown(board)

    def duplicate(self, board: str, name: str) -> str:
        """A second board with the same products, notes and order; returns its id."""
        with self.database.writing() as connection:
            _touch(connection, board)
            note = connection.scalar(select(BoardRow.note).where(BoardRow.id == board)) or ""
            new = _make(connection, _name(name), note)
            _insert(connection, new, _items(connection, board))
            return new

    # -- its products -------------------------------------------------------------------------------------

    def add(self, board: str, store: str, products: Mapping[str, str]) -> list[Key]:
        """Put products at the end of a board.

        Args:
            board: its id.
            store: the name of the store they come from.
            products: id → name, in the order they shall have.

        Returns:
            Those that are new on the board.

        Raises:
            InputError: no such board, or it would hold more than ``MOST_ITEMS``.
        """
        with self.database.writing() as connection:
            _touch(connection, board)
            there = _items(connection, board)
            last = there[-1].place if there else 0.0
            held = {item.key for item in there}
            fresh = {Key(store, product): name for product, name in products.items()}
            fresh = {key: name for key, name in fresh.items() if key not in held}
            _room(len(there), len(fresh))
            now = time.time()
            items = [
                Item(key, _clean(name), "", last + step, now)
                for step, (key, name) in enumerate(fresh.items(), 1)
            ]
            _insert(connection, board, items)
            return list(fresh)

    def remove(self, board: str, keys: Iterable[Key]) -> list[Item]:
        """Take products off a board; what is returned can be given to ``put_back``."""
        wanted = set(keys)
        with self.database.writing() as connection:
            _touch(connection, board)
            gone = [item for item in _items(connection, board) if item.key in wanted]
            for item in gone:
                connection.execute(delete(ItemRow).where(*_is(board, item.key)))
            return gone

    def put_back(self, board: str, items: Sequence[Item]) -> None:
        """Undo ``remove``: the products stand where they stood, with their notes; one that is there again stays."""
        with self.database.writing() as connection:
            _touch(connection, board)
            there = _items(connection, board)
            held = {item.key for item in there}
            back = [item for item in items if item.key not in held]
            _room(len(there), len(back))
            _insert(connection, board, back)

    def note_item(self, board: str, key: Key, note: str, seen: str) -> None:
        """Write a product's note on this board.

        Raises:
            InputError: no such board, the product is not on it, or the note is too long.
            ConflictError: its note is another by now.
        """
        with self.database.writing() as connection:
            _touch(connection, board)
            where = {"board": board, "store": key.store, "product": key.product}
            _exchange(connection, "note of the product", ItemRow.note, where, _note(note), seen)

    def move(self, board: str, key: Key, to: Move) -> None:
        """Move a product: a step, to an end, or beside another product.

        Raises:
            InputError: no such board, or one of the two products is not on it.
        """
        with self.database.writing() as connection:
            _touch(connection, board)
            items = _items(connection, board)
            keys = [item.key for item in items]
            for wanted in (key, to.key) if isinstance(to, Beside) else (key,):
                if wanted not in keys:
                    raise _gone(wanted)
            at, target = keys.index(key), moved(keys, key, to)
            places = [item.place for item in items]
            if target == at:
                return
            del places[at]
            place = between(places, target)
            if place is None:  # no number is left between the two: count anew
                keys.insert(target, keys.pop(at))
                _arrange(connection, board, keys)
            else:
                connection.execute(update(ItemRow).where(*_is(board, key)).values(place=place))

    def arrange(self, board: str, keys: Sequence[Key]) -> None:
        """Put a board's products into this order; those not named come after, in the order they have."""
        with self.database.writing() as connection:
            _touch(connection, board)
            there = [item.key for item in _items(connection, board)]
            wanted = [key for key in dict.fromkeys(keys) if key in set(there)]
            _arrange(connection, board, [*wanted, *(key for key in there if key not in set(wanted))])


# -- inside a transaction -----------------------------------------------------------------------------------


def _touch(connection: Connection, board: str) -> None:
    """Note the change, which also holds the board's row until the end: writers of one board follow each other."""
    there = (BoardRow.id == board, BoardRow.deleted.is_(None))
    if not connection.execute(update(BoardRow).where(*there).values(changed=time.time())).rowcount:
        raise _unknown(board)


def _make(connection: Connection, name: str, note: str) -> str:
    board = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    now = time.time()
    connection.execute(insert(BoardRow).values(id=board, name=name, note=note, made=now, changed=now))
    return board


def _items(connection: Connection, board: str) -> list[Item]:
    rows = connection.execute(
        select(ItemRow.store, ItemRow.product, ItemRow.name, ItemRow.note, ItemRow.place, ItemRow.added)
        .where(ItemRow.board == board)
        .order_by(ItemRow.place, ItemRow.store, ItemRow.product)
    )
    return [Item(Key(row.store, row.product), row.name, row.note, row.place, row.added) for row in rows]


def _insert(connection: Connection, board: str, items: Iterable[Item]) -> None:
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


def _arrange(connection: Connection, board: str, keys: Sequence[Key]) -> None:
    for place, key in enumerate(keys, 1):
        connection.execute(update(ItemRow).where(*_is(board, key)).values(place=float(place)))


def _is(board: str, key: Key) -> tuple[ColumnElement[bool], ...]:
    return ItemRow.board == board, ItemRow.store == key.store, ItemRow.product == key.product


def _exchange(
    connection: Connection,
    what: str,
    column: InstrumentedAttribute[str],
    where: Mapping[str, str],
    wanted: str,
    seen: str,
) -> None:
    """Write a value where the one that was seen still stands."""
    row = [getattr(column.class_, name) == value for name, value in where.items()]
    now = connection.scalar(select(column).where(*row))
    if now is None:
        raise InputError(f"the {what} cannot be written: it is not on the board any more.")
    if now not in (seen, wanted):
        raise ConflictError(what, now, wanted)
    connection.execute(update(column.class_).where(*row).values({column.key: wanted}))


# -- what may be written ------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Text without what no database and no paper takes: control characters and halves of characters."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _name(text: str) -> str:
    name = " ".join(_clean(text).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InputError(f"the name has {len(name):,} characters. Expected 1 to {LONGEST_NAME}.")
    return name


def _note(text: str) -> str:
    note = _clean(text).strip()
    if len(note) > LONGEST_NOTE:
        raise InputError(f"the note has {len(note):,} characters. Expected at most {LONGEST_NOTE:,}.")
    return note


def _room(there: int, more: int) -> None:
    if there + more > MOST_ITEMS:
        raise InputError(
            f"the board holds {there:,} products and {more:,} more would pass its limit of {MOST_ITEMS:,}. "
            "Choose fewer, or make another board."
        )


def _unknown(board: str) -> InputError:
    return InputError(f"no board {board!r} here: it was deleted, or the link is of another database.")


def _gone(key: Key) -> InputError:
    return InputError(f"product {key.product!r} of {key.store!r} is not on the board any more.")
