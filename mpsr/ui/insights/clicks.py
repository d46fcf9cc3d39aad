"""What people click, where events are kept: rates by position, products never clicked, which ranking won."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mpsr.clicks.events import events_there
from mpsr.clicks.statistics import Duel, by_position, duel, never_clicked
from mpsr.errors import MPSRError
from mpsr.service import Service
from mpsr.ui.tables import paged
from mpsr.ui.text import counted, plain

#: Seconds for which the figures are shown as they were.
FRESH = 60

RATES = {"rate": "click rate", "lowest": "at least", "highest": "at most"}


@st.cache_data(ttl=FRESH, show_spinner=False, max_entries=1)
def _figures() -> tuple[int, pd.DataFrame, pd.DataFrame, Duel] | None:
    events = events_there()
    if events is None:
        return None
    try:
        table = events.table()
    finally:
        events.close()
    return len(table), by_position(table), never_clicked(table), duel(table)


def what_people_click(service: Service) -> None:
    """The section; nothing where no events are kept."""
    try:
        found = _figures()
    except MPSRError as error:
        st.warning(plain(str(error)), icon=":material/error:")
        return
    if found is None or not found[0]:
        return
    count, positions, unseen, fought = found
    st.subheader("What people click", anchor=False)
    st.caption(
        f"{counted(count, 'event')}. Intervals at 95 %: the true rate may be anywhere from *at least* to *at most*."
    )
    if len(positions):
        st.markdown("**Clicks by position**")
        _table(positions.rename(columns=RATES))
    if len(unseen):
        st.markdown("**Seen and never clicked**")
        known = set(service.ids)
        names = [service.name(one) if one in known else "" for one in unseen["product"]]
        paged(unseen.assign(name=names).rename(columns=RATES), "never-clicked", "never-clicked.csv")
    if fought.clicks + fought.content + fought.ties:
        st.markdown("**Which ranking won**")
        st.markdown(
            f"With clicks: {counted(fought.clicks, 'session')}. By content alone: "
            f"{counted(fought.content, 'session')}. Ties: {fought.ties:,}. Sign test: p = {fought.p:.3f}."
        )


def _table(table: pd.DataFrame) -> None:
    rates = {name: st.column_config.NumberColumn(format="percent") for name in RATES.values()}
    st.dataframe(table, hide_index=True, width="stretch", column_config=rates)
