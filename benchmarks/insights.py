"""Server time of the insights' views, and of the engines that could count for them.

    python -m benchmarks.insights [--store STORE] [--rows 1000000] [--json FILE]

Views: table, sentence and chart of each, on the store and on a synthetic table of ``--rows`` products (rows drawn from
the store's own with replacement, one value in fifty of each column replaced by a random one of that column, so that
every rare combination occurs). Engines: the counting at the bottom of every view, count by season and type of the
products of two genders, on the same two tables: pandas on text, pandas on categories (what ``Listings`` holds), DuckDB
and Polars on categories, where they are installed (``pip install duckdb polars``). Medians of ``--repeats`` runs after
one that is not counted; the preparation that each needs once is given beside it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import DIMENSIONS, Listings, Selection, listings_of
from mpsr.insights.screen import figures_of
from mpsr.insights.tables import cross
from mpsr.insights.views import VIEWS, Options
from mpsr.service import open_service

SELECTION = Selection.of({"gender": ["Men", "Women"]})
BY = ("season", "articleType")


def synthetic(products: pd.DataFrame, rows: int, seed: int = 1) -> pd.DataFrame:
    """A catalogue of ``rows`` products like these."""
    random = np.random.default_rng(seed)
    table = products.iloc[random.integers(len(products), size=rows)].reset_index(drop=True)
    for column in DIMENSIONS:
        changed = random.random(rows) < 0.02
        values = products[column].dropna().unique()
        table.loc[changed, column] = random.choice(values, int(changed.sum()))
    return table.assign(id=[str(number) for number in range(rows)])


def milliseconds(work: Callable[[], Any], repeats: int) -> float:
    """Median time of a piece of work after one run that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(1000 * median(times), 1)


def views(listings: Listings, repeats: int) -> dict[str, dict[str, float]]:
    """View → milliseconds of its table, and of table, sentence and chart together, with a filter on."""
    found = {}
    for view in VIEWS:
        asked = Options(as_="association" if view == "gender" else "share", step="season")

        def whole(view: str = view, asked: Options = asked) -> None:
            for figure in figures_of(VIEWS[view].answer(listings, SELECTION, asked).chart):
                figure.to_json()

        def numbers(view: str = view, asked: Options = asked) -> None:
            VIEWS[view].table(listings, SELECTION, asked)

        found[view] = {"table": milliseconds(numbers, repeats), "all": milliseconds(whole, repeats)}
    return found


def engines(products: pd.DataFrame, listings: Listings, repeats: int) -> dict[str, dict[str, float]]:
    """Engine → milliseconds to prepare once, and to count."""
    text = products[list(DIMENSIONS)].astype("str").fillna(MISSING)
    chosen = list(SELECTION.where[0][1])
    results: dict[str, dict[str, float]] = {}

    def plain() -> pd.DataFrame:
        part = text[text["gender"].isin(chosen)]
        return part.groupby(list(BY)).size().rename("n").reset_index()

    golden = plain().set_index(list(BY))["n"].to_dict()

    def agree(name: str, rows: list[tuple[str, str, int]]) -> None:
        found = {(str(a), str(b)): int(n) for a, b, n in rows}
        if found != golden:
            raise SystemExit(f"{name} counts otherwise than pandas")

    results["pandas, text"] = {"prepare": 0.0, "count": milliseconds(plain, repeats)}
    start = time.perf_counter()
    listings_of(products)
    prepared = round(1000 * (time.perf_counter() - start), 1)

    def ours() -> pd.DataFrame:
        return cross(listings.select(SELECTION), *BY)

    agree("pandas on categories", list(ours()[[*BY, "products"]].itertuples(index=False, name=None)))
    results["pandas, categories"] = {"prepare": prepared, "count": milliseconds(ours, repeats)}
    if importlib.util.find_spec("duckdb"):
        results["DuckDB"] = _duckdb(text, chosen, repeats, agree)
    if importlib.util.find_spec("polars"):
        results["Polars"] = _polars(text, chosen, repeats, agree)
    return results


def _duckdb(
    text: pd.DataFrame, chosen: list[str], repeats: int, agree: Callable[..., None]
) -> dict[str, float]:
    import duckdb

    categories = text.astype("category")
    start = time.perf_counter()
    base = duckdb.connect()
    base.register("given", categories)
    base.execute("create table products as select * from given")
    prepared = round(1000 * (time.perf_counter() - start), 1)
    query = "select season, articleType, count(*) from products where gender in (?, ?) group by all"

    def count() -> Any:
        return base.execute(query, chosen).fetchall()

    agree("DuckDB", count())
    return {"prepare": prepared, "count": milliseconds(count, repeats)}


def _polars(
    text: pd.DataFrame, chosen: list[str], repeats: int, agree: Callable[..., None]
) -> dict[str, float]:
    import polars

    start = time.perf_counter()
    table = polars.from_pandas(text.astype("category"))
    prepared = round(1000 * (time.perf_counter() - start), 1)

    def count() -> Any:
        wanted = table.lazy().filter(polars.col("gender").cast(polars.String).is_in(chosen))
        return wanted.group_by(list(BY)).len().collect()

    agree("Polars", count().rows())
    return {"prepare": prepared, "count": milliseconds(count, repeats)}


def main() -> None:
    """Measure and print two tables; with --json also write them down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    products = open_service(asked.store).products
    found: dict[str, Any] = {"machine": platform.processor() or platform.machine(), "pandas": pd.__version__}
    for table in (products, synthetic(products, asked.rows)):
        listings = listings_of(table)
        found[f"{len(table):,}"] = {
            "views": views(listings, asked.repeats),
            "engines": engines(table, listings, asked.repeats),
        }
    sizes = [key for key in found if key not in ("machine", "pandas")]
    print(f"\n| ms | {' | '.join(f'table, {n} | all, {n}' for n in sizes)} |\n|---{'|---' * 2 * len(sizes)}|")
    for view in VIEWS:
        cells = [f"{found[n]['views'][view][part]}" for n in sizes for part in ("table", "all")]
        print(f"| {view} | {' | '.join(cells)} |")
    print(
        f"\n| ms | {' | '.join(f'once, {n} | count, {n}' for n in sizes)} |\n|---{'|---' * 2 * len(sizes)}|"
    )
    for engine in found[sizes[0]]["engines"]:
        cells = [f"{found[n]['engines'][engine][part]}" for n in sizes for part in ("prepare", "count")]
        print(f"| {engine} | {' | '.join(cells)} |")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
