"""The split over cells: exact, whatever the features, in both spaces."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from mpsr.explain.cells import split_over_cells
from mpsr.space.fusion import Scaler
from mpsr.space.image_maps import Standardised, Tangent
from mpsr.space.towers import Shape, Tower, Towers

WIDTH = 12


def tower(seed: int = 0) -> Tower:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        towers = Towers(Shape(4, WIDTH, (5, 0, 3), 20, 6), (0.5, 0.2, 0.2, 0.3), 0.1).eval()
        towers.tune((1, 0.5, 0.2, 0.4), (1, 1, 1, 1), (0.7, 0.6))
        made = towers.image
        made.mean.normal_(0, 0.2)
        made.scale.uniform_(0.5, 2)
    return made


def scaler(seed: int = 0) -> Scaler:
    chance = np.random.default_rng(seed)
    return Scaler(
        chance.normal(size=WIDTH).astype(np.float32), chance.uniform(0.5, 2, WIDTH).astype(np.float32)
    )


MAPS = {"tower": Tangent(tower()), "paper": Standardised(scaler())}


def features(seed: int, height: int = 3, width: int = 4) -> np.ndarray:
    """A feature map as ReLU leaves it: nothing below zero."""
    chance = np.random.default_rng(seed)
    return np.maximum(chance.normal(size=(height, width, WIDTH)), 0).astype(np.float32)


def pooled(cells: np.ndarray) -> np.ndarray:
    mean = cells.reshape(-1, WIDTH).astype(np.float64).mean(axis=0)
    return mean / np.linalg.norm(mean)


def share_of(name: str, cells: np.ndarray, towards: np.ndarray) -> float:
    block = MAPS[name].value(pooled(cells))
    return float(towards @ block / np.linalg.norm(block))


def test_the_tangent_has_the_towers_value() -> None:
    made = tower(3)
    embedding = pooled(features(1))
    value = Tangent(made).value(embedding)
    expected = made(torch.tensor(embedding[None], dtype=torch.float32))[0].detach().numpy()
    np.testing.assert_allclose(value / np.linalg.norm(value), expected, atol=1e-6)


def test_the_tangent_has_the_towers_slope_where_attributes_count_and_the_gates_are_held() -> None:
    made, embedding, direction = (
        tower(4).double(),
        pooled(features(3)),
        np.random.default_rng(1).normal(size=14),
    )
    direction[8:] = 0  # the rest's norm is held, not differentiated
    p, _ = Tangent(made).affine(direction, embedding)
    at = torch.tensor(embedding, requires_grad=True)
    z = (at - made.mean) / made.scale
    hidden = made.hidden(z)
    gates = torch.tensor(ndtr(hidden.detach().numpy()))
    *attributes, _ = (made.straight(z) + made.out(hidden * gates)).split([5, 0, 3, 6])
    blocks = [(scores / made.temperature).softmax(0).sqrt() for scores in attributes]
    value = torch.cat([block * share.sqrt() for block, share in zip(blocks, made.shares, strict=False)])
    (value @ torch.tensor(direction[:8])).backward()
    np.testing.assert_allclose(p, at.grad.numpy(), atol=1e-6)


@pytest.mark.parametrize("name", MAPS)
def test_what_is_sent_back_gives_the_value_again(name: str) -> None:
    affine, embedding = MAPS[name], pooled(features(2))
    direction = np.random.default_rng(0).normal(size=len(affine.value(embedding)))
    p, r = affine.affine(direction, embedding)
    assert p @ embedding + r == pytest.approx(direction @ affine.value(embedding), abs=1e-12)


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 7))
def test_the_cells_sum_to_the_share_without_any_mending(
    name: str, seed: int, height: int, width: int
) -> None:
    cells = features(seed, height, width)
    cells[0, 0] += 0.1  # a map of nothing has no direction
    towards = np.random.default_rng(seed + 1).normal(size=len(MAPS[name].value(pooled(cells))))
    share = share_of(name, cells, towards)
    parts, off = split_over_cells(cells, MAPS[name], towards, share)
    assert parts.shape == (height, width)
    assert parts.sum() == pytest.approx(share, abs=1e-9)
    assert off < 1e-9


def test_a_cell_has_what_its_features_bring_and_an_even_part_of_the_rest() -> None:
    """Against the definition, cell by cell: p·F_c / (C |f|) + r / C."""
    cells, towards = features(5), np.random.default_rng(1).normal(size=WIDTH)
    parts, _ = split_over_cells(cells, MAPS["paper"], towards, share_of("paper", cells, towards))
    one = scaler()
    mean = cells.reshape(-1, WIDTH).mean(axis=0).astype(float)
    block = (pooled(cells) - one.mean) / one.scale
    constant = -(towards / one.scale) @ one.mean / np.linalg.norm(block)
    for row in range(3):
        for column in range(4):
            own = (cells[row, column] / np.linalg.norm(mean)) @ (towards / one.scale) / np.linalg.norm(block)
            assert parts[row, column] == pytest.approx((own + constant) / 12, abs=1e-6)


@pytest.mark.parametrize("name", MAPS)
def test_equal_cells_have_equal_parts_and_an_empty_one_only_the_constant(name: str) -> None:
    cells = np.repeat(features(7, 1, 1), 6, axis=1)
    towards = np.random.default_rng(2).normal(size=len(MAPS[name].value(pooled(cells))))
    parts, _ = split_over_cells(cells, MAPS[name], towards, share_of(name, cells, towards))
    np.testing.assert_allclose(parts, parts[0, 0], atol=1e-12)
    cells[0, 2] = cells[0, 4] = 0
    parts, _ = split_over_cells(cells, MAPS[name], towards, share_of(name, cells, towards))
    assert parts[0, 2] == pytest.approx(parts[0, 4], abs=1e-12)
    assert parts[0, 2] != pytest.approx(parts[0, 0], abs=1e-3)


def test_what_the_map_does_not_account_for_is_spread_evenly_and_told() -> None:
    cells, towards = features(9), np.random.default_rng(3).normal(size=WIDTH)
    share = share_of("paper", cells, towards)
    exact, _ = split_over_cells(cells, MAPS["paper"], towards, share)
    moved, off = split_over_cells(cells, MAPS["paper"], towards, share + 0.06)
    np.testing.assert_allclose(moved - exact, 0.06 / 12, atol=1e-12)
    assert off == pytest.approx(0.06 / np.linalg.norm(towards))
