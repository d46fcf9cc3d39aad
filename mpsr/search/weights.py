"""Weights as somebody types them."""

from __future__ import annotations

from mpsr.errors import InputError
from mpsr.types import Weights


def weights_of(text: str) -> Weights:
    """Weights from ``text=0.5,image=0.5``; they are scaled to sum to 1.

    Raises:
        InputError: it is written otherwise, or all weights are zero.
    """
    try:
        parts = dict(part.split("=") for part in text.split(","))
        if not parts or not set(parts) <= {"text", "image"}:
            raise ValueError
        words, picture = (float(parts.get(name, 0)) for name in ("text", "image"))
        if words < 0 or picture < 0 or not 0 < words + picture < float("inf"):
            raise ValueError
    except ValueError as error:
        raise InputError(
            f"weights are {text!r}. Expected for example text=0.7,image=0.3, none below zero."
        ) from error
    total = words + picture
    return Weights(words / total, 1 - words / total)
