"""The views: what each is called, which question it answers, and the table that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mpsr.insights.listings import Listings, Selection
from mpsr.insights.tables import (
    NOUNS,
    Table,
    categories_by_season,
    category_shares,
    colours_by_season,
    nothing,
    types_by_season,
)
from mpsr.insights.tables_association import gaps, type_by_gender
from mpsr.insights.tables_change import apart, default_periods, moved
from mpsr.insights.tables_time import over_time

As = Literal["count", "share", "association"]


@dataclass(frozen=True)
class View:
    """A view.

    Attributes:
        key: its name in addresses and files.
        title: its name for a reader.
        question: what it answers.
        serves: the decision the published work draws it for; "" for those that are not from there.
        how: how to read it, and by which rule it was computed.
    """

    key: str
    title: str
    question: str
    serves: str = ""
    how: str = ""


#: Shared by the two views of differences.
_CLEAR = (
    "Only clear differences are drawn: the interval of the difference (Newcombe 1998) excludes 0 at 95 % for all values "
    "together (Bonferroni), so none of them is likely to be chance."
)

VIEWS = {
    view.key: view
    for view in (
        View(
            "types",
            "Types",
            "Which product types does each season list most?",
            "seasonal inventory",
            "The ten most frequent types of each season; all seasons on the same axis.",
        ),
        View(
            "colours",
            "Colours",
            "Which colours does each season wear?",
            "seasonal design",
            "Each bar in its own colour; hatched where one colour would not be true, grey where several are together.",
        ),
        View(
            "categories",
            "Categories",
            "How much of each category comes in which season?",
            "procurement",
            "Shares are of everything in the season, categories that are not drawn included.",
        ),
        View(
            "shares",
            "Shares",
            "How does each season divide among the categories?",
            "allocation",
            "Bars compare better than pies: lengths on one scale are read more exactly than angles.",
        ),
        View(
            "time",
            "Over time",
            "What grows and what declines?",
            "growth and decline",
            "Hollow marks: fewer than 100 products in the period, where a share may be off by more than ten points. "
            "Counts also follow how much of a period the catalogue holds at all; shares do not.",
        ),
        View(
            "gender",
            "Type × gender",
            "Which types are for whom?",
            "targeting",
            "Association: adjusted residuals (Haberman 1973), how far a count lies from what it would be if types and "
            "genders had nothing to do with each other; beyond ±3 is hardly chance. Cramér's V is bias-corrected "
            "(Bergsma 2013).",
        ),
        View("moved", "What moved", "What changed most from one season or year to another?", "", _CLEAR),
        View(
            "gaps",
            "Gaps",
            "Which combinations of type, colour and gender are thin?",
            "",
            "Expected: as if, within each gender and category, every type came in the same mix of colours. Listed are "
            "combinations below that by more than chance (adjusted residuals, 95 % over all combinations, Bonferroni). "
            "A gap is a question, not an order: some combinations are rare because nobody wants them.",
        ),
        View("apart", "What sets it apart", "How does this selection differ from the rest?", "", _CLEAR),
    )
}

#: The views of the published work, in its order.
PAPER_VIEWS = ("types", "colours", "categories", "shares", "time", "gender")


@dataclass(frozen=True)
class Options:
    """What a view is asked beyond the selection; each view reads what concerns it.

    Attributes:
        as_: counts or shares; "association" for type × gender.
        column: whose values: over time, what moved, what sets apart.
        values: over time, which of them; none for the most frequent.
        step: over time, by "year" or by "season" within the years.
        every: categories, all of them rather than the published three.
        form: shares, as "bars" or "pies".
        by: what moved, between two of "season" or "year".
        before: what moved, from which; "" for the table's own choice.
        after: what moved, to which.
    """

    as_: As = "count"
    column: str = "articleType"
    values: tuple[str, ...] = ()
    step: str = "year"
    every: bool = False
    form: Literal["bars", "pies"] = "bars"
    by: str = "year"
    before: str = ""
    after: str = ""

    @property
    def share(self) -> bool:
        """Whether shares are drawn rather than counts."""
        return self.as_ != "count"


def tabulate(view: str, catalogue: Listings, selection: Selection, options: Options | None = None) -> Table:
    """The table of a view.

    Args:
        view: a key of ``VIEWS``.
        catalogue: all listings; the selection is made here.
        selection: which of them.
        options: what the view is asked.
    """
    asked = options or Options()
    if view == "apart":
        return apart(catalogue, selection, asked.column)
    listings = catalogue.select(selection)
    match view:
        case "types":
            return types_by_season(listings)
        case "colours":
            return colours_by_season(listings)
        case "categories":
            return categories_by_season(listings, None) if asked.every else categories_by_season(listings)
        case "shares":
            return category_shares(listings)
        case "time":
            return over_time(listings, asked.column, asked.values, asked.step)
        case "gender":
            return type_by_gender(listings)
        case "gaps":
            return gaps(listings)
        case "moved":
            return _moved(listings, asked)
    raise KeyError(view)


def _moved(listings: Listings, asked: Options) -> Table:
    first, second = default_periods(listings, asked.by) or ("", "")
    before, after = asked.before or first, asked.after or second
    if not before or not after:
        return nothing("moved", listings, f"There are not two {NOUNS[asked.by][1]} to compare here")
    if before == after:
        return nothing("moved", listings, f"{before} is compared with itself: choose two different ones")
    return moved(listings, asked.column, asked.by, before, after)
