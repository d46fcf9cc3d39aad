"""The tangent of a picture tower: its value is the tower's own, its slope the tower's with the gates held."""

import numpy as np
import pytest
import torch
from scipy.special import ndtr

from mpsr.explain.cells import Tangent, split_over_cells
from mpsr.space.towers import Shape, Towers


@pytest.fixture
def towers():
    torch.manual_seed(0)
    made = Towers(Shape(10, 12, (5, 0, 3), 16, 8), (0.5, 0.2, 0.2, 0.3)).eval()
    made.tune((1, 0.5, 0.2, 0.4), (0.7, 0.6))
    return made


@pytest.fixture
def embedding():
    found = np.random.default_rng(0).normal(size=12)
    return found / np.linalg.norm(found)


def test_its_value_is_the_towers(towers, embedding):
    value = Tangent(towers.image).value(embedding)
    np.testing.assert_allclose(
        value, towers.project("image", embedding[None].astype(np.float32))[0], atol=1e-6
    )


def test_it_touches_at_the_embedding(towers, embedding):
    tangent, direction = Tangent(towers.image), np.random.default_rng(1).normal(size=16)
    p, r = tangent.back(direction, embedding)
    assert direction @ tangent.value(embedding) == pytest.approx(p @ embedding + r, abs=1e-12)


def test_its_slope_is_the_towers_when_only_attributes_count_and_the_gates_are_held(towers, embedding):
    tower, direction = towers.image.double(), np.random.default_rng(1).normal(size=16)
    direction[8:] = 0  # the rest's norm is held, not differentiated
    p, _ = Tangent(tower).back(direction, embedding)
    at = torch.tensor(embedding, requires_grad=True)
    z = (at - tower.mean) / tower.scale
    u = tower.hidden(z)
    gates = torch.tensor(ndtr(u.detach().numpy()))
    *attributes, _ = (tower.straight(z) + tower.out(u * gates)).split([5, 0, 3, 8])
    blocks = [(scores / tower.temperature).softmax(0).sqrt() for scores in attributes]
    value = torch.cat([block * share.sqrt() for block, share in zip(blocks, tower.shares, strict=False)])
    (value @ torch.tensor(direction[:8])).backward()
    np.testing.assert_allclose(p, at.grad.numpy(), atol=1e-6)


def test_cells_sum_to_the_share(towers):
    tangent, towards = Tangent(towers.image), np.random.default_rng(1).normal(size=16)
    cells = np.abs(np.random.default_rng(2).normal(size=(3, 2, 12))).astype(np.float32)
    pooled = cells.reshape(-1, 12).mean(0).astype(np.float64)
    share = float(towards @ tangent.value(pooled / np.linalg.norm(pooled)))
    split, off = split_over_cells(cells, tangent, towards, share)
    assert split.sum() == pytest.approx(share, abs=1e-9)
    assert off < 1e-6
    assert split.std() > 0
