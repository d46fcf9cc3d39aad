"""Events over HTTP: scope, limits, repetition; and interleaved answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import new_token
from mpsr.clicks import Events
from mpsr.clicks.learning import counts_of, model_of
from mpsr.search.click_file import save_clicks
from mpsr.service import Service
from tests.api.conftest import client_of
from tests.api.test_problems import is_problem
from tests.clicks.test_learning import together


@pytest.fixture
def events(tmp_path: Path) -> Events:
    return Events(f"sqlite:///{tmp_path / 'events.sqlite'}")


def event(number: int, **more: object) -> dict[str, object]:
    return {"id": f"e{number}", "kind": "click", "session": "a/b", "product": "101"} | more


def test_events_are_added_once_and_removed_by_session(service: Service, events: Events) -> None:
    client = client_of(create_app(service, events=events))
    body = {"events": [event(1), event(2, time="2026-06-01T12:00:00Z", position=3, arm="clicks")]}
    assert client.post("/v1/events", json=body).json() == {"received": 2, "new": 2}
    assert client.post("/v1/events", json=body).json() == {"received": 2, "new": 0}
    assert events.table()["position"].dropna().tolist() == [3]
    assert client.delete("/v1/events/sessions/a%2Fb").json() == {"removed": 2}


@pytest.mark.parametrize(
    "body",
    [
        {"events": [event(number) for number in range(1001)]},
        {"events": [event(1, kind="look")]},
        {"events": [event(1, time="soon")]},
        {"events": [event(1, session="")]},
        {"events": [event(1, product="a\0b")]},
        {"events": "all"},
        {},
    ],
    ids=["too many", "kind", "time", "session", "nul", "no list", "nothing"],
)
def test_wrong_events_are_problems_and_nothing_is_kept(service: Service, events: Events, body) -> None:
    client = client_of(create_app(service, events=events))
    is_problem(client.post("/v1/events", json=body), 422)
    assert events.count() == 0


def test_events_need_a_token_that_may_write(service: Service, events: Events) -> None:
    tokens = {scope: new_token(scope, scope) for scope in ("read", "write")}
    settings = ApiSettings(tokens=tuple(token for _, token in tokens.values()))
    client = client_of(create_app(service, settings, events=events))
    for scope, status in (("read", 403), ("write", 200)):
        sent = {"Authorization": f"Bearer {tokens[scope][0]}"}
        answer = client.post("/v1/events", json={"events": [event(1)]}, headers=sent)
        assert answer.status_code == status
        assert client.delete("/v1/events/sessions/x", headers=sent).status_code == status


def test_without_a_place_for_events_none_are_taken(client: TestClient) -> None:
    is_problem(client.post("/v1/events", json={"events": [event(1)]}), 404)


@pytest.fixture
def mixed(tiny_store: Path, tmp_path: Path) -> TestClient:
    root = Path(shutil.copytree(tiny_store, tmp_path / "store"))
    chosen = {f"s{number}": ["101", "130", "129"] for number in range(40)}
    save_clicks(root, model_of(counts_of(together(chosen)), 5.0, 5.0))
    return client_of(create_app(Service(root, verify=False), interleave=True))


def test_an_interleaved_answer_says_which_ranking_picked_each_result(mixed: TestClient) -> None:
    similar = "/v1/products/101/similar?k=6"
    answer = mixed.get(f"{similar}&session=s").json()
    assert answer["arm"] == "interleaved"
    assert sorted(item["arm"] for item in answer["neighbours"]) == ["clicks"] * 3 + ["content"] * 3
    assert mixed.get(f"{similar}&session=s").json() == answer
    lists = [mixed.get(f"{similar}&session={one}").json()["neighbours"] for one in range(8)]
    assert len({tuple(item["id"] for item in one) for one in lists}) > 1
    plain = mixed.get(f"{similar}&clicks=false").json()
    assert (plain["arm"], {item["arm"] for item in plain["neighbours"]}) == ("content", {""})
