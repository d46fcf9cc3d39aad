"""Read and clean a catalogue: every input row ends up in the products or in the rejects, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten

import pandas as pd

from mpsr.catalogue.check_pictures import Progress
from mpsr.catalogue.check_pictures import check_pictures as check_all
from mpsr.catalogue.encodings import decode
from mpsr.catalogue.find_pictures import picture_finder
from mpsr.catalogue.located import Located, locate
from mpsr.catalogue.mapping import PICTURE, Mapping
from mpsr.catalogue.quoted import quoted_rows
from mpsr.catalogue.rows import Row, harmless, refusal, unquoted_rows
from mpsr.catalogue.typed import parquet_rows
from mpsr.catalogue.types import (
    COLUMNS,
    ID,
    INTERNAL,
    NAME,
    Catalogue,
    NoImagePolicy,
    Reject,
    RowPolicy,
    Summary,
)
from mpsr.catalogue.values import clean, clean_id, is_missing, without_float_ends, years
from mpsr.errors import InputError

__all__ = ["Located", "Policies", "locate", "read_catalogue", "read_located"]

MAX_TABLE_BYTES = 4 * 1024 * 1024 * 1024


@dataclass(frozen=True)
class Policies:
    """How a catalogue is to be read: what becomes of long rows and of products without a picture."""

    rows: RowPolicy = "repair"
    no_image: NoImagePolicy = "keep"
    limit: int | None = None
    encoding: str | None = None


def read_catalogue(
    path: Path,
    policies: Policies | None = None,
    mapping: Mapping | None = None,
    *,
    check_pictures: bool = True,
    progress: Progress | None = None,
) -> Catalogue:
    """Read the catalogue at ``path``.

    Args:
        path: folder, zip or table.
        policies: row and picture policies, limit, encoding.
        mapping: a retailer's column mapping; without it the table must be Kaggle-style.
        check_pictures: decode every picture and hash its bytes; off, pictures are only looked up.
        progress: called with (pictures checked, pictures in all).

    Raises:
        InputError: no table, wrong columns or encoding, or no product left.
    """
    return read_located(locate(path, mapping), policies or Policies(), check_pictures, progress)


def read_located(
    located: Located, policies: Policies, check_pictures: bool = True, progress: Progress | None = None
) -> Catalogue:
    """As ``read_catalogue``, for a catalogue already found."""
    rows, rejects = _collect(_rows(located, policies), located, policies)
    if not rows:
        counted = dict(Counter(reject.reason for reject in rejects))
        raise InputError(
            f"{located.table} holds no product that can be kept; rejected: {counted or 'no rows at all'}."
        )
    products, unread = _table(rows, located)
    if check_pictures:
        products["picture_sha256"], refused = check_all(located.source, products, progress)
        products.loc[products["picture_sha256"].isna(), "picture"] = None
        rejects += refused
    rejects_of_pictures = {reject.line: reject for reject in rejects if reject.kind == "picture"}
    missing = products["picture"].isna()
    if policies.no_image == "drop" and missing.any():
        rejects = [reject for reject in rejects if reject.kind == "row"]
        rejects += [
            _as_row(rejects_of_pictures.get(line), line, product)
            for line, product in zip(products.loc[missing, "line"], products.loc[missing, ID], strict=True)
        ]
        products = products[~missing].reset_index(drop=True)
        if products.empty:
            raise InputError(
                f"none of the {len(rows):,} products in {located.table} has a usable picture, and products without "
                f"one were to be dropped. Expected pictures as {located.picture_root}<id>.jpg; "
                "or keep the products with --no-image keep."
            )
    rejects.sort(key=lambda reject: reject.line)
    kept_lines = set(products["line"])
    cleaned = [row.text for row in rows if row.line in kept_lines] if policies.rows == "strict" else None
    header = ",".join(COLUMNS)
    return Catalogue(
        products,
        tuple(rejects),
        _summary(products, rejects, unread),
        (header, *cleaned) if cleaned is not None and located.mapping is None else None,
    )


def _rows(located: Located, policies: Policies) -> Iterator[Row | Reject]:
    name, mapping = located.table, located.mapping
    data = located.source.read(name, MAX_TABLE_BYTES)
    if name.lower().endswith(".parquet"):
        return parquet_rows(data, name)
    text = decode(data, name, policies.encoding or (mapping and mapping.encoding) or None)
    if mapping:
        return quoted_rows(text, mapping.delimiter, [mapping.columns[ID], mapping.columns[NAME]])
    return unquoted_rows(text, policies.rows)


def _collect(
    items: Iterator[Row | Reject], located: Located, policies: Policies
) -> tuple[list[Row], list[Reject]]:
    """Rows to keep under our column names, and the rejects."""
    header = next(items)
    if not isinstance(header, Row):
        raise AssertionError("the first item is the header")
    names = located.mapping.columns if located.mapping else {column: column for column in COLUMNS}
    given = list(header.fields.values())
    if twice := sorted({theirs for theirs in names.values() if given.count(theirs) > 1}):
        raise InputError(
            f"{located.table} has more than one column named {', '.join(twice)}. Expected each that is read once."
        )
    absent = [theirs for theirs in names.values() if theirs not in header.fields]
    if absent:
        there = shorten(", ".join(header.fields) or "none", 500, placeholder=" …")
        raise InputError(
            f"{located.table} lacks the column(s) {', '.join(absent)}; it has {there}. "
            "Expected the columns of styles.csv, or a --mapping that names yours."
        )
    named = [item if isinstance(item, Reject) else _named(item, names) for item in items]
    return _first_of_each_id(_ids_as_whole_numbers(named), policies.limit)


def _ids_as_whole_numbers(items: list[Row | Reject]) -> list[Row | Reject]:
    """The rows of a table whose every id is written ``1163.0``, with ids such as ``1163``; any others as they are."""
    given = [item.fields[ID] for item in items if isinstance(item, Row)]
    whole = without_float_ends(given)
    if whole is given:
        return items
    ids = iter(whole)
    return [
        replace(item, fields=item.fields | {ID: next(ids)}) if isinstance(item, Row) else item
        for item in items
    ]


def _first_of_each_id(items: list[Row | Reject], limit: int | None) -> tuple[list[Row], list[Reject]]:
    """The first row of each id, at most ``limit`` of them, and the rejects up to there."""
    rows: dict[str, Row] = {}
    rejects: list[Reject] = []
    for item in items:
        if limit is not None and len(rows) >= limit:
            break
        if isinstance(item, Reject):
            rejects.append(item)
        elif first := rows.get(item.fields[ID]):
            seen = f"first seen in line {first.line}"
            rejects.append(Reject(item.line, item.fields[ID], "row", "duplicate id", seen))
        else:
            rows[item.fields[ID]] = item
    return list(rows.values()), rejects


def _named(row: Row, names: dict[str, str]) -> Row | Reject:
    """The row under our column names, or why it is refused."""
    taken = set(names.values())
    if refused := refusal(row, names[ID], taken):
        return refused
    ours = {name: clean(row.fields[theirs]) for name, theirs in names.items()}
    ours[ID] = clean_id(ours[ID])
    others = {
        name: clean(harmless(value))
        for name, value in row.fields.items()
        if name not in taken and name not in ours
    }
    return Row(row.line, ours | others, row.text, row.repaired)


def _table(rows: list[Row], located: Located) -> tuple[pd.DataFrame, dict[str, int]]:
    """The products, and how many values could not be read by column."""
    table = pd.DataFrame([row.fields for row in rows]).astype("str")
    for column in COLUMNS:
        if column not in table:
            table[column] = ""
    further = [str(column) for column in table if column not in COLUMNS and column != PICTURE]
    find = picture_finder(located)
    named = table[PICTURE] if PICTURE in table else pd.Series([""] * len(rows))
    pictures = [find(product, name) for product, name in zip(table[ID], named, strict=True)]
    table = table[[*COLUMNS, *further]].copy()
    table = table.rename(columns={name: f"{name}_given" for name in INTERNAL})
    attributes = [str(column) for column in table if column != ID]
    table[attributes] = table[attributes].mask(table[attributes].map(is_missing))
    table["year"], unread = years(table["year"])
    table["line"] = [row.line for row in rows]
    table["repaired"] = [row.repaired for row in rows]
    table["picture"] = pd.Series(pictures, dtype="str")
    return table, {"year": unread} if unread else {}


def _as_row(refused: Reject | None, line: int, product: str) -> Reject:
    if refused is None:
        return Reject(int(line), product, "row", "no picture")
    return Reject(refused.line, refused.id, "row", refused.reason, refused.detail)


def _summary(products: pd.DataFrame, rejects: list[Reject], unread: dict[str, int]) -> Summary:
    rejected = Counter(reject.reason for reject in rejects if reject.kind == "row")
    refused = Counter(reject.reason for reject in rejects if reject.kind == "picture")
    with_picture = int(products["picture"].notna().sum())
    return Summary(
        rows_read=len(products) + sum(rejected.values()),
        rows_kept=len(products),
        rows_repaired=int(products["repaired"].sum()),
        rejected=dict(sorted(rejected.items())),
        pictures_found=with_picture,
        pictures_missing=len(products) - with_picture - sum(refused.values()),
        pictures_refused=dict(sorted(refused.items())),
        missing_values={column: int(products[column].isna().sum()) for column in (*COLUMNS[1:-1], NAME)},
        unread_values=unread,
    )
