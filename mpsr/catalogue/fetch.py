"""Bring the real data set with each hub's own client."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpsr.catalogue.typed import plain_text
from mpsr.catalogue.types import COLUMNS
from mpsr.errors import MPSRError

KAGGLE_DATASET = "paramaggarwal/fashion-product-images-small"
HUGGINGFACE_DATASET = "ashraq/fashion-product-images-small"

BY_HAND = {
    "kaggle": f"open https://www.kaggle.com/datasets/{KAGGLE_DATASET}, sign in, press Download, and give the zip to: "
    "mpsr build archive.zip",
    "huggingface": f"open https://huggingface.co/datasets/{HUGGINGFACE_DATASET}, download the folder data/, or take "
    "the zip from Kaggle (mpsr fetch kaggle)",
}


class FetchError(MPSRError):
    """The hub could not be reached, or refused."""


def fetch(hub: str, to: Path) -> Path:
    """Fetch the data set from ``hub`` ("kaggle" or "huggingface") into the folder ``to``.

    Returns:
        What ``mpsr build`` takes.

    Raises:
        FetchError: no network, no account, or no such data set; the message says which and what to do by hand.
    """
    try:
        return HUBS[hub](to)
    except MPSRError:
        raise
    except (
        Exception
    ) as error:  # the hubs' clients raise HTTP, network and credential errors of several families
        raise FetchError(f"{_reason(hub, error)} By hand: {BY_HAND[hub]}.") from error


def _reason(hub: str, error: Exception) -> str:
    """No account, no network, or something else: what the client said."""
    name = type(error).__name__
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403) or "Credential" in name or "Unauthenticated" in name:
        how = (
            "set KAGGLE_USERNAME and KAGGLE_KEY (kaggle.com → Settings → API → Create New Token)"
            if hub == "kaggle"
            else "run: hf auth login"
        )
        return f"{hub} asks for an account and none was given ({name}); {how}."
    chain, seen = error, [error]
    while (chain := chain.__cause__ or chain.__context__) and chain not in seen:  # type: ignore[assignment]
        seen.append(chain)
    text = " ".join(f"{type(e).__name__} {e}" for e in seen).lower()
    if any(
        sign in text for sign in ("connect", "resolve", "name or service", "timed out", "timeout", "network")
    ):
        return f"{hub} cannot be reached from here: no network, or it is blocked ({name})."
    return f"{hub} did not give the data set ({name}: {error})."


def _kaggle(to: Path) -> Path:
    import kagglehub

    found = Path(kagglehub.dataset_download(KAGGLE_DATASET))
    to.mkdir(parents=True, exist_ok=True)
    target = to / "fashion-product-images-small"
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(found, partial)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    return target


def _huggingface(to: Path) -> Path:
    from huggingface_hub import snapshot_download

    downloaded = snapshot_download(
        HUGGINGFACE_DATASET, repo_type="dataset", allow_patterns=["data/*.parquet"]
    )
    return unpack_parquet(
        sorted(Path(downloaded).glob("data/*.parquet")), to / "fashion-product-images-small"
    )


def unpack_parquet(shards: list[Path], target: Path) -> Path:
    """Lay the hub's Parquet shards (ten columns and ``image`` with its bytes) out as styles.csv and images/.

    Raises:
        FetchError: there are no shards, or they lack a column.
    """
    import pyarrow.parquet as pq

    if not shards:
        raise FetchError(
            f"the data set {HUGGINGFACE_DATASET} holds no data/*.parquet. By hand: {BY_HAND['huggingface']}."
        )
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "images").mkdir(parents=True)
    with (partial / "styles.csv").open("w", encoding="utf-8", newline="") as table:
        table.write(",".join(COLUMNS) + "\n")
        for shard in shards:
            for batch in pq.ParquetFile(shard).iter_batches(batch_size=1024):
                if absent := {*COLUMNS, "image"} - set(batch.schema.names):
                    raise FetchError(f"{shard.name} lacks the columns {sorted(absent)}.")
                for row in batch.to_pylist():
                    _lay_out(row, table.write, partial / "images")
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    return target


def _lay_out(row: dict[str, Any], write: Callable[[str], Any], images: Path) -> None:
    """One row: an unquoted line (commas in a name are repaired when it is read) and one picture."""
    cells = [plain_text(row[column]) for column in COLUMNS]
    write(",".join(" ".join(cell.split()) for cell in cells) + "\n")
    data = (row["image"] or {}).get("bytes")
    if data and cells[0].isalnum():
        (images / f"{cells[0]}.jpg").write_bytes(data)


HUBS: dict[str, Callable[[Path], Path]] = {"kaggle": _kaggle, "huggingface": _huggingface}
