"""Boards and everything that can be done with them.

Adding, removing and moving each change rows of their own, so simultaneous changes by two people are both kept. A name or
a note is a single value: it is written only if it is still what its writer saw; otherwise ``ConflictError`` is raised.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, func, select, update

from mpsr.boards import limits, rows
from mpsr.boards.database import Database
from mpsr.boards.order import between, moved
from mpsr.boards.tables import BoardRow, ItemRow
from mpsr.boards.types import COVER, Beside, Board, Item, Key, Listed, Move

#: Days a deleted board can be restored.
KEPT_DAYS = 30


class Boards:
    """All boards of a database. Safe to share between threads; each call is one short transaction."""

    def __init__(self, url: str | None = None) -> None:
        """Open the boards at ``url`` (default: ``MPSR_BOARDS_URL``, else the user's file); see ``Database``."""
        self.database = Database(url)
        if self.database.read_only:
            return
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
            found = connection.execute(boards.order_by(when.desc(), BoardRow.id)).all()
            cover: dict[str, list[Key]] = {}
            for row in connection.execute(covers):
                cover.setdefault(row.board, []).append(Key(row.store, row.product))
        return [
            Listed(row.id, row.name, row.note, row.held, row.when, tuple(cover.get(row.id, ())))
            for row in found
        ]

    def get(self, board: str) -> Board:
        """A board with all its products.

        Raises:
            InputError: there is none of that id, or it was deleted.
        """
        header = select(BoardRow).where(BoardRow.id == board, BoardRow.deleted.is_(None))
        with self.database.reading() as connection:
            row = connection.execute(header).one_or_none()
            items = rows.items_of(connection, board)
        if row is None:
            raise limits.unknown(board)
        return Board(row.id, row.name, row.note, row.made, row.changed, tuple(items))

    def keys(self, board: str) -> set[Key]:
        """The products on a board; none when there is no such board."""
        with self.database.reading() as connection:
            found = connection.execute(select(ItemRow.store, ItemRow.product).where(ItemRow.board == board))
            return {Key(*row) for row in found}

    def holding(self, key: Key) -> dict[str, str]:
        """Id → name of the boards that hold a product, deleted ones left out; by name."""
        held = select(ItemRow.board).where(ItemRow.store == key.store, ItemRow.product == key.product)
        there = select(BoardRow.id, BoardRow.name).where(BoardRow.deleted.is_(None), BoardRow.id.in_(held))
        with self.database.reading() as connection:
            found = connection.execute(there.order_by(BoardRow.name, BoardRow.id))
            return {row.id: row.name for row in found}

    def names(self) -> dict[str, str]:
        """Id → name of all boards, the last changed first."""
        there = select(BoardRow.id, BoardRow.name).where(BoardRow.deleted.is_(None))
        with self.database.reading() as connection:
            found = connection.execute(there.order_by(BoardRow.changed.desc(), BoardRow.id))
            return {row.id: row.name for row in found}

    # -- a board as a whole -------------------------------------------------------------------------------

    def make(self, name: str, note: str = "") -> str:
        """A new board; returns its id.

        Raises:
            InputError: no name, or one that is too long.
        """
        with self.database.writing() as connection:
            return rows.make(connection, limits.as_name(name), limits.as_note(note))

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
            rows.touch(connection, board)
            rows.exchange(
                connection, "name of the board", BoardRow.name, {"id": board}, limits.as_name(name), seen
            )

    def annotate(self, board: str, note: str, seen: str) -> None:
        """Write the board's note; arguments and errors as ``rename``, an empty note is one too."""
        with self.database.writing() as connection:
            rows.touch(connection, board)
            rows.exchange(
                connection, "note of the board", BoardRow.note, {"id": board}, limits.as_note(note), seen
            )

    def delete(self, board: str) -> None:
        """Delete a board; ``restore`` brings it back for ``KEPT_DAYS`` days."""
        with self.database.writing() as connection:
            rows.touch(connection, board)
            connection.execute(update(BoardRow).where(BoardRow.id == board).values(deleted=time.time()))

    def restore(self, board: str) -> None:
        """Bring a deleted board back as it was.

        Raises:
            InputError: there is none of that id any more.
        """
        with self.database.writing() as connection:
            done = connection.execute(update(BoardRow).where(BoardRow.id == board).values(deleted=None))
            if not done.rowcount:
                raise limits.unknown(board)

    def duplicate(self, board: str, name: str) -> str:
        """A second board with the same products, notes and order; returns its id."""
        with self.database.writing() as connection:
            rows.touch(connection, board)
            note = connection.scalar(select(BoardRow.note).where(BoardRow.id == board)) or ""
            new = rows.make(connection, limits.as_name(name), note)
            rows.insert_items(connection, new, rows.items_of(connection, board))
            return new

    # -- its products -------------------------------------------------------------------------------------

    def add(self, board: str, store: str, products: Mapping[str, str]) -> list[Key]:
        """Add products at the end of a board.

        Args:
            board: its id.
            store: the name of the store they come from.
            products: id → name, in the order they are to have.

        Returns:
            Those that were not on the board before.

        Raises:
            InputError: no such board, or it would hold more than ``limits.MOST_ITEMS``.
        """
        with self.database.writing() as connection:
            rows.touch(connection, board)
            there = rows.items_of(connection, board)
            last = there[-1].place if there else 0.0
            held = {item.key for item in there}
            fresh = {Key(store, product): name for product, name in products.items()}
            fresh = {key: name for key, name in fresh.items() if key not in held}
            limits.check_room(len(there), len(fresh))
            now = time.time()
            items = [
                Item(key, limits.clean(name), "", last + step, now)
                for step, (key, name) in enumerate(fresh.items(), 1)
            ]
            rows.insert_items(connection, board, items)
            return list(fresh)

    def remove(self, board: str, keys: Iterable[Key]) -> list[Item]:
        """Remove products from a board; ``put_back`` takes what is returned, to undo it."""
        wanted = set(keys)
        with self.database.writing() as connection:
            rows.touch(connection, board)
            gone = [item for item in rows.items_of(connection, board) if item.key in wanted]
            for item in gone:
                connection.execute(delete(ItemRow).where(*rows.is_item(board, item.key)))
            return gone

    def put_back(self, board: str, items: Sequence[Item]) -> None:
        """Undo ``remove``: the products return to their places with their notes; one added again stays as it is."""
        with self.database.writing() as connection:
            rows.touch(connection, board)
            there = rows.items_of(connection, board)
            held = {item.key for item in there}
            back = [item for item in items if item.key not in held]
            limits.check_room(len(there), len(back))
            rows.insert_items(connection, board, back)

    def note_item(self, board: str, key: Key, note: str, seen: str) -> None:
        """Write a product's note on this board.

        Raises:
            InputError: no such board, the product is not on it, or the note is too long.
            ConflictError: its note is another by now.
        """
        with self.database.writing() as connection:
            rows.touch(connection, board)
            where = {"board": board, "store": key.store, "product": key.product}
            rows.exchange(connection, "note of the product", ItemRow.note, where, limits.as_note(note), seen)

    def move(self, board: str, key: Key, to: Move) -> None:
        """Move a product: a step, to an end, or beside another product.

        Raises:
            InputError: no such board, or one of the two products is not on it.
        """
        with self.database.writing() as connection:
            rows.touch(connection, board)
            items = rows.items_of(connection, board)
            keys = [item.key for item in items]
            for wanted in (key, to.key) if isinstance(to, Beside) else (key,):
                if wanted not in keys:
                    raise limits.gone(wanted)
            at, target = keys.index(key), moved(keys, key, to)
            places = [item.place for item in items]
            if target == at:
                return
            del places[at]
            place = between(places, target)
            if place is None:  # no number is left between the two: renumber all
                keys.insert(target, keys.pop(at))
                rows.arrange(connection, board, keys)
            else:
                connection.execute(update(ItemRow).where(*rows.is_item(board, key)).values(place=place))

    def arrange(self, board: str, keys: Sequence[Key]) -> None:
        """Put a board's products into this order; those not named come after, in the order they have."""
        with self.database.writing() as connection:
            rows.touch(connection, board)
            there = [item.key for item in rows.items_of(connection, board)]
            wanted = [key for key in dict.fromkeys(keys) if key in set(there)]
            rows.arrange(connection, board, [*wanted, *(key for key in there if key not in set(wanted))])
