"""The name of a store when none is given."""

import shutil

import pytest

from mpsr.errors import InputError
from mpsr.store import Store
from mpsr.store.naming import store_for


def test_a_store_of_another_version_is_not_replaced_unless_it_is_named(
    old_store, shop, tmp_path, monkeypatch
):
    monkeypatch.setenv("MPSR_STORES", str(old_store.parent))
    named = old_store.rename(old_store.with_name(shop.name))
    assert store_for(shop) == named  # its own catalogue
    other = tmp_path / "elsewhere" / shop.name
    second = named.with_name(f"elsewhere-{shop.name}")
    assert store_for(other) == second
    shutil.copytree(named, second)
    with pytest.raises(InputError, match="built from other catalogues"):
        store_for(other)


def test_the_source_of_what_cannot_be_read_is_unknown(store_copy, tmp_path):
    assert Store(tmp_path / "nothing").source() is None
    (store_copy / "current").write_text("0" * 64)
    assert Store(store_copy).source() is None
