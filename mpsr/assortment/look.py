"""Complete the look: for a product, one of each complementary type, by stated rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from mpsr.assortment.harmony import RELATIONS, relation
from mpsr.catalogue.types import ID, NAME
from mpsr.errors import InputError

#: Role in a look → the subcategories that fill it, in the order in which a look is put together.
ROLES: dict[str, tuple[str, ...]] = {
    "top": ("Topwear",),
    "bottom": ("Bottomwear",),
    "one piece": ("Dress", "Saree", "Apparel Set"),
    "shoes": ("Shoes", "Sandal", "Flip Flops"),
    "bag": ("Bags",),
    "belt": ("Belts",),
    "watch": ("Watches",),
    "eyewear": ("Eyewear",),
    "jewellery": ("Jewellery",),
    "headwear": ("Headwear",),
    "wallet": ("Wallets",),
}
#: A product of the first role stands in place of the others.
INSTEAD_OF = {"one piece": ("top", "bottom", "belt")}

#: Columns in which a piece has the product's own value.
SAME = ("usage", "season")
PRICE = "price"
UNISEX = "Unisex"
TIERS = ("low", "middle", "high")

PIECES = ("role", ID, NAME, "articleType", "gender", "baseColour", "season", "usage", "colours")
MISSING = ("role", "reason")


@dataclass(frozen=True)
class Look:
    """A product and what completes it.

    Attributes:
        product: the id it was made for.
        rules: what every piece satisfies, a sentence each; a rule that could not be used says so.
        pieces: a row a piece, columns ``PIECES`` and, where the catalogue has prices, ``price`` and ``price_tier``.
            ``colours`` is how the piece's colour goes with the product's own.
        missing: the roles nothing fills, columns ``MISSING``.
    """

    product: str
    rules: tuple[str, ...]
    pieces: pd.DataFrame
    missing: pd.DataFrame


def complete_look(products: pd.DataFrame, product: str) -> Look:
    """One piece of each role that the product leaves open, every one in colours that go with all others.

    Among those that satisfy the rules, the better relation of colours comes first, then the nearer year, then the
    order of the catalogue.

    Args:
        products: the catalogue's table, a row a product.
        product: an id in it.

    Raises:
        InputError: the product is not there, or its subcategory has no role in a look.
    """
    rows = np.flatnonzero((products[ID] == product).to_numpy())
    if not len(rows):
        raise InputError(f"product {product!r} is not in the catalogue. Expected an id of the column {ID}.")
    own = products.iloc[int(rows[0])]
    role = _role(own)
    allowed, rules = _allowed(products, int(rows[0]))
    used = [own]
    pieces: list[dict[str, object]] = []
    missing: list[dict[str, str]] = []
    for wanted in _open_roles(role):
        of_role = products["subCategory"].isin(ROLES[wanted]).to_numpy()
        chosen = _choose(products[of_role & allowed], used)
        if chosen is None:
            missing.append({"role": wanted, "reason": _why_none(of_role, allowed)})
            continue
        used.append(chosen)
        pieces.append(
            {"role": wanted, "colours": relation(_text(own, "baseColour"), _text(chosen, "baseColour"))}
            | {name: chosen[name] for name in PIECES if name not in ("role", "colours")}
            | ({PRICE: chosen[PRICE]} if has_prices(products) else {})
        )
    columns = [*PIECES, *([PRICE] if has_prices(products) else [])]
    table = pd.DataFrame(pieces, columns=columns)
    if has_prices(products):
        table["price_tier"] = (
            price_tiers(products).reindex(products.index[_rows(products, table[ID])]).to_numpy()
        )
    return Look(product, rules, table, pd.DataFrame(missing, columns=list(MISSING)))


def has_prices(products: pd.DataFrame) -> bool:
    """Whether the catalogue has a column of prices that are numbers, at least one of them known."""
    return PRICE in products and is_numeric_dtype(products[PRICE]) and bool(products[PRICE].notna().any())


def price_tiers(products: pd.DataFrame) -> pd.Series:
    """Each product's third of the prices of its own article type: low, middle or high; missing without a price.

    The rank among equal prices is their mean, so equal prices share a tier.
    """
    rank = products.groupby("articleType", dropna=False)[PRICE].rank(pct=True)
    return pd.cut(rank, [0, 1 / 3, 2 / 3, 1], labels=list(TIERS)).astype("object")


def _rows(products: pd.DataFrame, ids: pd.Series) -> list[int]:
    return [int(row) for row in pd.Index(products[ID]).get_indexer(pd.Index(ids))]


def _role(own: pd.Series) -> str:
    for role, subcategories in ROLES.items():
        if own["subCategory"] in subcategories:
            return role
    known = ", ".join(name for names in ROLES.values() for name in names)
    raise InputError(
        f"product {own[ID]} has the subcategory {_text(own, 'subCategory')!r}, which has no role in a look. "
        f"Expected one of {known}."
    )


def _open_roles(role: str) -> list[str]:
    """The roles beside the product's own. A top and a bottom make a look, or a one piece in their stead."""
    closed = {role, *INSTEAD_OF.get(role, ())}
    if role != "one piece":
        closed.add("one piece")
    return [name for name in ROLES if name not in closed]


