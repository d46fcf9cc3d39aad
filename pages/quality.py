"""How good the catalogue and its answers are, in short; then all that is known of the store."""

import streamlit as st

from mpsr.ui import store_facts as show
from mpsr.ui.quality import in_short
from mpsr.ui.stores import current_service

service = current_service()
facts = service.info()

st.title("Quality")
in_short(service, facts)
st.subheader("Technical details", anchor=False, divider=True)
show.source(facts)
show.counts(facts)
st.subheader("Repaired rows")
show.repairs(service)
st.subheader("Rejects")
show.rejects(service)
st.subheader("Missing values")
show.missing(facts["catalogue"])
st.subheader("Models")
show.models(facts["models"])
st.subheader("Spaces and index")
show.spaces(facts)
st.subheader("Drift")
show.drift(facts["drift"])
st.subheader("Evaluation")
show.evaluation(service)
