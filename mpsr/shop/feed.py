"""The feed: the neighbours of every product as a file that a shop imports.

What is done is kept in a folder beside the file, in parts, so that an interrupted feed goes on where it stopped; the
file itself appears whole, and the folder is removed. The order is that of the catalogue, then of rank.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.errors import InputError
from mpsr.progress import Reporter
from mpsr.search.feed import Feed, Related
from mpsr.search.ruling import click_shares_of, rule_shares
from mpsr.service import Service
from mpsr.shop.feed_formats import FORMATS
from mpsr.shop.since import Since, changes_since
from mpsr.store.files import write_whole

#: Products of a part: at most so many are computed again after an interruption.
PART = 2048

#: Most neighbours a product.
MAX_K = 1000

ABOUT = "about.json"

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FeedFacts:
    """What a feed is of.

    Attributes:
        out: the file.
        snapshot: fingerprint of the build.
        since: fingerprint of the build that it is compared with, "" for a feed of all products.
        products: how many products are in it.
        removed: how many products are listed as gone.
        rows: neighbours in all.
        from_graph: how many products the stored graph answered.
        rules_digest: SHA-256 of the rules' file, "" without rules.
        resumed: products that an interrupted run had done before.
    """

    out: str
    snapshot: str
    since: str
    products: int
    removed: int
    rows: int
    from_graph: int
    rules_digest: str
    resumed: int


def write_feed(
    service: Service,
    out: Path,
    k: int = 20,
    space: str | None = None,
    rules: bool = True,
    clicks: bool = True,
    since: str | None = None,
    report: Reporter | None = None,
) -> FeedFacts:
    """Write the neighbours of every product.

    Args:
        service: the store, opened with the rules.
        out: the file; its ending says which format (``FORMATS``).
        k: neighbours a product.
        space: name of a space; the store's first by default.
        rules: whether rules count.
        clicks: whether what was learned from clicks counts.
        since: name of an earlier snapshot of the store: only products whose list may have changed since, and those gone.
        report: told how far it is.

    Raises:
        InputError: the ending is of no known format, k is out of range, or there is no such space or snapshot.
    """
    if out.suffix.lower() not in FORMATS:
        raise InputError(f"--out is {out}. Expected a file that ends in {', '.join(FORMATS)}.")
    if not 1 <= k <= MAX_K:
        raise InputError(f"k is {k}; expected 1 to {MAX_K}.")
    feed = service.feed(k, space, rules, clicks)
    changes = changes_since(service, since, feed.space.name) if since else None
    parts = _Parts(out, _key(service, feed, changes))
    chosen = _chosen(service, feed, changes)
    order = [row for row in feed.order().tolist() if chosen[row]]
    done = 0
    if report:
        report.step("feed")
    for number, start in enumerate(range(0, len(order), PART)):
        rows = np.array(order[start : start + PART], np.int64)
        if parts.has(number):
            done += len(rows)
        else:
            parts.write(number, _table(service, feed, rows, changes))
        if report:
            report.progress(start + len(rows), len(order))
    table = parts.read()
    removed = changes.removed if changes else ()
    FORMATS[out.suffix.lower()](out, _finished(service, table), removed)
    parts.remove()
    listed = table.drop_duplicates("row")
    return FeedFacts(
        str(out),
        service.snapshot.fingerprint,
        changes.snapshot if changes else "",
        len(listed),
        len(removed),
        int((table["neighbour"] >= 0).sum()),
        int(listed["from_graph"].sum()),
        service.rules_digest if rules else "",
        done,
    )


def _key(service: Service, feed: Feed, changes: Since | None) -> dict[str, Any]:
    """What the parts of a feed depend on; parts of another are not reused."""
    digest = service.rules_digest if feed.ruling else ""
    return {
        "snapshot": service.snapshot.fingerprint,
        "space": feed.space.name,
        "k": feed.k,
        "clicks": service.clicks_digest if feed.clicked else "",
        "rules": digest,
        "day": feed.day.isoformat() if digest else "",
        "since": changes.snapshot if changes else "",
    }


def _chosen(service: Service, feed: Feed, changes: Since | None) -> npt.NDArray[np.bool_]:
    """Rows whose neighbours are looked for, shape (N,)."""
    if changes is None:
        return np.ones(len(service), bool)
    if changes.nothing:
        return np.zeros(len(service), bool)
    if feed.by_graph_alone:
        return changes.described | changes.neighbours
    return np.ones(len(service), bool)


def _table(service: Service, feed: Feed, rows: Rows, changes: Since | None) -> pd.DataFrame:
    """A row a neighbour, of those products of a part that belong into the feed; one of -1 for a product with none."""
    kept = [related for related in feed.related(rows) if changes is None or _changed(related, changes)]
    pieces = [_piece(related) for related in kept]
    columns = ("row", "rank", "neighbour", "text", "image", "click", "rule", "pinned", "from_graph")
    return pd.DataFrame({
        name: np.concatenate([piece[at] for piece in pieces]) if pieces else np.empty(0)
        for at, name in enumerate(columns)
    })  # fmt: skip


def _piece(related: Related) -> tuple[npt.NDArray[Any], ...]:
    scores = related.scores
    if not len(scores.rows):
        nothing, none = np.zeros(1), np.array([-1])
        row = np.array([related.row])
        return (
            row,
            np.array([0]),
            none,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing > 0,
            row * 0 + related.from_graph,
        )
    count = len(scores.rows)
    pinned = np.isin(scores.rows, list(related.pinned))
    return (
        np.full(count, related.row),
        np.arange(1, count + 1),
        scores.rows,
        scores.text,
        scores.image,
        click_shares_of(scores),
        rule_shares(scores),
        pinned,
        np.full(count, int(related.from_graph)),
    )


def _changed(related: Related, changes: Since) -> bool:
    """Whether a product's list may have changed: any may that the stored graph does not hold."""
    near = related.scores.rows
    return bool(
        not related.from_graph
        or changes.described[related.row]
        or changes.neighbours[related.row]
        or changes.described[near].any()
    )


