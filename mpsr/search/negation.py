"""What *not* and *without* make of the words they stand before: less of them."""

from __future__ import annotations

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


def understood(query: Query) -> Query:
    """The query with each word that is asked for without as a part of its own, at the weight of "less like this"."""
    parts: list[Part] = []
    for part in query.parts:
        if part.words is None:
            parts.append(part)
            continue
        wanted, less = split_negated(part.words)
        parts.append(replace(part, words=wanted))
        parts += [Part(words=word, weight=LESS * part.weight) for word in less]
    return Query(tuple(parts))
