"""Plan against actual: how many options a range should have of each kind, and how many it has.

A plan is a table with a line a cell. Its column ``target`` says how many products the cell should have; every other
column is one of the catalogue's and says which products belong to it. An empty cell of the table says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.coded import MISSING, Coded, labelled
from mpsr.catalogue.encodings import decode
from mpsr.catalogue.formats import sniffed
from mpsr.catalogue.quoted import quoted_rows
from mpsr.catalogue.rows import Row
from mpsr.catalogue.sheets import xlsx_rows
from mpsr.catalogue.types import ID, NAME, Reject
from mpsr.catalogue.values import clean
from mpsr.csvsafe import unguard
from mpsr.errors import InputError
from mpsr.search.conditions import Where, range_of
from mpsr.service import Service

TARGET, LINE = "target", "line"
OVER, UNDER, ON_PLAN = "over", "under", "on plan"

#: Columns of the answer beside the plan's own, which stand between ``line`` and ``target``.
FIGURES = ["target", "actual", "difference", "status"]
PRODUCTS = ["line", "id", "name"]
UNPLANNED = ["id", "name", "articleType", "baseColour"]

UNKNOWN = (
    "Every product of the catalogue counts as one option, whether it is on sale, in stock or sold. Whether the plan is "
    "right is not known."
)

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlanLine:
    """A cell of a plan.

    Attributes:
        line: where it stands in its table, the heading being line 1.
        cells: column → what the plan says of it, as written: a value, or for numbers a range such as ``20..50``.
        target: how many products there should be.
    """

    line: int
    cells: Mapping[str, str]
    target: int


@dataclass(frozen=True)
class Compared:
    """A plan and what there is.

    Attributes:
        columns: the plan's columns, without ``target``.
        table: a row a line of the plan: line, those columns, target, actual, difference (actual - target), status.
        products: the products of each line: line, id, name.
        unplanned: products that belong to no line: id, name, articleType, baseColour.
        notes: what the comparison could not take into account, a sentence each.
    """

    columns: tuple[str, ...]
    table: pd.DataFrame
    products: pd.DataFrame
    unplanned: pd.DataFrame
    notes: tuple[str, ...]


def read_plan(data: bytes, name: str) -> list[PlanLine]:
    """The lines of a plan that was written as CSV or .xlsx.

    Raises:
        InputError: the table cannot be read, has no column ``target``, or a target is no whole number.
    """
    if name.lower().endswith(".xlsx"):
        rows = xlsx_rows(data, name)
    else:
        text = decode(data, name, None)
        rows = quoted_rows(text, sniffed(text))
    header, *lines = rows
    columns = list(header.fields) if isinstance(header, Row) else []
    if TARGET not in columns:
        raise InputError(
            f"{name} has the columns {', '.join(columns) or '(none)'}. Expected a column {TARGET!r}, and others that are "
            "called like the catalogue's."
        )
    return [_line(row, name) for row in lines if not _blank(row)]


def _blank(row: Row | Reject) -> bool:
    return (
        row.reason == "blank line"
        if isinstance(row, Reject)
        else not any(map(str.strip, row.fields.values()))
    )


def _line(row: Row | Reject, name: str) -> PlanLine:
    if isinstance(row, Reject):
        raise InputError(f"line {row.line} of {name} cannot be read: {row.reason}.")
    fields = {column: unguard(clean(value)) for column, value in row.fields.items()}
    said = fields.pop(TARGET)
    try:
        target = float(said)
    except ValueError:
        target = math.nan
    if not (target >= 0 and target.is_integer()):
        raise InputError(
            f"the target in line {row.line} of {name} is {said!r}. Expected a whole number, 0 or more."
        )
    return PlanLine(row.line, {column: value for column, value in fields.items() if value}, int(target))


def against_plan(
    service: Service, plan: Sequence[PlanLine], within: float = 0.0, where: Where | None = None
) -> Compared:
    """Over, under and on plan, a line each.

    Args:
        service: the store.
        plan: its lines; ``read_plan`` reads them.
        within: how far the number may be from its target and still be on plan, as a share of the target.
        where: only products that pass these filters count.

    Raises:
        InputError: no lines, an unknown column, a range that is none, a product that belongs to two lines, or a share
            below 0.
    """
    if not plan:
        raise InputError(
            "the plan has no lines. Expected one line a cell, such as: articleType,baseColour,target"
        )
    if not 0 <= within < math.inf:
        raise InputError(
            f"a number may be {within} off its target; expected a share of 0 or more, such as 0.1."
        )
    counted = service.mask(where or {})
    columns = list(dict.fromkeys(column for line in plan for column in line.cells))
    coded = _coded(service, columns)
    masks = {line.line: counted & _of_line(service, line, coded) for line in plan}
    _check_apart(service, masks)
    actual = np.array([masks[line.line].sum() for line in plan])
    target = np.array([line.target for line in plan])
    table = pd.DataFrame({LINE: [line.line for line in plan]})
    for column in columns:
        table[column] = [line.cells.get(column) for line in plan]
    table[TARGET], table["actual"], table["difference"] = target, actual, actual - target
    on_plan = np.abs(actual - target) <= within * target
    table["status"] = np.where(on_plan, ON_PLAN, np.where(actual > target, OVER, UNDER))
    products = service.products
    rows, lines = _members(masks)
    members = pd.DataFrame(
        {"line": lines, "id": products[ID].to_numpy()[rows], "name": products[NAME].to_numpy()[rows]}
    )
    left = products[counted & ~np.logical_or.reduce(list(masks.values()))]
    unplanned = left.rename(columns={NAME: "name"})[UNPLANNED].reset_index(drop=True)
    return Compared(tuple(columns), table, members[PRODUCTS], unplanned, (*_unheard(plan, coded), UNKNOWN))


def _members(masks: Mapping[int, Mask]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows of the products of all lines, line by line, and the line of each."""
    rows = [np.flatnonzero(mask) for mask in masks.values()]
    return np.concatenate(rows), np.repeat(list(masks), [len(part) for part in rows])


