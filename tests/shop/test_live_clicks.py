"""Clicks that are learned while the store is open: in the library, over HTTP and in the app."""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from pathlib import Path

import pytest

from mpsr.api.app import create_app
from mpsr.clicks.learning import counts_of, model_of
from mpsr.search.click_file import save_clicks
from mpsr.service import Service
from mpsr.shop import watched
from mpsr.shop.live_clicks import LiveClicks
from mpsr.shop.live_rules import LiveRules
from mpsr.store.layout import CLICKS
from mpsr.ui import opened
from mpsr.ui.rules.live import under_rules
from tests.api.conftest import client_of
from tests.clicks.test_learning import together
from tests.shop.test_live_rules import PIN, change


@pytest.fixture
def root(tiny_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    return Path(shutil.copytree(tiny_store, tmp_path / "store"))


def learn(root: Path, product: str) -> list[str]:
    """101 and the product are chosen together; what a store opened now shows beside 101."""
    sessions = {f"s{number}": ["101", product] for number in range(40)}
    save_clicks(root, model_of(counts_of(together(sessions)), 5.0, 5.0))
    return shown(Service(root, verify=False))


def shown(service: Service, **options: bool) -> list[str]:
    return [item.id for item in service.similar("101", k=5, **options).neighbours]


def test_the_next_question_sees_what_was_learned_and_a_running_one_does_not(root: Path) -> None:
    live = LiveClicks(Service(root, verify=False))
    running = live.service
    before = shown(running)
    after = learn(root, "130")
    assert after != before
    assert shown(live.service) == after
    assert shown(running) == before
    assert live.service.space() is running.space()
    (root / CLICKS).unlink()
    assert shown(live.service) == before
    assert live.error == ""


def test_what_cannot_be_read_changes_nothing(root: Path) -> None:
    after = learn(root, "130")
    live = LiveClicks(Service(root, verify=False))
    (root / CLICKS).write_bytes(b"no file of clicks")
    assert shown(live.service) == after
    assert CLICKS in live.error
    other = learn(root, "129")
    assert shown(live.service) == other != after
    assert live.error == ""


def test_a_store_opened_without_clicks_stays_without(root: Path) -> None:
    live = LiveClicks(Service(root, verify=False, clicks=False))
    before = shown(live.service)
    assert learn(root, "130") != before
    assert shown(live.service) == before


def test_every_answer_is_whole_while_the_clicks_are_replaced(root: Path) -> None:
    either = [learn(root, "129"), learn(root, "130")]
    live, found, stop = LiveClicks(Service(root, verify=False)), set(), threading.Event()

    def ask() -> None:
        while not stop.is_set():
            found.add(tuple(shown(live.service)))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        learn(root, ("129", "130")[turn % 2])
    stop.set()
    for thread in threads:
        thread.join()
    assert found <= {tuple(one) for one in either}


def test_an_open_server_follows_clicks_and_rules_and_both_are_switched_off(
    root: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(PIN.format("128"))
    service = Service(root, verify=False)
    before = shown(service)
    client = client_of(create_app(service, rules=LiveRules(service, rules)))

    def asked(further: str = "") -> list[str]:
        answer = client.get(f"/v1/products/101/similar?k=5{further}").json()
        return [item["id"] for item in answer["neighbours"]]

    assert asked()[0] == "128"
    after = learn(root, "130")
    assert asked("&rules=false") == after
    assert asked()[0] == "128"
    change(rules, PIN.format("127"))
    assert asked()[0] == "127"
    assert asked("&rules=false&clicks=false") == before
    told = client.get("/v1/catalogue").json()
    assert told["clicks_digest"] == Service(root, verify=False).clicks_digest
    (root / CLICKS).write_bytes(b"no file of clicks")
    told = client.get("/v1/catalogue").json()
    assert CLICKS in told["clicks_error"]
    assert os.fspath(root) not in told["clicks_error"]
    assert asked("&rules=false") == after


def test_an_open_app_follows_clicks_with_and_without_rules(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "_services", OrderedDict())
    before = shown(opened.opened(root))
    after = learn(root, "130")
    assert shown(opened.opened(root)) == after != before
    (tmp_path / "rules.toml").write_text(PIN.format("128"))
    monkeypatch.setenv("MPSR_RULES", str(tmp_path / "rules.toml"))
    assert shown(under_rules(opened.opened(root)))[0] == "128"
    other = learn(root, "129")
    assert shown(under_rules(opened.opened(root)), rules=False) == other
    assert shown(under_rules(opened.opened(root)), clicks=False)[0] == "128"
