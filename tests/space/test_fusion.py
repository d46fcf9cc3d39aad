"""The paper's space against scikit-learn and torch.cat, and its exact split."""

from pathlib import Path

import numpy as np
import torch
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import StandardScaler

from mpsr.space import fusion
from mpsr.types import Embeddings


def embeddings(space: str, dimension: int, count: int = 50, absent: tuple[int, ...] = ()) -> Embeddings:
    vectors = np.random.default_rng(dimension).normal(1, 2, (count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    present = ~np.isin(np.arange(count), absent)
    vectors[~present] = 0
    return Embeddings([str(n) for n in range(count)], vectors, space, present)


def fused(text: Embeddings, image: Embeddings, folder: Path) -> np.ndarray:
    fusion.fuse(text, image, (fusion.fit_scaler(text), fusion.fit_scaler(image)), folder)
    return np.load(folder / fusion.VECTORS)


def test_cosines_are_those_of_standard_scaler_and_torch_cat(tmp_path: Path) -> None:
    text, image = embeddings("text", 6), embeddings("image", 9)
    ours = fused(text, image, tmp_path)
    reference = torch.cat(
        [torch.from_numpy(StandardScaler().fit_transform(part.vectors)) for part in (text, image)], dim=1
    ).numpy()
    assert ours.shape == (50, 15)
    np.testing.assert_allclose(ours @ ours.T, cosine_similarity(reference), atol=1e-5)


def test_chunks_change_nothing(tmp_path: Path, monkeypatch) -> None:
    text, image = embeddings("text", 6), embeddings("image", 9, absent=(3, 7))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = fused(text, image, tmp_path / "a")
    monkeypatch.setattr(fusion, "CHUNK", 7)
    np.testing.assert_allclose(fused(text, image, tmp_path / "b"), whole, atol=1e-6)


def test_a_product_without_picture_has_words_only_and_does_not_move_the_scaler(tmp_path: Path) -> None:
    image = embeddings("image", 9, absent=(0, 4))
    scaler = fusion.fit_scaler(image)
    reference = StandardScaler().fit(image.vectors[image.present])
    np.testing.assert_allclose(scaler.mean, reference.mean_, atol=1e-6)
    ours = fused(embeddings("text", 6), image, tmp_path)
    assert not ours[[0, 4], 6:].any()
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_block_norms_are_stored(tmp_path: Path) -> None:
    ours = fused(embeddings("text", 6), embeddings("image", 9, absent=(2,)), tmp_path)
    norms = np.load(tmp_path / fusion.NORMS)
    np.testing.assert_allclose(norms[:, 0], np.linalg.norm(ours[:, :6], axis=1), atol=1e-6)
    assert norms[2, 1] == 0


def test_no_pictures_at_all(tmp_path: Path) -> None:
    ours = fused(embeddings("text", 6), embeddings("image", 9, absent=tuple(range(50))), tmp_path)
    assert np.isfinite(ours).all()
    assert not ours[:, 6:].any()


def test_scalers_come_back_as_saved(tmp_path: Path) -> None:
    text, image = fusion.fit_scaler(embeddings("text", 6)), fusion.fit_scaler(embeddings("image", 9))
    fusion.save_scalers(tmp_path, text, image)
    for saved, read in zip((text, image), fusion.load_scalers(tmp_path), strict=True):
        np.testing.assert_array_equal(saved.mean, read.mean)
        np.testing.assert_array_equal(saved.scale, read.scale)
