"""Catalogues to count: the demo's table, and one small enough to count by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from mpsr.catalogue import read_catalogue
from mpsr.demo import demo_folder
from mpsr.insights.listings import DIMENSIONS, Listings, listings_of


def table_of(rows: list[dict[str, str]], **further: list[str]) -> pd.DataFrame:
    """A catalogue's table of these rows; what a row does not say is missing."""
    frame = pd.DataFrame(
        [{"id": str(100 + n), **row} for n, row in enumerate(rows)], columns=["id", *DIMENSIONS]
    )
    for column in DIMENSIONS:
        frame[column] = frame[column].astype("str").where(frame[column].notna())
    return frame.assign(**further)


@pytest.fixture(scope="session")
def demo_products() -> pd.DataFrame:
    return read_catalogue(demo_folder(), check_pictures=False).products


@pytest.fixture(scope="session")
def demo(demo_products: pd.DataFrame) -> Listings:
    return listings_of(demo_products)
