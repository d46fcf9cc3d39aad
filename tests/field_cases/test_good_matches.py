"""A shop of one kind, or a small one: good answers are not called bad, nonsense is not called good."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from mpsr.demo import demo_folder
from mpsr.pipeline import build
from mpsr.search.request import Request
from mpsr.service import Service, open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.types import Part, Query


def opened(folder: Path, rows: list[dict[str, str]]) -> Service:
    """A store of those rows of the demo catalogue, with the shipped towers."""
    catalogue = folder / "shop"
    (catalogue / "images").mkdir(parents=True)
    with (catalogue / "styles.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        shutil.copy(demo_folder() / "images" / f"{row['id']}.jpg", catalogue / "images")
    store = Store(folder / "store")
    build(catalogue, store, Settings(learned="shipped"))
    return open_service(store.root)


def of_types(*types: str, each: int) -> list[dict[str, str]]:
    """The first products of each type in the demo catalogue."""
    with (demo_folder() / "styles.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    return [row for kind in types for row in [row for row in rows if row["articleType"] == kind][:each]]


@pytest.fixture(scope="module", params=["one type", "several types"])
def shop(request, tmp_path_factory) -> Service:
    types = (
        ("Tshirts",) if request.param == "one type" else ("Tshirts", "Watches", "Handbags", "Sports Shoes")
    )
    return opened(tmp_path_factory.mktemp("good"), of_types(*types, each=80 // len(types)))


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_every_product_has_good_neighbours(shop: Service, space: str) -> None:
    none = [product for product in shop.ids if not shop.similar(product, space=space).good]
    assert len(none) <= (0 if space == "learned" else len(shop) // 20)


def test_a_good_neighbour_of_the_same_colour_is_a_match(shop: Service) -> None:
    """In a shop of one type the third neighbour of a navy T-shirt, navy as well, was called no good match."""
    columns = ["baseColour", "gender", "articleType"]
    labels = dict(zip(shop.ids, shop.products[columns].itertuples(index=False), strict=True))
    alike = matches = 0
    for product in shop.ids:
        found = shop.similar(product, space="learned")
        nearest = {item.id for item in found.neighbours[:3] if labels[item.id] == labels[product]}
        alike += len(nearest)
        matches += len(nearest & {item.id for item in found.good})
    assert alike > 80
    assert matches >= 0.99 * alike


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_words_that_mean_nothing_find_nothing_good(shop: Service, space: str) -> None:
    assert not shop.search(Request(Query((Part(words="zxqv wortle blah"),)), space=space)).good
