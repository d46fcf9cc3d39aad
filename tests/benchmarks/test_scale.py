"""Engines side by side: every query is asked once, and recall is of the exact answer."""

import threading

import numpy as np
import pytest

from benchmarks import scale


@pytest.mark.parametrize("clients", [1, 4])
def test_every_query_is_asked_once_whatever_the_number_of_clients(clients):
    asked, lock = [], threading.Lock()

    def ask(query, filtered):
        with lock:
            asked.append((int(query[0]), filtered))
        return []

    rate, taken = scale.waits(ask, np.arange(50, dtype=np.float32)[:, None], True, clients)
    assert sorted(asked) == [(number, True) for number in range(50)]
    assert len(taken) == 50
    assert rate > 0


def test_a_side_is_measured_against_the_exact_answer():
    vectors = np.eye(8, dtype=np.float32)
    exact = np.tile(np.arange(scale.K), (8, 1))
    row = scale._row("half", lambda query, filtered: [0, 1, 100, 101, 102], vectors, exact, False, 1.0, 10**6)
    assert row["recall@5"] == 2 / scale.K
    assert row["p50_ms"] <= row["p95_ms"]
    assert "| half | all | 0.4000 |" in scale.table([row])


def test_the_filter_leaves_the_exact_answer_among_what_passes(tmp_path, monkeypatch):
    class Drawn:
        dimension = 8

        def draw(self, count, seed=0):
            return np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)

    monkeypatch.setattr(scale, "synthetic", lambda store: Drawn())
    scale.prepared("any", 400, 6, tmp_path / "made.npz")
    with np.load(tmp_path / "made.npz", allow_pickle=False) as made:
        everything, passing = made["exact"]
        assert made["passing"][passing].all()
        np.testing.assert_array_equal(
            everything[0], np.argsort(-(made["queries"][0] @ made["vectors"].T))[: scale.K]
        )
