"""At most so many results of a value: what going down the whole ranking and keeping count gives."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.grouping import Group, at_most
from mpsr.search.ranking import rank
from mpsr.types import Weights
from tests.search.test_diversity import random_vectors, space_of


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(1, 20),
    st.lists(st.integers(1, 30), min_size=1, max_size=2),
    st.integers(1, 3),
)
def test_results_are_those_of_the_whole_ranking_with_a_count_kept(
    count: int, k: int, kinds: list[int], most: int
) -> None:
    space, drawn = space_of(random_vectors(count, seed=count)), np.random.default_rng(k)
    groups = [Group(drawn.integers(-1, kind, count), most + turn) for turn, kind in enumerate(kinds)]
    allowed = drawn.random(count) < 0.8
    asked: list[int] = []

    def best(n: int):
        asked.append(n)
        return rank(space, space.vectors[0], n, Weights(), allowed)

    expected, seen = [], [Counter() for _ in groups]
    for row in rank(space, space.vectors[0], count, Weights(), allowed).rows.tolist():
        own = [int(group.of[row]) for group in groups]
        if all(kind < 0 or seen[n][kind] < groups[n].most for n, kind in enumerate(own)):
            expected.append(row)
            for n, kind in enumerate(own):
                seen[n][kind] += 1
    assert at_most(best, k, groups, allowed).rows.tolist() == expected[:k]
    assert max(asked) <= allowed.sum()


def test_nobody_looks_for_more_results_than_there_can_be() -> None:
    space = space_of(random_vectors(500, seed=1))
    asked: list[int] = []

    def best(n: int):
        asked.append(n)
        return rank(space, space.vectors[0], n, Weights())

    found = at_most(best, 50, [Group(np.zeros(500, np.int64), 2)], np.ones(500, dtype=bool))
    assert len(found.rows) == 2
    assert asked == [4]
