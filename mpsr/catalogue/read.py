"""Read and clean a catalogue: every input row ends up in the products or in the rejects, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mpsr.catalogue.check_pictures import Progress
from mpsr.catalogue.formats import table_rows
from mpsr.catalogue.located import Located, locate
from mpsr.catalogue.mapping import Mapping
from mpsr.catalogue.product_pictures import picture_columns, pictures_of
from mpsr.catalogue.products import named_rows, products_table
from mpsr.catalogue.rows import Row
from mpsr.catalogue.types import COLUMNS, ID, NAME, Catalogue, NoImagePolicy, Reject, RowPolicy, Summary
from mpsr.errors import InputError

__all__ = ["Located", "Policies", "locate", "read_catalogue", "read_located"]


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
    located: Located,
    policies: Policies,
    check_pictures: bool = True,
    progress: Progress | None = None,
    known: dict[str, str] | None = None,
) -> Catalogue:
    """As ``read_catalogue``, for a catalogue already found; pictures whose digest is ``known`` are not decoded."""
    rows, rejects, joins = named_rows(_rows(located, policies), located, policies.limit)
    if not rows:
        counted = dict(Counter(reject.reason for reject in rejects))
        raise InputError(
            f"{located.table} holds no product that can be kept; rejected: {counted or 'no rows at all'}."
        )
    products, unread = products_table(rows, located.mapping.numbers if located.mapping else ())
    pictures = pictures_of(located, rows, check_pictures, progress, known)
    columns = picture_columns(pictures)
    products[[str(name) for name in columns]] = columns
    rejects += pictures.rejects
    if policies.no_image == "drop":
        products, rejects = _with_picture(products, rejects, located)
    rejects.sort(key=lambda reject: reject.line)
    return Catalogue(
        products,
        tuple(rejects),
        _summary(products, rejects, unread, pictures.unused, joins),
        _cleaned(rows, products) if policies.rows == "strict" and located.mapping is None else None,
        pictures.digests,
    )


def rows_of(located: Located, policies: Policies) -> list[Row]:
    """The rows that are kept, under our column names."""
    return named_rows(_rows(located, policies), located, policies.limit)[0]


def _with_picture(
    products: pd.DataFrame, rejects: list[Reject], located: Located
) -> tuple[pd.DataFrame, list[Reject]]:
    """The products that have a picture; each other is a rejected row, for the reason of its first picture.

    Raises:
        InputError: none has one.
    """
    missing = products["picture"].isna()
    lines = set(products.loc[missing, "line"])
    why: dict[int, Reject] = {}
    for reject in rejects:
        if reject.kind == "picture":
            why.setdefault(reject.line, reject)
    kept = [reject for reject in rejects if reject.kind == "row" or reject.line not in lines]
    for line, product in zip(products.loc[missing, "line"], products.loc[missing, ID], strict=True):
        without = Reject(int(line), product, "row", "no picture")
        kept.append(replace(why.get(line, without), kind="row"))
    if missing.all():
        raise InputError(
            f"none of the {len(products):,} products in {located.table} has a usable picture, and products without "
            f"one were to be dropped. Pictures were looked for as {located.naming}; "
            "keep the products with --no-image keep."
        )
    return products[~missing].reset_index(drop=True), kept


def _cleaned(rows: list[Row], products: pd.DataFrame) -> tuple[str, ...]:
    """The lines kept, as they stood, the header first."""
    lines = set(products["line"])
    return (",".join(COLUMNS), *(row.text for row in rows if row.line in lines))


def _rows(located: Located, policies: Policies) -> Iterator[Row | Reject]:
    mapping = located.mapping
    if mapping is None:
        return table_rows(located.source, located.table, encoding=policies.encoding, unquoted=policies.rows)
    sources = [mapping.theirs(ours) for ours in (ID, NAME)]
    return table_rows(
        located.source,
        located.table,
        encoding=policies.encoding or mapping.encoding,
        delimiter=mapping.delimiter,
        needed=[names[0] for names in sources if len(names) == 1],
    )


def _summary(
    products: pd.DataFrame, rejects: list[Reject], unread: dict[str, int], unused: int, joins: int
) -> Summary:
    rejected = Counter(reject.reason for reject in rejects if reject.kind == "row")
    refused = Counter(reject.reason for reject in rejects if reject.kind == "picture")
    with_picture = products["picture"].notna()
    explained = products["line"].isin([reject.line for reject in rejects if reject.kind == "picture"])
    return Summary(
        rows_read=len(products) + joins + sum(rejected.values()),
        rows_kept=len(products),
        rows_repaired=int(products["repaired"].sum()),
        rejected=dict(sorted(rejected.items())),
        pictures_found=int(with_picture.sum()),
        pictures_missing=int((~with_picture & ~explained).sum()),
        pictures_refused=dict(sorted(refused.items())),
        missing_values={column: int(products[column].isna().sum()) for column in (*COLUMNS[1:-1], NAME)},
        unread_values=unread,
        pictures_unused=unused,
        rows_joined=joins,
    )
