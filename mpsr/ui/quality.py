"""The first lines of the Quality page: how complete the catalogue is, and how good the answers are."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mpsr.catalogue.types import ATTRIBUTES, ID, NAME
from mpsr.evaluation.reading import read_report
from mpsr.evaluation.report import Report
from mpsr.evaluation.running import Evaluations, Running, evaluated
from mpsr.service import Service
from mpsr.ui.insights.links import insights_link
from mpsr.ui.store_facts import Facts, facts_table, gaps
from mpsr.ui.tables import paged
from mpsr.ui.text import counted

#: The task that is what people do: look for a product like one, in the whole catalogue; what counts as good.
TASK, GOOD, METRIC = "both, whole catalogue", "type", "P@10"

#: Rows of a report that are what the app shows, the first that is there.
SYSTEMS = ("learned space", "paper's space")

#: Seconds between two looks at an evaluation that runs.
LOOK = 2.0


@st.cache_resource(show_spinner=False)
def _evaluations() -> Evaluations:
    return Evaluations(evaluated)


def in_short(service: Service, facts: Facts) -> None:
    """Three lines, each opening what it speaks of."""
    _complete(facts["catalogue"])
    _pictures(service)
    _answers(service)


def completeness(rows: Facts) -> float:
    """The share of the products' attributes that have a value, in [0, 1]."""
    columns = [name for name in ATTRIBUTES if name in rows["missing_values"]] or list(rows["missing_values"])
    cells = rows["rows_kept"] * (len(columns) or 1)
    return 1 - sum(rows["missing_values"].get(name, 0) for name in columns) / cells if cells else 1.0


def percent(share: float) -> str:
    """A share as a whole percentage; only what is complete is 100 %."""
    return f"{100 if share == 1 else min(round(100 * share), 99)} %"


def _complete(rows: Facts) -> None:
    said = gaps(rows)
    with st.expander(f"**Data complete {percent(completeness(rows))}**", icon=":material/fact_check:"):
        if said:
            st.caption("Products without a value")
            facts_table(said)
        else:
            st.text("Every product has a value in every attribute.")


def _pictures(service: Service) -> None:
    without = np.flatnonzero(service.products["picture"].isna().to_numpy())
    count = counted(len(without), "product") if len(without) else "No product is"
    with st.expander(f"**{count} without a picture**", icon=":material/image_not_supported:"):
        if not len(without):
            st.text("Every product has a picture.")
            return
        insights_link(service, without.tolist(), "What they are, in Insights")
        paged(service.products.iloc[without][[ID, NAME]], "no-picture", "without-picture.csv")


def good_answers(report: Report) -> tuple[float, int] | None:
    """The share of good answers among ten, and on how many products that was measured; None where it was not."""
    task = report["tasks"].get(TASK)
    if task is None:
        return None
    row = next((task["rows"][name] for name in SYSTEMS if name in task["rows"]), None)
    value = row[GOOD][METRIC][0] if row is not None and GOOD in row else None
    return None if value is None else (value, task["queries"][GOOD]["queries"])


def _answers(service: Service) -> None:
    report = read_report(service.root, service.snapshot.fingerprint)
    found = good_answers(report) if report is not None else None
    if found is None:
        with st.expander("**Answers not measured yet**", icon=":material/rule:", expanded=True):
            _measure(service)
        return
    good, products = found
    line = f"**{percent(good)} of answers are of the right type**, measured on {counted(products, 'product')} never seen"
    with st.expander(line, icon=":material/rule:"):
        st.markdown(
            "Each of these products was kept out of training. It was asked for, and an answer among the ten most similar "
            "products of the whole catalogue counts as good where it is of the same type. All measures, with their "
            "intervals, are below under **Evaluation**."
        )


@st.fragment(run_every=LOOK)
def _watched(service: Service, running: Running) -> None:
    st.progress(running.share, text=running.said)
    if running.done.is_set():
        st.rerun()


def _measure(service: Service) -> None:
    """The button that starts an evaluation, or where it stands."""
    running = _evaluations().of(service.snapshot.fingerprint)
    if running is not None and not running.done.is_set():
        _watched(service, running)
        return
    if running is not None and running.error:
        st.warning("The answers could not be measured:", icon=":material/error:")
        st.text(running.error)
    st.text(
        "The app asks for products that were kept out of training, and counts how many answers are of the right type. "
        "That takes some minutes; the app can be used meanwhile."
    )
    st.button("Measure now", key="measure", icon=":material/play_arrow:", on_click=_start, args=(service,))
    if st.session_state.pop("quality-busy", False):
        st.info(
            "Another catalogue is being measured. Try again when it is done.", icon=":material/hourglass:"
        )


def _start(service: Service) -> None:
    st.session_state["quality-busy"] = _evaluations().start(service) is None
