"""The insights' tables against counts made without them, on any catalogue.

    python -m benchmarks.golden_insights --source fashion-product-images-small.zip
    python -m benchmarks.golden_insights --store STORE

With --source the rows are read here by plain splitting of styles.csv, so the reader is checked too; with --store the
store's own table is counted by plain pandas. Prints each comparison and fails at the first that does not hold.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd

from mpsr.catalogue import read_catalogue
from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import Listings, Selection, listings_of
from mpsr.insights.views.categories import categories
from mpsr.insights.views.differences import changes
from mpsr.insights.views.gender import type_by_gender
from mpsr.insights.views.leaders import Leaders, leaders
from mpsr.insights.views.over_time import over_time
from mpsr.insights.views.under_represented import under_represented
from mpsr.service import open_service

COLUMNS = [
    "id",
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "year",
    "usage",
]


def plain_rows(source: Path) -> pd.DataFrame:
    """The table of a Kaggle zip by splitting each line at its first nine commas; missing is ``MISSING``."""
    with zipfile.ZipFile(source) as archive:
        name = min((n for n in archive.namelist() if n.endswith("styles.csv")), key=len)
        text = io.TextIOWrapper(archive.open(name), encoding="utf-8").read()
    fields = [line.split(",", 9)[:9] for line in text.splitlines()[1:] if line.strip()]
    return pd.DataFrame(fields, columns=COLUMNS).replace({"": MISSING, "NA": MISSING})


def plain_store(products: pd.DataFrame) -> pd.DataFrame:
    """The table of a store, missing values as ``MISSING``."""
    table = products[COLUMNS].astype("object")
    return table.where(table.notna(), MISSING).astype(str)


def check(what: str, found: object, golden: object) -> None:
    """Say what is compared; stop when it differs."""
    same = found == golden
    print(f"{'ok' if same else 'WRONG':<6}{what}: {str(found)[:100]}")
    if not same:
        raise SystemExit(f"{what}: the table says {found}, plain counting {golden}")


def compare(listings: Listings, rows: pd.DataFrame) -> None:
    """Every view's table against plain counts of the same rows."""
    check("products", len(listings), len(rows))
    for column in ("gender", "season", "year", "masterCategory", "usage"):
        counted = listings.frame[column].value_counts()
        found = {str(value): int(count) for value, count in counted.items() if count}
        check(column, dict(sorted(found.items())), dict(sorted(Counter(rows[column]).items())))
    seasoned = rows[rows["season"] != MISSING]
    for column in ("articleType", "baseColour"):
        _top(leaders(listings, column), seasoned)
    pairs = Counter(zip(seasoned["season"], seasoned["masterCategory"], strict=True))
    table = categories(listings)
    named = table.rows[table.rows["kind"] != "other"]
    keys = zip(named["season"], named["masterCategory"], strict=True)
    check("categories", named["count"].tolist(), [float(pairs[key]) for key in keys])
    check("categories, total", table.rows["count"].sum(), float(len(seasoned)))
    _time(listings, rows)
    heat = type_by_gender(listings)
    cells = Counter(zip(rows["articleType"], rows["gender"], strict=True))
    keys = zip(heat.rows["articleType"], heat.rows["gender"], strict=True)
    check("gender", heat.rows["count"].tolist(), [float(cells[key]) for key in keys])
    _changes(listings, rows)
    _under_represented(listings, rows)


def _top(table: Leaders, rows: pd.DataFrame) -> None:
    column = table.column
    cells = Counter(zip(rows["season"], rows[column], strict=True))
    named = table.rows[table.rows["kind"] != "other"]
    keys = zip(named["season"], named[column], strict=True)
    check(column, named["count"].tolist(), [float(cells[key]) for key in keys])
    found = table.rows.groupby("season")["count"].sum().astype(int).to_dict()
    check(f"{column}, totals", found, dict(sorted(Counter(rows["season"]).items())))


def _time(listings: Listings, rows: pd.DataFrame) -> None:
    cells = Counter(zip(rows["year"], rows["season"], rows["articleType"], strict=True))
    found = over_time(listings, step="season").rows
    keys = [
        (p.split()[1], p.split()[0], t) for p, t in zip(found["period"], found["articleType"], strict=True)
    ]
    check("time", found["count"].tolist(), [float(cells[key]) for key in keys])


def _changes(listings: Listings, rows: pd.DataFrame) -> None:
    found = changes(listings, "baseColour", "season", "Summer", "Winter").rows
    for season, column in (("Summer", "share_before"), ("Winter", "share_after")):
        part = rows.loc[rows["season"] == season, "baseColour"]
        cells = Counter(part)
        golden = [round(cells[value] / len(part), 12) for value in found["baseColour"]]
        check(f"changes, {season}", found[column].round(12).tolist(), golden)


def _under_represented(listings: Listings, rows: pd.DataFrame) -> None:
    women = rows[rows["gender"] == "Women"]
    found = under_represented(listings.select(Selection.of({"gender": ["Women"]}))).rows
    if found.empty:
        return
    first = found.iloc[0]
    part = women[women["masterCategory"] == first["masterCategory"]]
    kind, colour = part["articleType"] == first["articleType"], part["baseColour"] == first["baseColour"]
    check("under-represented, count", int(first["count"]), int((kind & colour).sum()))
    check(
        "under-represented, expected",
        round(first["expected"], 9),
        round(kind.sum() * colour.sum() / len(part), 9),
    )


def main() -> None:
    """Compare, and print what was compared."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--source", type=Path, help="Kaggle's zip")
    where.add_argument("--store", type=Path)
    asked = parser.parse_args()
    if asked.source:
        products = read_catalogue(asked.source, check_pictures=False).products
        compare(listings_of(products), plain_rows(asked.source))
    else:
        products = open_service(asked.store).products
        compare(listings_of(products), plain_store(products))
    print("all tables agree with plain counting")


if __name__ == "__main__":
    main()
