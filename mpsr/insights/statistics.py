"""The few formulas the tables need, with their sources. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2_contingency, norm
from scipy.stats.contingency import expected_freq

Floats = npt.NDArray[np.float64]

#: Below this expected count a normal approximation says little (Cochran 1954).
LEAST_EXPECTED = 5.0


def effective_size(weights: npt.ArrayLike) -> float:
    """How many equally weighted products a weighted sample is worth: (Σw)² / Σw² (Kish 1965).

    With all weights equal it is their number, so counts of listings pass through unchanged.
    """
    w = np.asarray(weights, dtype=np.float64)
    squares = float(np.square(w).sum())
    return float(w.sum()) ** 2 / squares if squares else 0.0


def weight_scale(weights: npt.ArrayLike) -> float:
    """What turns weighted counts into effective numbers of products: 1 where all weights are 1 or there are none."""
    w = np.asarray(weights, dtype=np.float64)
    total = float(w.sum())
    return effective_size(w) / total if total else 1.0


def simultaneous_z(comparisons: int, level: float = 0.95) -> float:
    """The normal quantile for two-sided intervals that hold for all comparisons together (Bonferroni; Dunn 1961)."""
    return float(norm.ppf(1 - (1 - level) / (2 * max(comparisons, 1))))


def wilson(share: npt.ArrayLike, n: npt.ArrayLike, z: float) -> tuple[Floats, Floats]:
    """The score interval of a proportion (Wilson 1927): lower and upper end, [0, 1] where ``n`` is 0."""
    p, size = np.broadcast_arrays(np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64))
    known = size > 0
    safe = np.where(known, size, 1.0)
    middle = (p + z**2 / (2 * safe)) / (1 + z**2 / safe)
    half = z * np.sqrt(p * (1 - p) / safe + z**2 / (4 * safe**2)) / (1 + z**2 / safe)
    low, high = np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
    return np.where(known, low, 0.0), np.where(known, high, 1.0)


def difference_interval(
    before: npt.ArrayLike, n_before: float, after: npt.ArrayLike, n_after: float, z: float
) -> tuple[Floats, Floats]:
    """The interval of ``after - before``, two independent proportions (Newcombe 1998, method 10: hybrid score)."""
    p1, p2 = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    low1, high1 = wilson(p1, n_before, z)
    low2, high2 = wilson(p2, n_after, z)
    difference = p2 - p1
    low = difference - np.sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2)
    high = difference + np.sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2)
    return low, high


@dataclass(frozen=True)
class Association:
    """How the rows and columns of a contingency table go together.

    Attributes:
        expected: counts if they did not, shape of the table.
        residuals: adjusted residuals, about standard normal if they did not, shape of the table (Haberman 1973).
        v: Cramér's V, bias-corrected (Bergsma 2013): 0 none, 1 complete; nan where there is nothing to compare.
        chi2: Pearson's statistic, with its degrees of freedom and p-value.
        thin: share of the cells with an expected count below ``LEAST_EXPECTED``.
    """

    expected: Floats
    residuals: Floats
    v: float
    chi2: float
    dof: int
    p: float
    thin: float


def association(counts: npt.ArrayLike) -> Association:
    """Of a table of counts, shape (r, c); rows and columns of nothing but zeros take no part."""
    observed = np.asarray(counts, dtype=np.float64)
    expected, residuals = np.zeros_like(observed), np.zeros_like(observed)
    rows, columns = observed.sum(1) > 0, observed.sum(0) > 0
    kept = observed[np.ix_(rows, columns)]
    if min(kept.shape, default=0) < 1:
        return Association(expected, residuals, float("nan"), 0.0, 0, 1.0, 0.0)
    expected[np.ix_(rows, columns)] = expected_freq(kept)
    if min(kept.shape) < 2:
        return Association(expected, residuals, float("nan"), 0.0, 0, 1.0, 0.0)
    residuals[np.ix_(rows, columns)] = adjusted_residuals(kept)
    found = chi2_contingency(kept, correction=False)
    thin = float((found.expected_freq < LEAST_EXPECTED).mean())
    v = cramers_v(float(found.statistic), kept.sum(), kept.shape)
    return Association(
        expected, residuals, v, float(found.statistic), int(found.dof), float(found.pvalue), thin
    )


def adjusted_residuals(counts: Floats) -> Floats:
    """(O - E) / √(E · (1 - row share) · (1 - column share)) (Haberman 1973), 0 where a share is 1."""
    total = counts.sum()
    rows, columns = counts.sum(1, keepdims=True), counts.sum(0, keepdims=True)
    expected = rows * columns / total
    variance = expected * (1 - rows / total) * (1 - columns / total)
    residuals: Floats = np.divide(
        counts - expected, np.sqrt(variance), out=np.zeros_like(counts), where=variance > 0
    )
    return residuals


def cramers_v(chi2: float, n: float, shape: tuple[int, int]) -> float:
    """Cramér's V without its upward bias in small samples (Bergsma 2013)."""
    r, c = shape
    phi2 = max(0.0, chi2 / n - (r - 1) * (c - 1) / (n - 1)) if n > 1 else 0.0
    r_, c_ = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    least = min(r_, c_) - 1
    return float(np.sqrt(phi2 / least)) if least > 0 else float("nan")
