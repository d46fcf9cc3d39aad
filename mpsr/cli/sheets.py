"""What the questions of a range have in common on the command line: the files to take away, and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

CsvOption = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the first table to this CSV file.")
]
XlsxOption = Annotated[
    Path | None, typer.Option("--xlsx", metavar="FILE", help="Write all tables to this spreadsheet.")
]


def check_files(csv: Path | None, xlsx: Path | None) -> None:
    """Check the names before any work is done.

    Raises:
        InputError: one ends otherwise.
    """
    for option, path, ending in (("--csv", csv, ".csv"), ("--xlsx", xlsx, ".xlsx")):
        if path is not None and path.suffix.lower() != ending:
            raise InputError(f"{option} is {path}. Expected a file that ends in {ending}.")


def write_files(
    tables: Mapping[str, pd.DataFrame], notes: Sequence[str], csv: Path | None, xlsx: Path | None
) -> None:
    """Write the files that were asked for, and say where they are on stderr.

    Args:
        tables: the question's tables; the first is the one that becomes a CSV file.
        notes: sentences that belong to them, the last sheet of the spreadsheet.
        csv: its path; None for no such file.
        xlsx: likewise.
    """
    import pandas as pd

    from mpsr.assortment.workbook import to_xlsx
    from mpsr.csvsafe import to_csv

    if csv is not None:
        csv.write_bytes(to_csv(next(iter(tables.values()))))
        typer.echo(csv, err=True)
    if xlsx is not None:
        xlsx.write_bytes(to_xlsx({**tables, "notes": pd.DataFrame({"note": list(notes)})}))
        typer.echo(xlsx, err=True)


def documents(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, object]]]:
    """The tables for JSON: a list of rows each, missing values as null."""
    from mpsr.assortment.workbook import plain

    found = {}
    for name, table in tables.items():
        columns = [plain(table.iloc[:, place]) for place in range(table.shape[1])]
        names = [str(column) for column in table.columns]
        found[name] = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return found
