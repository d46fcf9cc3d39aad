"""Clicks in a small simulated world: enough of them help, random ones are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.click_simulation import BOUND, World, gini, learned, looked_at, quality, sessions, world


@pytest.fixture(scope="module")
def here() -> World:
    return world(products=400)


def gain(here: World, lists: int, random: bool) -> float:
    asked = np.flatnonzero(~here.cold)

    def content(row: int):
        return here.content[row]

    events = looked_at(sessions(here, lists, content, np.random.default_rng(0), random))
    ranked, _, _ = learned(here, events)
    return float((quality(here, ranked, asked) - quality(here, content, asked)).mean())


def test_enough_clicks_help(here: World) -> None:
    assert gain(here, 60_000, random=False) > 0.02


@pytest.mark.parametrize(("lists", "random"), [(10, False), (100, False), (2_000, False), (60_000, True)])
def test_few_or_random_clicks_cost_no_more_than_the_bound(here: World, lists: int, random: bool) -> None:
    assert gain(here, lists, random) >= -BOUND


def test_gini_of_known_shares() -> None:
    assert gini(np.array([1.0, 1, 1, 1])) == 0
    assert gini(np.array([0.0, 0, 0, 1])) == 0.75
