"""Tables to browse and to export."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from mpsr.csvsafe import to_csv
from mpsr.ui.text import counted

#: Rows on one page of a table.
ROWS = 50


def paged(table: pd.DataFrame, key: str, name: str) -> None:
    """A table page by page, and the whole of it as a CSV file called ``name``."""
    pages = max(1, math.ceil(len(table) / ROWS))
    page = 1
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if pages > 1:
            page = st.pagination(pages, key=f"page-{key}")
        st.download_button(
            "Download CSV", to_csv(table), name, "text/csv", key=f"csv-{key}", icon=":material/download:"
        )
    shown = table.iloc[(page - 1) * ROWS : page * ROWS]
    st.dataframe(shown, hide_index=True, width="stretch")
    st.caption(f"{len(shown):,} of {counted(len(table), 'row')}")
