"""Learning from newer events only gives what learning from all of them gives."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from mpsr.clicks import KINDS, Event, Events
from mpsr.clicks.choosing import choose
from mpsr.clicks.tables import EventRow
from mpsr.search.click_file import read_clicks
from mpsr.service import Service
from mpsr.shop.clicks_taken import Taken, take_choices
from mpsr.shop.learn_clicks import learn_clicks
from mpsr.store.layout import CLICKS, CLICKS_TAKEN
from tests.clicks.conftest import NOW, event

DAY = 86_400.0
PRODUCTS = ["1", "2", "3", "4"]

added = st.lists(
    st.builds(
        event,
        st.integers(0, 60),
        product=st.sampled_from([*PRODUCTS, "gone"]),
        kind=st.sampled_from(KINDS),
        session=st.sampled_from("abc"),
        time=st.integers(0, 20).map(lambda days: NOW + days * DAY),
        query=st.sampled_from(["", "1", "2", "red shoes"]),
        position=st.sampled_from([None, 1]),
    ),
    min_size=1,
    max_size=12,
)
#: What happens between two times of learning: events come, a session may be forgotten, old events may be removed.
happens = st.tuples(added, st.sampled_from(["", *"abc"]), st.sampled_from([0, 0, 5, 10]))


def model(taken: Taken) -> tuple[str, str]:
    """What is learned with the queries of one catalogue; four products, the others of each its nearest."""
    table = taken.with_queries(PRODUCTS)
    known = table[table["product"].isin(PRODUCTS)]
    found, choice = choose(known, PRODUCTS, lambda row: np.delete(np.arange(4), row))
    return found.digest, repr(choice)  # as text, where nan is nan


@settings(max_examples=15, deadline=None)
@given(st.lists(happens, min_size=2, max_size=4))
def test_newer_events_alone_give_what_all_of_them_give(nights) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, events, limit = Path(folder), Events(f"sqlite:///{folder}/events.sqlite"), 0.0
        for new, forgotten, days in nights:
            events.add(new)
            events.forget(forgotten)
            limit = NOW + days * DAY
            events.remove_before(limit)
            taken = take_choices(root, events, limit)
        whole = root / "whole"
        whole.mkdir()
        wanted = take_choices(whole, events, limit)
        hidden = ["session", "query"]
        pd.testing.assert_frame_equal(taken.table.drop(columns=hidden), wanted.table.drop(columns=hidden))
        pd.testing.assert_series_equal(
            taken.with_queries(PRODUCTS)["query"], wanted.with_queries(PRODUCTS)["query"]
        )
        assert model(taken) == model(wanted)
        events.close()


@pytest.fixture
def events(tmp_path: Path) -> Events:
    return Events(f"sqlite:///{tmp_path / 'events.sqlite'}")


def test_only_newer_events_are_read_and_why_all_of_them_were(tmp_path: Path, events: Events) -> None:
    def read(limit: float = 0.0, anew: bool = False) -> tuple[int, str]:
        taken = take_choices(tmp_path, events, limit, anew)
        assert len(taken.table) == len(events.choices().table)
        return taken.new, taken.why_all

    events.add([event(1, time=NOW), event(2), event(3, kind="view", position=2)])
    assert read() == (2, "nothing was kept")
    assert read() == (0, "")
    events.add([event(4, session="b"), event(5)])
    assert read() == (2, "")
    events.remove_before(NOW + 1)
    assert read(NOW + 1) == (0, "")
    assert read(NOW + 1, anew=True) == (3, "it was asked for")
    events.forget("b")
    assert read(NOW + 1) == (2, "events were removed")
    with events.database.writing() as connection:  # as somebody would by hand
        connection.execute(delete(EventRow).where(EventRow.id == "e5"))
    assert read(NOW + 1) == (1, "the last event read is no longer there")
    (tmp_path / CLICKS_TAKEN).write_bytes(b"no table")
    assert read(NOW + 1) == (1, "nothing was kept")


def test_another_database_is_read_whole(tmp_path: Path, events: Events) -> None:
    other = Events(f"sqlite:///{tmp_path / 'other.sqlite'}")
    for one in (events, other):
        one.add([event(1), event(2)])
    take_choices(tmp_path, events, 0.0)
    assert take_choices(tmp_path, other, 0.0).why_all == "the last event read is no longer there"


def test_no_number_is_given_again(events: Events) -> None:
    events.add([event(1), event(2, session="b")])
    first = events.choices().mark
    events.forget("b")
    events.add([event(3)])
    assert events.choices().mark.number > first.number


def test_what_is_kept_names_no_session_and_no_words(tmp_path: Path, events: Events) -> None:
    events.add([event(1, session="Ada Lovelace", query="red shoes")])
    take_choices(tmp_path, events, 0.0)
    kept = pd.read_parquet(tmp_path / CLICKS_TAKEN)
    assert not kept.isin(["Ada Lovelace", "red shoes"]).any().any()
    assert kept["session"].str.fullmatch("[0-9a-f]{32}").all()


def test_learning_night_by_night_ranks_as_learning_at_once(
    store_copy: Path, events: Events, mpsr, monkeypatch
) -> None:
    """Three nights, one session forgotten between them, through the command."""
    monkeypatch.setenv("MPSR_EVENTS_URL", str(events.database.url))
    service = Service(store_copy, verify=False)
    last = service.similar("101", k=29).neighbours[-1].id

    def night(number: int) -> list[Event]:
        days = (number * 7 + n / 20 for n in range(120))
        return [
            event(1000 * number + n, last, session=f"{number}-{n}", time=NOW + day * DAY, query="101")
            for n, day in enumerate(days)
        ]

    told = []
    for number in range(3):
        events.add(night(number))
        told.append(
            json.loads(mpsr("learn-clicks", "--store", store_copy, "--keep-days", 10_000, "--json")[1])
        )
    assert [one["new"] for one in told] == [120, 120, 120]
    assert told[-1]["used"]
    events.forget("1-7")
    again = json.loads(mpsr("learn-clicks", "--store", store_copy, "--keep-days", 10_000, "--json")[1])
    assert (again["why_all"], again["events"]) == ("events were removed", 359)
    kept = read_clicks(store_copy)
    (store_copy / CLICKS).unlink()
    whole = learn_clicks(service, events, keep_days=10_000, anew=True)
    assert read_clicks(store_copy).digest == kept.digest
    assert whole.choice.gain == again["choice"]["gain"]


def test_a_database_of_the_first_schema_gets_its_numbers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    old_schema(url)
    events = Events(url)
    assert events.choices().table[["number", "product"]].to_numpy().tolist() == [[1, "102"], [2, "101"]]
    assert events.add([event(1), event(3)]) == 1
    assert Events(url).count() == 3
    assert events.choices().table["product"].tolist() == ["102", "101", "101"]


def old_schema(url: str) -> None:
    """Events as they were kept before they had numbers."""
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        for line in (
            "CREATE TABLE mpsr_events_schema (id INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL)",
            "CREATE TABLE mpsr_event (id VARCHAR(64) NOT NULL PRIMARY KEY, kind VARCHAR(16) NOT NULL, session"
            " VARCHAR(128) NOT NULL, product VARCHAR(512) NOT NULL, time DOUBLE PRECISION NOT NULL, query TEXT NOT"
            " NULL, position INTEGER, snapshot VARCHAR(64) NOT NULL, arm VARCHAR(32) NOT NULL)",
            "CREATE INDEX mpsr_event_session ON mpsr_event (session)",
            "CREATE INDEX mpsr_event_time ON mpsr_event (time)",
            "INSERT INTO mpsr_events_schema VALUES (1, 1)",
            f"INSERT INTO mpsr_event VALUES ('e1', 'click', 's', '101', {NOW + 1}, '', NULL, '', '')",
            f"INSERT INTO mpsr_event VALUES ('e0', 'click', 's', '102', {NOW}, '', NULL, '', '')",
        ):
            connection.execute(text(line))
    engine.dispose()
