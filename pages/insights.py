"""Reading the business: the catalogue by season, colour, category, gender and time."""

import streamlit as st

from mpsr.insights.views import tabulate
from mpsr.ui.insights import page as insights
from mpsr.ui.insights.address import options_asked, view_asked
from mpsr.ui.insights.selection import catalogue_listings, selection_asked
from mpsr.ui.stores import current_service

service = current_service()
st.title("Insights")
catalogue = catalogue_listings(service)
selection = selection_asked(service, catalogue)
insights.words_of_counting(catalogue.unit)

view = view_asked()
if view == "apart" and selection.everything:
    view = "types"
options = options_asked(view, catalogue)
insights.choose_view(view, apart=not selection.everything)
insights.headline(view, selection.words() or f"All {catalogue.catalogue:,} products")
insights.controls(view, catalogue.select(selection), options)
found = tabulate(view, catalogue, selection, options)
if view == "moved":
    insights.periods(catalogue, options, found.facts.get("before", ""), found.facts.get("after", ""))
insights.show(found, selection, options)
