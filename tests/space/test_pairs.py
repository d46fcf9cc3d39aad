"""Grades of relevance by type, colour and gender."""

import numpy as np

from mpsr.space.pairs import grades_between


def test_each_further_label_counts_only_with_the_ones_before():
    query = np.array([[1, 2, 0]])
    gallery = np.array([[1, 2, 0], [1, 2, 1], [1, 3, 0], [0, 2, 0], [-1, 2, 0], [1, -1, 0]])
    assert grades_between(query, gallery).tolist() == [[3, 2, 1, 0, 0, 1]]


def test_a_missing_label_equals_nothing_not_even_another_missing_one():
    missing = np.array([[-1, -1, -1], [2, -1, -1]])
    assert grades_between(missing, missing).tolist() == [[0, 0], [0, 1]]
