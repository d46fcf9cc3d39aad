"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.search.conditions import Where


def store_of(given: str) -> Path:
    """A store's folder; a bare name that is nothing here may be a store of the stores' folder."""
    from mpsr.store import stores_folder

    path, named = Path(given), stores_folder() / given
    return named if path.name == given and not path.exists() and named.is_dir() else path


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        parser=store_of,
        metavar="STORE",
        help="The store's folder or name. Default: the newest one (see MPSR_STORES).",
    ),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where", help="Filter, for example gender=Men; repeat for more columns, or more values of one."
    ),
]
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

    limits = _pairs("--range", ranges, "COLUMN=FROM..TO, for example price=20..50")
    if twice := [column for column, texts in limits.items() if len(texts) > 1]:
        raise InputError(f"--range is given twice for {twice[0]}. Expected one range a column.")
    return combined(
        filters_of(where or []),
        _pairs("--not", refused, "COLUMN=VALUE, for example baseColour=Black"),
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
    for column, texts in _pairs("--at-most", at_most, expected).items():
        if len(texts) > 1 or not (texts[0].isascii() and texts[0].isdigit()):
            raise InputError(f"--at-most is {' and '.join(texts)} for {column}. Expected {expected}.")
        limits[column] = int(texts[0])
    return limits


def filters_of(where: list[str]) -> dict[str, list[str]]:
    """Column → accepted values, from ``COLUMN=VALUE`` texts.

    Raises:
        InputError: one is written otherwise.
    """
    return _pairs("--where", where, "COLUMN=VALUE, for example gender=Men")


def _pairs(option: str, given: list[str] | None, expected: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for text in given or []:
        column, equals, value = text.partition("=")
        if not (column and equals and value):
            raise InputError(f"{option} is {text!r}. Expected {expected}.")
        pairs.setdefault(column, []).append(value)
    return pairs
