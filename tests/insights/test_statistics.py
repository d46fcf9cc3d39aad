"""The formulas against published examples and against scipy."""

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency
from scipy.stats.contingency import association as scipy_association

from mpsr.insights.statistics import (
    adjusted_residuals,
    association,
    cramers_v,
    difference_interval,
    effective_size,
    simultaneous_z,
    wilson,
)

Z95 = simultaneous_z(1)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (3, 10), (10, 10), (81, 263), (1, 29)])
def test_wilson_is_scipys(k: int, n: int) -> None:
    low, high = wilson(k / n, n, Z95)
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(
    ("one", "two", "interval"),
    [  # Newcombe 1998, Table II, method 10
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(one, two, interval) -> None:
    low, high = difference_interval(two[0] / two[1], two[1], one[0] / one[1], one[1], Z95)
    assert (float(low), float(high)) == pytest.approx(interval, abs=6e-5)


def test_more_comparisons_widen_the_intervals() -> None:
    assert simultaneous_z(1) == pytest.approx(1.959964, abs=1e-6)
    assert simultaneous_z(100) == pytest.approx(3.480756, abs=1e-6)  # normal quantile of 1 - 0.05 / 200


def test_a_sample_of_equal_weights_is_worth_its_size() -> None:
    assert effective_size(np.full(7, 2.5)) == pytest.approx(7)
    assert effective_size([1, 0, 0]) == 1
    assert effective_size([0, 0]) == 0
    assert effective_size([3, 1]) == pytest.approx(16 / 10)


def test_association_is_scipys_but_for_the_bias() -> None:
    counts = np.array([[30, 10, 4], [12, 25, 9], [3, 8, 40]])
    found = association(counts)
    chi2 = chi2_contingency(counts, correction=False)
    assert found.chi2 == pytest.approx(chi2.statistic)
    assert found.dof == 4
    assert found.expected == pytest.approx(chi2.expected_freq)
    uncorrected = scipy_association(counts, method="cramer")
    assert found.v < uncorrected
    assert cramers_v(found.chi2, 1e12 * counts.sum() / counts.sum(), counts.shape) < 1e-3
    large = counts * 100_000  # the correction vanishes in a large sample
    assert association(large).v == pytest.approx(uncorrected, abs=1e-4)


def test_adjusted_residuals_of_a_two_by_two_table() -> None:
    counts = np.array([[20.0, 10.0], [5.0, 25.0]])
    residuals = adjusted_residuals(counts)
    chi2 = chi2_contingency(counts, correction=False).statistic
    assert np.abs(residuals) == pytest.approx(np.full((2, 2), np.sqrt(chi2)))  # all are ±√χ² there
    assert residuals[0, 0] > 0 > residuals[0, 1]


@pytest.mark.parametrize(
    "counts", [np.zeros((0, 0)), np.zeros((3, 2)), np.array([[4.0, 5.0]]), np.array([[3.0], [9.0]])]
)
def test_nothing_to_compare_is_no_association_and_no_error(counts) -> None:
    found = association(counts)
    assert np.isnan(found.v)
    assert not found.residuals.any()
    assert found.expected.sum() == pytest.approx(counts.sum())


def test_empty_rows_and_columns_take_no_part() -> None:
    counts = np.array([[20.0, 10.0], [5.0, 25.0]])
    padded = np.zeros((3, 3))
    padded[:2, :2] = counts
    assert association(padded).v == association(counts).v
