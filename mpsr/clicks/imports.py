"""Events from CSV files that other systems export: Google Analytics 4, Algolia Insights, and our own columns.

Google Analytics 4: a row an item, as flattened from its BigQuery export
(https://support.google.com/analytics/answer/7029846): event_name, event_timestamp in microseconds, user_pseudo_id and
ga_session_id, item_id, and where there are some item_list_id and item_list_index. Algolia: the fields of its Insights API
(https://www.algolia.com/doc/rest-api/insights/): eventType, eventSubtype, userToken, timestamp in milliseconds,
objectIDs, positions, queryID.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from mpsr.clicks.types import Event, Kind, time_of
from mpsr.errors import InputError

Layout = Literal["ga4", "algolia", "mpsr"]

#: Event names of Google Analytics 4 → ours; others are skipped. item_list_index is counted from 0 there.
GA4: dict[str, Kind] = {
    "view_item_list": "view",
    "view_item": "view",
    "select_item": "click",
    "add_to_cart": "cart",
    "purchase": "purchase",
}

#: Columns by which a layout is recognised.
MARKS: dict[Layout, frozenset[str]] = {
    "ga4": frozenset({"event_name", "event_timestamp", "item_id"}),
    "algolia": frozenset({"eventType", "userToken", "objectIDs"}),
    "mpsr": frozenset({"id", "kind", "session", "product"}),
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Refused:
    """A row that is no event: its line in the file, and why."""

    line: int
    why: str


def read_events(path: Path) -> Iterator[Event | Refused]:
    """The events of a CSV file, and the rows that are none. Rows of other kinds of events are skipped.

    Raises:
        InputError: it cannot be read, or its columns are of no known layout.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            take = READERS[layout_of(rows.fieldnames or [], path)]
            for row in rows:
                try:
                    yield from take({name: value or "" for name, value in row.items() if name is not None})
                except (InputError, ValueError) as error:
                    yield Refused(rows.line_num, str(error))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as CSV: {error}.") from error


def layout_of(columns: Any, path: Path) -> Layout:
    """The layout that these columns are of.

    Raises:
        InputError: of none.
    """
    for layout, marks in MARKS.items():
        if marks <= set(columns):
            return layout
    expected = "; or ".join(f"{layout}: {', '.join(sorted(marks))}" for layout, marks in MARKS.items())
    raise InputError(f"{path} has the columns {', '.join(list(columns)[:12])}. Expected {expected}.")


def _ga4(row: Row) -> Iterator[Event]:
    kind = GA4.get(row["event_name"])
    if kind is None:
        return
    index = row.get("item_list_index", "")
    in_list = row["event_name"] in ("view_item_list", "select_item") and index
    session = "-".join(filter(None, [row.get("user_pseudo_id", ""), row.get("ga_session_id", "")]))
    yield _event(
        row,
        kind=kind,
        session=session,
        product=row["item_id"],
        time=float(row["event_timestamp"]) / 1e6,
        query=row.get("item_list_id", ""),
        position=int(index) + 1 if in_list else None,
    )


def _algolia(row: Row) -> Iterator[Event]:
    kind = {"view": "view", "click": "click"}.get(row["eventType"])
    if row["eventType"] == "conversion":
        kind = {"addToCart": "cart", "purchase": "purchase"}.get(row.get("eventSubtype", ""))
    if kind is None:
        return
    products, positions = _listed(row["objectIDs"]), _listed(row.get("positions", ""))
    if positions and len(positions) != len(products):
        raise InputError(f"{len(products)} objectIDs and {len(positions)} positions; expected as many.")
    for at, product in enumerate(products):
        yield _event(
            row,
            str(at),
            kind=cast(Kind, kind),
            session=row["userToken"],
            product=product,
            time=float(row["timestamp"]) / 1e3,
            query=row.get("queryID", ""),
            position=int(positions[at]) if positions else None,
        )


def _own(row: Row) -> Iterator[Event]:
    given = row.get("time", "")
    when = float(given) if re.fullmatch(r"\d+(\.\d+)?", given) else time_of(given or None)
    position = int(row["position"]) if row.get("position") else None
    names = ("id", "kind", "session", "product", "query", "snapshot", "arm")
    yield Event(**{name: row.get(name, "") for name in names}, time=when, position=position)  # type: ignore[arg-type]


def _event(row: Row, part: str = "", **values: Any) -> Event:
    """An event whose id is made from its row, so that the same row is the same event when it is imported again."""
    digest = hashlib.sha256("\0".join([*(f"{name}={row[name]}" for name in sorted(row)), part]).encode())
    return Event(id=digest.hexdigest()[:32], **values)


def _listed(text: str) -> list[str]:
    """The values of a cell: a JSON list, or texts with commas or bars between them."""
    if text.startswith("["):
        found = json.loads(text)
        return [str(one) for one in found] if isinstance(found, list) else []
    return [one.strip() for one in re.split(r"[,|]", text) if one.strip()]


READERS: dict[Layout, Callable[[Row], Iterator[Event]]] = {"ga4": _ga4, "algolia": _algolia, "mpsr": _own}
