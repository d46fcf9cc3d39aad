"""A shop's own table through a mapping."""

from __future__ import annotations

import pandas as pd
import pytest

from mpsr.catalogue import read_catalogue, read_mapping
from mpsr.errors import InputError

from ..conftest import picture_bytes

BASE = '[columns]\nid = "sku"\nproductDisplayName = "title"\n'


def mapping(tmp_path, text: str, encoding: str = "utf-8"):
    (tmp_path / "shop.toml").write_text(text, encoding=encoding)
    return read_mapping(tmp_path / "shop.toml")


def shop(tmp_path, table: bytes, name: str = "products.csv"):
    folder = tmp_path / "shop"
    (folder / "photos").mkdir(parents=True)
    (folder / name).write_bytes(table)
    (folder / "photos" / "A-1.jpg").write_bytes(picture_bytes())
    return folder


TABLE = (
    "sku;title;color;photo;stock\n"
    ' A-1 ;"Shirt; ""blue""";Blue;photos\\A-1.jpg; 3 \n'
    "007;Coat;NA;./photos/A-1.jpg;\n"
    "../x;Hat;;../../secret.jpg;1\n"
)


def test_a_semicolon_table_with_its_own_columns(tmp_path):
    spec = 'table = "./products.csv"\ndelimiter = ";"\n' + BASE + 'baseColour = "color"\npicture = "photo"\n'
    catalogue = read_catalogue(shop(tmp_path, TABLE.encode()), mapping=mapping(tmp_path, spec))
    products = catalogue.products
    assert catalogue.ids == ["A-1", "007", "../x"]
    assert products["productDisplayName"].tolist() == ['Shirt; "blue"', "Coat", "Hat"]
    assert products["baseColour"].isna().tolist() == [False, True, True]
    assert products["picture"].isna().tolist() == [False, False, True]
    assert products["stock"].tolist()[0] == 3
    assert products["gender"].isna().all()


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("photos/{id}.jpg", ["photos/A-1.jpg", None, None]),
        ("photos/{id}.png", ["photos/A-1.jpg", None, None]),
        ("../{id}", ["photos/A-1.jpg", None, None]),
        ("pictures/{id}.jpg", [None] * 3),
    ],
)
def test_pictures_by_a_pattern(tmp_path, pattern, found):
    spec = f'table = "products.csv"\ndelimiter = ";"\npictures = "{pattern}"\n' + BASE
    products = read_catalogue(shop(tmp_path, TABLE.encode()), mapping=mapping(tmp_path, spec)).products
    assert [value if isinstance(value, str) else None for value in products["picture"]] == found


def test_without_a_word_on_pictures_they_are_in_images(tmp_path):
    folder = shop(tmp_path, TABLE.encode())
    (folder / "photos").rename(folder / "images")
    spec = 'table = "products.csv"\ndelimiter = ";"\n' + BASE
    assert read_catalogue(folder, mapping=mapping(tmp_path, spec)).summary.pictures_found == 1


def test_a_parquet_table_with_numbers_for_ids(tmp_path):
    folder = shop(tmp_path, b"")
    frame = pd.DataFrame(
        {"sku": [1.0, 2.0, None], "title": ["a", None, "c"], "when": pd.to_datetime(["2020-01-01"] * 3)}
    )
    frame.to_parquet(folder / "products.parquet")
    for path, spec in ((folder, 'table = "products.parquet"\n' + BASE), (folder / "products.parquet", BASE)):
        catalogue = read_catalogue(path, mapping=mapping(tmp_path, spec))
        assert catalogue.ids == ["1", "2"]
        assert catalogue.summary.rejected == {"no id": 1}


def test_a_latin_1_table_named_so(tmp_path):
    spec = 'table = "products.csv"\nencoding = "latin-1"\n' + BASE
    folder = shop(tmp_path, "sku,title\n1,Käse\n".encode("latin-1"))
    assert read_catalogue(folder, mapping=mapping(tmp_path, spec)).products[
        "productDisplayName"
    ].tolist() == ["Käse"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (BASE, r'holds no styles.csv. Expected the mapping to say .*table = "...", one of products.csv'),
        ('table = "other.csv"\n' + BASE, "holds no other.csv.*products.csv"),
        ('table = "../shop/products.csv"\n' + BASE, "holds no ../shop/products.csv"),
        ('table = "products.csv"\nencoding = "klingon"\n' + BASE, "no known text encoding"),
        ('table = "products.csv"\n' + BASE + 'gender = "sex"\n', "lacks the column.*sex; it has sku, title"),
    ],
)
def test_a_mapping_that_does_not_fit_the_source(tmp_path, spec, says):
    with pytest.raises(InputError, match=says):
        read_catalogue(shop(tmp_path, b"sku,title\n1,a\n"), mapping=mapping(tmp_path, spec))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not toml", "not valid TOML"),
        ("", r"lacks \['id', 'productDisplayName'\]"),
        ('[columns]\nid = "sku"', r"lacks \['productDisplayName'\]"),
        (BASE + 'colour = "c"', r"unknown columns \['colour'\]"),
        ('tabel = "x"\n' + BASE, r"unknown keys \['tabel'\]"),
        ("columns = 3", "columns = 3. Expected a table"),
        ('columns = ["id", "productDisplayName"]', "Expected a table"),
        ('columns = "id"', "Expected a table"),
        ("[columns]\nid = 1\nproductDisplayName = 2", "a value that is no text"),
        ("delimiter = 5\n" + BASE, "a value that is no text"),
        ('table = ""\n' + BASE, "a value that is no text, or empty"),
        *(
            (f'delimiter = "{character}"\n' + BASE, "Expected one character")
            for character in (";;", "\\n", "\\r", '\\"', "\\u0000")
        ),
    ],
)
def test_a_mapping_that_cannot_be_understood(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        mapping(tmp_path, text)


def test_a_mapping_saved_by_a_windows_editor(tmp_path):
    assert mapping(tmp_path, BASE.replace("\n", "\r\n"), "utf-8-sig").columns["id"] == "sku"


def test_a_mapping_in_another_encoding_or_none_at_all(tmp_path):
    with pytest.raises(InputError, match="not valid TOML"):
        mapping(tmp_path, BASE, "utf-16")
    for path in (tmp_path, tmp_path / "nothing.toml"):
        with pytest.raises(InputError, match="cannot read the mapping"):
            read_mapping(path)
