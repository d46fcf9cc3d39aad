"""Text of a catalogue or of a link, where Streamlit expects Markdown."""

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

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

#: Between a colon and what follows, so that no ``:directive:``, which Markdown's escapes do not reach, is seen.
_WORD_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """The text for a label or a message: every sign is itself, nothing is marked up."""
    one_line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", one_line).replace("\\:", f"\\:{_WORD_JOINER}")


def named(error: Exception, root: Path) -> str:
    """What went wrong, the store called by its name: where it lies is its owner's business, not every visitor's."""
    return str(error).replace(str(root), root.name)


def column(name: str) -> str:
    """What the app calls a column. Not escaped."""
    return COLUMNS.get(name, name)