def _finished(service: Service, table: pd.DataFrame) -> pd.DataFrame:
    """With ids in place of rows, in the order of the catalogue, then of rank."""
    table = table.sort_values(["row", "rank"], kind="stable")
    ids = np.array([*service.ids, ""], dtype=object)
    return pd.DataFrame({
        "id": ids[table["row"].to_numpy(np.int64)],
        "rank": table["rank"].to_numpy(np.int64),
        "related": ids[table["neighbour"].to_numpy(np.int64)],
        "score": (table["text"] + table["image"] + table["click"] + table["rule"]).to_numpy(),
        "text": table["text"].to_numpy(),
        "image": table["image"].to_numpy(),
        "click": table["click"].to_numpy(),
        "rule": table["rule"].to_numpy(),
        "pinned": table["pinned"].to_numpy(bool),
    })  # fmt: skip


class _Parts:
    """The folder of the parts that are done."""

    def __init__(self, out: Path, key: dict[str, Any]) -> None:
        self.folder = out.with_name(f"{out.name}.parts")
        if self._key() != key:
            self.remove()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / ABOUT, json.dumps(key))

    def _key(self) -> object:
        try:
            return json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def has(self, number: int) -> bool:
        """Whether that part is done."""
        return self._path(number).exists()

    def write(self, number: int, table: pd.DataFrame) -> None:
        """Keep a part; it counts once it is whole."""
        partial = self._path(number).with_suffix(".partial")
        table.to_parquet(partial, index=False)
        partial.replace(self._path(number))

    def read(self) -> pd.DataFrame:
        """All parts."""
        tables = [pd.read_parquet(path) for path in self._paths()]
        empty = pd.DataFrame(
            columns=["row", "rank", "neighbour", "text", "image", "click", "rule", "pinned", "from_graph"]
        )
        filled = [table for table in tables if len(table)]
        return pd.concat(filled, ignore_index=True) if filled else empty

    def remove(self) -> None:
        """Remove the folder, if it is one of ours."""
        if (self.folder / ABOUT).exists():
            shutil.rmtree(self.folder)

    def _paths(self) -> Iterator[Path]:
        yield from sorted(self.folder.glob("part-*.parquet"))

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:05d}.parquet"
