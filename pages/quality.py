"""What is this store: source, counts, rejects, models and their hashes, index and its recall."""

import streamlit as st

from mpsr.evaluation.reading import read_report, report_tables
from mpsr.ui.stores import current_service

service = current_service()
facts = service.info()
rows = facts["catalogue"]

st.title("What is in this store")
st.text(facts["source"])
for column, (label, value) in zip(
    st.columns(5),
    {
        "Rows read": rows["rows_read"],
        "Products": rows["rows_kept"],
        "Rows repaired": rows["rows_repaired"],
        "Rows rejected": sum(rows["rejected"].values()),
        "Pictures": rows["pictures_found"],
    }.items(),
    strict=True,
):
    column.metric(label, f"{value:,}")

st.subheader("Models")
st.table(
    [
        {
            "modality": stage,
            "model": model["model"],
            "licence": model["licence"],
            "device": f"{model.get('runtime', 'torch')} on {model['device']}, {model['parameters']['precision']}",
            "per second": f"{model['per_second'] or 0:,.0f}",
            "SHA-256": model["parameters"]["weights"][:16],
        }
        for stage, model in facts["models"].items()
    ]
)
st.subheader("Index")
st.write(f"{facts['index']['kind']}, recall@5 against exact search {facts['index']['recall@5']:.4f}")

st.subheader("Evaluation")
report = read_report(service.root, facts["snapshot"])
if report is None:
    st.write("Not measured yet. On products never seen: `mpsr evaluate`")
else:
    st.caption("Products never seen in training; 95 % intervals. Definitions: docs/evaluation.md")
    for table in report_tables(report):
        with st.expander(f"{table.title}, relevant: {table.relevant} ({table.queries:,} queries)"):
            st.text(f"Gallery: {table.gallery}")
            st.dataframe(table.rows, hide_index=True)

st.subheader("Rejects")
rejects = service.rejects()
if rejects.empty:
    st.write("None: every row of the table is in the catalogue.")
else:
    st.dataframe(rejects, hide_index=True)
st.caption(f"Snapshot {facts['snapshot']}")
