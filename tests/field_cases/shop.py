"""A shop's folder and the mapping of its table, made by the test that reads it."""

from __future__ import annotations

from collections.abc import Mapping as Names
from pathlib import Path

from mpsr.catalogue import Catalogue, Policies, read_catalogue, read_mapping

BASE = '[columns]\nid = "sku"\nproductDisplayName = "title"\n'


def read_shop(
    folder: Path,
    table: str | bytes,
    columns: str = "",
    *,
    head: str = "",
    name: str = "shop.csv",
    pictures: Names[str, bytes] | None = None,
    policies: Policies | None = None,
) -> Catalogue:
    """The catalogue of a table with the columns sku and title; ``columns`` and ``head`` go into its mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(table.encode() if isinstance(table, str) else table)
    for path, data in (pictures or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "mapping.toml").write_text(f'table = "{name}"\n{head}{BASE}{columns}', encoding="utf-8")
    return read_catalogue(folder, policies, read_mapping(folder / "mapping.toml"))


def told(catalogue: Catalogue) -> list[tuple[int, str, str]]:
    """The rejects: line, id and reason."""
    return [(reject.line, reject.id, reject.reason) for reject in catalogue.rejects]


def adds_up(catalogue: Catalogue, rows: int) -> bool:
    """Whether every row of the table is a product or a reject."""
    refused = sum(catalogue.summary.rejected.values())
    return catalogue.summary.rows_read == rows == catalogue.summary.rows_kept + refused
