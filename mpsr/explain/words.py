"""Which of a product's words its text share comes from: leave one out, and see what is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

#: Products of more different words than this are explained by their first ones; a title with its categories has about
#: twelve words.
MOST = 60


def without_each(text: str) -> list[tuple[str, str]]:
    """Each different word of a text, in order, with the text without it, wherever it stands; at most ``MOST``."""
    words = text.split()
    return [
        (word, " ".join(other for other in words if other != word))
        for word in list(dict.fromkeys(words))[:MOST]
    ]


def contributions(
    text: str, share: Callable[[Sequence[str]], npt.NDArray[np.float64]]
) -> list[tuple[str, float]]:
    """Each word and what the text share loses without it; below 0 it gains.

    Args:
        text: the product's words.
        share: gives the text shares the product would have with other words instead, shape (n,).

    The contributions do not add up to the share: words overlap, and "red" alone means less than beside "shirt".
    """
    shorter = without_each(text)
    shares = share([text, *(rest for _, rest in shorter if rest)])
    whole, left = float(shares[0]), iter(shares[1:].tolist())
    return [(word, whole - (next(left) if rest else 0.0)) for word, rest in shorter]
