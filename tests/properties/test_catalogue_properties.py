"""Whatever a table holds, its rows add up."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.catalogue import Policies, read_catalogue
from mpsr.catalogue.quoted import quoted_rows
from mpsr.catalogue.read import Located, read_located
from mpsr.catalogue.rows import Row, unquoted_rows
from mpsr.errors import InputError

from ..conftest import HEADER, line

#: What breaks readers: commas, quotes, returns, separators of other alphabets, NUL, blanks.
awkward = st.text(st.sampled_from("ab7,;\"' \t\r\x0b\x85\u2028\0é日"), max_size=12)
ids = st.sampled_from(["1", "2", "3", "007", "a-b", "", " 1 ", "../x"])
good = st.builds(lambda product, name: line(product, name), ids, awkward)
anything = st.one_of(good, good, awkward, st.just(""), st.just("1,2,3"))
tables = st.lists(anything, max_size=12)


class InMemory:
    """A source of one table."""

    location = Path("memory")

    def __init__(self, text: str) -> None:
        self.data = text.encode()

    def members(self) -> dict[str, str]:
        return {"styles.csv": ""}

    def read(self, member: str, max_bytes: int) -> bytes:
        return self.data


def read(lines: list[str], policy: str):
    source = InMemory("".join(f"{text}\n" for text in (HEADER, *lines)))
    try:
        return read_located(Located(source, "styles.csv", None, source.members()), Policies(rows=policy))
    except InputError:
        return None


@given(tables)
@settings(max_examples=150, deadline=None)
def test_every_row_is_kept_or_rejected_once(lines):
    for policy in ("repair", "strict"):
        catalogue = read(lines, policy)
        if catalogue is None:
            continue
        numbers = [*catalogue.products["line"], *(reject.line for reject in catalogue.rejects)]
        assert sorted(numbers) == list(range(2, len(lines) + 2))
        assert catalogue.summary.rows_read == len(lines)
        assert len(set(catalogue.ids)) == len(catalogue.ids)
        assert all(product == product.strip() != "" for product in catalogue.ids)


@given(tables)
@settings(max_examples=100, deadline=None)
def test_what_strict_keeps_repair_keeps_too(lines):
    """By id: the line may be an earlier one, which strict refused."""
    strict, repair = read(lines, "strict"), read(lines, "repair")
    if strict is not None:
        assert repair is not None
        assert set(strict.ids) <= set(repair.ids)
        assert strict.summary.rows_repaired == 0


@given(st.text(st.sampled_from("ab, '"), max_size=20))
def test_a_repaired_row_joins_up_to_the_line_it_was(name):
    row = list(unquoted_rows(f"{HEADER}\n{line(1, name)}\n", "repair"))[1]
    assert isinstance(row, Row)
    assert ",".join(row.fields.values()) == row.text == line(1, name)
    assert row.repaired == ("," in name)


@given(st.lists(st.lists(awkward.filter(lambda text: "\r" not in text), min_size=3, max_size=3), max_size=6))
def test_a_table_written_by_the_rules_of_csv_reads_back(rows):
    quoted = ["id;a;b", *(";".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows)]
    items = list(quoted_rows("".join(f"{text}\n" for text in quoted), ";"))[1:]
    assert len(items) == len(rows)
    for item, row in zip(items, rows, strict=True):
        blank = not any(field.strip() for field in row)
        assert getattr(item, "reason", None) == "blank line" if blank else list(item.fields.values()) == row


@given(st.lists(st.text(st.sampled_from('a;"\n\r '), max_size=10), max_size=8))
def test_a_quoted_table_in_any_state_keeps_its_lines_in_order(rows):
    text = "id;name\n" + "\n".join(rows)
    lines = [item.line for item in quoted_rows(text, ";")]
    assert lines == sorted(set(lines))
    assert lines[-1] <= text.count("\n") + 1


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_catalogue_or_an_input_error(data):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("styles.csv", "table.parquet", "shop.zip"):
            (Path(folder) / name).write_bytes(data)
            try:
                read_catalogue(Path(folder) / name)
            except InputError:
                continue
