"""Building and mapping exports from the command line."""

from __future__ import annotations

import json

import pytest

from ..catalogue import exports
from ..conftest import line, write_catalogue

pytestmark = pytest.mark.usefixtures("tiny_embedded")


def test_a_build_says_what_it_took_for_what(mpsr, tmp_path):
    path = tmp_path / "products_export.csv"
    path.write_text(exports.table(exports.SHOPIFY, exports.shopify()[:50]))
    code, out, err = mpsr("build", path, "--store", tmp_path / "store", "--json")
    assert code == 0, err
    said = " ".join(err.split())
    assert "products_export.csv is read as Shopify's product CSV" in said
    assert "title ← Title" in said
    assert "colour ← Option1 Value" in said
    assert "variants ← Handle" in said
    rows = json.loads(out)["catalogue"]
    assert (rows["rows_read"], rows["rows_kept"], rows["rows_joined"]) == (50, 40, 10)
    code, out, _ = mpsr("info", "--store", tmp_path / "store")
    assert "10 hold only a further picture of their product" in out
    assert "refused: named by URL; run mpsr fetch pictures" in out
    code, out, _ = mpsr(
        "similar", "001-0", "--store", tmp_path / "store", "--hide-variants", "--json", "-k", 50
    )
    assert not {item["id"] for item in json.loads(out)["neighbours"]} & {f"001-{n}" for n in range(4)}


def test_the_mapping_of_an_export_is_written_and_builds_the_same(mpsr, tmp_path):
    path = tmp_path / "feed.tsv"
    path.write_text(exports.table(exports.GOOGLE, exports.google()[:20], "\t"))
    code, out, _ = mpsr("mapping", path)
    assert code == 0
    assert 'productDisplayName = "title"' in out
    code, out, _ = mpsr("mapping", path, "--to", tmp_path / "m.toml")
    assert code == 0
    assert f"mpsr build {tmp_path} --mapping {tmp_path / 'm.toml'}" in out
    code, _, err = mpsr("mapping", path, "--to", tmp_path / "m.toml")
    assert code == 2
    assert "is there already and was not touched" in err
    code, out, err = mpsr(
        "build", tmp_path, "--mapping", tmp_path / "m.toml", "--store", tmp_path / "s", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["catalogue"]["rows_kept"] == 20


def test_the_mapping_of_an_unknown_table_is_there_to_fill_in(mpsr, tmp_path):
    (tmp_path / "t.csv").write_text("when,where\n1,2\n")
    code, out, _ = mpsr("mapping", tmp_path / "t.csv")
    assert code == 0
    assert "Its columns: when, where" in out
    assert 'id = ""' in out


def test_a_catalogue_of_the_ten_columns_says_so(mpsr, tmp_path):
    folder = write_catalogue(tmp_path / "shop", [line(1), line(2)])
    _, _, err = mpsr("build", folder, "--store", tmp_path / "store")
    assert "styles.csv is read as Kaggle's Fashion Product Images" in " ".join(err.split())