def _allowed(products: pd.DataFrame, row: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which products satisfy the rules of values, shape (N,), and the rules in words."""
    own = products.iloc[row]
    allowed = (products[ID] != own[ID]).to_numpy(dtype=bool)
    rules: list[str] = []
    gender = _text(own, "gender")
    if gender is None:
        rules.append("Gender is not compared: the product states none.")
    else:
        allowed = allowed & products["gender"].isin({gender, UNISEX}).to_numpy()
        rules.append(f"Gender is {gender}." if gender == UNISEX else f"Gender is {gender} or {UNISEX}.")
    for column in SAME:
        value = _text(own, column)
        if value is None:
            rules.append(f"{column.title()} is not compared: the product states none.")
        else:
            allowed = allowed & (products[column] == value).fillna(False).to_numpy(dtype=bool)
            rules.append(f"{column.title()} is {value}.")
    if not has_prices(products):
        rules.append("Price is not compared: the catalogue has no prices.")
    else:
        tiers = price_tiers(products)
        tier = tiers.to_numpy()[row]
        if pd.isna(tier):
            rules.append("Price is not compared: the product has none.")
        else:
            allowed = allowed & (tiers == tier).to_numpy(dtype=bool)
            rules.append(f"Price is in the {tier} third of its article type.")
    rules.append(
        "Every two pieces have colours that go together: one is neutral, or their hues are at most 40° or at least "
        "150° apart. No two pieces share a role or a name."
    )
    return allowed, tuple(rules)


def _choose(candidates: pd.DataFrame, used: list[pd.Series]) -> pd.Series | None:
    """The best candidate that goes with all pieces so far."""
    candidates = candidates[~candidates[NAME].isin([piece[NAME] for piece in used])]
    colours = [_text(piece, "baseColour") for piece in used]
    rank: dict[str, int] = {}
    for colour in candidates["baseColour"].dropna().unique():
        relations = [relation(colour, other) for other in colours]
        own = relations[0]
        if own is not None and None not in relations:
            rank[str(colour)] = RELATIONS.index(own)
    fitting = candidates[candidates["baseColour"].isin(list(rank))]
    if fitting.empty:
        return None
    year = used[0]["year"]
    apart = (fitting["year"] - year).abs() if pd.notna(year) else pd.Series(0, index=fitting.index)
    order = pd.DataFrame({"colour": fitting["baseColour"].map(rank), "apart": apart.astype("Float64")})
    best = order.sort_values(["colour", "apart"], kind="stable", na_position="last").index[0]
    return fitting.loc[best]


def _why_none(of_role: np.ndarray, allowed: np.ndarray) -> str:
    """What left a role empty."""
    if not of_role.any():
        return "the catalogue has no product of this role"
    if not (of_role & allowed).any():
        return f"none of {int(of_role.sum())} satisfies gender, usage, season and price"
    return f"none of the {int((of_role & allowed).sum())} that satisfy the other rules goes with the colours"


def _text(row: pd.Series, column: str) -> str | None:
    value = row[column]
    return None if pd.isna(value) else str(value)
