"""Insights: the catalogue by season, colour, category, gender and time."""

import streamlit as st

from mpsr.ui.insights import page
from mpsr.ui.insights.address import options_asked, view_asked
from mpsr.ui.insights.clicks import what_people_click
from mpsr.ui.insights.report import report_button
from mpsr.ui.insights.selection import catalogue_listings, selection_asked
from mpsr.ui.stores import current_service

service = current_service()
st.title("Insights")
catalogue = catalogue_listings(service)
selection = selection_asked(service, catalogue)
page.what_is_counted(catalogue.unit)

view = view_asked(selection)
options = options_asked(view, catalogue)
page.choose_view(view, selection)
page.headline(view, selection.words() or f"All {catalogue.catalogue:,} products")
listings = catalogue.select(selection)
page.controls(view, listings, options)
page.show(service, listings, view.answer(catalogue, selection, options))
if len(listings):
    report_button(service, catalogue, selection, options)
what_people_click(service)
