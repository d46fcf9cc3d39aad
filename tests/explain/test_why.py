"""Explanations of a real store's results: shares, sums, words left out, what is said when something is missing."""

from dataclasses import replace

import numpy as np
import pytest

import mpsr
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError
from mpsr.explain import why
from mpsr.search.request import Request
from mpsr.types import Part, Query, Weights, about

from ..conftest import picture_bytes
from ..search.test_searcher import Oracle

PHOTO = picture_bytes((30, 90, 160), (90, 40))
QUERIES = {
    "product": about("101"),
    "words": Query((Part(words="black shirts for men"),)),
    "photo": Query((Part(picture=PHOTO),)),
    "mix": Query((Part(product="101"), Part(words="red"), Part(product="104", weight=-0.5))),
    "product without picture": about("130"),
}


@pytest.fixture(autouse=True)
def models(tiny_embedded):
    return tiny_embedded


@pytest.fixture
def service(learned_shop):
    return mpsr.open(learned_shop)


@pytest.mark.parametrize("weights", [Weights(), Weights(0.2, 0.8), Weights(1, 0), Weights(0, 1)])
@pytest.mark.parametrize("space", ["learned", "paper"])
@pytest.mark.parametrize("name", QUERIES)
def test_shares_are_the_results_own_and_cells_sum_to_the_picture_share(service, name, space, weights) -> None:
    for item in service.search(Request(QUERIES[name], 3, space, weights)).neighbours:
        found = service.why(Request(QUERIES[name], space=space, weights=weights), item.id)
        assert (found.text, found.image) == (item.text, item.image)
        for cells, frame in (
            (found.query_cells, found.query_frame),
            (found.product_cells, found.product_frame),
        ):
            assert (cells is None) == (frame is None)
            if cells is not None:
                assert cells.ndim == 2
                assert cells.sum() == pytest.approx(item.image, abs=1e-5)


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_both_pictures_are_split_where_both_are_pictures(service, space) -> None:
    for name in ("product", "photo"):
        found = service.why(Request(QUERIES[name], space=space), "102")
        assert found.query_cells is not None
        assert found.product_cells is not None
        assert not any("differs" in note for note in found.notes)


def test_the_same_picture_is_split_alike_on_both_sides(service) -> None:
    twin = Query((Part(picture=service.picture("107")),))
    for space in service.spaces:
        found = service.why(Request(twin, space=space, weights=Weights(0, 1)), "107")
        np.testing.assert_allclose(found.query_cells, found.product_cells, atol=1e-4)


@pytest.mark.parametrize("space", ["learned", "paper"])
@pytest.mark.parametrize("name", ["product", "words", "mix"])
def test_a_word_brings_what_the_share_loses_without_it(service, models, name, space) -> None:
    """The text shares with other words, by the formulas, the rest of the product as it is."""
    product = "109"
    found = service.why(Request(QUERIES[name], space=space, lexical=0), product)
    oracle, place = Oracle(service, models), service.row_of(product)
    text = mpsr.open(service.root)._encoders.product_texts(service.products.iloc[[place]])[0]
    assert [word for word, _ in found.words] == list(dict.fromkeys(text.split()))
    assert found.words
    assert (
        "apparel" in text or "footwear" in text or "accessories" in text
    )  # category and colour follow the name

    def share(words: str) -> float:
        oracle.raw[0][place], oracle.texts[place] = oracle.embedded(Part(words=words))[1], words
        return float(oracle.shares(QUERIES[name], space, Weights())[0][place])

    own = share(text)
    for word, brings in found.words:
        rest = " ".join(other for other in text.split() if other != word)
        assert brings == pytest.approx(own - share(rest), abs=2e-5)


@pytest.mark.parametrize(
    ("query", "product", "space", "weights", "note"),
    [
        ("product", "130", "learned", Weights(), "The product has no picture"),
        ("product without picture", "101", "learned", Weights(), "The query has no picture."),
        ("words", "101", "paper", Weights(), "The query has no picture, and this space"),
        ("words", "101", "learned", Weights(), "The query is words"),
        ("photo", "101", "paper", Weights(), "The query has no words, and this space"),
        ("photo", "101", "learned", Weights(), "A photo has no attributes"),
        ("mix", "102", "learned", Weights(), "Several things"),
        ("mix", "102", "learned", Weights(), "one of the query's products has it"),
        ("product", "102", "learned", Weights(1, 0), "Pictures do not count"),
        ("product", "102", "learned", Weights(0, 1), "Words do not count"),
    ],
)
def test_what_cannot_be_explained_is_said(service, query, product, space, weights, note) -> None:
    found = service.why(Request(QUERIES[query], space=space, weights=weights), product)
    assert any(note in told for told in found.notes), found.notes
    assert found.sentence().endswith(".")


