"""The app's router: which store is open, and the list of pages."""

import streamlit as st

from mpsr.ui.stores import choose_store

st.set_page_config(page_title="MPSR", page_icon=":material/apparel:", layout="wide")

store = choose_store()
if store is None:
    pages = [st.Page("pages/welcome.py", title="Welcome", icon=":material/waving_hand:", default=True)]
else:
    pages = [
        st.Page("pages/find.py", title="Find similar", icon=":material/search:", default=True),
        st.Page("pages/quality.py", title="Quality", icon=":material/fact_check:"),
    ]
st.navigation(pages, position="top").run()
