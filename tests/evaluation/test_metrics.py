"""The metrics against cases worked by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from mpsr.evaluation.metrics import DEPTH, METRICS, Judged, best_order, intervals, judge, measure


def judged(grades, available):
    padded = np.zeros((1, DEPTH), int)
    padded[0, : len(grades)] = grades
    return Judged(padded, np.array([available]))


def test_worked_by_hand():
    # Grades 3, 0, 1 came first; the gallery holds one 3, one 2 and two 1s.
    values = {name: value[0] for name, value in measure(judged([3, 0, 1], [6, 2, 1, 1])).items()}
    ideal = 3 / np.log2(2) + 2 / np.log2(3) + 1 / np.log2(4) + 1 / np.log2(5)
    assert values["nDCG@10"] == pytest.approx((3 + 1 / 2) / ideal)
    assert values["P@1"] == 1
    assert values["P@5"] == pytest.approx(2 / 5)
    assert values["P@10"] == pytest.approx(2 / 10)
    assert values["hit@5"] == 1
    assert values["recall@1"] == pytest.approx(1 / 4)
    assert values["recall@10"] == pytest.approx(2 / 4)
    assert values["MRR@10"] == 1
    assert values["mAP@10"] == pytest.approx((1 + 2 / 3) / 4)


def test_first_relevant_at_four():
    values = {name: value[0] for name, value in measure(judged([0, 0, 0, 1], [9, 1])).items()}
    assert values["MRR@10"] == pytest.approx(1 / 4)
    assert values["mAP@10"] == pytest.approx(1 / 4)
    assert values["nDCG@10"] == pytest.approx(1 / np.log2(5))
    assert (values["hit@1"], values["hit@5"], values["P@1"]) == (0, 1, 0)


def test_nothing_found_is_zero_and_nothing_to_find_is_nan():
    assert {value[0] for value in measure(judged([], [9, 1])).values()} == {0.0}
    assert all(np.isnan(value[0]) for value in measure(judged([], [9, 0])).values())


def test_average_precision_of_a_full_page_is_one_in_a_large_gallery():
    assert measure(judged([1] * 10, [50, 500]))["mAP@10"][0] == 1


def test_at_least_merges_grades():
    two = judged([3, 1, 2], [4, 5, 6, 7]).at_least(2)
    assert two.grades[0, :3].tolist() == [1, 0, 1]
    assert two.available[0].tolist() == [9, 13]


def test_best_order():
    assert best_order(np.array([[5, 2, 0, 1], [0, 20, 3, 0]])).tolist() == [
        [3, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        [2, 2, 2, 1, 1, 1, 1, 1, 1, 1],
    ]


@pytest.mark.parametrize("seed", range(5))
def test_ndcg_agrees_with_scikit_learn(seed):
    random = np.random.default_rng(seed)
    scores, grades = random.random((40, 60)), random.choice(4, (40, 60), p=[0.8, 0.1, 0.06, 0.04])
    grades[:, 0] = 1  # every query has something to find
    ours = measure(judge(scores, grades, 3))["nDCG@10"]
    theirs = [ndcg_score([g], [s], k=10) for g, s in zip(grades, scores, strict=True)]
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_all_metrics_agree_with_a_plain_loop(seed):
    random = np.random.default_rng(seed)
    scores, grades = random.random((30, 25)), random.choice(3, (30, 25), p=[0.7, 0.2, 0.1])
    grades[:, 3] = 2
    ours = measure(judge(scores, grades, 2))
    for row in range(30):
        ranked = grades[row][np.argsort(-scores[row])]
        relevant, total = (ranked > 0).astype(int), (grades[row] > 0).sum()
        for k in (1, 5, 10):
            assert ours[f"P@{k}"][row] == pytest.approx(relevant[:k].sum() / k)
        for k in (1, 10):
            assert ours[f"recall@{k}"][row] == pytest.approx(relevant[:k].sum() / total)
        precisions = [relevant[: i + 1].mean() for i in range(10) if relevant[i]]
        assert ours["mAP@10"][row] == pytest.approx(sum(precisions) / min(total, 10))
        firsts = np.flatnonzero(relevant[:10])
        assert ours["MRR@10"][row] == pytest.approx(1 / (firsts[0] + 1) if len(firsts) else 0)
    assert set(ours) == set(METRICS)


def test_excluded_items_neither_come_nor_count():
    scores, grades = np.array([[0.9, 0.8, 0.7]]), np.array([[-1, 1, 0]])
    answer = judge(scores, grades, 1)
    assert answer.grades[0, :3].tolist() == [1, 0, 0]
    assert answer.available[0].tolist() == [1, 1]


def test_equal_scores_keep_the_gallerys_order():
    grades = np.array([[0, 1, 0, 1] + [0] * 20])
    assert judge(np.ones((1, 24)), grades, 1).grades[0].tolist() == [0, 1, 0, 1, 0, 0, 0, 0, 0, 0]


def test_intervals_hold_the_mean_are_paired_and_repeatable():
    random = np.random.default_rng(0)
    values = random.random((300, 2))
    values[:, 1] = values[:, 0] + 0.05  # always better by the same amount
    means, bounds = intervals(values, np.arange(300))
    assert (bounds[0] < values.mean(axis=0)).all()
    assert (values.mean(axis=0) < bounds[1]).all()
    np.testing.assert_allclose(means[:, 1] - means[:, 0], 0.05)
    np.testing.assert_array_equal(means, intervals(values, np.arange(300))[0])


def test_intervals_of_groups_are_wider_than_of_single_queries():
    values = np.repeat(np.random.default_rng(0).random((30, 1)), 10, axis=0)
    single = intervals(values, np.arange(300))[1]
    grouped = intervals(values, np.repeat(np.arange(30), 10))[1]
    assert grouped[1, 0] - grouped[0, 0] > 2 * (single[1, 0] - single[0, 0])
