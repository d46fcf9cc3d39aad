"""What a cell of a table says, whatever wrote it: entities, invisible signs, values that are none, years."""

from __future__ import annotations

import html
import re
import unicodedata

import pandas as pd

#: How "no value" is written in the wild, in lower case: by people, by databases, by pandas, by spreadsheets whose
#: formula failed (in English, German and French).
MISSING = frozenset(
    (
        *("", "na", "n/a", "n.a.", "-", "--", "---", "–", "—"),
        *("null", "(null)", "\\n", "none", "nil", "nan", "nat", "<na>", "undefined"),
        *(
            "#n/a",
            "#na",
            "#n/a n/a",
            "#value!",
            "#ref!",
            "#div/0!",
            "#name?",
            "#num!",
            "#null!",
            "#nv",
            "#n/d",
        ),
    )
)

#: No id, though "NA" may be one (a country's, a series').
NO_ID = MISSING - {"na"}

#: Entities that end in a semicolon; without one, "&copy" may as well be part of an address.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

#: Feeds that pass through two programs are escaped twice.
ESCAPED_AT_MOST = 3

#: How a spreadsheet is told that digits are text: ="00123".
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')

#: Signs without a shape: zero-width ones, marks of direction, the byte order mark, the soft hyphen.
_SHAPELESS = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
#: Those and the joiners, which are letters' business inside a word and nobody's at its ends.
_ENDS = re.compile(rf"^[\s\u200c\u200d{_SHAPELESS}]+|[\s\u200c\u200d{_SHAPELESS}]+$")
_ANYWHERE = re.compile(rf"[{_SHAPELESS}]")

#: A year among other text: four digits of these centuries that are no part of a longer number.
_YEAR = re.compile(r"(?<!\d)(?:1[89]|2[01])\d\d(?!\d)")
_COMPACT_DATE = re.compile(r"((?:1[89]|2[01])\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def clean(value: str) -> str:
    """The cell's text: entities written out, a text formula's text, nothing invisible around it."""
    for _ in range(ESCAPED_AT_MOST if "&" in value else 0):
        value = _ENTITY.sub(lambda found: html.unescape(found.group()).replace("\xa0", " "), value)
    formula = _TEXT_FORMULA.fullmatch(value.strip())
    if formula:
        value = formula[1].replace('""', '"')
    return value if value.isascii() and value == value.strip() else _ENDS.sub("", value)


def clean_id(value: str) -> str:
    """A product's id: the cell's text without signs that nobody can see or type."""
    return _ENDS.sub("", _ANYWHERE.sub("", clean(value)))


def is_missing(value: str) -> bool:
    """Whether the cell's text says that there is no value."""
    return value.casefold() in MISSING


def without_float_ends(ids: list[str]) -> list[str]:
    """The ids of a table whose every id ends in ``.0``, as whole numbers; any others as they are.

    A column of numbers with a gap is written that way by programs that keep such columns as floating-point numbers.
    """
    if ids and all(re.fullmatch(r"\d+\.0", product) for product in ids):
        return [product.removesuffix(".0") for product in ids]
    return ids


def years(text: pd.Series) -> tuple[pd.Series, int]:
    """The years of a column (nullable integers), and how many values were there in which no year could be read.

    Args:
        text: numbers (``2012``, ``2012.0``), dates (``2023-05-01``, ``01/05/2023``, ``20230501``) or text with one
            year in it (``Summer 2023``); missing values are missing.
    """
    known = {value: year_of(value) for value in text.dropna().unique()}
    found = text.map(known).astype("Int64")
    return found, int((text.notna() & found.isna()).sum())


def year_of(text: str) -> int | None:
    """The year that a text says; None where it says none, or two."""
    text = unicodedata.normalize("NFKC", text).strip()
    if compact := _COMPACT_DATE.fullmatch(text):
        return int(compact[1])
    try:
        number = float(text)
    except ValueError:
        named = set(_YEAR.findall(text))
        return int(named.pop()) if len(named) == 1 else None
    return round(number) if 1 <= number <= 9999 else None
