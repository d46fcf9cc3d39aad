"""Plan against actual."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mpsr.assortment.plan import PlanLine, against_plan, draft_plan, read_plan
from mpsr.csvsafe import to_csv
from mpsr.errors import InputError
from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui.range import parts
from mpsr.ui.range.address import bound
from mpsr.ui.text import column, counted, plain

#: Columns a plan is drafted by at first, and a file of a plan at most, in MB.
BY, MEGABYTES = ("articleType", "gender"), 5


def view(service: Service, where: Where) -> None:
    """The view: a plan from a file, or one that is drafted from what there is and edited here."""
    file = st.file_uploader(
        "Your plan, a table with a column target", ["csv", "xlsx"], max_upload_size=MEGABYTES
    )
    try:
        plan = _drafted(service, where) if file is None else read_plan(file.getvalue(), file.name)
        if not plan:
            return
        found = against_plan(service, plan, where=where)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    counts = found.table["status"].value_counts()
    st.markdown(
        " · ".join(f"**{counts.get(status, 0):,}** {status}" for status in ("over", "under", "on plan"))
    )
    order = found.table["difference"].abs().sort_values(ascending=False, kind="stable").index
    table = found.table.loc[order]
    chosen = st.dataframe(
        table.rename(columns=column), hide_index=True, width="stretch", on_select="rerun",
        selection_mode="single-row", key="range-plan-lines",
    )  # fmt: skip
    st.caption("Choose a line to see its products.")
    for row in chosen.selection.rows:
        line = int(table["line"].iloc[row])
        members = found.products.loc[found.products["line"] == line, "id"].tolist()
        st.html(
            parts.line(f"Line {line}", counted(len(members), "product"))
            + parts.row_of_pictures(service, members)
        )
    st.markdown(f"{counted(len(found.unplanned), 'product')} in no line of the plan")
    if len(found.unplanned):
        st.html(parts.row_of_pictures(service, found.unplanned["id"].tolist()))
    tables = {"lines": found.table, "products": found.products, "unplanned": found.unplanned}
    parts.take_away("plan", tables, found.notes)


def _drafted(service: Service, where: Where) -> list[PlanLine]:
    """The plan in the editor; nothing where no columns are chosen."""
    known = service.counts(where)
    asked = [name for name in st.query_params.get_all("by") if name in known] or [n for n in BY if n in known]
    st.multiselect("Or draft one by", list(known), format_func=column, **bound("by", asked))
    if not asked:
        return []
    draft = draft_plan(service, asked, where)
    st.caption("The draft asks for what there is: change the targets.")
    edited: pd.DataFrame = st.data_editor(
        draft, hide_index=True, num_rows="dynamic", width="stretch", height=250, key=f"range-draft-{asked}",
        column_config={name: st.column_config.Column(column(name)) for name in asked},
    )  # fmt: skip
    return read_plan(to_csv(edited.dropna(subset="target").astype({"target": int})), "the draft")
