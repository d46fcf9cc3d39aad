"""The exports of four kinds of shops, 200 rows each with what makes them hard, each built by one command."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from mpsr.catalogue import fetch_pictures as fetching
from mpsr.catalogue.types import NAME
from mpsr.search.conditions import Condition
from mpsr.service import Service
from mpsr.store.layout import FAMILY

from ..catalogue import exports
from ..catalogue.picture_server import Shop
from ..catalogue.test_exports import feed_xml

pytestmark = pytest.mark.usefixtures("tiny_embedded")

BY_URL = "named by URL; run mpsr fetch pictures"


@pytest.fixture
def built(mpsr, tmp_path: Path):
    """Builds an export by one command: the store, opened, and what the command said of the catalogue."""

    def run(export: Path) -> tuple[Service, dict]:
        code, out, err = mpsr("build", export, "--store", tmp_path / "store", "--json")
        assert code == 0, err
        catalogue = json.loads(out)["catalogue"]
        kept, joined = catalogue["rows_kept"], catalogue.get("rows_joined", 0)
        assert catalogue["rows_read"] == kept + joined + sum(catalogue["rejected"].values()) == 200
        return Service(tmp_path / "store"), catalogue

    return run


def write(path: Path, data: str | bytes, pictures: Iterable[str] = ()) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    for name in pictures:
        file = path.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(exports.photo(name))
    return path


def families(service: Service) -> list[set[str]]:
    """The products of each family, the first product's first."""
    found: dict[int, set[str]] = {}
    for product, family in zip(service.ids, service.artefact("split").array(FAMILY).tolist(), strict=True):
        found.setdefault(family, set()).add(product)
    return list(found.values())


def groups(service: Service) -> list[set[str]]:
    """The products that the export calls variants of each other, the first product's first."""
    return [set(rows["id"]) for _, rows in service.products.groupby("variant_of", sort=False)]


def told(service: Service) -> dict[str, set[str]]:
    """Of the rejects, the products by reason."""
    return {str(reason): set(rows["id"]) for reason, rows in service.rejects().groupby("reason")}


def shares(service: Service, product: str) -> list[str]:
    """The products offered beside one while its variants are hidden."""
    return [item.id for item in service.similar(product, k=20, hide_variants=True).neighbours]


def spoiled(rows: list[dict[str, str]], number: int) -> str:
    """Shopify's export with a row that has a comma too many and a line break: no piece of it may become a product."""
    lines = exports.table(exports.SHOPIFY, rows[:number])
    bad = f'{rows[number]["Handle"]},,"Soft\nghost, dry flat, warm",Red,,,,,,,,,,,,,,,,,,,,,,,,,one too many\r\n'
    rest = exports.table(exports.SHOPIFY, rows[number + 1 :]).split("\r\n", 1)[1]
    return "\ufeff" + lines + bad + rest


def test_shopify(built, tmp_path: Path) -> None:
    rows = exports.shopify()
    rows[10]["Option1 Value"] = "#N/A"
    rows[20]["Image Src"] = "https://cdn.example.com/files/not-there.jpg"
    pictures = sorted(
        {one["Image Src"].split("/", 3)[3].split("?")[0] for one in rows if one.get("Image Src")}
    )
    pictures.remove("files/not-there.jpg")
    pictures[0] = pictures[0].upper().replace("FILES/", "files/")  # Windows writes them so
    service, catalogue = built(write(tmp_path / "products_export.csv", spoiled(rows, 167), pictures))

    assert len(service) == 159
    assert (catalogue["rows_joined"], sum(catalogue["rejected"].values())) == (40, 1)
    assert service.name("alder-shirt-0/Blue/M") == "Alder Shirt & Co 0"
    assert service.products[NAME].notna().all()
    assert service.product("alder-shirt-0/Red/M")["articleType"] == "Shirts"
    assert families(service) == groups(service)
    assert not set(shares(service, "001-0")) & {"001-1", "001-2", "001-3"}
    assert service.pictures("001-0") == 3
    assert list(service.ranges()) == ["Variant Price"]
    assert told(service)[BY_URL] == {f"alder-belt-4/{colour}/M" for colour in exports.COLOURS}
    assert told(service).keys() == {BY_URL, "too many fields"}
    assert service.product("002-0")["baseColour"] is None
    assert service.mask({"Variant Price": Condition(least=19.9, most=20)}).sum() == 159


