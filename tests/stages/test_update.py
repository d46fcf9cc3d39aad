"""A table of changes: the same store as a build of the whole changed catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mpsr.catalogue import Policies
from mpsr.errors import InputError, StoreError
from mpsr.pipeline import build, update
from mpsr.service import Service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.conftest import line, picture_bytes, shop_pictures, shop_rows, write_catalogue

#: The catalogue has thirty products from 101 on; one is new, one has another name, one another picture, one goes.
NEW = line(900, "Birch Men Green Watch", "Green", "Watches")
RENAMED = line(103, "Alder Men Green Shirts Two", "Green")
REPICTURED = shop_rows()[5]
PICTURES = {"900.jpg": picture_bytes((20, 150, 60)), "106.jpg": picture_bytes((9, 9, 9))}
GONE = "110"


@pytest.fixture
def updated(shop: Path, tiny_profile, tmp_path: Path) -> Path:
    """The store of the shop, updated with a table of changes."""
    build(shop, Store(tmp_path / "store"), Settings(tiny_profile))
    changes = write_catalogue(tmp_path / "changes", [NEW, RENAMED, REPICTURED], PICTURES)
    done = update(changes, Store(tmp_path / "store"), Settings(tiny_profile), [GONE])
    assert done.encoded == {"text": 2, "image": 2}
    return tmp_path / "store"


@pytest.fixture
def whole(shop: Path, tiny_profile, tmp_path: Path) -> Path:
    """The store of the whole changed catalogue, built at once."""
    rows = [*shop_rows(), NEW]
    rows[2] = RENAMED
    del rows[9]
    source = write_catalogue(tmp_path / "whole", rows, {**shop_pictures(), **PICTURES})
    build(source, Store(tmp_path / "built"), Settings(tiny_profile))
    return tmp_path / "built"


def test_it_is_the_catalogue_with_the_changes(updated: Path, whole: Path) -> None:
    ours, theirs = Service(updated), Service(whole)
    assert ours.ids == theirs.ids
    columns = [name for name in theirs.products if name != "line"]
    assert ours.products[columns].equals(theirs.products[columns])
    mine, full = (dict(service.info()["catalogue"]) for service in (ours, theirs))
    assert {**mine, "pictures_unused": 0} == {**full, "pictures_unused": 0}
    for stage in ("text", "image"):
        a, b = (np.asarray(service.artefact(stage).array("vectors.npy")) for service in (ours, theirs))
        assert np.einsum("nd,nd->n", a, b)[b.any(axis=1)].min() >= 0.9999
    for product in ours.ids:
        assert ours.picture(product) == theirs.picture(product)


def test_a_removed_product_is_gone_everywhere(updated: Path) -> None:
    service = Service(updated)
    assert GONE not in service.ids
    with pytest.raises(InputError, match="no product '110'"):
        service.similar(GONE)
    with pytest.raises(InputError, match="no product '110'"):
        service.picture(GONE)
    assert len(service.atlas.coordinates) == len(service) == 30
    for product in service.ids:
        assert GONE not in {item.id for item in service.similar(product, k=29).neighbours}


def test_the_same_update_again_changes_nothing(updated: Path, tiny_profile, tmp_path: Path) -> None:
    before = Store(updated).current()
    again = update(tmp_path / "changes", Store(updated), Settings(tiny_profile), [GONE])
    assert again.stages == before.stages
    assert again.encoded == {}


def test_products_can_only_be_removed(shop, tiny_profile, tmp_path) -> None:
    build(shop, Store(tmp_path), Settings(tiny_profile))
    update(None, Store(tmp_path), Settings(tiny_profile), ["101", "102"])
    assert Service(tmp_path).ids[0] == "103"
    with pytest.raises(InputError, match="no product would be left"):
        update(None, Store(tmp_path), Settings(tiny_profile), Service(tmp_path).ids)


def test_a_row_without_a_picture_keeps_the_one_its_product_had(shop, tiny_profile, tmp_path) -> None:
    build(shop, Store(tmp_path / "store"), Settings(tiny_profile))
    before = Service(tmp_path / "store").picture("103")
    update(
        write_catalogue(tmp_path / "changes", [RENAMED]), Store(tmp_path / "store"), Settings(tiny_profile)
    )
    service = Service(tmp_path / "store")
    assert service.name("103") == "Alder Men Green Shirts Two"
    assert service.picture("103") == before


def test_new_products_without_a_picture_are_left_out_where_the_build_left_them_out(
    shop, tiny_profile, tmp_path
) -> None:
    settings = Settings(tiny_profile, Policies(no_image="drop"))
    build(shop, Store(tmp_path / "store"), settings)
    update(write_catalogue(tmp_path / "changes", [NEW]), Store(tmp_path / "store"), settings)
    service = Service(tmp_path / "store")
    assert "900" not in service.ids
    assert service.rejects()["id"].tolist() == ["130", "900"]


def test_what_cannot_be_updated_says_why(shop, tiny_profile, tmp_path) -> None:
    changes = write_catalogue(tmp_path / "changes", [NEW])
    with pytest.raises(StoreError, match="is not a store"):
        update(changes, Store(tmp_path / "none"), Settings(tiny_profile))
    build(shop, Store(tmp_path / "store"), Settings(tiny_profile))
    with pytest.raises(InputError, match="900: to be removed, and in the table of changes"):
        update(changes, Store(tmp_path / "store"), Settings(tiny_profile), ["900"])


def test_an_update_after_a_collection_needs_no_source(shop, tiny_profile, tmp_path) -> None:
    from mpsr.store.gc import collect

    source = Path(shutil.copytree(shop, tmp_path / "source"))
    build(source, Store(tmp_path / "store"), Settings(tiny_profile))
    shutil.rmtree(source)
    for number in range(3):
        changes = write_catalogue(tmp_path / f"changes{number}", [line(900 + number, f"Birch {number}")])
        update(changes, Store(tmp_path / "store"), Settings(tiny_profile))
        collect(Store(tmp_path / "store"))
    assert len(Service(tmp_path / "store")) == 33