def _coded(service: Service, columns: Sequence[str]) -> dict[str, Coded | Numbers]:
    """The plan's columns of the catalogue: numbers as they are, all others as codes.

    Raises:
        InputError: there is no such column.
    """
    for column in columns:
        if column not in service.filter_columns:
            raise InputError(
                f"the plan has a column {column!r}, and the catalogue none. Expected some of "
                f"{', '.join(service.filter_columns)}, and {TARGET}."
            )
    return {
        column: service.products[column].to_numpy(np.float64, na_value=np.nan)
        if column in service.number_columns
        else labelled(service.products[column])
        for column in columns
    }


def _of_line(service: Service, line: PlanLine, coded: Mapping[str, Coded | Numbers]) -> Mask:
    """Which products belong to a line, shape (N,)."""
    mask = np.ones(len(service), bool)
    for column, said in line.cells.items():
        values = coded[column]
        if isinstance(values, Coded):
            mask &= values.where(said)
        else:
            mask &= _in_band(values, said, f"{column} in line {line.line}")
    return mask


def _in_band(numbers: npt.NDArray[np.float64], said: str, what: str) -> Mask:
    """A number that is written alone, or a range that its upper limit does not belong to: bands share no product."""
    try:
        if ".." not in said:
            return np.asarray(numbers == float(said))
        least, most = range_of(said)
    except (InputError, ValueError) as error:
        raise InputError(
            f"{what} of the plan is {said!r}. Expected a number, or a range such as 20..50."
        ) from error
    return np.asarray(
        (numbers >= (-math.inf if least is None else least))
        & (numbers < (math.inf if most is None else most))
    )


def _check_apart(service: Service, masks: Mapping[int, Mask]) -> None:
    """Check that no product belongs to two lines.

    Raises:
        InputError: one does.
    """
    first = np.zeros(len(service), np.int64)
    for line, mask in masks.items():
        twice = np.flatnonzero(mask & (first > 0))
        if len(twice):
            product = service.ids[twice[0]]
            raise InputError(
                f"lines {first[twice[0]]} and {line} of the plan both count product {product}, and "
                f"{len(twice) - 1:,} more. Expected lines that share no product: fill in more of their cells."
            )
        first[mask] = line


def _unheard(plan: Sequence[PlanLine], coded: Mapping[str, Coded | Numbers]) -> list[str]:
    """Sentences on values of the plan that no product has; they may be new, or written otherwise."""
    said = {(column, value): line.line for line in reversed(plan) for column, value in line.cells.items()}
    known = {column: set(values.values) for column, values in coded.items() if isinstance(values, Coded)}
    return [
        f"No product of the catalogue has {column} {value!r}, as in line {line} of the plan."
        for (column, value), line in sorted(said.items(), key=lambda one: one[1])
        if column in known and value not in known[column]
    ]


def draft_plan(service: Service, columns: Sequence[str], where: Where | None = None) -> pd.DataFrame:
    """A plan that asks for what there is, to be edited: the columns and ``target``, the largest first.

    Products without a value are under ``MISSING``, which a plan may ask for, too; of numbers they are left out.

    Raises:
        InputError: no columns, or an unknown one.
    """
    unknown = [column for column in columns if column not in service.filter_columns]
    if unknown or not columns:
        raise InputError(
            f"a plan by {', '.join(unknown) or 'no column'} cannot be drafted. Expected some of "
            f"{', '.join(service.filter_columns)}."
        )
    part = service.products.loc[service.mask(where or {}), list(columns)]
    numbers = [column for column in columns if column in service.number_columns]
    texts = [column for column in columns if column not in numbers]
    part = part.dropna(subset=numbers).copy()
    part[texts] = part[texts].astype(object).where(part[texts].notna(), MISSING)
    counts = part.groupby(list(columns)).size().rename(TARGET).reset_index()
    order = [TARGET, *columns]
    return counts.sort_values(order, ascending=[False, *[True] * len(columns)], ignore_index=True)
