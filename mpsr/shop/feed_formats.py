"""The formats of a feed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from mpsr.csvsafe import to_csv
from mpsr.errors import InputError
from mpsr.store.files import new_file

#: Rows that a sheet of a workbook holds, its header among them.
SHEET_ROWS = 1_048_576

SHARES = ("score", "text", "image", "click", "rule")


def _jsonl(out: Path, table: pd.DataFrame, removed: Sequence[str]) -> None:
    """A line a product: ``{"id": …, "related": [{"id": …, "score": …}, …]}``; ``"removed": true`` where it is gone."""
    names = ("related", *SHARES, "pinned")
    with new_file(out) as file:
        lines: dict[str, list[dict[str, object]]] = {}
        for product, neighbour, *shares, pinned in zip(
            table["id"], *(table[name].tolist() for name in names), strict=True
        ):
            near = lines.setdefault(product, [])
            if neighbour:
                near.append({"id": neighbour, **dict(zip(SHARES, shares, strict=True)), "pinned": pinned})
        for product, near in lines.items():
            file.write(orjson.dumps({"id": product, "related": near}) + b"\n")
        for product in removed:
            file.write(orjson.dumps({"id": product, "related": [], "removed": True}) + b"\n")


def with_removed(table: pd.DataFrame, removed: Sequence[str]) -> pd.DataFrame:
    """The table with a row of rank 0 and no neighbour for each product that is gone."""
    if not removed:
        return table
    gone = pd.DataFrame({name: [_nothing(str(name))] * len(removed) for name in table}).assign(
        id=list(removed)
    )
    return pd.concat([table, gone], ignore_index=True).astype(table.dtypes)


def _nothing(name: str) -> object:
    return {"rank": 0, "related": "", "pinned": False}.get(name, 0.0)


def _csv(out: Path, table: pd.DataFrame, removed: Sequence[str]) -> None:
    with new_file(out) as file:
        file.write(to_csv(with_removed(table, removed)))


def _parquet(out: Path, table: pd.DataFrame, removed: Sequence[str]) -> None:
    with new_file(out) as file:
        with_removed(table, removed).to_parquet(file, index=False)


def _xlsx(out: Path, table: pd.DataFrame, removed: Sequence[str]) -> None:
    """A sheet, written row by row; texts that look like formulas or addresses stay texts."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    whole = with_removed(table, removed)
    if len(whole) >= SHEET_ROWS:
        raise InputError(
            f"the feed has {len(whole):,} rows, and a sheet holds {SHEET_ROWS:,}. Take .csv, .parquet or .jsonl, or "
            "fewer neighbours (-k)."
        )
    with new_file(out) as file, tempfile.TemporaryDirectory(prefix=f"{out.name}.", dir=out.parent) as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        _fill(book.add_worksheet("related"), whole)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None  # what the system said


def _fill(sheet: Any, table: pd.DataFrame) -> None:
    """Every cell by its column's kind, which is faster than by its value's."""
    sheet.write_row(0, 0, list(table.columns))
    kinds = {bool: sheet.write_boolean, str: sheet.write_string}
    columns = [table[name].tolist() for name in table]
    writers = [kinds.get(type(values[0]) if values else str, sheet.write_number) for values in columns]
    for row, values in enumerate(zip(*columns, strict=True), 1):
        for at, (write, value) in enumerate(zip(writers, values, strict=True)):
            if write(row, at, value):
                raise InputError(
                    f"{str(value)[:40]!r} does not fit into a cell. Take .csv, .parquet or .jsonl."
                )


def _whole(
    write: Callable[[Path, pd.DataFrame, Sequence[str]], None],
) -> Callable[[Path, pd.DataFrame, Sequence[str]], None]:
    """The file whole, or as it was before."""

    def written(out: Path, table: pd.DataFrame, removed: Sequence[str]) -> None:
        partial = out.with_name(f"{out.name}.partial")
        try:
            write(partial, table, removed)
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)

    return written


#: Ending of a file → how it is written.
FORMATS = {
    ".jsonl": _whole(_jsonl),
    ".csv": _whole(_csv),
    ".parquet": _whole(_parquet),
    ".xlsx": _whole(_xlsx),
}
