"""Range: daily questions of buyers, stylists and planners, a view each."""

import streamlit as st

from mpsr.ui.range import address, page
from mpsr.ui.stores import current_service

service = current_service()
st.title("Range")
view = page.choose_view(service)
where = address.filters(service)
st.subheader(view.question, anchor=False)
view.show(service, where)
