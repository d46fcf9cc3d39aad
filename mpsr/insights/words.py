"""How numbers and names are written, the same in every chart, sentence and report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import LISTINGS

#: What one value of a column is called, and several.
NOUNS = {
    "season": ("season", "seasons"),
    "year": ("year", "years"),
    "gender": ("gender", "genders"),
    "masterCategory": ("category", "categories"),
    "subCategory": ("subcategory", "subcategories"),
    "articleType": ("type", "types"),
    "usage": ("usage", "usages"),
    "baseColour": ("colour", "colours"),
}

#: Several of something → one of it.
_ONE = {
    "listings": "listing",
    "sales": "sale",
    "pieces": "piece",
    "products": "product",
    "chosen products": "chosen product",
    "combinations": "combination",
    **{several: one for one, several in NOUNS.values()},
}

#: At most this many equals are named in a sentence.
NAMED = 3


def number(value: float) -> str:
    """1,234 for whole numbers, 12.3 for others."""
    whole = abs(value - round(value)) < 1e-6 or abs(value) >= 1000
    return f"{value:,.0f}" if whole else f"{value:,.1f}"


def about(value: float) -> str:
    """A number that is an estimate: whole from 10 on, else with one decimal."""
    return number(round(value)) if value >= 10 else number(round(value, 1))


def counted(value: float, things: str, which: str = "") -> str:
    """1,234 listings, 1 listing; with ``which`` = "selected ": 1,234 selected listings."""
    text = number(value)
    return f"{text} {which}{_ONE[things] if text == '1' else things}"


def percent(share: float) -> str:
    """20.4 % (with a space that does not break), and "under 0.1 %" for what would round to nothing."""
    return "under 0.1\u00a0%" if 0 < share < 0.0005 else f"{100 * share:.1f}\u00a0%"


def points(difference: float) -> str:
    """A difference of two shares: +3.1 or −16.3 (percentage points)."""
    return signed(100 * difference)


def signed(value: float) -> str:
    """+3.1 or −16.3."""
    return f"{value:+.1f}".replace("-", "−")


def short(text: str, width: int = 24) -> str:
    """On one line, and cut at ``width`` characters."""
    line = re.sub(r"[^\S\u00a0]+", " ", text).strip()
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def listed(parts: Sequence[str]) -> str:
    """Several as one: "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def equals(names: Sequence[str], column: str) -> str:
    """Values that share a rank, in words: all of them up to ``NAMED``, else how many they are."""
    return listed(names) if len(names) <= NAMED else counted(len(names), NOUNS[column][1])


def group(column: str, value: str) -> str:
    """What the products of one value are called: "Summer", or "products without a season"."""
    return f"products without a {NOUNS[column][0]}" if value == MISSING else value


def of_drawn(drawn: int, hidden: int, column: str) -> str:
    """What a superlative is restricted to, where a chart leaves values out: "of the 3 categories drawn"; else ""."""
    return f"of the {counted(drawn, NOUNS[column][1])} drawn" if hidden and drawn > 1 else ""


def opened(words: str, rest: str) -> str:
    """A sentence that begins with ``words``, where there are some: "Of the 3 categories drawn, Apparel …"."""
    return f"{words[0].upper()}{words[1:]}, {rest}" if words else rest[0].upper() + rest[1:]


def counting_words(unit: str) -> str:
    """What is counted and what is not, in one line."""
    if unit != LISTINGS:
        return f"Counts are {unit}, as the catalogue's own table has them."
    return (
        "Counts are listings: products the catalogue offers, not products sold. It holds no sales. The published work "
        "calls listings demand, on the assumption that a shop lists more of what it expects to sell."
    )
