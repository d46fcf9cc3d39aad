"""The choices that were read for learning, kept in the store's folder, so that only newer ones are read next time.

The result is that of reading everything: of what is kept, the choices before the limit of age are dropped as the database
drops them, and the number that is left must be the number that the database still has up to the last one read. It has
fewer after a session was forgotten or something else was removed, and then everything is read again.

Sessions and queries are kept as digests under a key that changes whenever everything is read: a query may be words that
somebody typed.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mpsr.clicks.events import CHOICE, Choices, Events, Mark
from mpsr.store.files import write_file
from mpsr.store.layout import CLICKS_TAKEN

#: Changes with what is in the file.
VERSION = 1

#: Columns that are digests, and characters of a digest.
SECRET, CHARACTERS = ("session", "query"), 32

ABOUT = b"mpsr"


@dataclass(frozen=True)
class Taken:
    """Choices, and where they come from.

    Attributes:
        table: by number, a column for each of ``CHOICE``, sessions and queries as digests, "" for none.
        mark: the last of them.
        key: of the digests.
        new: how many were read from the database.
        why_all: why all were read, "" where only newer ones were.
    """

    table: pd.DataFrame
    mark: Mark
    key: bytes
    new: int
    why_all: str

    def with_queries(self, products: list[str]) -> pd.DataFrame:
        """The table with the queries that are one of these products, "" for any other, in the order of time."""
        known = dict(zip(_digests(pd.Series(products, dtype=object), self.key), products, strict=True))
        queries = [known.get(one, "") for one in self.table["query"]]
        table = self.table.assign(query=pd.Series(queries, dtype=object))
        return table.sort_values(["time", "number"], ignore_index=True).assign(position=float("nan"))


def take_choices(root: Path, events: Events, limit: float, anew: bool = False) -> Taken:
    """The choices of a database whose events before a time were removed; writes what it read beside the store.

    Args:
        root: the store's folder.
        events: the database.
        limit: the time in seconds since 1970.
        anew: read everything.
    """
    before = None if anew else _read(root)
    if before is None:
        taken = _all(events, "it was asked for" if anew else "nothing was kept")
    else:
        taken = _newer(events, before, limit)
    _write(root, taken)
    return taken


def _newer(events: Events, before: Taken, limit: float) -> Taken:
    """What was kept and what is newer; everything where what was kept is no longer what is there."""
    found = events.choices(before.mark)
    if found.kept is None:
        return _all(events, "the last event read is no longer there")
    kept = before.table[before.table["time"] >= limit]
    if len(kept) != found.kept:
        return _all(events, "events were removed")
    newer = _hidden(found, before.key)
    tables = [one for one in (kept, newer) if len(one)]
    table = pd.concat(tables, ignore_index=True) if tables else newer
    return Taken(table, found.mark, before.key, len(newer), "")


def _all(events: Events, why: str) -> Taken:
    found, key = events.choices(), secrets.token_bytes(16)
    return Taken(_hidden(found, key), found.mark, key, len(found.table), why)


def _hidden(found: Choices, key: bytes) -> pd.DataFrame:
    return found.table.assign(**{name: _digests(found.table[name], key) for name in SECRET})


def _digests(values: pd.Series, key: bytes) -> pd.Series:
    """Of each text its digest, "" of ""."""
    codes, different = pd.factorize(values)
    digests = [
        hashlib.blake2b(
            one.encode("utf-8", "surrogatepass"), digest_size=CHARACTERS // 2, key=key
        ).hexdigest()
        if one
        else ""
        for one in different
    ]
    return pd.Series(pd.Series(digests, dtype=object).to_numpy()[codes], dtype=object)


def _read(root: Path) -> Taken | None:
    """What was kept; None where there is nothing that can be used."""
    try:
        found = pq.read_table(io.BytesIO((root / CLICKS_TAKEN).read_bytes()))
        about = json.loads((found.schema.metadata or {})[ABOUT])
        if about["version"] != VERSION:
            return None
        table = found.select(list(CHOICE)).to_pandas().astype({"number": "int64", "time": "float64"})
        return Taken(table, Mark(**about["mark"]), bytes.fromhex(about["key"]), 0, "")
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):  # it is read from the database then
        return None


def _write(root: Path, taken: Taken) -> None:
    about = {"version": VERSION, "mark": asdict(taken.mark), "key": taken.key.hex()}
    table = pa.Table.from_pandas(taken.table[list(CHOICE)], preserve_index=False)
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({ABOUT: json.dumps(about).encode()}), out)
    path = root / CLICKS_TAKEN
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    write_file(partial, out.getvalue())
    partial.replace(path)
