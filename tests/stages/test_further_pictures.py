"""All pictures of a product are in the store and in order; what is wrong with one of them is told."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from mpsr.api.app import create_app
from mpsr.errors import StoreError
from mpsr.pipeline import build, update
from mpsr.service import Service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.gc import collect
from mpsr.ui import card, pictures
from tests.conftest import picture_bytes

COLOURS = {
    "a1": (200, 30, 30),
    "a2": (30, 200, 30),
    "a3": (30, 30, 200),
    "b1": (90, 90, 10),
    "b3": (10, 90, 90),
}
HEAD = "id,title,image_link,additional_image_link\n"
ROWS = ['A,Oak shirt,a1.jpg,"a2.jpg,a3.jpg"', 'B,Oak coat,b1.jpg,"bad.jpg,lost.jpg,b3.jpg"', "C,Oak hat,,"]


def written(folder: Path, rows: list[str]) -> Path:
    folder.mkdir()
    for name, colour in COLOURS.items():
        (folder / f"{name}.jpg").write_bytes(picture_bytes(colour))
    (folder / "bad.jpg").write_bytes(b"no picture")
    (folder / "feed.csv").write_text(HEAD + "\n".join(rows) + "\n")
    return folder / "feed.csv"


@pytest.fixture(scope="module")
def store(tiny_profile, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("further")
    build(written(folder / "source", ROWS), Store(folder / "store"), Settings(tiny_profile))
    return folder / "store"


def colours(service: Service, product: str) -> list[str]:
    """The names of the pictures that a product's pictures are."""
    shown = [service.picture(product, number) for number in range(service.pictures(product))]
    means = [np.asarray(Image.open(io.BytesIO(data or b""))).mean((0, 1)) for data in shown]
    return [min(COLOURS, key=lambda name: float(np.abs(mean - COLOURS[name]).sum())) for mean in means]


def test_all_pictures_are_kept_in_order(store) -> None:
    service = Service(store)
    assert [colours(service, product) for product in "ABC"] == [["a1", "a2", "a3"], ["b1", "b3"], []]
    assert service.picture("A", 3) is service.picture("A", -1) is service.picture("C") is None
    assert service.info()["further_pictures"] == 3
    assert service.info()["models"]["image"]["distinct"] == 2


def test_a_further_picture_that_is_damaged_or_missing_is_told(store) -> None:
    told = Service(store).rejects()
    assert told[["id", "kind", "reason"]].values.tolist() == [
        ["B", "picture", "picture not found"],
        ["B", "picture", "not a picture"],
    ]


def test_the_api_gives_all_of_them(store) -> None:
    client = TestClient(create_app(Service(store)), base_url="http://localhost")
    links = client.get("/v1/products/A").json()["pictures"]
    assert links == ["/v1/pictures/A", "/v1/pictures/A?number=1", "/v1/pictures/A?number=2"]
    service = Service(store)
    assert [client.get(link).content for link in links] == [service.picture("A", n) for n in range(3)]
    assert len({client.get(link).headers["ETag"] for link in links}) == 3
    assert client.get("/v1/pictures/A?number=3").status_code == 404
    assert client.get("/v1/products/C").json()["pictures"] == []


def test_the_product_page_shows_all_of_them(store) -> None:
    service = Service(store)
    shown = card.further(service, "A")
    assert shown.count("<img") == 2
    assert "Oak shirt, picture 3 of 3" in shown
    for number in (1, 2):
        assert f'src="{pictures.url(service, "A", number)}"' in shown
    assert card.further(service, "C") == ""


def test_an_update_without_the_source_keeps_them(store, tiny_profile, tmp_path) -> None:
    import shutil

    copy = Path(shutil.copytree(store, tmp_path / "store"))
    changes = tmp_path / "changes.csv"
    changes.write_text(HEAD + "A,Oak shirt two,,\n")
    update(changes, Store(copy), Settings(tiny_profile), ["C"])
    collect(Store(copy), keep=1)
    service = Service(copy)
    assert service.name("A") == "Oak shirt two"
    assert [colours(service, product) for product in "AB"] == [["a1", "a2", "a3"], ["b1", "b3"]]


def test_products_of_one_picture_need_no_file_of_further_ones(tiny_store) -> None:
    service = Service(tiny_store)
    assert "further.npy" not in service.artefact("pictures").manifest["files"]
    assert service.pictures("101") == 1
    assert service.info()["further_pictures"] == 0


@pytest.mark.parametrize("row", [[9, 0, 5], [0, 10**9, 5]])
def test_places_that_lead_outside_are_refused(store, tmp_path, row) -> None:
    from types import SimpleNamespace

    from mpsr.store.contents import check_contents

    found = Service(store).artefact("pictures")
    arrays = {"offsets.npy": np.asarray(found.array("offsets.npy")), "further.npy": np.array([row], np.int64)}
    forged = SimpleNamespace(
        stage="pictures", manifest=found.manifest, array=arrays.__getitem__, path=found.path, root=found.root
    )
    with pytest.raises(StoreError, match=r"further\.npy"):
        check_contents(forged)
