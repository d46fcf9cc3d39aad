"""A catalogue with changes: rows of a second table replace the products of their ids or are added, others are removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import pandas as pd

from mpsr.catalogue.types import COLUMNS, ID, NAME, Catalogue, NoImagePolicy, Reject, Summary
from mpsr.errors import InputError

#: The columns of a product's pictures.
PICTURES = ["picture", "picture_sha256", "further_pictures"]


def merged(
    before: Catalogue, changes: Catalogue | None, remove: Collection[str], no_image: NoImagePolicy = "keep"
) -> Catalogue:
    """The catalogue after the changes.

    A row of the changes is a whole row: it replaces all columns of its product. Only pictures are kept where it brings
    none that can be used. Products stay in their order; new ones come last.

    Args:
        before: the catalogue.
        changes: rows that are new or changed.
        remove: ids of products to remove; those that are not there are ignored.
        no_image: what becomes of new products without a picture.

    Raises:
        InputError: a product is to be both changed and removed, or no product is left.
    """
    both = sorted(set(remove) & set(changes.ids)) if changes else []
    if both:
        raise InputError(
            f"{', '.join(both[:5])}: to be removed, and in the table of changes. Expected one or the other."
        )
    products, rejects = before.products, [one for one in before.rejects if one.id not in set(remove)]
    products = products[~products[ID].isin(list(remove))]
    if changes:
        products = _replaced(products, changes.products)
        rejects = [one for one in rejects if one.id not in set(changes.ids)] + list(changes.rejects)
    if no_image == "drop":
        bare = products[products["picture"].isna()]
        products = products[products["picture"].notna()]
        lost = zip(bare["line"], bare[ID], strict=True)
        rejects = [one for one in rejects if one.id not in set(bare[ID])]
        rejects += [Reject(int(line), product, "row", "no picture") for line, product in lost]
    if products.empty:
        raise InputError("no product would be left. Expected at least one; remove fewer.")
    products = products.reset_index(drop=True)
    digests = changes.digests if changes else {}
    return Catalogue(products, tuple(rejects), _summary(products, rejects, before, changes), None, digests)


def _replaced(products: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """The products with the changed rows in place of theirs, and those of new ids below."""
    changed = changed.set_index(ID, drop=False)
    old = products.set_index(ID, drop=False)
    bare = changed.index[changed["picture"].isna()].intersection(old.index)
    changed.loc[bare, PICTURES] = old.loc[bare, PICTURES]
    order = [*old.index, *changed.index.difference(old.index, sort=False)]
    old = old[~old.index.isin(changed.index)]
    names = [*products.columns, *(name for name in changed if name not in products)]
    columns = {str(name): _joined(str(name), old, changed, products) for name in names}
    return pd.DataFrame(columns).loc[order].reset_index(drop=True)


def _joined(name: str, old: pd.DataFrame, changed: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    """A column of both tables, in the type of the one that has values, since one without any has no type of its own.

    Raises:
        InputError: it holds numbers in the catalogue and something else in the changes.
    """
    there = products.get(name, pd.Series(index=products.index, dtype="str"))
    mine, other = (table.get(name, pd.Series(index=table.index, dtype="str")) for table in (old, changed))
    if not other.notna().any():
        return pd.concat([mine, pd.Series(index=other.index, dtype=there.dtype)])
    if not there.notna().any():
        return pd.concat([pd.Series(index=mine.index, dtype=other.dtype), other])
    if there.dtype == other.dtype:
        return pd.concat([mine, other])
    if pd.api.types.is_numeric_dtype(there) and pd.api.types.is_numeric_dtype(other):
        return pd.concat([mine.astype("Float64"), other.astype("Float64")])
    if pd.api.types.is_numeric_dtype(there):
        odd = next(value for value in other.dropna())
        raise InputError(
            f"the column {name} holds numbers, and {odd!r} in the table of changes. Expected a number."
        )
    return pd.concat([mine, other.map("{:g}".format, na_action="ignore").astype(there.dtype)])


def _summary(
    products: pd.DataFrame, rejects: Sequence[Reject], before: Catalogue, changes: Catalogue | None
) -> Summary:
    """The figures after the changes; rows read are those of both tables that count."""
    rejected = Counter(one.reason for one in rejects if one.kind == "row")
    refused = Counter(one.reason for one in rejects if one.kind == "picture")
    explained = products[ID].isin([one.id for one in rejects if one.kind == "picture"])
    without = products["picture"].isna()
    readings = [before.summary, *([changes.summary] if changes else [])]
    joined = sum(one.rows_joined for one in readings)
    unread: Counter[str] = Counter()
    for one in readings:
        unread.update(one.unread_values)
    return Summary(
        rows_read=len(products) + joined + sum(rejected.values()),
        rows_kept=len(products),
        rows_repaired=int(products["repaired"].sum()),
        rejected=dict(sorted(rejected.items())),
        pictures_found=int((~without).sum()),
        pictures_missing=int((without & ~explained).sum()),
        pictures_refused=dict(sorted(refused.items())),
        missing_values={column: int(products[column].isna().sum()) for column in (*COLUMNS[1:-1], NAME)},
        unread_values=dict(unread),
        pictures_unused=sum(one.pictures_unused for one in readings),
        rows_joined=joined,
    )
