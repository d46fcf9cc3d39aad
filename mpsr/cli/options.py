"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.errors import InputError


def store_of(given: str) -> Path:
    """A store's folder; a bare name that is nothing here may be a store of the stores' folder.

    Raises:
        InputError: it is empty, as a variable that was never set is.
    """
    from mpsr.store import stores_folder

    if not given.strip():
        raise InputError("--store is empty. Expected a store's folder or name, for example --store autumn.")

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


def pairs_of(option: str, given: list[str] | None, expected: str) -> dict[str, list[str]]:
    """Column → what is said of it, from ``COLUMN=…`` texts.

    Raises:
        InputError: one is written otherwise; the message says what was expected.
    """
    pairs: dict[str, list[str]] = {}
    for text in given or []:
        column, equals, value = text.partition("=")
        if not (column and equals and value):
            raise InputError(f"{option} is {text!r}. Expected {expected}.")
        pairs.setdefault(column, []).append(value)
    return pairs


RulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules", envvar="MPSR_RULES", metavar="FILE", help="A file of rules for the results (TOML)."
    ),
]
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        envvar="MPSR_ENGINE",
        metavar="ADDRESS",
        help="Where the vectors are served from: http://HOST:PORT of a Milvus, or FILE.db; see mpsr publish. "
        "Default: this process.",
    ),
]
NoRulesOption = Annotated[bool, typer.Option("--no-rules", help="Leave the rules out.")]
NoClicksOption = Annotated[bool, typer.Option("--no-clicks", help="Leave out what was learned from clicks.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")
]
