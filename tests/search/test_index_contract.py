"""Every index kind against an exact oracle written in plain numpy."""

from pathlib import Path

import numpy as np
import pytest

from mpsr.search.graph import neighbour_graph
from mpsr.search.index import (
    KINDS,
    build_index,
    choose_kind,
    error_of,
    recall_at,
    restore_index,
    save_index,
    search_index,
)


def unit_vectors(count: int, dimension: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return unit_vectors(1500, 24)


def oracle(vectors: np.ndarray, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
    scores = vectors @ query
    places = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    return places[np.argsort(-scores[places], kind="stable")[:k]]


@pytest.mark.parametrize("kind", KINDS)
def test_finds_what_the_oracle_finds(vectors: np.ndarray, kind: str) -> None:
    index = build_index(vectors, kind)
    scores, found = search_index(index, vectors[:100], 10)
    hits = [set(found[n]) & set(oracle(vectors, vectors[n], 10)) for n in range(100)]
    assert sum(map(len, hits)) / 1000 >= (1 if kind == "exact" else 0.99)
    true = np.take_along_axis(vectors[:100] @ vectors.T, found, 1)
    np.testing.assert_allclose(scores, true, atol=error_of(index))
    assert (np.diff(scores, axis=1) <= 1e-6).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.5, 0.02])
def test_filters_let_nothing_else_through_and_lose_nothing(
    vectors: np.ndarray, kind: str, share: float
) -> None:
    index = build_index(vectors, kind)
    allowed = np.random.default_rng(1).random(len(vectors)) < share
    _, found = search_index(index, vectors[:50], 5, allowed)
    assert allowed[found[found >= 0]].all()
    hits = sum(len(set(found[n]) & set(oracle(vectors, vectors[n], 5, allowed))) for n in range(50))
    assert hits / 250 >= (1 if kind == "exact" else 0.97)


def test_written_and_read_it_answers_the_same(vectors: np.ndarray, tmp_path: Path) -> None:
    index = build_index(vectors, "ivf")
    save_index(index, tmp_path)
    centres, lists = np.load(tmp_path / "centres.npy"), np.load(tmp_path / "lists.npy")
    restored = restore_index(vectors, centres, lists)
    assert restored.nprobe == index.nprobe
    for k in (5, 200):
        before, after = (search_index(one, vectors[:20], k) for one in (index, restored))
        np.testing.assert_array_equal(before[0], after[0])
        np.testing.assert_array_equal(before[1], after[1])
    for wrong in (
        (vectors, centres[:, 1:], lists),
        (vectors, centres, lists[1:]),
        (vectors, centres[:0], lists),
    ):
        with pytest.raises(ValueError, match="expected"):
            restore_index(*wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_recall_is_measured(vectors: np.ndarray, kind: str) -> None:
    assert recall_at(build_index(vectors, kind), vectors, 5) >= (1 if kind == "exact" else 0.99)


def test_recall_notices_a_bad_index(vectors: np.ndarray) -> None:
    assert recall_at(build_index(unit_vectors(1500, 24, seed=9), "exact"), vectors, 5) < 0.1


def test_the_rule_changes_kind_with_size() -> None:
    assert choose_kind(44_446, 2816) == "exact"
    assert choose_kind(1_000_000, 896) == "ivf"


@pytest.mark.parametrize("kind", KINDS)
def test_graph_holds_the_nearest_others(vectors: np.ndarray, kind: str) -> None:
    graph = neighbour_graph(build_index(vectors, kind), vectors, k=7)
    assert graph.shape == (1500, 1500)
    assert not graph.diagonal().any()
    assert (np.diff(graph.indptr) == 7).all()
    hits = 0
    for row in range(200):
        own = graph.indices[graph.indptr[row] : graph.indptr[row + 1]]
        assert row not in own
        others = np.arange(1500) != row
        hits += len(set(own) & set(oracle(vectors, vectors[row], 7, others)))
    assert hits / 1400 >= (1 if kind == "exact" else 0.99)


def test_graph_of_many_duplicates_never_holds_the_product_itself() -> None:
    vectors = np.repeat(unit_vectors(3, 8), 30, axis=0)
    graph = neighbour_graph(build_index(vectors, "exact"), vectors, k=5)
    assert not any(
        row in graph.indices[graph.indptr[row] : graph.indptr[row + 1]] for row in range(len(vectors))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_graph_holds_exact_cosines(vectors: np.ndarray, kind: str) -> None:
    graph = neighbour_graph(build_index(vectors, kind), vectors, k=7)
    rows = np.repeat(np.arange(1500), 7)
    true = np.einsum("nd,nd->n", vectors[rows].astype(float), vectors[graph.indices].astype(float))
    np.testing.assert_allclose(graph.data, true, atol=1e-6)
    assert (np.diff(graph.data.reshape(1500, 7), axis=1) <= 0).all()


def test_lists_that_hold_too_few_are_no_end() -> None:
    """All but three products are the same, so the lists nearest to one of the three hold little else."""
    vectors = np.concatenate([unit_vectors(3, 8), np.repeat(unit_vectors(1, 8, seed=5), 6000, axis=0)])
    index = build_index(vectors, "ivf")
    index.nprobe = 1
    _, found = search_index(index, vectors[:3], 50)
    assert (found >= 0).all()


def test_the_ivf_rule_looks_through_more_lists_in_a_larger_catalogue() -> None:
    few, many = (build_index(unit_vectors(count, 16), "ivf") for count in (2000, 40_000))
    assert few.nprobe == few.nlist < many.nprobe < many.nlist
    assert recall_at(few, unit_vectors(2000, 16), 5) == 1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_graph_of_very_few_products(count: int) -> None:
    vectors = unit_vectors(count, 8)
    graph = neighbour_graph(build_index(vectors, "exact"), vectors)
    assert graph.nnz == count * (count - 1)
