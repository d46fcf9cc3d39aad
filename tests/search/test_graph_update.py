"""The updated neighbour graph: every row is the beginning of the row that a whole search gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search import graph_update
from mpsr.search.graph import neighbour_graph
from mpsr.search.graph_update import updated_graph
from mpsr.search.index import build_index

K = 6


def unit_rows(random: np.random.Generator, count: int) -> np.ndarray:
    rows = random.normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def graph_of(vectors: np.ndarray):
    return neighbour_graph(build_index(vectors, "exact"), vectors, K)


def check(graph, vectors: np.ndarray, least: int) -> None:
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    for row in range(len(vectors)):
        own = slice(graph.indptr[row], graph.indptr[row + 1])
        columns = graph.indices[own]
        assert len(set(columns.tolist()) - {row}) == len(columns) >= min(least, len(vectors) - 1)
        np.testing.assert_allclose(graph.data[own], scores[row, columns], atol=1e-5)
        np.testing.assert_allclose(graph.data[own], -np.sort(-scores[row])[: len(columns)], atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 60), st.floats(0, 1), st.integers(0, 40), st.integers(1, 3))
def test_days_of_changes_leave_every_row_right(seed, count, share, added, days) -> None:
    random = np.random.default_rng(seed)
    vectors = unit_rows(random, count)
    graph = graph_of(vectors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_update, "LEAST", 4)
        patch.setattr(graph_update, "BLOCK", 16)
        for _ in range(days):
            stays = random.random(len(vectors)) < share
            total = int(stays.sum()) + added
            if total < 2:
                return
            rows = random.permutation(total)
            now = np.full(len(vectors), -1, np.int64)
            now[stays] = rows[: stays.sum()]
            after = np.empty((total, 8), np.float32)
            after[rows[: stays.sum()]] = vectors[stays]
            after[rows[stays.sum() :]] = unit_rows(random, added)
            graph = updated_graph(graph, now, build_index(after, "exact"), after, K)
            vectors = after
            check(graph, vectors, 4)


def test_nothing_changed_is_the_same_graph() -> None:
    vectors = unit_rows(np.random.default_rng(1), 50)
    graph = graph_of(vectors)
    again = updated_graph(graph, np.arange(50), build_index(vectors, "exact"), vectors, K)
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(again, part), getattr(graph, part))
