"""What *not* and *without* make of the words they stand before: less of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import regex

from mpsr.types import LESS, Part, Query

#: A word, with apostrophes and hyphens inside it.
_WORD = r"[\p{L}\p{M}\p{N}]+(?:['’\-][\p{L}\p{M}\p{N}]+)*"

#: "not" or "without", little words, and the word that is meant; more of them after "or" and "nor".
_NEGATED = regex.compile(
    rf"\b(?:not|without)\s+(?:(?:in|a|an|the|any)\s+)*(?P<word>{_WORD})"
    rf"(?:\s+(?:or|nor)\s+(?:(?:in|a|an|the|any)\s+)*(?P<word>{_WORD}))*",
    regex.IGNORECASE,
)


def split_negated(words: str) -> tuple[str, list[str]]:
    """What the words ask for, and the words they ask for less of.

    "red dress without sleeves" is "red dress" and ["sleeves"]. Only the next word counts: "not black shoes" is "shoes"
    and ["black"]. Words that would leave nothing to look for are taken as they are.
    """
    less = [word for match in _NEGATED.finditer(words) for word in match.captures("word")]
    wanted = " ".join(_NEGATED.sub(" ", words).split())
    return (wanted, less) if less and regex.search(r"[\p{L}\p{N}]", wanted) else (words, [])


def understood(query: Query, is_name: Callable[[str], bool]) -> Query:
    """The query with each word that it asks for less of as a part of its own, at the weight of "less like this".

    Args:
        query: as it was asked.
        is_name: whether words are a product's name, which is then left as it is ("Not Tonight Ladies").
    """
    parts: list[Part] = []
    for part in query.parts:
        wanted, less = ("", []) if part.words is None else split_negated(part.words)
        if not less or is_name(part.words or ""):
            parts.append(part)
            continue
        parts.append(replace(part, words=wanted))
        parts += [Part(words=word, weight=LESS * part.weight) for word in less]
    return Query(tuple(parts))
