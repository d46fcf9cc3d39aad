"""A server takes up a new build by itself; what a product's removal leaves is nothing."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

import pytest

from mpsr.api.app import create_app
from mpsr.pipeline import update
from mpsr.service import Service
from mpsr.shop import live_store
from mpsr.shop.live_rules import LiveRules
from mpsr.shop.live_store import LiveStore
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.layout import CURRENT

from .conftest import client_of

GONE = "101"


@pytest.fixture
def root(tiny_store: Path, tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(live_store, "LOOK_EVERY", 0.0)
    return Path(shutil.copytree(tiny_store, tmp_path / "store"))


def wait_until(ready) -> None:
    """Until a new build is open, which takes about a second."""
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_next_question_sees_a_new_build_and_a_removed_product_is_gone(root: Path, tiny_profile) -> None:
    service = Service(root)
    client = client_of(create_app(service, live=LiveStore(service)))
    paths = (f"/v1/products/{GONE}", f"/v1/pictures/{GONE}", f"/v1/products/{GONE}/similar")
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    first = client.get("/v1/ready").json()
    update(None, Store(root), Settings(tiny_profile), [GONE])
    wait_until(lambda: client.get("/v1/ready").json() != first)
    now = Store(root).current().fingerprint
    assert client.get("/v1/ready").json() == {**first, "products": 29, "snapshot": now}
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    asked = client.post("/v1/search", json={"parts": [{"product": GONE}]})
    assert asked.status_code == 422
    assert f"no product '{GONE}'" in asked.json()["detail"]
    for product in ("102", "116"):
        found = client.get(f"/v1/products/{product}/similar", params={"k": 28}).json()
        assert GONE not in {one["id"] for one in found["neighbours"]}
        assert found["snapshot"] == now
    figures = client.get("/metrics").text
    assert f'mpsr_products{{snapshot="{now}"}} 29.0' in figures
    assert first["snapshot"] not in figures


def test_what_is_under_way_ends_on_the_build_it_began_with(root: Path, tiny_profile) -> None:
    service = Service(root)
    app = create_app(service, live=LiveStore(service))
    under_way = app.state.served.now()
    update(None, Store(root), Settings(tiny_profile), [GONE])
    wait_until(lambda: app.state.served.now().snapshot != under_way.snapshot)
    assert under_way.service.name(GONE)
    assert under_way.service.picture(GONE)
    assert GONE not in app.state.served.now().service.ids


def test_a_build_that_cannot_be_opened_changes_nothing(root: Path, caplog) -> None:
    service = Service(root)
    live = LiveStore(service)
    with caplog.at_level(logging.WARNING, live_store.__name__):
        (root / CURRENT).write_text("0" * 64 + "\n")
        wait_until(lambda: live.service and "the build before answers on" in caplog.text)
    assert live.service is service
    (root / CURRENT).unlink()
    assert live.service is service


def test_rules_go_with_every_build(root: Path, tiny_profile, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\naction = "exclude"\nproducts = ["102"]\n')
    service = Service(root)
    rules = LiveRules(service, path)
    live = LiveStore(service, rules)
    update(None, Store(root), Settings(tiny_profile), [GONE])
    wait_until(lambda: len(live.service) == 29)
    assert live.service.rules_digest == rules.service.rules_digest != ""
    found = {item.id for item in live.service.similar("103", k=28).neighbours}
    assert not found & {GONE, "102"}
