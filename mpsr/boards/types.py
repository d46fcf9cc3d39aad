"""What a board is, as it is read. Nothing here changes; changes go through ``Boards``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from mpsr.errors import MPSRError


class BoardsError(MPSRError):
    """The boards cannot be read or written; the message says what to do."""


class ConflictError(MPSRError):
    """Somebody else changed the same name or note meanwhile; nothing was overwritten.

    Attributes:
        now: what stands there now.
        wanted: what should have been written.
    """

    def __init__(self, what: str, now: str, wanted: str) -> None:
        super().__init__(
            f"somebody else changed the {what}: it is {now!r} now, and {wanted!r} was not saved. "
            "Keep it, or save yours again."
        )
        self.now, self.wanted = now, wanted


class Key(NamedTuple):
    """Which product: the store's name (its folder's, which a rebuild keeps) and the product's id in it."""

    store: str
    product: str


class Beside(NamedTuple):
    """A place on a board: directly before or after another product."""

    side: Literal["before", "after"]
    key: Key


#: Where a product is moved: a step, an end, or beside another product.
Move = Literal["first", "up", "down", "last"] | Beside


@dataclass(frozen=True)
class Item:
    """A product on a board.

    Attributes:
        key: which product.
        name: its name when it was added; it stays when the store is rebuilt or gone.
        note: what somebody wrote about it here.
        place: where it stands; items are in ascending order of it.
        added: seconds since 1970.
    """

    key: Key
    name: str
    note: str
    place: float
    added: float


@dataclass(frozen=True)
class Listed:
    """A board in a list.

    Attributes:
        id: short and random; the board's address ends in it.
        name: never empty.
        note: about the whole board.
        count: products on it.
        changed: seconds since 1970; of a deleted board, when it was deleted.
        cover: its first products, at most ``COVER``.
    """

    id: str
    name: str
    note: str
    count: int
    changed: float
    cover: tuple[Key, ...]


@dataclass(frozen=True)
class Board:
    """A board with its products in their order."""

    id: str
    name: str
    note: str
    made: float
    changed: float
    items: tuple[Item, ...]

    @property
    def keys(self) -> list[Key]:
        """The products in their order."""
        return [item.key for item in self.items]

    @property
    def stores(self) -> list[str]:
        """The stores its products come from, the one with most first."""
        names = [key.store for key in self.keys]
        return sorted(set(names), key=lambda name: (-names.count(name), name))


#: Products shown in a list as a board's cover.
COVER = 4