@pytest.mark.parametrize("form", ["tsv", "xml"])
def test_google_merchant_with_pictures_by_url(mpsr, built, tmp_path: Path, monkeypatch, form: str) -> None:
    monkeypatch.setattr(fetching, "BACKOFF", 0.01)
    with Shop() as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        rows = exports.google(shop.url)
        rows[0] |= {"price": "1.129,90 EUR", "title": "Bluse „Größe“ & mehr"}
        for row in rows[4:8]:
            row |= {"image_link": f"{shop.url}/gone.jpg", "additional_image_link": ""}
        for row in rows[8:12]:
            row |= {
                "image_link": f"{shop.url}/page.jpg",
                "additional_image_link": f"{shop.url}/media/only.jpg",
            }
        rows[199]["id"] = rows[198]["id"]
        table = exports.table(exports.GOOGLE, rows, "\t") if form == "tsv" else feed_xml(rows, "item")
        export = write(tmp_path / f"feed.{form}", table)
        code, _, err = mpsr("fetch", "pictures", export, "--allow-private")
        assert code == 0, err
        service, catalogue = built(export)
        shop.shutdown()

    assert len(service) == 199
    assert [service.name(row["id"]) for row in rows[:199]] == [row["title"] for row in rows[:199]]
    assert families(service) == groups(service)
    assert not set(shares(service, "G0-S")) & {"G0-M", "G0-L", "G0-XL"}
    assert (service.pictures("G0-S"), service.pictures("G1-S"), service.pictures("G2-S")) == (3, 0, 1)
    assert service.picture("G0-S") == service.picture("G0-XL") != service.picture("G3-S")
    assert service.product("G0-S")["price"] == 1129.9
    assert service.mask({"price": Condition(least=29, most=29)}).sum() == 198
    assert service.product("G5-M")["gender"] == "Girls"
    assert told(service)[BY_URL] == {f"G{n}-{size}" for n in (1, 2) for size in ("S", "M", "L", "XL")}
    assert sum(catalogue["rejected"].values()) == 1


def test_woocommerce(built, tmp_path: Path) -> None:
    rows = exports.woocommerce()
    for row in rows:
        if row["Type"] == "variation":
            row |= {"Regular price": "1,299.00" if row["SKU"] == "W1-0" else "39.5", "Stock": "4"}
    rows[5]["Name"] = "Cedar Coat &#8211; &quot;Nº 1&quot;"
    rows[10]["Images"] = "https://woo.example.com/uploads/w2.jpg, https://woo.example.com/uploads/missing.jpg"
    pictures = [f"uploads/w{n}{end}.jpg" for n in range(40) for end in ("", "b", "-2") if (n, end) != (3, "")]
    text = exports.table([*exports.WOO, "Stock"], rows)
    service, _ = built(write(tmp_path / "wc-product-export.csv", text, pictures))

    assert len(service) == 200
    assert service.name("W1") == 'Cedar Coat – "Nº 1"'
    assert service.product("W1-0")["Regular price"] == 1299
    assert service.product("W1-1")["Stock"] == 4
    assert families(service) == groups(service)
    assert not set(shares(service, "W1-0")) & {"W1", "W1-1", "W1-2", "W1-3"}
    assert (service.pictures("W1"), service.pictures("W1-0"), service.pictures("1020")) == (2, 2, 1)
    assert service.picture("W1-2") != service.picture("W1")
    assert service.product("W1-3")["articleType"] == "Coats"


def test_h_and_m_with_pictures_in_folders_of_three_digits(built, tmp_path: Path) -> None:
    rows = exports.hm()
    rows[2]["prod_name"] = "Dagny Coat, long"
    pictures = [f"images/{row['article_id'][:3]}/{row['article_id']}.jpg" for row in rows[:150]]
    export = write(tmp_path / "articles.csv", exports.table(exports.HM, rows), pictures)
    write(tmp_path / "customers.csv", "customer_id,age\nx,30\n")
    service, catalogue = built(export)

    assert service.ids == [row["article_id"] for row in rows]
    assert [service.name(row["article_id"]) for row in rows] == [row["prod_name"] for row in rows]
    assert (catalogue["pictures_found"], catalogue["pictures_missing"]) == (150, 50)
    assert [service.has_picture(product) for product in service.ids] == [True] * 150 + [False] * 50
    assert len({service.picture(product) for product in service.ids[:150]}) == 150
    assert families(service) == groups(service)
    assert not set(shares(service, service.ids[0])) & {service.ids[1]}
    assert service.product("0200101000")["gender"] == "Women"
    assert catalogue["rejected"] == {}