def test_attributes_are_those_of_the_query_product(service) -> None:
    found = service.why(Request(about("101")), "102")
    assert found.shared["articleType"] == "Shirts"
    assert found.different == {"baseColour": ("Red", "Blue")}
    found = service.why(Request(QUERIES["words"]), "104")
    assert {"articleType", "baseColour", "gender"} <= set(found.shared)
    assert found.different == {}


def test_explanations_are_kept_and_the_oldest_goes(learned_shop, monkeypatch) -> None:
    monkeypatch.setattr(why, "KEPT", 1)
    service = mpsr.open(learned_shop)
    first = service.why(Request(about("101")), "102")
    assert service.why(Request(about("101")), "102") is first
    assert service.why(Request(about("101"), weights=Weights(0.2, 0.8)), "102") is not first
    assert service.why(Request(about("101")), "102") is not first


def test_a_picture_kept_otherwise_than_it_was_indexed_is_told_of(service, monkeypatch) -> None:
    monkeypatch.setattr(
        type(service._store), "picture", lambda self, row: picture_bytes((250, 10, 10), (80, 8))
    )
    found = service.why(Request(about("101"), space="paper", weights=Weights(0, 1)), "107")
    assert any("differs from the one that was indexed" in note for note in found.notes)
    assert found.product_cells.sum() == pytest.approx(found.image, abs=1e-5)


def test_unknown_products_are_refused(service) -> None:
    with pytest.raises(InputError, match="no product"):
        service.why(Request(about("101")), "nobody")


def test_a_map_lies_where_the_network_looks(models) -> None:
    """A spot on grey: the cell whose features change most lies on the spot."""
    model = replace(models.image, height=160, width=192)
    encoder = ImageEncoder(model, find_weights(model), precision="float32")
    grey = np.full((160, 192, 3), 128, np.uint8)
    for x, y in ((64, 96), (32, 32), (128, 64)):
        spot = grey.copy()
        spot[y - 3 : y + 4, x - 3 : x + 4] = 0
        plain, changed = encoder.feature_maps([grey, spot])
        row, column = np.unravel_index(np.linalg.norm(changed - plain, axis=2).argmax(), plain.shape[:2])
        left, top, right, bottom = encoder.frame((192, 160), plain.shape[:2])
        assert left + (column + 0.5) / plain.shape[1] * (right - left) == pytest.approx(x / 192)
        assert top + (row + 0.5) / plain.shape[0] * (bottom - top) == pytest.approx(y / 160)


def test_a_letterboxed_map_lies_on_the_picture_inside(models) -> None:
    encoder = ImageEncoder(models.image, find_weights(models.image))  # 24 wide, 32 high, one cell around 0, 0
    assert encoder.frame((24, 32), (1, 1)) == pytest.approx((-16 / 24, -16 / 32, 16 / 24, 16 / 32))
    # 48 × 32 is halved to 24 × 16 and has 8 rows of white above it: the cell's middle is 16 of its own rows higher
    left, top, right, bottom = encoder.frame((48, 32), (1, 1))
    assert (left, right) == pytest.approx((-32 / 48, 32 / 48))
    assert (top, bottom) == pytest.approx((-48 / 32, 16 / 32))


def test_maps_pool_to_the_embedding(models) -> None:
    encoder = ImageEncoder(models.image, find_weights(models.image), precision="float32")
    pixels = [np.random.default_rng(n).integers(0, 256, (32, 24, 3), dtype=np.uint8) for n in range(3)]
    mean = encoder.feature_maps(pixels).mean(axis=(1, 2))
    np.testing.assert_allclose(
        mean / np.linalg.norm(mean, axis=1, keepdims=True), encoder.encode(pixels), atol=1e-5
    )
