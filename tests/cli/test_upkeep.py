"""Keeping a store in order from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mpsr.cli.upkeep import ids_of
from mpsr.errors import InputError

from ..conftest import line, shop_rows, write_catalogue

pytestmark = pytest.mark.usefixtures("tiny_embedded")


def test_a_build_says_what_it_encoded_and_gc_removes_what_was_before(
    mpsr, shop: Path, tmp_path: Path
) -> None:
    source, store = Path(shutil.copytree(shop, tmp_path / "catalogue")), tmp_path / "store"
    encoded = []
    for rows in (shop_rows(), [*shop_rows(), line(900, "Birch Men Green Watch", "Green", "Watches")], None):
        if rows:
            write_catalogue(source, rows)
        code, out, err = mpsr("build", source, "--store", store, "--json")
        assert code == 0, err
        models = json.loads(out)["models"]
        encoded.append((models["text"]["encoded"], models["image"]["encoded"]))
    assert encoded[1:] == [(1, 0), (0, 0)]
    assert encoded[0] > (20, 20)

    code, out, _ = mpsr("gc", "--store", store, "--dry-run", "--json")
    said = json.loads(out)
    assert (code, len(said["snapshots"]), len(said["kept"])) == (0, 1, 1)
    code, out, _ = mpsr("gc", "--store", store)
    assert code == 0
    assert "1 builds" in out
    assert f"{said['bytes_before'] / 1e6:,.0f} MB before, {said['bytes_after'] / 1e6:,.0f} MB after" in out
    assert mpsr("similar", 900, "--store", store)[0] == 0


def test_an_update_takes_a_table_of_changes_and_ids_to_remove(mpsr, shop: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert mpsr("build", shop, "--store", store)[0] == 0
    changes = write_catalogue(tmp_path / "changes", [line(900, "Birch Men Green Watch", "Green", "Watches")])
    gone = tmp_path / "gone.txt"
    gone.write_text("101\n102\n\n")
    code, out, err = mpsr(
        "update", changes, "--store", store, "--remove", gone, "--remove", "103, 999", "--json"
    )
    assert code == 0, err
    assert "1 products to remove are not there: 999" in " ".join(err.split())
    found = json.loads(out)
    assert found["catalogue"]["rows_kept"] == 28
    assert found["models"]["text"]["encoded"] == 1
    assert found["source"] == str(shop)
    code, out, err = mpsr("similar", 101, "--store", store)
    assert (code, out) == (2, "")
    code, _, err = mpsr("update", "--store", store)
    assert code == 2
    assert "nothing to update" in err


def test_info_tells_the_drift_of_a_generation_that_was_kept(mpsr, shop: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    mpsr("build", shop, "--store", store)
    assert "\ndrift " not in mpsr("info", "--store", store)[1]
    assert mpsr("update", "--store", store, "--remove", "104")[0] == 0
    out = mpsr("info", "--store", store)[1]
    assert (
        "drift      3.3% of the 30 products fitted to: 0 added, 1 removed, 0 with another text or picture"
        in out
    )
    told = json.loads(mpsr("info", "--store", store, "--json")[1])
    assert told["drift"]["removed"] == 1
    assert told["generation"] == {"products": 30, "fitted_because": "there was none before", "kept": True}


def test_a_build_that_fits_anew_says_why(mpsr, shop: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = json.loads(mpsr("build", shop, "--store", store, "--json")[1])["generation"]
    assert first == {"products": 30, "fitted_because": "there was none before", "kept": False}
    # Changes are counted since the last fit: four days of one product each pass the gate of a tenth.
    fitted = []
    for day in range(4):
        code, out, err = mpsr("update", "--store", store, "--remove", 101 + day, "--json")
        assert code == 0, err
        fitted.append(json.loads(out)["generation"])
    assert [one["kept"] for one in fitted] == [True, True, True, False]
    reason = "13.3% of its products have changed, more than 10%"
    assert fitted[3] == {"products": 26, "fitted_because": reason, "kept": False}
    assert f"fitted     to 26 products, because {reason}\n" in mpsr("info", "--store", store)[1]


def test_ids_to_remove_are_a_list_of_any_length_or_a_file(tmp_path: Path) -> None:
    many = [str(number) for number in range(2000)]
    assert ids_of([",".join(many)]) == many
    told = tmp_path / "gone.txt"
    told.write_text("\ufeff7\n\n8 \n", encoding="utf-8")
    assert ids_of([str(told), "9, 10"]) == ["7", "8", "9", "10"]
    told.write_bytes(b"\xff\xfe7")
    with pytest.raises(InputError, match="not UTF-8"):
        ids_of([str(told)])
