"""A board joined with the catalogues its products come from: what is still there, and its pictures and attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from mpsr.boards.foreground import Shown, shown
from mpsr.boards.types import Item
from mpsr.errors import StoreError
from mpsr.store import Artefact
from mpsr.store.layout import FAMILY, Stage

State = Literal["there", "gone", "closed"]


class Catalogue(Protocol):
    """What a board needs of an open store; ``mpsr.service.Service`` is one."""

    @property
    def root(self) -> Path:
        """The store's folder; its name is in the items' keys."""

    @property
    def ids(self) -> list[str]:
        """The ids of its products."""

    def row_of(self, product: str) -> int:
        """The row of a product that is there."""

    def product(self, product: str) -> dict[str, Any]:
        """All columns of a product that is there."""

    def picture(self, product: str) -> bytes | None:
        """Its picture as JPEG bytes."""

    def artefact(self, stage: str) -> Artefact:
        """A stage of the store."""


@dataclass(frozen=True)
class Seen:
    """An item and the catalogue it is from.

    Attributes:
        item: as it is on the board.
        state: "there"; "gone" when the catalogue has no such product any more; "closed" when the catalogue is not
            open, or is not on this machine.
        catalogue: the open store it is there in, else None.
    """

    item: Item
    state: State
    catalogue: Catalogue | None

    @property
    def name(self) -> str:
        """Its name as it was when it was added, or its id where it had none."""
        return self.item.name or self.item.key.product

    def picture(self) -> bytes | None:
        """Its picture as JPEG bytes, None where there is none."""
        return self.catalogue.picture(self.item.key.product) if self.catalogue else None

    def shown(self) -> Shown | None:
        """Its picture with what its columns say of it, for the colours; None where there is no picture."""
        picture = self.picture()
        return shown(picture, self.attributes()) if picture else None

    def attributes(self) -> dict[str, Any]:
        """All columns of its catalogue; none where it is not there."""
        return self.catalogue.product(self.item.key.product) if self.catalogue else {}


def look(items: Iterable[Item], catalogues: Sequence[Catalogue]) -> list[Seen]:
    """The items in their order, each with what can be known about it from the open catalogues."""
    known = {catalogue.root.name: (catalogue, set(catalogue.ids)) for catalogue in catalogues}
    return [_seen(item, known) for item in items]


def _seen(item: Item, known: Mapping[str, tuple[Catalogue, set[str]]]) -> Seen:
    if item.key.store not in known:
        return Seen(item, "closed", None)
    catalogue, ids = known[item.key.store]
    return Seen(item, "there", catalogue) if item.key.product in ids else Seen(item, "gone", None)


def without_variants(seen: Sequence[Seen]) -> list[Seen]:
    """The first product of each family (same normalised name, or near-identical picture); others stay as they are.

    Products that are not there have no family, and so have those of a store that was built before there were any.
    """
    families = {id(one.catalogue): _families(one.catalogue) for one in seen if one.catalogue}
    met: set[tuple[str, int]] = set()
    kept = []
    for one in seen:
        family = families.get(id(one.catalogue)) if one.catalogue else None
        if one.catalogue and family is not None:
            mark = (one.item.key.store, int(family[one.catalogue.row_of(one.item.key.product)]))
            if mark in met:
                continue
            met.add(mark)
        kept.append(one)
    return kept


def _families(catalogue: Catalogue) -> Any:
    try:
        return catalogue.artefact(Stage.SPLIT).array(FAMILY)
    except StoreError:
        return None
