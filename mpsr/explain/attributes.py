"""What a result shares with the query and what not, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpsr.catalogue.types import ATTRIBUTES
from mpsr.catalogue.words import stem, words_in
from mpsr.search.negation import split_negated

Shared = dict[str, str]
Different = dict[str, tuple[str | None, str | None]]


def compared(
    products: Sequence[Mapping[str, Any]], words: Sequence[str], product: Mapping[str, Any]
) -> tuple[Shared, Different]:
    """A result's attributes against everything a query asked for.

    A value is shared when one of the query's products has it or the query's words name it: a black shirt shares its
    colour with "like this shirt, but black". Otherwise the query's side is what its products have, joined by "or". Words
    alone differ in nothing: they leave open what they do not name.

    Args:
        products: attributes of the products that were asked for.
        words: the words that were asked for.
        product: attributes of the result.

    Returns:
        Column → the value both have; column → what was asked for and what the result has, None where there is no value. A
        column in which nobody has a value is in neither.
    """
    shared = named(words, product)
    different: Different = {}
    for name in ATTRIBUTES if products else ():
        mine = dict.fromkeys(_value(one.get(name)) for one in products)
        other = _value(product.get(name))
        if name in shared or other in mine:
            if other is not None:
                shared[name] = other
        else:
            different[name] = " or ".join(value for value in mine if value is not None) or None, other
    return {name: shared[name] for name in ATTRIBUTES if name in shared}, different


def named(words: Sequence[str], product: Mapping[str, Any]) -> Shared:
    """The product's attributes that the words name: all the words of the value are among them, singular or plural.

    A value without a word, such as a sign, is never named. Words after "not" and "without" name nothing.
    """
    said = {stem(word) for text in words for word in words_in(split_negated(text)[0])}
    found = {name: _value(product.get(name)) for name in ATTRIBUTES}
    return {
        name: value
        for name, value in found.items()
        if value is not None and (own := {stem(word) for word in words_in(value)}) and said >= own
    }


def _value(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
