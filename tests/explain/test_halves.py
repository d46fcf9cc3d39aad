"""Half of one product's picture pasted onto another's: each result's fields lie rather on its own half."""

import pytest

import mpsr
from benchmarks.halves import fields_of, lean


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_each_results_fields_lie_rather_on_its_own_half(demo_store, space) -> None:
    service = mpsr.open(demo_store)
    products = service.products.drop_duplicates("articleType")
    ids = [product for product in products["id"] if service.has_picture(product)][:6]
    for left, right in zip(ids[::2], ids[1::2], strict=True):
        own, other = fields_of(service, left, right, space)
        assert lean(own) < lean(other), (left, right)
