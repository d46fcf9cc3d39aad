"""Interleaving and the figures about clicks, against counts by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binomtest

from mpsr.clicks.interleaving import team_draft
from mpsr.clicks.statistics import by_position, by_product, duel, never_clicked, wilson
from tests.clicks.conftest import event
from tests.clicks.test_learning import table


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (3, 10), (10, 10), (50, 1000)])
def test_the_interval_is_wilson_s(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high))


def test_without_trials_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_draft_takes_turns_and_every_product_once() -> None:
    content, clicks = [str(n) for n in range(10)], [str(n) for n in range(5, 15)]
    for seed in map(str, range(30)):
        drawn = team_draft(content, clicks, 8, seed)
        products = [product for product, _ in drawn]
        assert len(products) == len(set(products)) == 8
        assert [arm for _, arm in drawn].count("content") == 4
        assert {content[0], clicks[0]} == set(products[:2])
    assert team_draft(content, clicks, 8, "a") == team_draft(content, clicks, 8, "a")


def test_both_sides_begin_as_often() -> None:
    first = [team_draft(["1", "2"], ["3", "4"], 4, str(seed))[0][1] for seed in range(400)]
    assert 160 < first.count("content") < 240


def test_a_draft_of_short_rankings_ends() -> None:
    assert [one for one, _ in team_draft(["1"], ["1", "2"], 5, "s")] in (["1", "2"], ["1", "2"][::-1])
    assert team_draft([], [], 5, "s") == []


@pytest.fixture
def shown() -> pd.DataFrame:
    """Ten sessions see 1 at place 1 and 2 at place 2; four click 1, and one of them twice."""
    rows, number = [], 0
    for session in range(10):
        for place, product in ((1, "1"), (2, "2")):
            number += 1
            rows.append(event(number, product, "view", f"s{session}", query="9", position=place))
    for session in (0, 1, 2, 3, 3):
        number += 1
        rows.append(event(number, "1", "click", f"s{session}", query="9", position=1))
    return table(*rows)


def test_rates_by_position_and_by_product(shown: pd.DataFrame) -> None:
    places = by_position(shown)
    assert places[["position", "shown", "clicked"]].to_numpy().tolist() == [[1, 10, 4], [2, 10, 0]]
    assert places["rate"].tolist() == [0.4, 0.0]
    assert (places.loc[0, "lowest"], places.loc[0, "highest"]) == wilson(4, 10)
    assert by_product(shown)["product"].tolist() == ["1", "2"]
    unseen = never_clicked(shown)
    assert unseen["product"].tolist() == ["2"]
    assert unseen.loc[0, "highest"] == wilson(0, 10)[1]


def test_no_events_make_empty_tables(shown: pd.DataFrame) -> None:
    for figure in (by_position, by_product, never_clicked):
        assert figure(shown.iloc[:0]).empty
    assert duel(shown).p == 1.0


def test_a_duel_counts_sessions() -> None:
    arms = {
        "a": ["clicks", "clicks", "content"],
        "b": ["clicks"],
        "c": ["content"],
        "d": ["content", "clicks"],
    }
    rows = [
        event(10 * at + place, "1", "click", session, arm=arm, position=1)
        for at, (session, said) in enumerate(arms.items())
        for place, arm in enumerate(said)
    ]
    found = duel(table(*rows))
    assert (found.clicks, found.content, found.ties) == (2, 1, 1)
    assert found.p == binomtest(2, 3).pvalue
