"""What clicks teach: counts by hand, the shrunk score, the blend, and what must not change."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mpsr.clicks import Event, Events
from mpsr.clicks.choosing import later_week
from mpsr.clicks.learning import MOST_OF_A_SESSION, counts_of, model_of
from mpsr.errors import StoreError
from mpsr.search.click_blend import click_shares
from mpsr.search.click_file import read_clicks, save_clicks
from mpsr.search.rules import Chosen, Rule, Rules
from mpsr.service import Service
from mpsr.shop.learn_clicks import learn_from
from mpsr.store.layout import CLICKS
from tests.clicks.conftest import NOW, event

DAY = 86_400.0


def table(*events: Event) -> pd.DataFrame:
    frame = pd.DataFrame([vars(one) for one in events])
    return frame.astype({"position": "Int64"})


def together(sessions: dict[str, list[str]]) -> pd.DataFrame:
    number = iter(range(10_000))
    return table(
        *(event(next(number), one, session=name) for name, chosen in sessions.items() for one in chosen)
    )


def test_counts_are_of_sessions(monkeypatch) -> None:
    counts = counts_of(together({"a": ["1", "2", "2"], "b": ["1", "2", "3"], "c": ["3"]}))
    assert counts.ids == ("1", "2", "3")
    assert counts.sessions.tolist() == [2, 2, 2]
    assert counts.both.toarray().tolist() == [[0, 2, 1], [2, 0, 1], [1, 1, 0]]


def test_what_counts_as_chosen() -> None:
    counts = counts_of(
        table(
            event(1, "1", "view", position=1),  # only shown
            event(2, "2", "view"),  # its own page
            event(3, "3", "cart"),
            event(4, "4", "click", query="1"),  # asked what is similar to 1
            event(5, "4", "click", query="red shoes"),
        )
    )
    assert counts.ids == ("1", "2", "3", "4")


def test_a_session_of_very_many_products_is_left_out() -> None:
    many = [str(number) for number in range(MOST_OF_A_SESSION + 1)]
    counts = counts_of(together({"robot": many, "a": ["1", "2"]}))
    assert (counts.ids, counts.left_out) == (("1", "2"), 1)


def test_the_score_is_the_formula() -> None:
    counts = counts_of(together({"a": ["1", "2"], "b": ["1", "2"], "c": ["1", "3"], "d": ["1"]}))
    scores = model_of(counts, shrinkage=5.0, confidence=1.0).scores.toarray()
    assert scores[0, 1] == pytest.approx(2 / np.sqrt(4 * 2) * 2 / 7)
    assert scores[2, 0] == pytest.approx(1 / np.sqrt(4 * 1) * 1 / 6)
    assert np.array_equal(scores, scores.T)


def test_shares_are_zero_without_clicks_and_stay_within_the_similarities() -> None:
    similarity = np.array([0.9, 0.8, 0.7, 0.6, 0.1])
    clicked, others = np.array([0, 0, 0.5, 0, 0.9]), np.array([0, 0.5, 0.5, 0.5, 1])
    assert not click_shares(similarity, clicked, 4, 0.0, others).any()
    shares = click_shares(similarity, clicked, 4, 0.8, others)
    new = similarity + shares
    assert shares[0] == 0
    assert shares[1] < 0 < shares[2]
    assert new[4] > 0.6
    assert new.max() <= 0.9
    assert new.min() >= 0.6


@pytest.fixture
def clicked_store(tiny_store: Path, tmp_path: Path) -> Path:
    """Products 101 and 130 are chosen together in forty sessions; others now and then."""
    root = Path(shutil.copytree(tiny_store, tmp_path / "store"))
    sessions = {f"s{number}": ["101", "130"] for number in range(40)} | {"x": ["101", "102"], "y": ["130"]}
    save_clicks(root, model_of(counts_of(together(sessions)), 5.0, 5.0))
    return root


def test_clicks_lift_what_is_chosen_together_by_a_shown_share(clicked_store: Path, tiny_store: Path) -> None:
    ruled, plain = Service(clicked_store, verify=False), Service(tiny_store, verify=False)
    found = ruled.similar("101", k=29).neighbours
    before = plain.similar("101", k=29).neighbours
    place = {item.id: rank for rank, item in enumerate(before)}
    now = {item.id: rank for rank, item in enumerate(found)}
    assert now["130"] < place["130"]
    for item in found:
        assert item.score == item.text + item.image + item.click
        assert item.similarity == before[place[item.id]].score
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)
    assert ruled.similar("101", k=29, clicks=False).neighbours == before
    assert [item.id for item in ruled.similar("101", k=4).neighbours] == [item.id for item in found[:4]]


def test_a_product_without_events_ranks_exactly_as_before(clicked_store: Path, tiny_store: Path) -> None:
    ruled, plain = Service(clicked_store, verify=False), Service(tiny_store, verify=False)
    for product in set(plain.ids) - {"101", "102", "130"}:
        assert ruled.similar(product, k=29).neighbours == plain.similar(product, k=29).neighbours


def test_rules_filters_and_clicks_go_together(clicked_store: Path) -> None:
    boost = Rules((Rule("boost", Chosen(where={"baseColour": ["Red"]}), amount=0.3),), "digest")
    service = Service(clicked_store, verify=False, rules=boost)
    where = {"articleType": ["Shirts", "Casual Shoes"]}
    found = service.similar("101", k=9, where=where).neighbours
    whole = service.similar("101", k=29, where=where).neighbours
    assert [item.id for item in found] == [item.id for item in whole[:9]]
    for item in found:
        assert item.score == item.text + item.image + item.click + item.rule
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)


def test_the_feed_ranks_by_clicks_too(clicked_store: Path) -> None:
    service = Service(clicked_store, verify=False)
    for related in service.feed(5).related(np.arange(30)):
        wanted = service.similar(service.ids[related.row], k=5).neighbours
        assert [service.ids[row] for row in related.scores.rows] == [item.id for item in wanted]
        assert related.scores.total.tolist() == [item.score for item in wanted]


def test_a_damaged_file_is_named(clicked_store: Path) -> None:
    kept = read_clicks(clicked_store)
    assert kept is not None
    assert kept.digest == Service(clicked_store, verify=False).clicks_digest != ""
    (clicked_store / CLICKS).write_bytes((clicked_store / CLICKS).read_bytes()[:100])
    with pytest.raises(StoreError, match=CLICKS):
        Service(clicked_store, verify=False)
    assert Service(clicked_store, verify=False, clicks=False).clicks_digest == ""


def test_the_last_week_is_held_back() -> None:
    before, after = later_week(table(event(0), event(1, time=NOW + 8 * DAY), event(2, time=NOW + 20 * DAY)))
    assert (len(before), len(after)) == (2, 1)


def shown_and_clicked(weeks: int, target) -> pd.DataFrame:
    """Every week, sessions in which somebody asks for what is similar to 101 and clicks a product."""
    rng, rows = np.random.default_rng(0), []
    for number in range(120 * weeks):
        query = "101"
        when = NOW + number * weeks * 7 * DAY / (120 * weeks)
        rows.append(event(number, target(rng), session=f"s{number}", time=when, query=query))
    rows.append(event(10**6, "101", "view", session="s0"))
    return table(*rows)


def test_clicks_are_used_only_where_they_help_later(
    store_copy: Path, mpsr, tmp_path: Path, monkeypatch
) -> None:
    service = Service(store_copy, verify=False)
    last = service.similar("101", k=29).neighbours[-1].id
    learned = learn_from(service, shown_and_clicked(3, lambda rng: last))
    assert learned.used
    assert learned.choice.gain > 0
    assert last in [item.id for item in Service(store_copy, verify=False).similar("101", k=2).neighbours]
    others = [one for one in service.ids if one != "101"]
    assert not learn_from(service, shown_and_clicked(3, lambda rng: str(rng.choice(others)))).used
    assert not (store_copy / CLICKS).exists()
    monkeypatch.setenv("MPSR_EVENTS_URL", f"sqlite:///{tmp_path / 'events.sqlite'}")
    assert Events().count() == 0
    assert "not used" in mpsr("learn-clicks", "--store", store_copy)[1]
