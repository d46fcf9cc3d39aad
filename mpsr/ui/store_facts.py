"""Facts about a store, section by section, for the Quality page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

from mpsr.catalogue.types import ID, NAME
from mpsr.evaluation.reading import read_report, report_tables
from mpsr.service import Service
from mpsr.store.drift_gates import (
    LEAST_AGREEMENT,
    MOST_CHANGED,
    MOST_SCALED,
    MOST_SHIFTED,
    MOST_UNSEEN,
    past_gate,
)
from mpsr.store.facts import DriftFacts
from mpsr.ui.find.sidebar import SPACES
from mpsr.ui.tables import paged
from mpsr.ui.text import MODALITY_LABEL, column

Facts = Mapping[str, Any]


def source(facts: Facts) -> None:
    """Where it comes from, when and how it was built."""
    built = time.strftime("%d %B %Y, %H:%M", time.localtime(facts["published"]))
    facts_table(
        {
            "Source": Path(facts["source"]).name,  # its folder is the owner's business, not every visitor's
            "Built": f"{built}, in {facts['seconds']:,.0f} s, profile {facts['profile']}",
            "Size": f"{facts['bytes'] / 2**20:,.0f} MB",
            "Snapshot": facts["snapshot"],
        }
    )


def counts(facts: Facts) -> None:
    """The figures of reading the catalogue."""
    shown = figures(facts["catalogue"])
    if facts["further_pictures"]:
        shown["Further pictures"] = facts["further_pictures"]
    grid = st.grid(len(shown), min_column_width=130)
    for label, value in shown.items():
        grid.metric(label, f"{value:,}")


def figures(rows: Facts) -> dict[str, int]:
    """Label → figure; rows read = products + rows rejected + rows that only add a picture."""
    found = {
        "Rows read": rows["rows_read"],
        "Products": rows["rows_kept"],
        "Rows repaired": rows["rows_repaired"],
        "Rows rejected": sum(rows["rejected"].values()),
        "Pictures": rows["pictures_found"],
        "Without picture": rows["rows_kept"] - rows["pictures_found"],
    }
    further = {"Rows that add a picture": "rows_joined", "Pictures of no product": "pictures_unused"}
    return found | {label: rows[name] for label, name in further.items() if rows.get(name)}


def repairs(service: Service) -> None:
    """Rows that had too many fields and were joined back together."""
    repaired = service.products.loc[service.products["repaired"], ["line", ID, NAME]]
    if repaired.empty:
        st.text("None: every row had the right number of fields.")
    else:
        st.caption("Unquoted commas split the names of these rows; they were joined again.")
        paged(repaired, "repairs", "repaired.csv")


def rejects(service: Service) -> None:
    """What is not in the catalogue, with the reason."""
    table = service.rejects()
    if table.empty:
        st.text("None: every row of the table is in the catalogue, and every picture could be read.")
    else:
        st.caption("Rows that were left out of the catalogue, and products whose picture could not be used.")
        paged(table, "rejects", "rejects.csv")


def missing(rows: Facts) -> None:
    """Products without a value, column by column."""
    said = gaps(rows)
    if said:
        facts_table(said)
    else:
        st.text("None.")


def gaps(rows: Facts) -> dict[str, str]:
    """Column → how many products have no value there, and how many have one that could not be read."""
    missed, unread, products = rows["missing_values"], rows.get("unread_values", {}), rows["rows_kept"]
    said: dict[str, str] = {}
    for name in dict.fromkeys([*missed, *unread]):
        parts = [f"{missed[name]:,} of {products:,} products"] if missed.get(name) else []
        parts += [f"{unread[name]:,} with a value that could not be read"] if unread.get(name) else []
        if parts:
            said[column(name)] = "; ".join(parts)
    return said


def drift(measured: DriftFacts | None) -> None:
    """How far the catalogue is from the one that scalers, towers and map were fitted to."""
    if measured is None:
        st.text("None: everything was fitted to this very catalogue.")
        return
    st.caption(
        "What builds since then have changed, and how far from it the catalogue has moved. Past a gate the next build "
        "fits everything anew."
    )
    facts_table(drift_told(measured))
    if (reason := past_gate(measured)) is not None:
        st.warning(f"The next build fits everything anew: {reason}.", icon=":material/restart_alt:")


def drift_told(measured: DriftFacts) -> dict[str, str]:
    """Label → what was measured, with its gate."""
    return {
        "Fitted to": f"{measured['products']:,} products",
        "Since then": f"{measured['added']:,} added, {measured['removed']:,} removed, {measured['changed']:,} with "
        f"another text or picture: {measured['share_changed']:.1%} (gate: {MOST_CHANGED:.0%})",
        "Mean embedding": f"moved by {measured['mean_shift']:.3f} deviations (gate: {MOST_SHIFTED})",
        "Deviations": f"changed by a factor of {measured['scale_ratio']:.3f} (gate: {MOST_SCALED})",
        "Nearest products": f"{measured['agreement']:.1%} as if fitted anew (gate: {LEAST_AGREEMENT:.0%})",
        "Types, colours, genders": f"{measured['unseen_labels']:.1%} of the products have one not seen before "
        f"(gate: {MOST_UNSEEN:.0%})",
    }


def models(stages: Facts) -> None:
    """The models that made the embeddings, with the hash their weights were checked against."""
    for stage, model in stages.items():
        facts_table(
            {
                "Modality": MODALITY_LABEL[stage].capitalize(),
                "Model": model["model"],
                "Licence": model["licence"],
                "Ran on": f"{model.get('runtime', 'torch')} on {model['device']}, {model['parameters']['precision']}",
                "Products per second": f"{model.get('per_second', 0):,.0f}",
                "SHA-256": model["parameters"]["weights"],
            }
        )


def spaces(facts: Facts) -> None:
    """The spaces that can be searched, and how exact the index is."""
    told = {
        SPACES.get(
            name, name
        ): f"{space['dimension']} dimensions, {space['split']} of them for the {MODALITY_LABEL['text']}"
        for name, space in facts["spaces"].items()
    }
    index = f"{facts['index']['kind']}, recall@5 against exact search {facts['index']['recall@5']:.4f}"
    facts_table(
        {
            **told,
            "Index": index,
            "Neighbour graph": f"the {facts['graph']['neighbours']} nearest of each product",
        }
    )


def evaluation(service: Service) -> None:
    """The evaluation report, when there is one."""
    report = read_report(service.root, service.snapshot.fingerprint)
    if report is None:
        st.text("Not evaluated yet. To measure search quality on products that were not used in training:")
        st.code("mpsr evaluate", language="bash")
        return
    st.caption(
        "Measured on products that were not used in training; 95 % confidence intervals. Definitions: docs/evaluation.md"
    )
    for table in report_tables(report):
        with st.expander(f"{table.title}, relevant: {table.relevant} ({table.queries:,} queries)"):
            st.text(f"Gallery: {table.gallery}")
            st.dataframe(table.rows, hide_index=True)


def facts_table(rows: Mapping[str, str]) -> None:
    """Two columns: what, and what is said of it."""
    lines = Markup().join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(name, said)
        for name, said in rows.items()
    )
    st.html(Markup('<table class="mpsr-table mpsr-facts">{}</table>').format(lines))
