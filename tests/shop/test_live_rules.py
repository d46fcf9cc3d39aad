"""Rules that change while the store is open: in the library and over HTTP."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mpsr.api.app import create_app
from mpsr.errors import InputError
from mpsr.service import Service
from mpsr.shop import watched
from mpsr.shop.live_rules import LiveRules
from tests.api.conftest import client_of

PIN = '[[rule]]\naction = "pin"\nproducts = ["{}"]\nslot = 1\n'


@pytest.fixture
def service(tiny_store: Path) -> Service:
    return Service(tiny_store, verify=False)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    path = tmp_path / "rules.toml"
    path.write_text(PIN.format("130"))
    return path


def change(path: Path, text: str) -> None:
    """Another content, and surely another time."""
    path.write_text(text)
    when = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(when, when))


def test_other_rules_share_the_store_and_leave_the_first_alone(service: Service, rules: Path) -> None:
    before = service.similar("101", k=3)
    ruled = LiveRules(service, rules).service
    assert ruled.similar("101", k=3).neighbours[0].id == "130"
    assert ruled.space() is service.space()
    assert service.similar("101", k=3) == before


def test_a_changed_file_counts_and_a_wrong_one_does_not(service: Service, rules: Path) -> None:
    live = LiveRules(service, rules)
    change(rules, PIN.format("129"))
    assert live.service.similar("101", k=3).neighbours[0].id == "129"
    change(rules, '\n[[rule]]\naction = "pim"\nproducts = ["1"]\n')
    assert live.service.similar("101", k=3).neighbours[0].id == "129"
    assert "line 2" in live.error
    rules.unlink()
    assert "cannot be read" in live.error
    change(rules, "") if rules.exists() else rules.write_text("")
    assert (live.error, live.service.similar("101", k=3)) == ("", service.similar("101", k=3))


def test_a_wrong_file_is_refused_at_first_unless_told_otherwise(service: Service, rules: Path) -> None:
    rules.write_text('[[rule]]\naction = "pim"\nproducts = ["1"]\n')
    with pytest.raises(InputError, match="line 1"):
        LiveRules(service, rules)
    live = LiveRules(service, rules, strict=False)
    assert "line 1" in live.error
    assert live.service.similar("101") == service.similar("101")


def test_the_api_answers_under_the_rules_and_without(service: Service, rules: Path) -> None:
    client = client_of(create_app(service, rules=LiveRules(service, rules)))
    similar = "/v1/products/101/similar?k=3"
    ruled = client.get(similar).json()
    assert (ruled["neighbours"][0]["id"], ruled["neighbours"][0]["pinned"]) == ("130", True)
    plain = client.get(f"{similar}&rules=false").json()
    asked = {"parts": [{"product": "101"}], "k": 3, "rules": False}
    for answer in (plain, client.post("/v1/search", json=asked).json()):
        assert [item["id"] for item in answer["neighbours"]] == [
            item.id for item in service.similar("101", k=3).neighbours
        ]
        assert answer["rules_digest"] == ""
    assert client.get("/v1/catalogue").json()["rules_digest"] == ruled["rules_digest"] != ""
    change(rules, "rule = 3\n")
    told = client.get("/v1/catalogue").json()["rules_error"]
    assert "line 1" in told
    assert str(rules.parent) not in told
    assert client.get(similar).json()["neighbours"] == ruled["neighbours"]
