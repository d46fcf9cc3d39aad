"""Do the fields of an explanation lie where the cause is: ``python -m benchmarks.halves --store STORE [--pairs 200]``.

The left half of one product's picture is pasted beside the right half of another's, a product of another type, and the
two products are explained as results of that photo. Printed: how often the fields of the two lean to their own halves
rather than to each other's, how often a result's own half has the larger part of its share, and the mean part it has.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from mpsr.catalogue.split import read_split
from mpsr.errors import InputError
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.store.layout import Stage
from mpsr.types import Part, Query, Weights

Cells = npt.NDArray[np.float64]


def pasted(left: bytes, right: bytes) -> bytes:
    """The left half of one picture beside the right half of the other, as PNG."""
    one = Image.open(io.BytesIO(left)).convert("RGB")
    other = Image.open(io.BytesIO(right)).convert("RGB").resize(one.size)
    half = one.width // 2
    one.paste(other.crop((half, 0, other.width, other.height)), (half, 0))
    file = io.BytesIO()
    one.save(file, "PNG")
    return file.getvalue()


def sides_of(cells: Cells) -> tuple[float, float]:
    """The parts of the left and of the right half of the fields; a column in the middle counts for neither."""
    half = cells.shape[1] // 2
    return float(cells[:, :half].sum()), float(cells[:, -half:].sum())


def lean(cells: Cells) -> float:
    """The right half of the fields less the left half."""
    left, right = sides_of(cells)
    return right - left


def fields_of(service: Service, left: str, right: str, space: str) -> tuple[Cells, Cells]:
    """The fields on the pasted photo that explain the left product, and those that explain the right one."""
    one, other = service.picture(left), service.picture(right)
    if one is None or other is None:
        raise InputError(f"{left} or {right} has no picture; both need one.")
    photo = Part(picture=pasted(one, other))
    request = Request(Query((photo,)), space=space, weights=Weights(0, 1))
    found = [service.why(request, product).query_cells for product in (left, right)]
    if found[0] is None or found[1] is None:
        raise RuntimeError("a photo and products with pictures have fields")
    return found[0], found[1]


def pairs_to_ask(service: Service, pairs: int, seed: int = 1) -> list[tuple[str, str]]:
    """Pairs of products of the test side with pictures, of different types, each product once."""
    products = service.products
    test = read_split(service.artefact(Stage.SPLIT)).on("test")
    order = np.random.default_rng(seed).permutation(np.flatnonzero(test))
    kinds, ids = products["articleType"].tolist(), products["id"].tolist()
    pictured = [row for row in order if service.has_picture(ids[row]) and kinds[row]]
    found = [
        (ids[a], ids[b]) for a, b in zip(pictured[::2], pictured[1::2], strict=False) if kinds[a] != kinds[b]
    ]
    return found[:pairs]


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=200)
    options = parser.parse_args()
    service = Service(options.store)
    asked = pairs_to_ask(service, options.pairs)
    for space in service.spaces:
        apart, own = [], []
        for left, right in asked:
            first, second = fields_of(service, left, right, space)
            apart.append(lean(first) < lean(second))
            for number, cells in enumerate((first, second)):
                halves = sides_of(cells)
                own.append((halves[number] > halves[1 - number], halves[number] / sum(halves)))
        larger, part = np.array(own, dtype=float).T
        print(
            f"{space}: {len(asked)} pairs; the two lean to their own halves for {np.mean(apart):.1%}; a result's own "
            f"half has the larger part for {larger.mean():.1%}, at the median {np.median(part):.0%} of both halves"
        )


if __name__ == "__main__":
    main()
