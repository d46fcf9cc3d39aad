"""Half of one product's picture pasted onto another's: each result's fields lie rather on its own half."""

import io

import numpy as np
import pytest
from PIL import Image

import mpsr
from mpsr.search.request import Request
from mpsr.types import Part, Query, Weights


def pasted(left: bytes, right: bytes) -> bytes:
    """The left half of one picture beside the right half of the other."""
    one = Image.open(io.BytesIO(left)).convert("RGB")
    other = Image.open(io.BytesIO(right)).convert("RGB").resize(one.size)
    half = one.width // 2
    one.paste(other.crop((half, 0, other.width, other.height)), (half, 0))
    file = io.BytesIO()
    one.save(file, "PNG")
    return file.getvalue()


def lean(cells: np.ndarray) -> float:
    """The right half of the fields less the left half."""
    half = cells.shape[1] // 2
    return float(cells[:, -half:].sum() - cells[:, :half].sum())


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_each_results_fields_lie_rather_on_its_own_half(demo_store, space) -> None:
    service = mpsr.open(demo_store)
    products = service.products.drop_duplicates("articleType")
    ids = [product for product in products["id"] if service.has_picture(product)][:6]
    for left, right in zip(ids[::2], ids[1::2], strict=True):
        photo = Part(picture=pasted(service.picture(left), service.picture(right)))
        request = Request(Query((photo,)), space=space, weights=Weights(0, 1))
        leans = [lean(service.why(request, one).query_cells) for one in (left, right)]
        assert leans[0] < leans[1], (left, right)
