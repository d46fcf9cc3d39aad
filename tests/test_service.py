"""The service: what a product's neighbours are, against plain numpy over the store's own vectors."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mpsr
from mpsr.errors import InputError
from mpsr.search.request import weights_of
from mpsr.search.searcher import Searcher
from mpsr.service import Service
from mpsr.types import Weights


@pytest.fixture(scope="module")
def service(tiny_store: Path) -> Service:
    return mpsr.open(tiny_store)


def all_cosines(service: Service, place: int) -> np.ndarray:
    vectors = np.asarray(service._store.spaces["paper"].vectors, dtype=np.float64)
    return vectors @ vectors[place] / np.linalg.norm(vectors, axis=1) / np.linalg.norm(vectors[place])


def test_neighbours_of_every_product_equal_the_oracle(service: Service) -> None:
    for place, product in enumerate(service.products["id"]):
        expected = all_cosines(service, place)
        expected[place] = -2
        order = np.argsort(-expected, kind="stable")[:5]
        found = service.similar(product).neighbours
        assert len(found) == 5
        np.testing.assert_allclose([n.score for n in found], expected[order], atol=1e-6)


def test_the_graph_and_the_index_agree(service: Service, monkeypatch) -> None:
    product = service.products["id"].iat[3]
    from_graph = service.similar(product, k=10)
    monkeypatch.setattr(Searcher, "_from_graph", lambda *_: None)
    assert service.similar(product, k=10) == from_graph


def test_text_and_image_add_up_exactly(service: Service) -> None:
    for item in service.similar(service.products["id"].iat[0], k=20).as_json()["neighbours"]:
        assert item["text"] + item["image"] == item["score"]


def test_more_than_there_are_gives_all_but_itself(service: Service) -> None:
    product = service.products["id"].iat[0]
    found = service.similar(product, k=10_000)
    assert len(found.neighbours) == len(service) - 1
    assert product not in {n.id for n in found.neighbours}


def test_filters_hold_and_combine(service: Service) -> None:
    product = service.products["id"].iat[0]
    where = {"baseColour": service.products["baseColour"].unique()[:2].tolist(), "articleType": ["Shirts"]}
    found = service.similar(product, k=100, where=where).neighbours
    rows = service.products[service.products["baseColour"].isin(where["baseColour"])]
    expected = set(rows[rows["articleType"] == "Shirts"]["id"]) - {product}
    assert {n.id for n in found} == expected


def test_a_product_without_picture_is_found_by_its_words(service: Service) -> None:
    last = service.products["id"].iat[-1]
    assert service.picture(last) is None
    found = service.similar(last).neighbours
    assert len(found) == 5
    assert all(n.image == 0 for n in found)


def test_pictures_come_back_as_they_were(service: Service, shop: Path) -> None:
    row = service.products.iloc[0]
    assert service.picture(row["id"]) == (shop / row["picture"]).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"product": "€"}, "no product"),
        ({"product": "1O1"}, "Similar ids: "),
        ({"k": 0}, "at least 1"),
        ({"space": "shared-in-mind"}, "no space"),
        ({"where": {"colour": ["Red"]}}, "unknown column 'colour'"),
        ({"where": {"gender": ["Mne"]}}, "Did you mean Men"),
    ],
)
def test_wrong_questions_say_what_was_expected(service: Service, arguments: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        service.similar(**{"product": service.products["id"].iat[0]} | arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text=0.7,image=0.3", Weights(0.7, 0.3)),
        ("image=1", Weights(0, 1)),
        ("text=2,image=2", Weights(0.5, 0.5)),
    ],
)
def test_weights_are_scaled_to_one(text: str, expected: Weights) -> None:
    weights = weights_of(text)
    assert (weights.text, weights.image) == pytest.approx((expected.text, expected.image))


@pytest.mark.parametrize(
    "text", ["", "text", "text=x", "text=-1,image=2", "text=0,image=0", "price=1", "text=nan"]
)
def test_weights_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="weights are"):
        weights_of(text)


def test_finding_by_name_and_id(service: Service) -> None:
    first = service.products.iloc[0]
    assert service.find(first["id"]) == [first["id"]]
    words = first["productDisplayName"].upper().split()
    assert first["id"] in service.find(f"{words[-1]} {words[0]}")
    assert service.find("zzz") == []
    assert service.find("  ") == []


def test_opening_a_store_imports_no_torch(tiny_store: Path) -> None:
    code = (
        f"import sys, mpsr; s = mpsr.open({str(tiny_store)!r}); s.similar(s.products['id'].iat[0]);"
        "print([m for m in ('torch', 'transformers', 'torchvision', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
