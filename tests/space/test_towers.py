"""The blocks of the learned space: probabilities that agree or do not, and shares that sum to one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.space.towers import Shape, TowerOutput, Towers


def output(*attributes, residual):
    return TowerOutput([torch.tensor([row]).log() for row in attributes], torch.tensor([residual]))


def test_blocks_agree_as_the_bhattacharyya_coefficient_says():
    tower = Towers(Shape(4, 4, (3, 2), 8, 2), (0.5, 0.3, 0.2)).text
    sure = tower.join(output([1.0, 0, 0], [0.0, 1], residual=[1.0, 0]))
    other = tower.join(output([0.0, 1, 0], [0.0, 1], residual=[0.0, 1]))
    torn = tower.join(output([0.5, 0.5, 0], [0.0, 1], residual=[0.6, 0.8]))
    assert float(sure @ sure.T) == pytest.approx(1)
    assert float(sure @ other.T) == pytest.approx(0.3)  # only the second attribute agrees
    assert float(sure @ torn.T) == pytest.approx(0.5 * 0.5**0.5 + 0.3 + 0.2 * 0.6)


@settings(max_examples=25, deadline=None)
@given(
    classes=st.lists(st.integers(0, 5), max_size=3),
    shares=st.lists(st.floats(0.05, 2), min_size=4, max_size=4),
    temperature=st.floats(0.2, 3),
)
def test_vectors_have_unit_norm_whatever_the_attributes(classes, shares, temperature):
    towers = Towers(Shape(4, 6, tuple(classes), 8, 3))
    chosen = tuple(shares[: len(classes) + 1])
    towers.tune(chosen, chosen, (temperature, 1.0))
    found = towers.project_text(np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32), [None] * 5)
    assert found.shape == (5, sum(classes) + 3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_where_words_alone_ask_each_block_has_the_share_it_has_for_them():
    towers = Towers(Shape(4, 6, (5, 0, 3), 8, 6)).eval()
    towers.tune((1, 0.5, 0.3, 0.2), (1, 0.5, 0.3, 3), (0.7, 1.3))
    random = np.random.default_rng(0)
    words, photos = (random.normal(size=(7, width)).astype(np.float32) for width in (4, 6))
    with torch.inference_mode():
        t, v = towers.text.predict(torch.from_numpy(words)), towers.image.predict(torch.from_numpy(photos))
    cosines = [
        (0.5 * a).exp() @ (0.5 * b).exp().T for a, b in zip(t.attributes, v.attributes, strict=True)
    ] + [t.residual @ v.residual.T]
    expected = sum(share / 4.3 * cosine for share, cosine in zip((1, 0, 0.3, 3), cosines, strict=True))
    found = (towers.project_text(words, [None] * len(words)) * towers.emphasis()) @ towers.project_image(
        photos
    ).T
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_an_attribute_without_values_has_no_share():
    towers = Towers(Shape(4, 4, (3, 0), 8, 2), (0.4, 0.4, 0.2))
    assert towers.text.shares.tolist() == pytest.approx([2 / 3, 0, 1 / 3])


def test_a_lower_temperature_makes_a_tower_surer():
    towers = Towers(Shape(4, 4, (3,), 8, 2))
    rows = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    surest = []
    for temperature in (2.0, 1.0, 0.3):
        towers.tune((1, 1), (1, 1), (temperature, 1.0))
        surest.append(towers.project_text(rows, [None] * len(rows))[:, :3].max(axis=1).mean())
    assert surest == sorted(surest)
