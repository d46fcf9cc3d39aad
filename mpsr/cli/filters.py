"""Filters of every kind on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.options import pairs_of
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.search.conditions import Where

NotOption = Annotated[
    list[str] | None,
    typer.Option("--not", metavar="COLUMN=VALUE", help="Leave out, for example baseColour=Black."),
]
RangeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--range", metavar="COLUMN=FROM..TO", help="Numbers, for example price=20..50 or price=..50."
    ),
]
SameOption = Annotated[
    list[str] | None,
    typer.Option(
        "--same", metavar="COLUMN", help="Only results with the query's own value, for example gender."
    ),
]
AtMostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--at-most", metavar="COLUMN=N", help="At most N results of one value, for example brand=2."
    ),
]


def where_of(
    where: list[str] | None, refused: list[str] | None, ranges: list[str] | None, same: list[str] | None
) -> Where:
    """What the filters' options say together.

    Raises:
        InputError: one is written otherwise, or a column has two ranges.
    """
    from mpsr.search.conditions import combined

    limits = pairs_of("--range", ranges, "COLUMN=FROM..TO, for example price=20..50")
    if twice := [column for column, texts in limits.items() if len(texts) > 1]:
        raise InputError(f"--range is given twice for {twice[0]}. Expected one range a column.")
    return combined(
        pairs_of("--where", where, "COLUMN=VALUE, for example gender=Men"),
        pairs_of("--not", refused, "COLUMN=VALUE, for example baseColour=Black"),
        {column: texts[0] for column, texts in limits.items()},
        same or [],
    )


def limits_of(at_most: list[str] | None) -> dict[str, int]:
    """Column → how many results of one value, from ``COLUMN=N`` texts.

    Raises:
        InputError: one is written otherwise.
    """
    expected = "COLUMN=N, for example brand=2"
    limits = {}
    for column, texts in pairs_of("--at-most", at_most, expected).items():
        if len(texts) > 1 or not (texts[0].isascii() and texts[0].isdigit()):
            raise InputError(f"--at-most is {' and '.join(texts)} for {column}. Expected {expected}.")
        limits[column] = int(texts[0])
    return limits
