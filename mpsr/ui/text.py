"""Words on screens: names of columns and modalities, counts, and text that Streamlit would read as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

#: What the app calls the columns of the public data set; other columns keep their own names.
COLUMNS = {
    "gender": "Gender",
    "masterCategory": "Category",
    "subCategory": "Subcategory",
    "articleType": "Type",
    "baseColour": "Colour",
    "season": "Season",
    "year": "Year",
    "usage": "Usage",
    "productDisplayName": "Name",
}

#: What the app calls the two modalities of a product.
MODALITY_LABEL = {"text": "description", "image": "picture"}

#: What it calls the share of the words as words.
LEXICAL_LABEL = "exact words"

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

#: Between a colon and what follows, so that no ``:directive:``, which Markdown's escapes do not reach, is seen.
_WORD_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """The text for a label or a message: every sign is itself, nothing is marked up."""
    one_line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", one_line).replace("\\:", f"\\:{_WORD_JOINER}")


def named(error: Exception, root: Path) -> str:
    """The error's message with the store's name in place of its path: visitors need not know where it is kept."""
    return str(error).replace(str(root), root.name)


def column(name: str) -> str:
    """What the app calls a column. Not escaped."""
    return COLUMNS.get(name, name)


def counted(count: int, noun: str) -> str:
    """A count with its noun: ``1 product``, ``2,917 products``. The plural is the noun with an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
