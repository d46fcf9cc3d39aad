"""Rules: what a merchandiser's file says, in words, and what it does to a product's results, before and after."""

import streamlit as st

from mpsr.ui.rules import page as show
from mpsr.ui.rules.live import live_rules
from mpsr.ui.stores import current_service

service = current_service()
st.title("Rules")
live = live_rules(service)
if live is None:
    show.no_rules()
    st.stop()
show.what_is_wrong(live)
ruled = live.service
show.in_force(ruled, live.path.name)
st.subheader("Preview", anchor=False)
show.preview(ruled, show.choose(ruled))
