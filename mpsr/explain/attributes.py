"""What a result shares with the query and what not, column by column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mpsr.catalogue.stemming import stem
from mpsr.catalogue.types import ATTRIBUTES

_WORD = re.compile(r"[a-z0-9]+")

Shared = dict[str, str]
Different = dict[str, tuple[str | None, str | None]]


def compared(query: Mapping[str, Any], product: Mapping[str, Any]) -> tuple[Shared, Different]:
    """Attributes of two products: column → the value both have; column → the query's and the product's.

    A column neither has a value in is in none of the two.
    """
    shared: Shared = {}
    different: Different = {}
    for name in ATTRIBUTES:
        mine, other = _value(query.get(name)), _value(product.get(name))
        if mine is not None and mine == other:
            shared[name] = mine
        elif mine != other:
            different[name] = mine, other
    return shared, different


def named(words: Sequence[str], product: Mapping[str, Any]) -> Shared:
    """The product's attributes that the words name: all the words of the value are among them, singular or plural."""
    said = {stem(word) for text in words for word in _WORD.findall(text.lower())}
    found = {name: _value(product.get(name)) for name in ATTRIBUTES}
    return {
        name: value
        for name, value in found.items()
        if value is not None and said >= {stem(word) for word in _WORD.findall(value.lower())}
    }


def _value(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
