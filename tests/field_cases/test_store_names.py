"""One catalogue never replaces another unasked."""

from __future__ import annotations

import contextlib
import json
import sys

import pytest

from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.naming import store_for

from ..conftest import HEADER, line

pytestmark = pytest.mark.usefixtures("tiny_embedded")


def table(folder, *ids):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "products.csv").write_text("\n".join([HEADER, *(line(one) for one in ids)]) + "\n")
    return folder / "products.csv"


def test_two_tables_of_one_name_have_a_store_each(tmp_path, monkeypatch, capfd):
    from mpsr.cli import main as cli

    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    built = {}
    for season, product in (("spring", 1), ("autumn", 2), ("spring", 1)):
        source = table(tmp_path / season, product, product + 10)
        monkeypatch.setattr(sys, "argv", ["mpsr", "build", str(source), "--json"])
        with contextlib.suppress(SystemExit):
            cli.main()
        built[season] = json.loads(capfd.readouterr().out)["store"]
    assert [path.split("/")[-1] for path in built.values()] == ["products", "autumn-products"]


def test_a_store_built_from_the_same_place_is_the_same(tmp_path, monkeypatch, tiny_profile):
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    first, second, third = (table(tmp_path / name / "shop", 1, 2) for name in ("a", "b", "c"))
    assert store_for(first) == store_for(first) == tmp_path / "stores" / "products"
    build(first, Store(store_for(first)), Settings(profile=tiny_profile))
    assert store_for(first).name == "products"
    assert store_for(second).name == "shop-products"
    build(second, Store(store_for(second)), Settings(profile=tiny_profile))
    with pytest.raises(InputError, match=r"products and shop-products in .* --store autumn"):
        store_for(third)


SOURCES = [
    ("fashion.zip", "fashion"),
    ("feed.tsv.gz", "feed"),
    ("Shop 2.0.csv", "Shop 2.0"),
    ("shop", "shop"),
]


@pytest.mark.parametrize(("source", "name"), SOURCES)
def test_a_store_is_called_after_its_source(tmp_path, monkeypatch, source, name):
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    assert store_for(tmp_path / source).name == name
