"""What a score is called on screens. One place decides, from its percentile and the match threshold's."""

from __future__ import annotations

import math

#: The percentile from which a match is called what, best first. A percentile is the share of random pairs of this
#: catalogue's products with a lower score.
LABELS = ((0.999, "Very similar"), (0.99, "Similar"))


def match_label(percentile: float, match_percentile: float) -> str:
    """A percentile in two words; the bounds are ``LABELS`` and the match threshold's percentile.

    Raises:
        ValueError: it is not in [0, 1].
    """
    for bound, label in (*LABELS, (match_percentile, "Somewhat similar"), (0.0, "Weak match")):
        if bound <= percentile <= 1:
            return label
    raise ValueError(f"a percentile is in [0, 1]; got {percentile}.")


def closeness(percentile: float) -> str:
    """A percentile in numbers, rounded down so that it never claims too much."""
    if percentile >= 1:
        return "more similar than all random pairs"
    digits = 2 if percentile >= 0.999 else 1 if percentile >= 0.99 else 0
    shown = math.floor(percentile * 100 * 10**digits) / 10**digits
    return f"more similar than {shown:.{digits}f}\N{NO-BREAK SPACE}% of random pairs"


def match_share(match_percentile: float) -> str:
    """The share of random pairs that stay below the match threshold, in percent."""
    return f"{match_percentile:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
