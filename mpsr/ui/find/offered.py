"""Which of a catalogue's columns the Find page offers as filters at first, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpsr.catalogue.types import ATTRIBUTES
from mpsr.search.filters import NumberRange
from mpsr.ui.find.question import Question

#: So many controls fit a side bar; of more columns only the attributes are shown at first.
FEW = 12

#: Numbers of so few values are chosen one by one, as years are.
FEW_VALUES = 25


@dataclass(frozen=True)
class Offered:
    """Columns by how they are offered.

    Attributes:
        ranged: those whose numbers are limited by a range.
        chosen: those whose values are chosen.
        further: those that the visitor can add.
    """

    ranged: list[str]
    chosen: list[str]
    further: list[str]


def offered(
    counts: Mapping[str, Mapping[str, int]],
    ranges: Mapping[str, NumberRange],
    question: Question,
    added: Sequence[str],
) -> Offered:
    """What is offered: columns that are asked of always, the attributes, and others where there are few or on request.

    Args:
        counts: value → products, of the columns worth choosing from.
        ranges: of the columns of numbers that products still have.
        question: what is asked.
        added: columns that the visitor wants to see.
    """
    by_range = [
        name
        for name in dict.fromkeys([*ranges, *dict(question.ranges)])
        if name in dict(question.ranges) or name not in counts or len(counts[name]) > FEW_VALUES
    ]
    by_value = [name for name in counts if name not in by_range or name in dict(question.where)]
    wanted = {*ATTRIBUTES, *added, *question.filters}
    everything = list(dict.fromkeys([*by_range, *by_value]))
    shown = everything if len(everything) <= FEW else [name for name in everything if name in wanted]
    further = [name for name in everything if name not in shown or name in added]
    return Offered(
        [name for name in by_range if name in shown], [name for name in by_value if name in shown], further
    )
