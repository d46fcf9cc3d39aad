"""English plurals and their singulars as one word, so that "shirts" finds "Shirt"."""

from __future__ import annotations

#: After these sounds a plural takes -es: watches, brushes, boxes, dresses.
SIBILANTS = ("ch", "sh", "x", "ss")


def stem(word: str) -> str:
    """A lower-case word without the ending of a plural; words of up to three letters stay as they are.

    A light stemmer in the sense of Harman, "How effective is suffixing?", JASIS 1991, for comparing words only: a stem
    need not be a word.
    """
    if len(word) <= 3 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("es") and word[:-2].endswith(SIBILANTS):
        return word[:-2]
    return word[:-1]
