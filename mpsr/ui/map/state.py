"""What the map page shows, and how an address says it: a copied link opens the same view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.atlas import Shape
from mpsr.errors import InputError
from mpsr.service import Service

#: The column that colours the points by default.
DEFAULT_COLUMN = "articleType"


@dataclass(frozen=True)
class MapState:
    """What is looked at.

    Attributes:
        colour: the column that colours the points.
        words: products whose name holds them are highlighted.
        picked: id of the product shown beside the map.
        shape: drawn around the selection.
        region: number of the region that is the selection.
        at: text that is placed on the map.
        photo: fingerprint of the photo that is placed, kept by the visitor's session; a link cannot carry it.
        page: of the gallery, from 1.
        plain: draw the basic chart.
    """

    colour: str = DEFAULT_COLUMN
    words: str = ""
    picked: str = ""
    shape: Shape | None = None
    region: int | None = None
    at: str = ""
    page: int = 1
    plain: bool = False
    photo: str = ""

    @property
    def selecting(self) -> bool:
        """Whether only some products are selected."""
        return bool(self.words) or self.shape is not None or self.region is not None

    def but(self, **changes: Any) -> MapState:
        """The same with changes; the gallery starts at its first page unless ``page`` is given."""
        return replace(self, **{"page": 1, **changes})

    def selected(self, service: Service) -> npt.NDArray[np.bool_]:
        """Which products are selected, shape (N,): inside the shape or region, and with the words."""
        chosen = np.ones(len(service), bool)
        if self.shape is not None:
            chosen &= service.atlas.inside(self.shape)
        if self.region is not None:
            chosen &= service.atlas.region(self.region)
        if self.words:
            found = np.zeros(len(service), bool)
            found[[service.row_of(product) for product in service.find(self.words, len(service))]] = True
            chosen &= found
        return chosen

    def address(self) -> dict[str, str]:
        """The state as parameters of an address; defaults are left out."""
        told = {
            "colour": self.colour if self.colour != DEFAULT_COLUMN else "",
            "words": self.words,
            "id": self.picked,
            "shape": str(self.shape) if self.shape else "",
            "region": "" if self.region is None else str(self.region),
            "at": self.at,
            "photo": self.photo,
            "page": str(self.page) if self.page > 1 else "",
            "plain": "1" if self.plain else "",
        }
        return {name: value for name, value in told.items() if value}

    @classmethod
    def parse(
        cls, parameters: Mapping[str, str], service: Service, columns: list[str]
    ) -> tuple[MapState, list[str]]:
        """The state in an address, and messages about the parameters that could not be used and are ignored."""
        trouble: list[str] = []
        fallback = DEFAULT_COLUMN if DEFAULT_COLUMN in columns or not columns else columns[0]
        state = cls(
            colour=parameters.get("colour", fallback),
            words=parameters.get("words", "").strip(),
            picked=parameters.get("id", ""),
            at=parameters.get("at", "").strip(),
            plain=parameters.get("plain") == "1",
            photo=parameters.get("photo", ""),
        )
        if state.colour not in columns and columns:
            trouble.append(f"there is no column {state.colour!r}. Expected one of {', '.join(columns)}.")
            state = replace(state, colour=fallback)

        def read(field: str, name: str, make: Any) -> None:
            nonlocal state
            if name in parameters:
                try:
                    state = replace(state, **{field: make(parameters[name])})
                except InputError as error:
                    trouble.append(str(error))

        read("shape", "shape", Shape.parse)
        read("region", "region", lambda text: _region(text, service))
        read("page", "page", lambda text: max(_number(text), 1))
        if state.picked:
            try:
                service.row_of(state.picked)
            except InputError as error:
                trouble.append(str(error))
                state = replace(state, picked="")
        return state, trouble


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is not a number.") from error


def _region(text: str, service: Service) -> int:
    number = _number(text)
    service.atlas.region(number)
    return number


#: The map's parameters of an address; the others (which store, which board) are kept as they are.
OWNED = ("colour", "words", "id", "shape", "region", "at", "photo", "page", "plain")
