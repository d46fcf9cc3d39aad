"""Read and clean a catalogue: every input row ends up in the products or in the rejects, with a reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from textwrap import shorten

import pandas as pd

from mpsr.catalogue.mapping import PICTURE, Mapping
from mpsr.catalogue.pictures import MAX_BYTES, PictureError, decode_picture
from mpsr.catalogue.rows import Row, decode, parquet_rows, quoted_rows, refusal, unquoted_rows
from mpsr.catalogue.source import MemberError, Source, open_source
from mpsr.catalogue.types import (
    COLUMNS,
    ID,
    INTERNAL,
    NAME,
    Catalogue,
    NoImagePolicy,
    Reject,
    RowPolicy,
    Summary,
)
from mpsr.errors import InputError

KAGGLE_TABLE = "styles.csv"
BACKSLASH = "\\"
KAGGLE_PICTURES = "images"
TABLE_SUFFIXES = (".csv", ".parquet")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
MAX_TABLE_BYTES = 4 * 1024 * 1024 * 1024

#: How a missing value is written in the wild; both become a missing value.
MISSING = ("", "NA")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Policies:
    """How a catalogue is to be read: what becomes of long rows and of products without a picture."""

    rows: RowPolicy = "repair"
    no_image: NoImagePolicy = "keep"
    limit: int | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Located:
    """A catalogue found but not read: its source, its table, and where its pictures are."""

    source: Source
    table: str
    mapping: Mapping | None
    members: dict[str, str]

    def relevant_members(self) -> dict[str, str]:
        """The table and the pictures beside it, and nothing else that lies around."""
        base = self.picture_root
        return {
            name: stamp for name, stamp in self.members.items() if name == self.table or name.startswith(base)
        }

    @property
    def picture_root(self) -> str:
        """What the paths of all pictures begin with."""
        parent = PurePosixPath(self.table).parent
        if self.mapping is None or not self.mapping.names_pictures:
            return f"{parent / KAGGLE_PICTURES}/"
        return "" if parent == PurePosixPath() else f"{parent}/"


def locate(path: Path, mapping: Mapping | None = None) -> Located:
    """Find the table and the pictures at ``path`` (a folder, a zip, or a table with its pictures beside it).

    Of several ``styles.csv`` the one nearest the top counts, so that the copy nested in ``myntradataset/``
    of the original archive is not read twice.

    Raises:
        InputError: there is no such place, or no table in it.
    """
    if path.is_file() and path.suffix.lower() in TABLE_SUFFIXES:
        source, table = open_source(path.parent), path.name
    else:
        source, table = (
            open_source(path),
            str(PurePosixPath(mapping.table)) if mapping and mapping.table else "",
        )
    members = source.members()
    if not table:
        found = [name for name in members if PurePosixPath(name).name == KAGGLE_TABLE]
        table = min(found, key=lambda name: (name.count("/"), name), default="")
    if table not in members:
        raise InputError(f"{path} holds no {table or KAGGLE_TABLE}. {_expected_table(members, mapping)}")
    return Located(source, table, mapping, members)


def _expected_table(members: dict[str, str], mapping: Mapping | None) -> str:
    if mapping is None:
        return f"Expected {KAGGLE_TABLE} and {KAGGLE_PICTURES}/<id>.jpg, or your own table with --mapping FILE.toml."
    tables = [name for name in sorted(members) if name.lower().endswith(TABLE_SUFFIXES)]
    there = f"one of {', '.join(tables[:5])}" if tables else "a .csv or .parquet file"
    return f'Expected the mapping to say which table to read: table = "...", {there}.'


def read_catalogue(
    path: Path,
    policies: Policies | None = None,
    mapping: Mapping | None = None,
    *,
    check_pictures: bool = True,
    progress: Progress | None = None,
) -> Catalogue:
    """Read the catalogue at ``path``.

    Args:
        path: folder, zip or table.
        policies: row and picture policies, limit, encoding.
        mapping: a retailer's column mapping; without it the table must be Kaggle-style.
        check_pictures: decode every picture and hash its bytes; off, pictures are only looked up.
        progress: called with (pictures checked, pictures in all).

    Raises:
        InputError: no table, wrong columns or encoding, or no product left.
    """
    return read_located(locate(path, mapping), policies or Policies(), check_pictures, progress)


def read_located(
    located: Located, policies: Policies, check_pictures: bool = True, progress: Progress | None = None
) -> Catalogue:
    """As ``read_catalogue``, for a catalogue already found."""
    rows, rejects = _collect(_rows(located, policies), located, policies)
    if not rows:
        counted = dict(Counter(reject.reason for reject in rejects))
        raise InputError(
            f"{located.table} holds no product that can be kept; rejected: {counted or 'no rows at all'}."
        )
    products = _table(rows, located)
    if check_pictures:
        products["picture_sha256"], refused = _check(located.source, products, progress)
        products.loc[products["picture_sha256"].isna(), "picture"] = None
        rejects += refused
    rejects_of_pictures = {reject.line: reject for reject in rejects if reject.kind == "picture"}
    missing = products["picture"].isna()
    if policies.no_image == "drop" and missing.any():
        rejects = [reject for reject in rejects if reject.kind == "row"]
        rejects += [
            _as_row(rejects_of_pictures.get(line), line, product)
            for line, product in zip(products.loc[missing, "line"], products.loc[missing, ID], strict=True)
        ]
        products = products[~missing].reset_index(drop=True)
        if products.empty:
            raise InputError(
                f"none of the {len(rows):,} products in {located.table} has a usable picture, and products without "
                f"one were to be dropped. Expected pictures as {located.picture_root}<id>.jpg; "
                "or keep the products with --no-image keep."
            )
    rejects.sort(key=lambda reject: reject.line)
    kept_lines = set(products["line"])
    cleaned = [row.text for row in rows if row.line in kept_lines] if policies.rows == "strict" else None
    header = ",".join(COLUMNS)
    return Catalogue(
        products,
        tuple(rejects),
        _summary(products, rejects),
        (header, *cleaned) if cleaned is not None and located.mapping is None else None,
    )


def _rows(located: Located, policies: Policies) -> Iterator[Row | Reject]:
    name, mapping = located.table, located.mapping
    data = located.source.read(name, MAX_TABLE_BYTES)
    if name.lower().endswith(".parquet"):
        return parquet_rows(data, name)
    text = decode(data, name, policies.encoding or (mapping and mapping.encoding) or None)
    return quoted_rows(text, mapping.delimiter) if mapping else unquoted_rows(text, policies.rows)


def _collect(
    items: Iterator[Row | Reject], located: Located, policies: Policies
) -> tuple[list[Row], list[Reject]]:
    """Rows to keep under our column names, and the rejects."""
    header = next(items)
    if not isinstance(header, Row):
        raise AssertionError("the first item is the header")
    names = located.mapping.columns if located.mapping else {column: column for column in COLUMNS}
    absent = [theirs for theirs in names.values() if theirs not in header.fields]
    if absent:
        there = shorten(", ".join(header.fields) or "none", 500, placeholder=" …")
        raise InputError(
            f"{located.table} lacks the column(s) {', '.join(absent)}; it has {there}. "
            "Expected the columns of styles.csv, or a --mapping that names yours."
        )
    rows: list[Row] = []
    rejects: list[Reject] = []
    first_line: dict[str, int] = {}
    for item in items:
        if policies.limit is not None and len(rows) >= policies.limit:
            break
        outcome = item if isinstance(item, Reject) else _named(item, names)
        if isinstance(outcome, Row):
            product_id = outcome.fields[ID]
            if product_id not in first_line:
                first_line[product_id] = outcome.line
                rows.append(outcome)
                continue
            outcome = Reject(
                outcome.line,
                product_id,
                "row",
                "duplicate id",
                f"first seen in line {first_line[product_id]}",
            )
        rejects.append(outcome)
    return rows, rejects


def _named(row: Row, names: dict[str, str]) -> Row | Reject:
    """The row under our column names, or why it is refused."""
    if refused := refusal(row, names[ID]):
        return refused
    ours = {name: row.fields[theirs].strip() for name, theirs in names.items()}
    taken = set(names.values())
    others = {
        name: value.strip() for name, value in row.fields.items() if name not in taken and name not in ours
    }
    return Row(row.line, ours | others, row.text, row.repaired)


def _table(rows: list[Row], located: Located) -> pd.DataFrame:
    table = pd.DataFrame([row.fields for row in rows]).astype("str")
    for column in COLUMNS:
        if column not in table:
            table[column] = ""
    further = [str(column) for column in table if column not in COLUMNS and column != PICTURE]
    find = _picture_finder(located)
    named = table[PICTURE] if PICTURE in table else pd.Series([""] * len(rows))
    pictures = [find(product, name) for product, name in zip(table[ID], named, strict=True)]
    table = table[[*COLUMNS, *further]].copy()
    table = table.rename(columns={name: f"{name}_given" for name in INTERNAL})
    attributes = [str(column) for column in table if column != ID]
    table[attributes] = table[attributes].mask(table[attributes].isin(MISSING))
    table["year"] = _years(table["year"])
    table["line"] = [row.line for row in rows]
    table["repaired"] = [row.repaired for row in rows]
    table["picture"] = pd.Series(pictures, dtype="str")
    return table


def _years(text: pd.Series) -> pd.Series:
    """Whole numbers of at most four digits; what is no year is missing."""
    numbers = pd.to_numeric(text, errors="coerce")
    return numbers.where(numbers.between(1, 9999)).round().astype("Int64")


def _picture_finder(located: Located) -> Callable[[str, str], str | None]:
    """A function (product id, name from the picture column) → member of the source, or None.

    Only members that exist can come back, so neither an id nor a picture column can point outside.
    """
    root, mapping = located.picture_root, located.mapping
    if mapping is None or not mapping.names_pictures:
        stems = {
            name.removeprefix(root).rpartition(".")[0]: name
            for name in sorted(located.members, reverse=True)
            if name.startswith(root) and name.lower().endswith(PICTURE_SUFFIXES)
        }
        return lambda product, _: stems.get(product)

    def find(product: str, name: str) -> str | None:
        wanted = name or (mapping.pictures.replace("{id}", product) if mapping.pictures else "")
        member = f"{root}{PurePosixPath(wanted.replace(BACKSLASH, '/'))}"
        return member if wanted and member in located.members else None

    return find


def _check(
    source: Source, products: pd.DataFrame, progress: Progress | None
) -> tuple[pd.Series, list[Reject]]:
    """Decode every picture once: its SHA-256, or a reject."""
    named = products[products["picture"].notna()]

    def check(member: str) -> str | PictureError:
        try:
            data = source.read(member, MAX_BYTES)
            decode_picture(data)
        except MemberError as error:
            return PictureError("unreadable picture", str(error))
        except PictureError as error:
            return error
        return hashlib.sha256(data).hexdigest()

    hashes: dict[int, str] = {}
    refused: list[Reject] = []
    lines = dict(zip(named.index, zip(named["line"], named[ID], strict=True), strict=True))
    with ThreadPoolExecutor() as pool:
        outcomes: Iterable[str | PictureError] = pool.map(check, named["picture"])
        for done, (place, outcome) in enumerate(zip(named.index, outcomes, strict=True), start=1):
            if isinstance(outcome, str):
                hashes[place] = outcome
            else:
                line, product = lines[place]
                refused.append(Reject(int(line), product, "picture", outcome.reason, str(outcome)))
            if progress and (done % 256 == 0 or done == len(named)):
                progress(done, len(named))
    return pd.Series(hashes, index=products.index, dtype="str"), refused


def _as_row(refused: Reject | None, line: int, product: str) -> Reject:
    if refused is None:
        return Reject(int(line), product, "row", "no picture")
    return Reject(refused.line, refused.id, "row", refused.reason, refused.detail)


def _summary(products: pd.DataFrame, rejects: list[Reject]) -> Summary:
    rejected = Counter(reject.reason for reject in rejects if reject.kind == "row")
    refused = Counter(reject.reason for reject in rejects if reject.kind == "picture")
    with_picture = int(products["picture"].notna().sum())
    return Summary(
        rows_read=len(products) + sum(rejected.values()),
        rows_kept=len(products),
        rows_repaired=int(products["repaired"].sum()),
        rejected=dict(sorted(rejected.items())),
        pictures_found=with_picture,
        pictures_missing=len(products) - with_picture - sum(refused.values()),
        pictures_refused=dict(sorted(refused.items())),
        missing_values={column: int(products[column].isna().sum()) for column in (*COLUMNS[1:-1], NAME)},
    )
