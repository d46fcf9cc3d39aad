"""What is in the arrays of each stage, and whether it is: types, shapes, ranges, order, finite numbers.

Hashes say that a file is as it was sealed, not that it is right: whoever makes a store also seals it. What is checked
here keeps compiled code within its arrays, and answers from being wrong without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.errors import StoreError
from mpsr.store.artefact import Artefact
from mpsr.store.damage import REBUILD, told_as_damage
from mpsr.store.layout import (
    ADDED,
    COORDINATES,
    DIGESTS,
    EMPHASIS,
    FAMILY,
    FURTHER,
    GRAPH,
    HASHED,
    HASHES,
    IDS,
    LABELS,
    LIST_CENTRES,
    LIST_OF,
    NORMS,
    OFFSETS,
    PICTURES,
    PRESENT,
    SEGMENT,
    SIDE,
    VECTORS,
    WHERE,
    Stage,
)

Values = npt.NDArray[Any]

#: A size that several arrays of an object share, by a letter → the size found.
Sizes = dict[str, int]

#: Numbers that are looked at together; bounds the memory of checking.
CHUNK = 4_000_000

#: How far a cosine may exceed 1, and a map's coordinate its edge, by rounding.
ROUNDING = 1e-3

#: Bits in a perceptual hash and bytes in a SHA-256: both are kept as 32 bytes.
HASH = 32


@dataclass(frozen=True)
class Expected:
    """What an array has to be.

    Attributes:
        dtype: kind of its numbers and their bytes as NumPy writes them ("f4"); "i" and "U" are of any size.
        shape: sizes; a letter is the same size in all arrays of the object.
        low: least value; None for any.
        high: largest value, or the letter of a size that all are below.
        finite: whether all are finite, which takes reading all of it.
        missing: whether a row may be all NaN.
    """

    dtype: str
    shape: tuple[str | int, ...]
    low: float | None = None
    high: float | str | None = None
    finite: bool = False
    missing: bool = False


_EMBEDDINGS = {
    IDS: Expected("U", ("n",)),
    VECTORS: Expected("f4", ("n", "d"), finite=True),
    PRESENT: Expected("b1", ("n",)),
    DIGESTS: Expected("u1", ("n", HASH)),
}
_SPACE = {
    IDS: Expected("U", ("n",)),
    VECTORS: Expected("f4", ("n", "d"), -1 - ROUNDING, 1 + ROUNDING, finite=True),
    NORMS: Expected("f4", ("n", 2), 0, 1 + ROUNDING, finite=True),
    EMPHASIS: Expected("f4", ("s",), 0, finite=True),
}
_INDEX = {
    LIST_CENTRES: Expected("f4", ("l", "w"), finite=True),
    LIST_OF: Expected("i4", ("n",), 0, "l"),
}
_GRAPH = {
    GRAPH["indptr"]: Expected("i", ("p",), 0),
    GRAPH["indices"]: Expected("i", ("e",), 0),
    GRAPH["data"]: Expected("f4", ("e",), -1 - ROUNDING, 1 + ROUNDING, finite=True),
}

#: Stage → file → what it has to be. A file that an object lacks is missed where it is read.
EXPECTED: dict[str, dict[str, Expected]] = {
    Stage.PICTURES: {OFFSETS: Expected("i8", ("n", 2), 0), FURTHER: Expected("i8", ("f", 3), 0)},
    Stage.TEXT: _EMBEDDINGS,
    Stage.IMAGE: _EMBEDDINGS,
    Stage.GENERATION: {  # of the products it was fitted to, which may be others than the catalogue's
        IDS: Expected("U", ("g",)),
        DIGESTS: Expected("u1", ("g", 2 * HASH)),
    },
    Stage.SPLIT: {
        FAMILY: Expected("i", ("n",), 0, "n"),
        SIDE: Expected("U", ("n",)),
        HASHED: Expected("i", ("m",), 0, "n"),
        HASHES: Expected("u1", ("m", HASH)),
    },
    Stage.PAPER: _SPACE,
    Stage.LEARNED: _SPACE,
    Stage.PAPER_INDEX: _INDEX,
    Stage.LEARNED_INDEX: _INDEX,
    Stage.PAPER_GRAPH: _GRAPH,
    Stage.LEARNED_GRAPH: _GRAPH,
    Stage.TEXT_FORMS: {
        IDS: Expected("U", ("n",)),
        VECTORS: Expected("f2", ("m", "d"), finite=True),
        WHERE: Expected("i", ("n", "f"), -1, "m"),
    },
    Stage.ATLAS: {
        IDS: Expected("U", ("n",)),
        COORDINATES: Expected("f4", ("n", 2), -1 - ROUNDING, 1 + ROUNDING, finite=True, missing=True),
        ADDED: Expected("b1", ("n",)),
    },
    Stage.REGIONS: {LABELS: Expected("i", ("n",), -1, "n")},
    SEGMENT: {
        DIGESTS: Expected("u1", ("m", HASH)),
        VECTORS: Expected("f", ("m", "d"), finite=True),
    },
}


def check_contents(artefact: Artefact, values: bool = True) -> Sizes:
    """Check the arrays of an object.

    Args:
        artefact: the object.
        values: also look at every floating-point number; off, at types, shapes and whatever is used as an index.

    Returns:
        The sizes found; "n" is the number of products.

    Raises:
        StoreError: an array is not what its stage has to have; the message names the file.
    """
    sizes: Sizes = {}
    listed = artefact.manifest["files"]
    for name, expected in EXPECTED.get(artefact.stage, {}).items():
        if name not in listed:
            continue
        array, path = artefact.array(name), artefact.path(name)
        with told_as_damage(path, artefact.root):
            wrong = _form(array, expected, sizes) or _range(array, expected, sizes, values)
        if wrong:
            raise StoreError(f"{path} {wrong}. {REBUILD.format(root=artefact.root)}")
    check = RELATIONS.get(artefact.stage)
    if check:
        check(artefact, sizes)
    return sizes


def _form(array: Values, expected: Expected, sizes: Sizes) -> str | None:
    """What is wrong with its type or its shape; notes the sizes that it shares with others."""
    dtype = array.dtype
    kind, width = expected.dtype[0], expected.dtype[1:]
    if dtype.kind != kind or (width and dtype.itemsize != int(width)) or not dtype.isnative:
        return f"holds numbers of the type {dtype.str}, expected {expected.dtype}"
    shape = [size if isinstance(size, int) else sizes.get(size, size) for size in expected.shape]
    if len(shape) != array.ndim or any(
        isinstance(a, int) and a != b for a, b in zip(shape, array.shape, strict=True)
    ):
        return f"has the shape {array.shape}, expected {_sizes(shape)}"
    sizes.update({a: b for a, b in zip(shape, array.shape, strict=True) if isinstance(a, str)})
    return None


def _sizes(shape: list[int | str]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def _range(array: Values, expected: Expected, sizes: Sizes, values: bool) -> str | None:
    """What is wrong with its numbers."""
    if array.dtype.kind not in "if" or (array.dtype.kind == "f" and not values):
        return None
    high = sizes[expected.high] - 1 if isinstance(expected.high, str) else expected.high
    rows = max(1, CHUNK // max(1, int(np.prod(array.shape[1:]))))
    for start in range(0, len(array), rows):
        part = np.asarray(array[start : start + rows])
        if expected.missing:
            part = part[~np.isnan(part).all(axis=1)]
        if expected.finite and not np.isfinite(part).all():
            return "holds numbers that are not finite"
        if not part.size:
            continue
        low, top = part.min(), part.max()
        if (expected.low is not None and low < expected.low) or (high is not None and top > high):
            return (
                f"holds numbers from {low:g} to {top:g}, expected from {_any(expected.low)} to {_any(high)}"
            )
    return None


def _any(bound: float | None) -> str:
    return "any" if bound is None else f"{bound:g}"


def _check_graph(artefact: Artefact, sizes: Sizes) -> None:
    """Check that the three arrays are a sparse matrix: each row's columns within it, none twice, none the row's own."""
    if not set(GRAPH.values()) <= artefact.manifest["files"].keys():
        return
    pointers, columns = (np.asarray(artefact.array(GRAPH[part]), np.int64) for part in ("indptr", "indices"))
    path, count = artefact.path(GRAPH["indptr"]), len(pointers) - 1
    rebuild = REBUILD.format(root=artefact.root)
    lengths = np.diff(pointers)
    if count < 0 or pointers[0] != 0 or pointers[-1] != len(columns) or (lengths < 0).any():
        raise StoreError(
            f"{path} does not ascend from 0 to {len(columns):,}, the number of neighbours. {rebuild}"
        )
    path = artefact.path(GRAPH["indices"])
    if len(columns) and columns.max() >= count:
        raise StoreError(f"{path} names the product {columns.max():,} of {count:,}. {rebuild}")
    rows = np.repeat(np.arange(count), lengths)
    keys = np.sort(rows * count + columns)
    if (np.diff(keys) == 0).any() or (rows == columns).any():
        raise StoreError(f"{path} names a neighbour twice, or a product as its own. {rebuild}")
    sizes["n"] = count


def _check_offsets(artefact: Artefact, sizes: Sizes) -> None:
    """Check that every picture lies within the file of pictures, and that further pictures are of products."""
    files, rebuild = artefact.manifest["files"], REBUILD.format(root=artefact.root)
    if OFFSETS not in files or PICTURES not in files:
        return
    size = files[PICTURES]["size"]
    for name in (OFFSETS, FURTHER):
        if name in files:
            starts, lengths = np.asarray(artefact.array(name))[:, -2:].T
            if ((starts > size) | (lengths > size - starts)).any():
                raise StoreError(
                    f"{artefact.path(name)} leads outside the {size:,} bytes of {PICTURES}. {rebuild}"
                )
    if FURTHER in files:
        rows = np.asarray(artefact.array(FURTHER))[:, 0]
        if (np.diff(rows) < 0).any() or (rows >= sizes["n"]).any():
            raise StoreError(
                f"{artefact.path(FURTHER)} does not ascend within {sizes['n']:,} products. {rebuild}"
            )


def _check_split(artefact: Artefact, sizes: Sizes) -> None:
    """Check that the sides are known ones, and that the rows with a picture ascend."""
    files, rebuild = artefact.manifest["files"], REBUILD.format(root=artefact.root)
    if SIDE in files and not set(np.unique(artefact.array(SIDE)).tolist()) <= SIDES:
        raise StoreError(
            f"{artefact.path(SIDE)} names other sides than {', '.join(sorted(SIDES))}. {rebuild}"
        )
    if HASHED in files and any(a >= b for a, b in pairwise(artefact.array(HASHED).tolist())):
        raise StoreError(f"{artefact.path(HASHED)} does not ascend. {rebuild}")


#: The sides of the split, as ``mpsr.catalogue.split`` writes them.
SIDES = {"train", "validation", "test"}

#: Stage → what has to hold between its files.
RELATIONS: Mapping[str, Callable[[Artefact, Sizes], None]] = {
    Stage.PICTURES: _check_offsets,
    Stage.SPLIT: _check_split,
    Stage.PAPER_GRAPH: _check_graph,
    Stage.LEARNED_GRAPH: _check_graph,
}
