"""What reading a catalogue gives: the products, the rejects, and the figures of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

ID = "id"
NAME = "productDisplayName"

#: The ten columns of Kaggle's "Fashion Product Images", in their order.
COLUMNS = (
    ID,
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "year",
    "usage",
    NAME,
)

#: The columns that describe a product and can be filtered on.
ATTRIBUTES = COLUMNS[1:-1]

#: The column of what products of one value are variants of.
VARIANT_OF = "variant_of"

#: Columns of ours that are not the product's; one of the same name in a table gets the ending ``_given``.
INTERNAL = ("line", "repaired", "picture", "picture_sha256", "further_pictures", VARIANT_OF)

RowPolicy = Literal["repair", "strict"]
NoImagePolicy = Literal["drop", "keep"]


@dataclass(frozen=True)
class Reject:
    """One input that did not make it, and why.

    Attributes:
        line: line number in the table, the header being line 1; rows of a Parquet file count from 2 likewise.
        id: the product id as it stood there, "" when there was none.
        kind: "row" when the product is not in the catalogue; "picture" when the product is kept without
            its picture.
        reason: a short constant phrase that can be counted.
        detail: what exactly came.
    """

    line: int
    id: str
    kind: Literal["row", "picture"]
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Summary:
    """The figures of one reading. ``rows_read == rows_kept + rows_joined + sum(rejected.values())`` always holds.

    ``rows_joined`` are rows that hold nothing but a further picture of the product above.

    ``missing_values`` counts products without a value by column, ``unread_values`` those of them that had something in
    which no value could be read. ``pictures_missing`` counts products that name no picture, ``pictures_refused`` pictures
    that cannot be used by reason, ``pictures_unused`` pictures of the source that are no product's.
    """

    rows_read: int
    rows_kept: int
    rows_repaired: int
    rejected: dict[str, int] = field(default_factory=dict)
    pictures_found: int = 0
    pictures_missing: int = 0
    pictures_refused: dict[str, int] = field(default_factory=dict)
    pictures_unused: int = 0
    rows_joined: int = 0
    missing_values: dict[str, int] = field(default_factory=dict)
    unread_values: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_kept + self.rows_joined + sum(self.rejected.values()):
            raise ValueError(f"rows read are not rows kept, joined and rejected: {self}")


@dataclass(frozen=True)
class Catalogue:
    """A clean catalogue.

    Attributes:
        products: one row a product in input order: the columns of ``COLUMNS`` (text; missing values are
            missing, ``year`` is a nullable integer), any further columns of the input, and
            ``line`` (int), ``repaired`` (bool), ``picture`` (member of the source, missing where the
            product has none), ``picture_sha256`` (of the picture's bytes, once it was checked),
            ``further_pictures`` (JSON: a list of such pairs, where the product has more than one), ``variant_of`` (the
            same for variants of one product, where the table says so).
        rejects: what did not make it.
        summary: the figures.
        cleaned_lines: under the "strict" policy the lines kept, as they stood, the header first.
        digests: member of the source → the SHA-256 of its bytes, for each picture that was checked and can be used.
    """

    products: pd.DataFrame
    rejects: tuple[Reject, ...]
    summary: Summary
    cleaned_lines: tuple[str, ...] | None = None
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The product ids in catalogue order."""
        return self.products[ID].tolist()

    def rejects_table(self) -> pd.DataFrame:
        """The rejects as a table with the columns line, id, kind, reason, detail."""
        columns: dict[str, Any] = {
            name: [getattr(reject, name) for reject in self.rejects]
            for name in ("line", "id", "kind", "reason", "detail")
        }
        return pd.DataFrame(columns).astype(
            {"line": "int64", "id": "str", "kind": "str", "reason": "str", "detail": "str"}
        )
