"""Real exports as they come: recognised, with the right names, pictures, families, and every row accounted for."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from mpsr.catalogue import locate, read_catalogue, read_mapping
from mpsr.catalogue.presets import as_toml, presets, recognised
from mpsr.errors import InputError

from ..conftest import picture_bytes
from . import exports

NAME = "productDisplayName"


def written(folder, name: str, data: str | bytes, pictures=()) -> object:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    for path in pictures:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(picture_bytes())
    return folder / name


def accounted(catalogue, rows: int) -> bool:
    """Whether every row is a product, a further picture of one, or a reject."""
    summary = catalogue.summary
    return (
        rows == summary.rows_read == summary.rows_kept + summary.rows_joined + sum(summary.rejected.values())
    )


def further(products: pd.DataFrame, place: int) -> list[str]:
    return [member for member, _ in json.loads(products["further_pictures"].iat[place])]


# -- Shopify ----------------------------------------------------------------------------------------------


def shopify(folder):
    rows = exports.shopify()
    pictures = [
        f"files/alder-{kind}-{n}-{one}.jpg" for n, kind in ((0, "shirt"), (1, "coat")) for one in (0, 1, 9)
    ]
    return rows, written(folder, "products_export.csv", exports.table(exports.SHOPIFY, rows), pictures)


def test_a_shopify_export(tmp_path):
    rows, path = shopify(tmp_path)
    catalogue = read_catalogue(path)
    products = catalogue.products
    assert len(rows) == 200
    assert accounted(catalogue, 200)
    assert (catalogue.summary.rows_kept, catalogue.summary.rows_joined) == (160, 40)
    assert products[NAME].notna().all()
    assert products["articleType"].notna().all()
    assert products[NAME].iat[3] == "Alder Shirt & Co 0"
    assert products["id"].tolist()[:2] == ["alder-shirt-0/Blue/M", "alder-shirt-0/Red/M"]
    assert products["id"].tolist()[4:6] == ["001-0", "001-1"]
    assert products["baseColour"].tolist()[:8] == list(exports.COLOURS) * 2
    assert products["variant_of"].tolist()[:8] == ["alder-shirt-0"] * 4 + ["alder-coat-1"] * 4
    assert products[
        ["masterCategory", "subCategory", "gender", "Size", "Vendor"]
    ].drop_duplicates().values.tolist() == [["Apparel & Accessories", "Clothing", "Men", "M", "Alder"]]


def test_the_pictures_of_a_shopify_export_are_in_their_order_a_variant_s_own_first(tmp_path):
    _, path = shopify(tmp_path)
    catalogue = read_catalogue(path)
    products = catalogue.products
    first = "files/alder-shirt-0"
    assert products["picture"].tolist()[:3] == [f"{first}-0.jpg", f"{first}-1.jpg", f"{first}-0.jpg"]
    assert further(products, 0) == [f"{first}-1.jpg", f"{first}-9.jpg"]
    assert further(products, 1) == [f"{first}-0.jpg", f"{first}-9.jpg"]
    assert set(catalogue.summary.pictures_refused) == {"named by URL; run mpsr fetch pictures"}
    assert catalogue.summary.pictures_refused["named by URL; run mpsr fetch pictures"] == 38 * 4 * 3


def test_a_shopify_product_without_options(tmp_path):
    row = {
        "Handle": "mug",
        "Title": "Mug",
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Variant Price": "9",
    }
    products = read_catalogue(written(tmp_path, "p.csv", exports.table(exports.SHOPIFY, [row]))).products
    assert products["id"].tolist() == ["mug"]
    assert products["variant_of"].isna().all()


# -- Google Merchant --------------------------------------------------------------------------------------


def feed_xml(rows, kind: str) -> str:
    def item(row) -> str:
        fields = dict(row)
        several = fields.pop("additional_image_link").split(",")
        inner = "".join(f"<g:{name}>{escape(value)}</g:{name}>" for name, value in fields.items())
        inner += "".join(
            f"<g:additional_image_link>{escape(one)}</g:additional_image_link>" for one in several
        )
        inner += "<g:shipping><g:country>DE</g:country><g:price>4 EUR</g:price></g:shipping>"
        return f"<{kind}>{inner}</{kind}>"

    items = "".join(map(item, rows))
    if kind == "item":
        head = '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Birch</title>'
        return f'<?xml version="1.0"?>{head}{items}</channel></rss>'
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Birch</title>'
    return f'<?xml version="1.0"?>{head}{items}</feed>'


@pytest.mark.parametrize("form", ["feed.tsv", "feed.txt", "feed.csv", "rss.xml", "atom.xml", "feed.tsv.gz"])
def test_a_google_merchant_feed(tmp_path, form):
    rows = exports.google()
    if form.endswith(".xml"):
        data = feed_xml(rows, "item" if form == "rss.xml" else "entry").encode()
    else:
        data = exports.table(exports.GOOGLE, rows, "," if form == "feed.csv" else "\t").encode()
    data = gzip.compress(data) if form.endswith(".gz") else data
    catalogue = read_catalogue(
        written(tmp_path, form, data, ["media/g0.jpg", "media/g0c.jpg", "media/g0b.jpg"])
    )
    products = catalogue.products
    assert accounted(catalogue, 200)
    assert catalogue.ids == [row["id"] for row in rows]
    assert products[NAME].tolist() == [row["title"] for row in rows]
    assert products["variant_of"].tolist() == [row["item_group_id"] for row in rows]
    assert products["gender"].tolist()[::4][:2] == ["Women", "Girls"]
    assert products["baseColour"].tolist()[:8:4] == ["Blue", "Red"]
    assert products[["masterCategory", "subCategory", "articleType"]].values.tolist()[0] == [
        "Home",
        "Women",
        "Shirts",
    ]
    assert products["picture"].tolist()[:4] == ["media/g0.jpg"] * 4
    assert further(products, 0) == ["media/g0b.jpg", "media/g0c.jpg"]
    assert products["brand"].tolist() == ["Birch"] * 200


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("<rss><channel></channel></rss>", "holds no <item> and no <entry>"),
        ("<rss><channel>", "not valid XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss/>', "defines XML entities"),
    ],
)
def test_xml_that_is_no_feed(tmp_path, data, says):
    with pytest.raises(InputError, match=says):
        read_catalogue(written(tmp_path, "feed.xml", data))


# -- WooCommerce ------------------------------------------------------------------------------------------


def test_a_woocommerce_export(tmp_path):
    rows = exports.woocommerce()
    data = "\ufeff" + exports.table(exports.WOO, rows)
    pictures = ["uploads/w1.jpg", "uploads/w1b.jpg", "uploads/w1-2.jpg"]
    catalogue = read_catalogue(written(tmp_path, "wc-product-export.csv", data, pictures))
    products = catalogue.products
    assert len(rows) == 200
    assert accounted(catalogue, 200)
    assert catalogue.summary.rows_kept == 200
    assert products[NAME].tolist() == [row["Name"] for row in rows]
    assert products["variant_of"].tolist()[:10] == ["1000"] * 5 + ["W1"] * 5
    assert products["id"].tolist()[4:7] == ["1004", "W1", "W1-0"]
    assert products["baseColour"].isna().tolist()[:5] == [True, False, False, False, False]
    assert products["baseColour"].tolist()[1:5] == list(exports.COLOURS)
    assert products["articleType"].tolist()[5:10] == ["Coats"] * 5
    assert products["masterCategory"].tolist()[5:10] == ["Clothing"] * 5
    assert products["picture"].tolist()[5:10] == ["uploads/w1.jpg"] * 3 + ["uploads/w1-2.jpg"] + [
        "uploads/w1.jpg"
    ]
    assert further(products, 5) == ["uploads/w1b.jpg"]


# -- H&M --------------------------------------------------------------------------------------------------


def test_h_and_m_s_articles(tmp_path):
    rows = exports.hm()
    pictures = [f"images/{row['article_id'][:3]}/{row['article_id']}.jpg" for row in rows[:150]]
    path = written(tmp_path, "articles.csv", exports.table(exports.HM, rows), pictures)
    (tmp_path / "customers.csv").write_text("customer_id,age\nx,30\n")
    for source in (path, tmp_path):
        catalogue = read_catalogue(source)
        products = catalogue.products
        assert accounted(catalogue, 200)
        assert catalogue.ids == [row["article_id"] for row in rows]
        assert products["picture"].tolist()[:150] == pictures
        assert (catalogue.summary.pictures_found, catalogue.summary.pictures_missing) == (150, 50)
        assert products["variant_of"].tolist()[:4] == ["0200100"] * 2 + ["0200101"] * 2
        assert products[["gender", "baseColour", "articleType"]].values.tolist()[2] == [
            "Women",
            "Blue",
            "Coat",
        ]


def test_articles_whose_zeros_a_spreadsheet_lost_still_find_their_pictures(tmp_path):
    rows = [row | {"article_id": row["article_id"].lstrip("0")} for row in exports.hm()[:4]]
    pictures = [f"images/020/0{row['article_id']}.jpg" for row in rows]
    path = written(tmp_path, "articles.csv", exports.table(exports.HM, rows), pictures)
    assert read_catalogue(path).products["picture"].tolist() == pictures


# -- any table --------------------------------------------------------------------------------------------

PLAIN = [
    {
        "SKU": "001",
        "Name": "Coat, long",
        "Colour": "Blue",
        "Image": "p/1.jpg",
        "Launched": "2023-05-01",
        "Stock": "3",
    },
    {"SKU": "002", "Name": "Hat", "Colour": "NA", "Image": "", "Launched": "2024-01-01", "Stock": ""},
]


def sheet(rows) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([])
    other = book.create_sheet("Products")
    other.append(list(rows[0]))
    for row in rows:
        other.append(list(row.values()))
        other.cell(other.max_row, 1).value = int(row["SKU"])
        other.cell(other.max_row, 1).number_format = "000"
        other.cell(other.max_row, 5).value = pd.Timestamp(row["Launched"]).to_pydatetime()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(rows) -> bytes:
    out = io.BytesIO()
    pd.DataFrame(rows).to_parquet(out)
    return out.getvalue()


FORMS = {
    "t.csv": lambda rows: exports.table(list(rows[0]), rows).encode(),
    "t.tsv": lambda rows: exports.table(list(rows[0]), rows, "\t").encode(),
    "semicolon.csv": lambda rows: exports.table(list(rows[0]), rows, ";").encode("cp1252"),
    "pipe.txt": lambda rows: exports.table(list(rows[0]), rows, "|").encode("utf-16"),
    "t.csv.gz": lambda rows: gzip.compress(exports.table(list(rows[0]), rows).encode()),
    "t.jsonl": lambda rows: "\n".join(map(json.dumps, rows)).encode(),
    "t.json": lambda rows: json.dumps(rows).encode(),
    "t.xlsx": sheet,
    "t.parquet": parquet,
}


@pytest.mark.parametrize("name", FORMS)
def test_any_table_with_an_id_and_a_name(tmp_path, name):
    catalogue = read_catalogue(written(tmp_path, name, FORMS[name](PLAIN), ["p/1.jpg"]))
    products = catalogue.products
    assert accounted(catalogue, 2)
    assert catalogue.ids == ["001", "002"]
    assert products[[NAME, "Stock"]].values.tolist()[0] == ["Coat, long", 3]
    assert products["baseColour"].tolist()[0] == "Blue"
    assert products["baseColour"].isna().tolist() == [False, True]
    assert products["year"].tolist() == [2023, 2024]
    assert products["picture"].tolist()[0] == "p/1.jpg"
    assert catalogue.rejects == ()


def test_lines_that_are_no_json_are_rejects(tmp_path):
    data = (
        '{"id": 1, "name": "Coat", "images": ["a.jpg", "b.jpg"]}\n\nnot json\n[1]\n{"id": 2, "name": "Hat"}\n'
    )
    catalogue = read_catalogue(written(tmp_path, "t.jsonl", data, ["a.jpg", "b.jpg"]))
    assert catalogue.ids == ["1", "2"]
    assert catalogue.products["line"].tolist() == [1, 5]
    assert [(one.line, one.reason) for one in catalogue.rejects] == [
        (2, "blank line"),
        (3, "no JSON object"),
        (4, "no JSON object"),
    ]
    assert further(catalogue.products, 0) == ["b.jpg"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        (
            "t.xls",
            b"\xd0\xcf\x11\xe0",
            "t.xls is a spreadsheet that cannot be read as it is. Save it as .xlsx",
        ),
        ("t.xlsx", b"junk", "not a readable spreadsheet"),
        ("t.csv.gz", b"\x1f\x8bjunk", "not a complete gzip file"),
        ("t.json", b"[1, 2", "not valid JSON"),
        ("t.jsonl", b"1\n2\n", "holds no JSON objects"),
        (
            "t.csv",
            b"when,where\n1,2\n",
            "no catalogue that is recognised; its columns are when, where.*mpsr mapping t",
        ),
    ],
)
def test_a_table_that_cannot_be_read_says_what_to_do(tmp_path, name, data, says):
    with pytest.raises(InputError, match=says):
        read_catalogue(written(tmp_path, name, data))


def test_a_folder_of_several_tables_asks_which(tmp_path):
    for name in ("a.csv", "b.csv"):
        written(tmp_path, name, "id,name\n1,Coat\n")
    with pytest.raises(InputError, match=r"several tables: a.csv, b.csv.*mpsr build .*a.csv"):
        read_catalogue(tmp_path)


def test_a_zip_with_an_export_and_its_pictures(tmp_path):
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        archive.writestr("shop/products.xlsx", sheet(PLAIN))
        archive.writestr("shop/p/1.jpg", picture_bytes())
    catalogue = read_catalogue(tmp_path / "shop.zip")
    assert catalogue.products["picture"].tolist()[0] == "shop/p/1.jpg"


# -- the mapping of an export -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["shopify", "google", "woocommerce", "hm"])
def test_the_mapping_written_for_an_export_reads_the_same(tmp_path, kind):
    header = {
        "shopify": exports.SHOPIFY,
        "google": exports.GOOGLE,
        "woocommerce": exports.WOO,
        "hm": exports.HM,
    }[kind]
    path = written(tmp_path, f"{kind}.csv", exports.table(header, getattr(exports, kind)()))
    mapping = recognised(header)
    assert mapping is not None
    (tmp_path / "m.toml").write_text(as_toml(mapping, path.name, header), encoding="utf-8")
    with_preset, with_mapping = (
        read_catalogue(path),
        read_catalogue(tmp_path, mapping=read_mapping(tmp_path / "m.toml")),
    )
    pd.testing.assert_frame_equal(with_preset.products, with_mapping.products)
    assert with_preset.rejects == with_mapping.rejects


def test_every_preset_is_told_by_its_signs():
    known = {preset.name: preset for preset in presets()}
    assert {"shopify", "google_merchant", "woocommerce", "hm", "any"} == set(known)
    for name, preset in known.items():
        if name != "any":
            found = recognised([*(sign.upper() for sign in preset.signs), "further"])
            assert found is not None
            assert found.preset == preset.title


def test_kaggle_s_ten_columns_under_any_name_are_read_as_ever(tmp_path):
    from ..conftest import HEADER, line

    written(tmp_path, "Mine.CSV", f"{HEADER}\n{line(1, 'Gold, Silver')}\n")
    assert locate(tmp_path / "Mine.CSV").mapping is None
    assert read_catalogue(tmp_path / "Mine.CSV").products[NAME].tolist() == ["Gold, Silver"]
