"""Keeping a store in order from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

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
