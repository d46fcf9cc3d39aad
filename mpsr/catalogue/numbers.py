"""Columns of numbers: prices, stocks, sizes and ratings, however a table writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

#: A column is taken for numbers where its name ends in one of these words and every value is a number of one unit.
NAMES = frozenset(
    (
        *("price", "stock", "size", "rating", "quantity", "qty"),
        *("preis", "bestand", "größe", "bewertung", "menge", "prix", "taille", "quantité"),
    )
)

#: A number with a unit or a currency before or behind it: ``€ 1.299,00``, ``19.99 USD``, ``42``.
_NUMBER = re.compile(r"([^\d\s.,+\-]{0,4})\s*([+-]?(?:\d[\d.,'’ \u00a0\u202f]*)?\d)\s*([^\d\s]{0,4})")
_SPACES = re.compile(r"['’ \u00a0\u202f]")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\W\d_]*$")

#: Beyond this a whole number is not exact as a floating-point number.
EXACT = 2**53


@dataclass(frozen=True)
class _Written:
    """A number as it is written: its digits and separators, and its unit in lower case."""

    digits: str
    unit: str

    @property
    def decimal(self) -> str | None:
        """Its decimal separator where there is no doubt; "" where it has none, None in doubt (``1,299``)."""
        marks = [sign for sign in self.digits if sign in ".,"]
        if not marks:
            return ""
        last = marks[-1]
        if marks.count(last) > 1:
            return "," if last == "." else "."
        if len(set(marks)) == 2:
            return last
        whole, _, rest = self.digits.partition(last)
        return last if len(rest) != 3 or whole.lstrip("+-") in ("", "0") else None

    def value(self, decimal: str) -> float:
        """The number, given the separator."""
        other = "," if decimal == "." else "."
        return float(self.digits.replace(other, "").replace(decimal, "."))


def named_so(column: str) -> bool:
    """Whether a column's name says that it holds numbers."""
    last = _LAST_WORD.search(re.sub(r"\([^)]*\)", "", column))
    return last is not None and last[1].casefold() in NAMES


def with_numbers(
    table: pd.DataFrame, further: Iterable[str], declared: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """The table with its columns of numbers as numbers, and by column how many values could not be read.

    Args:
        table: texts; missing values are missing.
        further: columns of it that may hold numbers.
        declared: names of those that are to, in upper or lower case. Others are numbers where their names say so and
            every value is one.
    """
    wanted = {name.casefold() for name in declared}
    table, unread = table.copy(), {}
    for name in further:
        if name.casefold() in wanted:
            table[name], lost = numbers(table[name])
            if lost:
                unread[name] = lost
        elif named_so(name):
            found, lost = numbers(table[name])
            if not lost and found.notna().any():
                table[name] = found
    return table, unread


def numbers(text: pd.Series) -> tuple[pd.Series, int]:
    """The numbers of a column, nullable (whole ones Int64, else Float64), and how many values could not be read.

    Which of point and comma is the decimal separator is told by those values that leave no doubt; without any, it is the
    point. Numbers of another unit or currency than most have are not read: they do not compare.
    """
    written = {value: _written(value) for value in text.dropna().unique()}
    usual = Counter(one.unit for value in text.dropna() if (one := written[value]) and one.unit)
    units = {"", *(unit for unit, _ in usual.most_common(1))}
    sure = {one.decimal for one in written.values() if one} - {"", None}
    decimal = sure.pop() if len(sure) == 1 else None if sure else "."
    values: dict[str, float] = {}
    for value, one in written.items():
        separator = one and (one.decimal or (decimal if one.decimal is None else "."))
        if one and separator and one.unit in units and abs(number := one.value(separator)) < EXACT:
            values[value] = number
    found = text.map(values)
    whole = all(number.is_integer() for number in values.values())
    kept = found.astype("Float64").astype("Int64" if whole else "Float64")
    return kept, int((text.notna() & kept.isna()).sum())


def _written(text: str) -> _Written | None:
    matched = _NUMBER.fullmatch(text.strip())
    if not matched or (matched[1] and matched[3]):
        return None
    return _Written(_SPACES.sub("", matched[2]), (matched[1] or matched[3]).casefold())
