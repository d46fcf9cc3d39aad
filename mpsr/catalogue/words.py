"""The words of a text in any script, and what is the same word in the singular and in the plural."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_PLAIN_WORD = re.compile(r"[a-z0-9]+")

_KATAKANA = "\u30a1-\u30fa\u30fc\u31f0-\u31ff"
_HAN_AND_HIRAGANA = "\u3005\u3007\u3041-\u3096\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_THAI_LAO_BURMESE_KHMER = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"

#: Scripts that are written without blanks between words.
_CONTINUOUS = re.compile(f"[{_KATAKANA}{_HAN_AND_HIRAGANA}{_THAI_LAO_BURMESE_KHMER}]")


def folded(text: str) -> str:
    """The text as it is compared: upper and lower case, composed and decomposed, wide and narrow signs are the same."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def words_in(text: str) -> list[str]:
    """The words of a text, folded: runs of letters with their marks and of digits.

    Katakana, which mostly writes words of their own, is a word apart from Han and hiragana beside it. Where a script has
    no blanks between words, a run may be several.
    """
    if text.isascii():
        return _PLAIN_WORD.findall(text.lower())
    return _any_word().findall(folded(text))


def is_continuous(word: str) -> bool:
    """Whether a word is of a script without blanks, so that it may hold further words."""
    return not word.isascii() and _CONTINUOUS.search(word) is not None


@cache
def _any_word() -> re.Pattern[str]:
    apart = f"{_KATAKANA}{_HAN_AND_HIRAGANA}"
    return re.compile(f"[{_KATAKANA}]+|[{_HAN_AND_HIRAGANA}]+|(?:(?![{apart}])(?:[^\\W_]|[{_marks()}]))+")


def _marks() -> str:
    r"""The combining marks, which ``\w`` leaves out, as the inside of a character class."""
    planes = (*range(0x20000), *range(0xE0100, 0xE01F0))
    return "".join(re.escape(chr(code)) for code in planes if unicodedata.category(chr(code)).startswith("M"))


def stem(word: str) -> str:
    """The word without a plural ending: shirts, watches and dresses become shirt, watch and dress."""
    for ending in ("sses", "ches", "shes", "xes"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
