"""Biggest changes between two seasons or years, and what sets a selection apart from the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.errors import InputError
from mpsr.insights.chart import Axis, Intervals, Pairs, Panel, Picks, Series, numbers, scaled
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.statistics import difference_interval, effective_size, simultaneous_z
from mpsr.insights.style import HUE
from mpsr.insights.tables import TOP, Scope, Table, at_most, cross, picks_of, records, scope_of, share_of
from mpsr.insights.views.base import Options, View
from mpsr.insights.words import NOUNS, counted, equals, listed, number, percent, points, short

REST, SELECTION = "the rest", "this selection"


@dataclass(frozen=True)
class Differences(Table):
    """The values of ``column`` in two groups of products.

    Rows, the largest difference of shares first: the column, count_before, count_after, share_before, share_after (of
    the group's count), difference (share_after - share_before), low, high (its interval), clear (the interval
    excludes 0). The intervals are Newcombe's (1998) for a difference of proportions, at 95 % for all values
    together (Bonferroni), so that none of the clear ones is likely to be chance. With weights (sales) the
    group sizes are the effective numbers of products (Kish 1965).

    Attributes:
        before: what the first group is called.
        after: what the second group is called.
        count_before: the first group's count.
        count_after: the second group's.
        why: why there are no rows; "" where there are.
    """

    column: str
    before: str
    after: str
    count_before: float
    count_after: float
    why: str = ""

    @property
    def clear(self) -> pd.DataFrame:
        """The rows whose interval excludes 0, the largest difference first."""
        return self.rows[self.rows["clear"]] if len(self.rows) else self.rows

    def drawn(self, share: bool, top: int = TOP) -> pd.DataFrame:
        """The rows to draw, growth first: the largest clear differences of shares, or the largest of counts."""
        if share:
            return self.clear.head(top).sort_values("difference", ascending=False, kind="stable")
        change = self.rows["count_after"] - self.rows["count_before"]
        rows = self.rows.assign(change=change)[change != 0]
        rows = rows.sort_values("change", key=abs, ascending=False, kind="stable").head(top)
        return rows.sort_values("change", ascending=False, kind="stable")


def default_periods(listings: Listings, by: str) -> tuple[str, str] | None:
    """The two largest groups of ``by``, in their natural order; None where there are not two."""
    counts = listings.frame[by].value_counts(sort=False)
    counts = counts[(counts.index.astype("str") != MISSING) & (counts > 0)]
    if len(counts) < 2:
        return None
    pair = counts.sort_values(kind="stable").tail(2).index
    before, after = (str(value) for value in counts.index if value in pair)
    return before, after


def changes(listings: Listings, column: str, by: str, before: str, after: str) -> Differences:
    """The values of ``column`` in two groups of ``by``.

    Raises:
        InputError: ``before`` and ``after`` are the same.
    """
    if before == after:
        raise InputError(f"{before} cannot be compared with itself. Choose two different {NOUNS[by][1]}.")
    groups = [listings.select(Selection.of({by: [value]})) for value in (before, after)]
    rest = len(listings) - len(groups[0]) - len(groups[1])
    note = f"{counted(rest, 'products')} of other {NOUNS[by][1]} not part of it" if rest else ""
    empty = [name for name, group in zip((before, after), groups, strict=True) if not len(group)]
    why = (
        f"No product of this selection is of {listed(empty)}, so there is nothing to compare."
        if empty
        else ""
    )
    return _differences(listings, groups, column, (before, after), note, why)


def apart(catalogue: Listings, selection: Selection, column: str) -> Differences:
    """The values of ``column`` in the rest of the catalogue (before) and in a selection (after)."""
    mask = catalogue.mask(selection)
    outside, inside = catalogue.rows(~mask), catalogue.rows(mask)
    why = (
        ""
        if len(outside)
        else "The selection is the whole catalogue, so there is no rest to compare it with."
    )
    return _differences(catalogue, [outside, inside], column, (REST, SELECTION), "", why)


def _differences(
    listings: Listings, groups: list[Listings], column: str, names: tuple[str, str], note: str, why: str
) -> Differences:
    first, last = (cross(group, column).set_index(column)[["count"]] for group in groups)
    rows = pd.merge(first, last, "outer", left_index=True, right_index=True, suffixes=("_before", "_after"))
    rows = rows.fillna(0.0)
    sizes = [effective_size(group.frame["weight"].to_numpy()) for group in groups]
    both = min(sizes) > 0
    for end in ("before", "after"):
        rows[f"share_{end}"] = share_of(rows[f"count_{end}"], float(rows[f"count_{end}"].sum()) or 1.0)
    rows["difference"] = rows["share_after"] - rows["share_before"]
    z = simultaneous_z(len(rows))
    rows["low"], rows["high"] = difference_interval(
        rows["share_before"], sizes[0], rows["share_after"], sizes[1], z
    )
    rows["clear"] = (rows["low"] > 0) | (rows["high"] < 0)
    rows = rows.sort_values("difference", key=abs, ascending=False, kind="stable")
    rows = rows.rename_axis(column).reset_index()
    why = why or (
        "" if both else f"There are no {listings.unit} in one of the two, so there is nothing to compare."
    )
    if why:
        rows = rows.iloc[:0]
    shown = 0 if why else len(groups[0]) + len(groups[1])
    before, after = (float(group.frame["weight"].sum()) for group in groups)
    return Differences(rows, scope_of(listings, shown, [note]), column, *names, before, after, why)


def _nothing(listings: Listings, column: str, why: str) -> Differences:
    """No two groups to compare, and why."""
    names = [
        "count_before",
        "count_after",
        "share_before",
        "share_after",
        "difference",
        "low",
        "high",
        "clear",
    ]
    rows = pd.DataFrame(columns=[column, *names]).astype({"clear": bool})
    return Differences(rows, scope_of(listings, 0), column, "", "", 0.0, 0.0, why)


def periods(listings: Listings, options: Options) -> tuple[str, str]:
    """The two seasons or years that are asked for, by default the two largest; "" for one that there is not."""
    first, second = default_periods(listings, options.by) or ("", "")
    return options.before or first, options.after or second


def _changes_asked(catalogue: Listings, selection: Selection, options: Options) -> Differences:
    listings, nouns = catalogue.select(selection), NOUNS[options.by][1]
    before, after = periods(listings, options)
    if not before or not after:
        return _nothing(listings, options.column, f"There are not two {nouns} to compare here.")
    if before == after:
        why = f"{before} is compared with itself: choose two different {nouns}."
        return _nothing(listings, options.column, why)
    return changes(listings, options.column, options.by, before, after)


def _changed(found: Differences, options: Options) -> str:
    """How many values changed, and which grew and shrank most."""
    if found.why:
        return found.why
    scope = found.scope
    ends = [(found.before, found.count_before), (found.after, found.count_after)]
    between = " to ".join(f"{name} ({scope.amount(count)})" for name, count in ends)
    drawn = found.drawn(options.share)
    if options.share:
        opening = _clearly(found, f"From {between}")
        parts = [_extreme(drawn, found.column, "difference", *word) for word in _GREW]
    elif drawn.empty:
        return f"From {between}, no count changed."
    else:
        opening = f"From {between}"
        parts = [_extreme(drawn, found.column, "change", *word) for word in _ROSE]
    said = "; ".join(part for part in parts if part)
    return f"{opening}: {said}." if said else f"{opening}."


_GREW = ((1, "grew most"), (-1, "shrank most"))
_ROSE = ((1, "rose most in count"), (-1, "fell most in count"))


def _clearly(found: Differences, opening: str) -> str:
    """How many values clearly changed their share."""
    clear, compared = len(found.clear), len(found.rows)
    one, several = NOUNS[found.column]
    if compared == 1:
        what = f"the only {one} did not clearly change its share"  # it is 100 % before and after
    elif not clear:
        what = f"none of the {compared:,} {several} clearly changed its share"
    else:
        what = f"{clear:,} of {compared:,} {several} clearly changed {'its' if clear == 1 else 'their'} share"
    return f"{opening}, {what}"


def _extreme(drawn: pd.DataFrame, column: str, measure: str, sign: int, word: str) -> str:
    """What grew (or shrank) most among the drawn rows; "" where nothing did."""
    change = (sign * drawn[measure]).astype("float64").round(12)
    if drawn.empty or change.max() <= 0:
        return ""
    rows = drawn[at_most(change)]
    if len(rows) > 1:
        by = f"{100 * change.max():.1f} points" if measure == "difference" else number(change.max())
        return f"{equals(rows[column].tolist(), column)} {word}, by {by} each"
    row = rows.iloc[0]
    if measure == "change":
        return f"{row[column]} {word}, from {number(row['count_before'])} to {number(row['count_after'])}"
    return (
        f"{row[column]} {word}, from {percent(row['share_before'])} to {percent(row['share_after'])} "
        f"({points(row['difference'])} points, 95\u00a0%: {points(row['low'])} to {points(row['high'])})"
    )


def _set_apart(found: Differences, options: Options) -> str:
    if found.why:
        return found.why
    unit = found.scope.unit
    of = f"the rest of the catalogue ({counted(found.count_before, unit)})"
    selection = f"this selection ({counted(found.count_after, unit)})"
    nouns = NOUNS[found.column]
    if found.clear.empty:
        none = f"no {nouns[0]} is clearly more or less frequent"
        return f"In {selection} {none} than in {of}."
    rows = found.clear.head(TOP).sort_values("difference", ascending=False, kind="stable")
    parts = []
    for row, word in ((rows.iloc[0], "larger"), (rows.iloc[-1], "smaller")):
        if (row["difference"] > 0) == (word == "larger"):
            parts.append(
                f"a clearly {word} share of {row[found.column]} ({_against(row, found, options.share)})"
            )
    return f"Compared with {of}, {selection} has {listed(parts)}."


def _against(row: pd.Series, found: Differences, share: bool) -> str:
    if share:
        return f"{percent(row['share_after'])} against {percent(row['share_before'])}"
    after = f"{number(row['count_after'])} of {number(found.count_after)}"
    return f"{after} against {number(row['count_before'])} of {number(found.count_before)}"


def _panels(found: Differences, rows: pd.DataFrame, share: bool, by: str = "") -> tuple[Panel, ...]:
    """Differences of shares with their intervals, or the two counts."""
    if rows.empty:
        return ()
    labels = tuple(short(value) for value in rows[found.column])
    if not share:
        ends = [_end(found, rows, place, found.scope, by) for place in (0, 1)]
        return (Panel(Pairs(labels, ends[0], ends[1], Axis(False, title=found.scope.unit))),)
    hovers = tuple(
        f"{label}: {percent(row.share_before)} to {percent(row.share_after)}, {points(row.difference)} points "
        f"({points(row.low)} to {points(row.high)})"
        for label, row in zip(labels, records(rows), strict=True)
    )
    title = f"share in {short(found.after)} less share in {short(found.before)}, percentage points"
    marks = Intervals(
        labels,
        scaled(rows["difference"], True),
        scaled(rows["low"], True),
        scaled(rows["high"], True),
        tuple(points(value) for value in rows["difference"]),
        hovers,
        Axis(False, signed=True, title=title),
        _picks(found, rows, found.after, by),
    )
    return (Panel(marks),)


def _end(found: Differences, rows: pd.DataFrame, place: int, scope: Scope, by: str) -> Series:
    name, column, whole = (
        (found.before, "count_before", found.count_before),
        (found.after, "count_after", found.count_after),
    )[place]
    hovers = tuple(
        f"{short(value)}, {short(name)}: {number(count)} of {counted(whole, scope.unit)}"
        for value, count in zip(rows[found.column], rows[column], strict=True)
    )
    title = f"{short(name)} · {counted(whole, scope.unit)}"
    picks = _picks(found, rows, name, by)
    return Series(title, HUE[place], numbers(rows[column]), ("",) * len(rows), hovers, picks)


def _picks(found: Differences, rows: pd.DataFrame, end: str, by: str) -> Picks:
    """The products of one end: of that period, or of the selection; the rest is no part of the selection."""
    if end == REST:
        return ((),) * len(rows)
    within = ((by, end),) if by else ()
    return tuple((*within, *pick) for pick in picks_of(rows, found.column))


_CLEAR = (
    f"Only clear differences are drawn, at most {TOP}: the interval of the difference (Newcombe 1998) excludes 0 "
    "at 95\u00a0% for all values together (Bonferroni), so none of them is likely to be chance."
)

CHANGES = View(
    key="changes",
    title="Biggest changes",
    question="What changed most from one season or year to another?",
    kind="Differences between two groups of products.",
    table=_changes_asked,
    sentence=_changed,
    panels=lambda found, options: _panels(found, found.drawn(options.share), options.share, options.by),
    how=lambda options: (
        _CLEAR
        if options.share
        else f"The {TOP} largest differences of counts. Counts also follow how much of a period the catalogue holds at "
        "all; shares do not."
    ),
    controls=("column", "by", "periods"),
)

APART = View(
    key="apart",
    title="What sets it apart",
    question="How does this selection differ from the rest?",
    kind="Differences between a selection and the rest.",
    table=lambda catalogue, selection, options: apart(catalogue, selection, options.column),
    sentence=_set_apart,
    panels=lambda found, options: _panels(found, found.drawn(True), options.share),
    how=lambda options: _CLEAR,
    ways=("share", "count"),
    controls=("column",),
    reported=False,
    against_rest=True,
)
