"""Find similar: search by product, words, photo or a mix; see the most similar products and why they are similar."""

import streamlit as st

from mpsr.errors import InputError
from mpsr.ui.find import address
from mpsr.ui.find.asking import answer, request_of
from mpsr.ui.find.bad_link import dropped, lost, photo_elsewhere
from mpsr.ui.find.chips import chips
from mpsr.ui.find.explanation import why_panel
from mpsr.ui.find.query_bar import ask_bar, examples, what_this_is
from mpsr.ui.find.query_parts import query_parts
from mpsr.ui.find.recent import remember
from mpsr.ui.find.results import results
from mpsr.ui.find.sidebar import refine
from mpsr.ui.rules.live import under_rules
from mpsr.ui.stores import current_service

service = under_rules(current_service())
st.title("Find similar")
st.caption(what_this_is(service))
try:
    asked, trouble = address.read(service)
    dropped(trouble)
    question = asked.or_about(service.example()) if asked.empty else asked
    ask_bar(service, asked, question)
    chips(service, asked)
    request = request_of(question)
    if request is None:
        photo_elsewhere()
        st.stop()
    refine(service, asked)
    found = answer(service, question, request)
    remember(service.root.name, asked)
except InputError as error:
    lost(error)
    st.stop()

left, right = st.columns([1, 4], gap="large")
with left:
    st.subheader("Your query" if not asked.empty else "Example query")
    query_parts(service, question)
with right:
    st.subheader("Most similar")
    results(service, question, found)
if asked.empty:
    examples(service, question)
if question.why:
    why_panel(service, question, request)
