"""What a sentence may name: the words, or the place in a picture, whose shares are clearly larger than the rest.

A share that is only a little above the others says nothing: nine fields between +0.049 and +0.062 are one even picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: A share is clearly larger than another from this many times on.
CLEARLY = 1.5

#: A share nearer to 0 than this is told as nothing.
NOTHING = 0.005

#: At most so many words are named.
MOST_NAMED = 3

Frame = tuple[float, float, float, float]

#: A place and the thirds of a picture it covers, as (row, column) of 3 × 3.
Places = dict[str, list[tuple[int, int]]]

_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "", "right")
_NINTHS: Places = {
    f"the {row} {column}".strip(): [(r, c)]
    for r, row in enumerate(_ROWS)
    for c, column in enumerate(_COLUMNS)
}
_BANDS: Places = {
    "the top": [(0, column) for column in range(3)],
    "the middle from left to right": [(1, column) for column in range(3)],
    "the bottom": [(2, column) for column in range(3)],
    "the left side": [(row, 0) for row in range(3)],
    "the middle from top to bottom": [(row, 1) for row in range(3)],
    "the right side": [(row, 2) for row in range(3)],
}


def telling_words(words: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The few words whose shares are clearly larger than every other word's, whether they raise or lower the score.

    Returns:
        Words and shares, the largest first; a word that occurs twice counts once. None where no group of at most
        ``MOST_NAMED`` stands out, and none where there is no other word to compare with.
    """
    strongest: dict[str, float] = {}
    for word, share in words:
        if abs(share) > abs(strongest.get(word, 0.0)):
            strongest[word] = share
    order = sorted(strongest.items(), key=lambda item: -abs(item[1]))
    for count in range(min(MOST_NAMED, len(order) - 1), 0, -1):
        last, following = abs(order[count - 1][1]), abs(order[count][1])
        if last >= NOTHING and last >= CLEARLY * following:
            return order[:count]
    return []


def telling_place(cells: npt.NDArray[np.float64], frame: Frame) -> str:
    """The place of a picture whose fields are clearly stronger than all the others; "" where there is none.

    One ninth of the picture if it stands out alone, else a row or a column of ninths.

    Args:
        cells: shape (h, w): parts of the picture's share.
        frame: where the cells lie: left, top, right, bottom in fractions of the picture's width and height.
    """
    strength = _by_ninth(cells, frame)
    for places in (_NINTHS, _BANDS):
        for place, ninths in places.items():
            inside = [strength[ninth] for ninth in ninths if ninth in strength]
            outside = [value for ninth, value in strength.items() if ninth not in ninths]
            if inside and outside and min(inside) > 0 and min(inside) >= CLEARLY * max(outside):
                return place
    return ""


def _by_ninth(cells: npt.NDArray[np.float64], frame: Frame) -> dict[tuple[int, int], float]:
    """The mean part of the fields in each ninth of the picture that holds any."""
    height, width = cells.shape
    left, top, right, bottom = frame
    found: dict[tuple[int, int], list[float]] = {}
    for (row, column), value in np.ndenumerate(cells):
        across = left + (column + 0.5) / width * (right - left)
        down = top + (row + 0.5) / height * (bottom - top)
        found.setdefault((_third(down), _third(across)), []).append(float(value))
    return {ninth: float(np.mean(values)) for ninth, values in found.items()}


def _third(position: float) -> int:
    """The third that a position from 0 to 1 lies in; outside counts as the nearest."""
    return min(max(int(3 * position), 0), 2)
