"""What the map page and the server's routes need of a service, made once. Does not import streamlit."""

from __future__ import annotations

import threading
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import orjson

from mpsr.atlas.colouring import Colouring, colouring
from mpsr.catalogue.coded import Coded, labelled
from mpsr.errors import InputError
from mpsr.service import Service

#: A column whose values hardly ever repeat cannot colour the map.
REPEATS = 2


class MapData:
    """Columns of a catalogue as the map draws them. Holds no reference to the service it was made from."""

    def __init__(self, service: Service) -> None:
        self._products = service.products
        self._names = [service.name(product) or f"product {product}" for product in service.ids]
        self._unpictured = [
            row for row, product in enumerate(service.ids) if not service.has_picture(product)
        ]
        self._points = service.atlas.coordinates
        self._added = np.flatnonzero(service.atlas.added).tolist()
        self._all = service.filter_columns
        self._coded: dict[str, Coded] = {}
        self._colourings: dict[str, Colouring] = {}

    @cached_property
    def columns(self) -> list[str]:
        """Columns that can colour the map."""
        counts = {name: self._products[name].nunique() for name in self._all}
        return [name for name in self._all if 0 < counts[name] * REPEATS <= max(len(self._products), REPEATS)]

    def number(self, column: str) -> int:
        """The column's number in an address."""
        return self.columns.index(column)

    def coded(self, column: str) -> Coded:
        """A column as numbers."""
        if column not in self._coded:
            self._coded[column] = labelled(self._products[column])
        return self._coded[column]

    def colouring(self, column: str) -> Colouring:
        """The colours of a column."""
        if column not in self._colourings:
            self._colourings[column] = colouring(self._products[column])
        return self._colourings[column]

    def points(self) -> bytes:
        """Coordinates of all products: little-endian float32, x and y by turns, NaN for a product off the map."""
        return np.ascontiguousarray(self._points, dtype="<f4").tobytes()

    def codes(self, number: int) -> bytes:
        """The entry of the legend of each product for a column: little-endian uint16.

        Raises:
            InputError: there is no column of that number.
        """
        if not 0 <= number < len(self.columns):
            raise InputError(f"there is no column {number}; the map has {len(self.columns)}.")
        return self.colouring(self.columns[number]).codes.astype("<u2").tobytes()

    def facts(self) -> bytes:
        """JSON: the name of every product, the rows of those without a picture, and of those placed later."""
        told = {"names": self._names, "unpictured": self._unpictured, "added": self._added}
        return orjson.dumps(told)


_lock = threading.Lock()
_made: WeakKeyDictionary[Service, MapData] = WeakKeyDictionary()


def map_data(service: Service) -> MapData:
    """The one ``MapData`` of a service.

    Raises:
        StoreError: the store has no map.
    """
    with _lock:
        if service not in _made:
            _made[service] = MapData(service)
        return _made[service]
