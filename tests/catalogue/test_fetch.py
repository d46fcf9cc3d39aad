"""Fetching, up to the wire: what each hub's client gives or raises is played."""

from __future__ import annotations

import sys
import types

import pandas as pd
import pytest

from mpsr.catalogue import fetch as module
from mpsr.catalogue import read_catalogue
from mpsr.catalogue.fetch import FetchError, fetch, unpack_parquet
from mpsr.catalogue.types import COLUMNS

from ..conftest import line, picture_bytes, write_catalogue


class ForbiddenError(Exception):
    response = types.SimpleNamespace(status_code=403)


class MissingCredentialError(Exception):
    pass


def unreachable() -> Exception:
    error = RuntimeError("Max retries exceeded")
    error.__cause__ = OSError("[Errno -2] Name or service not known")
    return error


@pytest.mark.parametrize("hub", ["kaggle", "huggingface"])
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ForbiddenError(), "asks for an account"),
        (MissingCredentialError(), "asks for an account"),
        (ConnectionError("refused"), "cannot be reached from here"),
        (unreachable(), "cannot be reached from here"),
        (TimeoutError("read timed out"), "cannot be reached from here"),
        (KeyError("dataset"), "did not give the data set"),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do_by_hand(monkeypatch, tmp_path, hub, error, says):
    def fail(_):
        raise error

    monkeypatch.setitem(module.HUBS, hub, fail)
    with pytest.raises(FetchError, match=says) as caught:
        fetch(hub, tmp_path)
    assert "By hand: open https://" in str(caught.value)


def test_kaggle_s_download_is_copied_whole(monkeypatch, tmp_path):
    cache = write_catalogue(tmp_path / "cache", [line(1)], [1])
    client = types.SimpleNamespace(
        dataset_download=lambda name: str(cache) if name == module.KAGGLE_DATASET else None
    )
    monkeypatch.setitem(sys.modules, "kagglehub", client)
    for _ in range(2):
        found = fetch("kaggle", tmp_path / "to")
        assert read_catalogue(found).summary.pictures_found == 1
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["fashion-product-images-small"]


def hub_rows() -> pd.DataFrame:
    rows = [dict(zip(COLUMNS, line(n, f"Gold, Silver {n}").split(",", 9), strict=True)) for n in (1, 2, 3)]
    frame = pd.DataFrame(rows).astype({"id": "int64"})
    frame["year"] = [2012.0, float("nan"), None]
    frame["season"] = ["Summer", None, "Winter"]
    frame["image"] = [{"bytes": picture_bytes(), "path": None}, None, {"bytes": None, "path": "x"}]
    return frame


def test_the_hub_s_parquet_becomes_a_catalogue(tmp_path):
    shards = []
    for number, rows in enumerate((slice(0, 2), slice(2, 3))):
        shards.append(tmp_path / f"{number}.parquet")
        hub_rows()[rows].to_parquet(shards[-1])
    catalogue = read_catalogue(unpack_parquet(shards, tmp_path / "to"))
    assert catalogue.ids == ["1", "2", "3"]
    assert catalogue.products["productDisplayName"].tolist() == [
        "Gold, Silver 1",
        "Gold, Silver 2",
        "Gold, Silver 3",
    ]
    assert catalogue.products["year"].isna().tolist() == [False, True, True]
    assert catalogue.products["season"].isna().tolist() == [False, True, False]
    assert (catalogue.summary.pictures_found, catalogue.summary.pictures_missing) == (1, 2)


def test_shards_that_are_not_the_data_set(tmp_path):
    with pytest.raises(FetchError, match="holds no data"):
        unpack_parquet([], tmp_path / "to")
    hub_rows().drop(columns=["year"]).to_parquet(tmp_path / "0.parquet")
    with pytest.raises(FetchError, match=r"lacks the columns \['year'\]"):
        unpack_parquet([tmp_path / "0.parquet"], tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_an_id_that_is_a_path_writes_no_picture_outside(tmp_path):
    frame = hub_rows().astype({"id": "object"})
    frame.loc[0, "id"] = "../../evil"
    frame["id"] = frame["id"].astype(str)
    frame.to_parquet(tmp_path / "0.parquet")
    unpack_parquet([tmp_path / "0.parquet"], tmp_path / "a" / "b")
    assert not list(tmp_path.rglob("evil*"))
