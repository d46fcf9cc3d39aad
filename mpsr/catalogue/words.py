"""The words of a text, and what is the same word in the singular and in the plural."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z0-9]+")


def words_in(text: str) -> list[str]:
    """The words of a text in lower case: runs of letters a to z and digits."""
    return _WORD.findall(text.lower())


def stem(word: str) -> str:
    """The word without a plural ending: shirts, watches and dresses become shirt, watch and dress."""
    for ending in ("sses", "ches", "shes", "xes"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
