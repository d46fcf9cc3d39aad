"""The paper's space: standardise each modality, concatenate, compare by cosine.

    x = [z_text | z_image],  z = (e - mean) / deviation per feature,  e the L2-normalised embedding
    cos(x, y) = (x_t·y_t + x_i·y_i) / (|x| |y|)

The text share and the image share of a score add up exactly. A product without a picture has z_image = 0, one
without text z_text = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save
from sklearn.preprocessing import StandardScaler

from mpsr.store import new_array, save_array, write_file
from mpsr.store.layout import NORMS, SCALERS, VECTORS
from mpsr.types import Embeddings, FloatArray

#: Rows standardised at a time; bounds the memory of fusion.
CHUNK = 8192


@dataclass(frozen=True)
class Scaler:
    """Per-feature mean and deviation of one modality, float32, shape (d,) each."""

    mean: FloatArray
    scale: FloatArray

    def transform(self, vectors: FloatArray) -> FloatArray:
        """Standardised rows, shape (n, d), float32."""
        return (vectors - self.mean) / self.scale


def fit_scaler(embeddings: Embeddings) -> Scaler:
    """scikit-learn's StandardScaler over the rows that are present, fitted in chunks in float64."""
    scaler, rows = StandardScaler(), np.flatnonzero(embeddings.present)
    dimension = embeddings.vectors.shape[1]
    if not len(rows):
        return Scaler(np.zeros(dimension, np.float32), np.ones(dimension, np.float32))
    for start in range(0, len(rows), CHUNK):
        scaler.partial_fit(embeddings.vectors[rows[start : start + CHUNK]].astype(np.float64))
    return Scaler(scaler.mean_.astype(np.float32), scaler.scale_.astype(np.float32))


def fuse(text: Embeddings, image: Embeddings, scalers: tuple[Scaler, Scaler], folder: Path) -> None:
    """Write the fused unit vectors, (N, d_text + d_image) float32, and the norms of their two blocks, (N, 2) float32.

    The rows are divided by their norm, so that an inner product of two is their cosine; a row of zeros stays one.
    """
    split, count = text.vectors.shape[1], len(text.ids)
    fused = new_array(folder / VECTORS, (count, split + image.vectors.shape[1]))
    block_norms = np.empty((count, 2), np.float32)
    for start in range(0, count, CHUNK):
        rows = np.arange(start, min(start + CHUNK, count))
        fused[rows], block_norms[rows] = fused_rows(text, image, scalers, rows)
    fused.flush()
    save_array(folder / NORMS, block_norms)


def fused_rows(
    text: Embeddings, image: Embeddings, scalers: tuple[Scaler, Scaler], rows: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """The fused unit vectors of these rows, shape (n, d_text + d_image), and the norms of their blocks, shape (n, 2)."""
    block = np.concatenate(
        [
            _masked(scaler.transform(part.vectors[rows]), part.present[rows])
            for scaler, part in zip(scalers, (text, image), strict=True)
        ],
        axis=1,
    )
    norms = np.linalg.norm(block, axis=1, keepdims=True)
    block /= np.where(norms > 0, norms, 1)
    split = text.vectors.shape[1]
    norms_of_blocks = [np.linalg.norm(block[:, :split], axis=1), np.linalg.norm(block[:, split:], axis=1)]
    return block, np.stack(norms_of_blocks, axis=1)


def _masked(block: FloatArray, present: np.ndarray) -> FloatArray:
    return np.where(present[:, None], block, np.float32(0))


def save_scalers(folder: Path, text: Scaler, image: Scaler) -> None:
    """Write both scalers into ``folder``."""
    tensors = {
        "text_mean": text.mean,
        "text_scale": text.scale,
        "image_mean": image.mean,
        "image_scale": image.scale,
    }
    write_file(folder / SCALERS, save(tensors))


def load_scalers(folder: Path) -> tuple[Scaler, Scaler]:
    """The text scaler and the image scaler in ``folder``.

    Raises:
        ValueError: they are no means and deviations.
    """
    tensors = load_file(folder / SCALERS)
    for name, values in tensors.items():
        if values.dtype != np.float32 or values.ndim != 1 or not np.isfinite(values).all():
            raise ValueError(f"{name} is not a list of finite numbers of single precision")
        if name.endswith("_scale") and not (values > 0).all():
            raise ValueError(f"{name} holds deviations that are not above 0")
    return (
        Scaler(tensors["text_mean"], tensors["text_scale"]),
        Scaler(tensors["image_mean"], tensors["image_scale"]),
    )
