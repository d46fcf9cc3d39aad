"""The words of a text in any script, as the lexical index counts them."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import regex

from mpsr.catalogue.words import stem

#: Scripts that write no blanks between words; a run of them counts as its pairs of neighbouring signs.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

#: A run of letters with their combining signs, and digits: of the scripts without blanks, or of the others.
_RUN = regex.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])+")
_SIGN = regex.compile(r"\X")
_POSSESSIVE = regex.compile(r"(?<=\p{L})['’]s\b")

#: Words that say nothing of a product, and that names hold too seldom for their rarity to show it.
STOP_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


def normalised(text: str) -> str:
    """The text with one spelling of each sign (NFKC), without upper case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def tokens(text: str) -> list[str]:
    """The words of a text in order, without stop words and plural endings.

    A run of Chinese, Japanese, Thai, Lao, Khmer or Burmese becomes its pairs of neighbouring signs, as search engines do
    it: what is typed is then found inside a longer run.
    """
    found: list[str] = []
    for match in _RUN.finditer(_POSSESSIVE.sub("", normalised(text))):
        if match["unspaced"]:
            signs = _SIGN.findall(match[0])
            found += [one + other for one, other in pairwise(signs)] or signs
        elif match[0] not in STOP_WORDS:
            found.append(stem(match[0]))
    return found
