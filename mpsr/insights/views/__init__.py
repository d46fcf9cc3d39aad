"""The views of the Insights page and the report, in their order.

A view is one object of ``mpsr.insights.views.base.View``: its words, table, sentence, chart and controls. To add one,
write it in a module here and list it below; the page, the report, the files and the command line take it from the list.
"""

from typing import Any

from mpsr.insights.listings import Listings, Selection
from mpsr.insights.views.base import As, Control, Insight, Options, View
from mpsr.insights.views.categories import CATEGORIES
from mpsr.insights.views.differences import APART, CHANGES
from mpsr.insights.views.gender import GENDER
from mpsr.insights.views.leaders import COLOURS, TYPES
from mpsr.insights.views.over_time import OVER_TIME
from mpsr.insights.views.shares import SHARES
from mpsr.insights.views.under_represented import UNDER_REPRESENTED

__all__ = ["VIEWS", "As", "Control", "Insight", "Options", "View", "insight"]

VIEWS: dict[str, View[Any]] = {
    view.key: view
    for view in (
        TYPES,
        COLOURS,
        CATEGORIES,
        SHARES,
        OVER_TIME,
        GENDER,
        CHANGES,
        UNDER_REPRESENTED,
        APART,
    )
}


def insight(view: str, catalogue: Listings, selection: Selection, options: Options | None = None) -> Insight:
    """A view's answer for a selection.

    Args:
        view: a key of ``VIEWS``.
        catalogue: all listings; the selection is made here.
        selection: which of them.
        options: what the view is asked; without, its defaults.
    """
    return VIEWS[view].answer(catalogue, selection, options or Options())
