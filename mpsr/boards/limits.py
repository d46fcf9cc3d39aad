"""The limits of a board, and the errors when one is passed."""

from __future__ import annotations

import unicodedata

from mpsr.boards.types import Key
from mpsr.errors import InputError

#: Longest name and note, in characters; anything longer was pasted by mistake.
LONGEST_NAME, LONGEST_NOTE = 120, 4000

#: A sheet of 5,000 products has more than a hundred pages; use a table for more.
MOST_ITEMS = 5000


def clean(text: str) -> str:
    """Text without what no database and no paper takes: control characters and halves of characters."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def as_name(text: str) -> str:
    """The text as a board's name, on one line.

    Raises:
        InputError: it is empty, or too long.
    """
    name = " ".join(clean(text).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InputError(f"the name has {len(name):,} characters. Expected 1 to {LONGEST_NAME}.")
    return name


def as_note(text: str) -> str:
    """The text as a note.

    Raises:
        InputError: it is too long.
    """
    note = clean(text).strip()
    if len(note) > LONGEST_NOTE:
        raise InputError(f"the note has {len(note):,} characters. Expected at most {LONGEST_NOTE:,}.")
    return note


def check_room(there: int, more: int) -> None:
    """See that a board takes more products.

    Raises:
        InputError: it does not.
    """
    if there + more > MOST_ITEMS:
        raise InputError(
            f"the board holds {there:,} products and {more:,} more would pass its limit of {MOST_ITEMS:,}. "
            "Choose fewer, or create another board."
        )


def unknown(board: str) -> InputError:
    """There is no such board."""
    return InputError(
        f"there is no board {board!r} here: it was deleted, or the link belongs to another installation."
    )


def gone(key: Key) -> InputError:
    """A product is not on the board."""
    return InputError(f"product {key.product!r} of {key.store!r} is no longer on the board.")
