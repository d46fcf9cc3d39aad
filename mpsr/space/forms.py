"""The forms of text that the text tower is trained on: as a catalogue writes it, and as a shopper does.

The text encoder is frozen, so each distinct text of each form is encoded once and the tower is trained on the
embeddings.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from mpsr.catalogue.types import ID, NAME
from mpsr.catalogue.words import stem, words_in

Form = Literal["catalogue", "title", "sentence", "short", "dropped", "masked"]
FORMS: tuple[Form, ...] = ("catalogue", "title", "sentence", "short", "dropped", "masked")

TYPE, COLOUR, GENDER, USAGE = "articleType", "baseColour", "gender", "usage"

#: What a shopper calls the values of ``gender``.
WEARERS = {"Men": "men", "Women": "women", "Boys": "boys", "Girls": "girls", "Unisex": "men and women"}

#: Share of a title's words left out in the form "dropped".
DROP = 0.35


def attribute_sentences(products: pd.DataFrame) -> list[str | None]:
    """Colour, usage, type and wearer: "black casual shirts for men"; None where one but the usage is missing."""
    return [
        None if kind is None or colour is None or gender is None
        else " ".join(part.lower() for part in (colour, usage, kind, "for", WEARERS.get(gender, gender)) if part)
        for kind, colour, gender, usage in _attributes(products)
    ]  # fmt: skip


def short_sentences(products: pd.DataFrame) -> list[str | None]:
    """Wearer, colour and type as typed into a search box: "men black shirts"."""
    return [
        None if kind is None or colour is None or gender is None
        else " ".join(part.lower() for part in (WEARERS.get(gender, gender), colour, kind))
        for kind, colour, gender, _ in _attributes(products)
    ]  # fmt: skip


def dropped_titles(products: pd.DataFrame, seed: int = 0) -> list[str | None]:
    """Titles with about a third of their words left out, at least one kept; None for a missing title.

    Which words depends on the product and the seed alone, so a product keeps its text when others come or go.
    """
    texts: list[str | None] = []
    for product, title in zip(products[ID], titles(products), strict=True):
        draw = random.Random(f"{seed}:{product}").random
        words = title.split() if title else []
        kept = [word for word in words if draw() >= DROP]
        texts.append(" ".join(kept or words[:1]) or None)
    return texts


def masked_titles(products: pd.DataFrame) -> list[str | None]:
    """Titles without the words of the product's own type, subcategory and colour, singular and plural alike.

    None where nothing is left.
    """
    columns = [_column(products, name) for name in (TYPE, "subCategory", "masterCategory", COLOUR)]
    texts: list[str | None] = []
    for title, *values in zip(titles(products), *columns, strict=True):
        named = {stem(word) for value in values if value for word in words_in(value)}
        kept = [word for word in words_in(title or "") if stem(word) not in named]
        texts.append(" ".join(kept) or None)
    return texts


def titles(products: pd.DataFrame) -> list[str | None]:
    """The names in lower case, None for a missing one."""
    return [name.lower() if name else None for name in _column(products, NAME)]


def texts_of(
    form: Form, products: pd.DataFrame, catalogue: Sequence[str | None], seed: int = 0
) -> list[str | None]:
    """One text a product in that form; ``catalogue`` are the texts the store's text embeddings were made of."""
    if form == "catalogue":
        return list(catalogue)
    if form == "title":
        return titles(products)
    if form == "sentence":
        return attribute_sentences(products)
    if form == "short":
        return short_sentences(products)
    if form == "dropped":
        return dropped_titles(products, seed)
    return masked_titles(products)


def _attributes(products: pd.DataFrame) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return list(zip(*(_column(products, name) for name in (TYPE, COLOUR, GENDER, USAGE)), strict=True))


def _column(products: pd.DataFrame, name: str) -> list[str | None]:
    return [value if isinstance(value, str) and value else None for value in products[name]]
