"""The benchmarks' own arithmetic: ratios, recall, agreement, synthetic vectors, the page's table. No timings."""

import gc
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ask, memory, operators, pairs, table
from benchmarks.__main__ import PARTS, run_part
from benchmarks.figures import OURS, Figure, Scale, markdown, number, p50
from benchmarks.vectors import Synthetic
from mpsr.catalogue import read_catalogue
from mpsr.encoders import text
from mpsr.encoders.profiles import profile
from mpsr.encoders.weights import find_weights
from mpsr.search.index import choose_kind


def test_a_ratio_above_one_is_in_our_favour() -> None:
    assert Figure("g", "rate", {OURS: 30.0, "peer": 10.0}, "more", "peer").ratio == 3
    assert Figure("g", "time", {OURS: 30.0, "peer": 10.0}, "less", "peer").ratio == pytest.approx(1 / 3)
    assert Figure("g", "time", {OURS: 30.0}).ratio is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.6, "12,346"), (12.34, "12.3"), (0.01234, "0.0123"), (1, "1"), (0.9956, "0.996")],
)
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_the_median_leaves_out_the_first_questions_but_not_their_answers() -> None:
    milliseconds, answers = p50(lambda q: q * 2, [1, 2, 3, 4, 5])
    assert answers == [2, 4, 6, 8, 10]
    assert 0 <= milliseconds < 1000


def results(tmp_path: Path) -> dict:
    figure = {"group": "g", "what": "a | thing", "values": {OURS: 2.0, "peer": 1.0}}
    return {
        "date": "2026-01-02", "minutes": 3.4, "store": "9 products", "details": {},
        "machine": {"cpu": "CPU", "threads": 2, "instructions": "none", "memory_gb": 8.0, "versions": {"torch": "2"}},
        "scale": Scale(tmp_path, tmp_path).as_json(),
        "figures": [{**figure, "better": "more", "against": "peer", "note": "why"}],
    }  # fmt: skip


def test_the_table_says_when_on_what_and_against_whom(tmp_path: Path) -> None:
    text = markdown(json.loads(json.dumps(results(tmp_path))))
    assert "2026-01-02" in text
    assert "CPU, 2 threads" in text
    assert text.splitlines()[-1] == "| a | thing | **2** (why) | peer 1 | 2× peer |"


def test_everything_but_the_table_is_kept() -> None:
    text = f"before\n{table.BEGIN}\nold\n{table.END}\nafter"
    assert table.with_table(text, "new") == f"before\n{table.BEGIN}\n\nnew\n\n{table.END}\nafter"
    with pytest.raises(ValueError, match="put them where the table belongs"):
        table.with_table("no marks", "new")


def test_the_page_shows_the_table_of_the_kept_results() -> None:
    page = table.README.read_text(encoding="utf-8")
    results = json.loads(table.RESULTS.read_text(encoding="utf-8"))
    assert table.with_table(page, markdown(results)) == page


def own_vectors() -> np.ndarray:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(400, 8)) @ np.diag([4, 2, 1, 1, 3, 2, 1, 0.5]) + 3
    return np.concatenate([_unit(vectors[:, :4]), _unit(vectors[:, 4:])], axis=1).astype(
        np.float32
    ) * np.float32(0.5**0.5)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_synthetic_vectors_have_the_spectrum_of_their_source() -> None:
    own = own_vectors()
    drawn = Synthetic(own, 4).draw(20_000)
    np.testing.assert_allclose(np.linalg.norm(drawn[:, :4], axis=1), 0.5**0.5, atol=1e-6)
    spectra = [np.sort(np.linalg.eigvalsh(np.cov(v.T)))[-4:] for v in (own, drawn)]
    np.testing.assert_allclose(spectra[1], spectra[0], rtol=0.25)
    assert not np.array_equal(drawn, Synthetic(own, 4).draw(20_000, seed=1))


def test_every_kind_answers_and_its_recall_is_counted() -> None:
    source = Synthetic(own_vectors(), 4)
    vectors, queries = source.draw(800), source.draw(30, seed=1)
    points, _ = ask._of_faiss(vectors, queries, 4)
    points |= {name: ask._point(name, make(vectors), vectors, queries) for name, make in ask.peers().items()}
    assert {*ask.KINDS, OURS, "sklearn brute force"} <= set(points)
    for name, point in points.items():
        assert point["recall@5"] >= (1 if "flat, float32" in name or name == OURS else 0.9), name
        assert point["memory MB"] > 0
    wrong = ask.Made(lambda query: np.arange(5), 0.0, 0.0)
    assert ask._point("wrong", wrong, vectors, queries)["recall@5"] < 0.2
    assert choose_kind(*vectors.shape) == "exact"


def test_agreement_is_counted_on_the_five_best() -> None:
    chance = np.random.default_rng(0)
    vectors = _unit(chance.normal(size=(300, 16))).astype(np.float32)
    assert pairs.agreement(vectors, vectors) == (1.0, 1.0)
    shared, reached = pairs.agreement(vectors, _unit(chance.normal(size=(300, 16))).astype(np.float32))
    assert shared < 0.1
    assert reached < 0.1
    near = _unit(vectors + 1e-4 * chance.normal(size=vectors.shape)).astype(np.float32)
    assert pairs.agreement(vectors, near)[1] == 1.0


def test_the_drawn_catalogue_is_one(tmp_path: Path) -> None:
    memory.draw(tmp_path / "drawn", 12)
    found = read_catalogue(tmp_path / "drawn")
    assert found.summary.rows_kept == 12
    assert found.products["picture_sha256"].nunique() == 12


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_own_memory_sees_what_is_taken() -> None:
    gc.collect()
    before = memory.own_memory()
    block = np.ones(300_000_000, np.uint8)
    assert 200e6 < memory.own_memory() - before < 400e6
    del block


def test_the_questions_to_indexes_run_end_to_end(tiny_store: Path) -> None:
    scale = Scale(tiny_store, tiny_store, sizes=(300, 400), queries=8)
    found = run_part("ask", scale)
    assert {point["size"] for point in found["details"]["curves"]} == {300, 400}
    assert all(Figure(**figure).values[OURS] > 0 for figure in found["figures"])
    json.dumps(found)


def test_every_part_can_be_named() -> None:
    import importlib.util

    assert all(importlib.util.find_spec(f"benchmarks.{part}") for part in PARTS)


def test_kinds_of_operations_come_with_their_shares_the_largest_first() -> None:
    model = profile("embedded").text
    files = find_weights(model)
    encoder = text.TextEncoder(model, files)
    told = operators.shares(encoder, text._network(model, files), ["blue shirt", "red shoes for men"], 2)
    assert "FullyConnected" in told
    shares = [float(part.split()[-1].rstrip("%")) for part in told.split(" · ")]
    assert shares == sorted(shares, reverse=True)
    assert 50 < sum(shares) <= 100.5
