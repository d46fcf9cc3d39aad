"""What the insights page is put together from: the controls of a view, its chart, its sentence, what to take away."""

from __future__ import annotations

import functools
import html
from collections.abc import Sequence
from typing import Any

import streamlit as st

from mpsr.csvsafe import to_csv
from mpsr.insights.charts import chart_of
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.sentences import counting_words, sentence
from mpsr.insights.static import as_bytes
from mpsr.insights.tables import HUES, NOUNS, Table
from mpsr.insights.views import VIEWS, Options
from mpsr.ui.insights.address import AS, COLUMNS, VIEW, clear, write

WAYS = {"count": "Counts", "share": "Shares", "association": "Association"}

CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": [
        "select2d",
        "lasso2d",
        "autoScale2d",
        "zoom2d",
        "pan2d",
        "zoomIn2d",
        "zoomOut2d",
    ],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}


def _control(name: str, value: Any) -> dict[str, Any]:
    """What ties a control to the address: it shows ``value`` from there and writes there when it is moved."""
    key = f"insights-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": functools.partial(write, name)}


def words_of_counting(unit: str) -> None:
    """What is counted, in one honest line."""
    st.caption(counting_words(unit))


def choose_view(view: str, apart: bool) -> None:
    """The switch between the views; the last one only where there is a selection to set apart."""
    views = [key for key in VIEWS if apart or key != "apart"]
    st.segmented_control(
        "View",
        views,
        format_func=lambda key: VIEWS[key].title,
        label_visibility="collapsed",
        required=True,
        wrap=True,
        **_control(VIEW, view if view in views else views[0]),
    )


def headline(view: str, scope: str) -> None:
    """The question of a view, and which products answer it."""
    st.subheader(VIEWS[view].question, anchor=False)
    serves = f" For {VIEWS[view].serves}." if VIEWS[view].serves else ""
    st.html(f'<p class="mpsr-quiet">{html.escape(scope[:1].upper() + scope[1:])}.{serves}</p>')


def controls(view: str, listings: Listings, options: Options) -> None:
    """The controls of a view: counts or shares everywhere, and what only this view can be asked."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        ways = [way for way in WAYS if way != "association" or view == "gender"]
        st.segmented_control(
            "Show", ways, format_func=lambda way: WAYS[way], required=True, **_control(AS, options.as_)
        )
        if view == "categories":
            st.toggle("All categories", **_control("every", options.every))
        elif view == "shares":
            forms = {"bars": "Bars", "pies": "Pies"}
            st.segmented_control(
                "As",
                list(forms),
                format_func=forms.__getitem__,
                required=True,
                **_control("form", options.form),
            )
        elif view in ("time", "moved", "apart"):
            _column(options)
            if view == "time":
                _step("step", options.step)
            elif view == "moved":
                _step("by", options.by)
    if view == "time":
        nouns = NOUNS[options.column][1]
        st.multiselect(
            f"Which {nouns}",
            listings.values(options.column),
            max_selections=HUES,
            placeholder="the most frequent",
            **_control("value", list(options.values)),
        )


def periods(listings: Listings, options: Options, before: str, after: str) -> None:
    """The two seasons or years to compare."""
    values = [str(value) for value in listings.frame[options.by].cat.categories]
    with st.container(horizontal=True):
        for name, label, value in (("from", "From", before), ("to", "To", after)):
            st.selectbox(label, values, **_control(name, value if value in values else values[0]))


def _column(options: Options) -> None:
    st.selectbox(
        "Of",
        COLUMNS,
        format_func=lambda column: NOUNS[column][1].capitalize(),
        width=180,
        **_control("of", options.column),
    )


def _step(name: str, value: str) -> None:
    steps = {"year": "Years", "season": "Seasons"}
    st.segmented_control(
        "By", list(steps), format_func=steps.__getitem__, required=True, **_control(name, value)
    )


def show(found: Table, selection: Selection, options: Options) -> None:
    """A table's chart, its finding, how many products it shows, and what can be taken away."""
    said = sentence(found, options.share, options.as_ == "association")
    if not found.selected:
        st.info("No product passes these filters.", icon=":material/filter_alt_off:")
        st.button("Show all products", on_click=clear, key="insights-all")
        return
    if not found.empty:
        chart = chart_of(found, options)
        _side_by_side(chart.figures, found.view, chart.alt)
    st.html(f'<p class="mpsr-finding">{html.escape(said)}</p>')
    st.html(f'<p class="mpsr-quiet">{html.escape(found.coverage)} {html.escape(VIEWS[found.view].how)}</p>')
    if not found.empty:
        _take_away(found, selection, options)


def _side_by_side(figures: Sequence[Any], view: str, alt: str) -> None:
    """Small multiples two in a row; on a narrow screen one below the other."""
    for start in range(0, len(figures), 2):
        pair = figures[start : start + 2]
        places = st.columns(2) if len(figures) > 1 else [st.container()]
        for number, (place, figure) in enumerate(zip(places, pair, strict=False), start):
            with place:
                st.plotly_chart(
                    figure,
                    key=f"insights-chart-{view}-{number}",
                    config=CONFIG,
                    alt=alt if number == 0 else None,
                )


def _take_away(found: Table, selection: Selection, options: Options) -> None:
    name = f"mpsr-{found.view}"
    with st.container(horizontal=True):
        st.download_button(
            "Numbers (CSV)",
            to_csv(found.rows),
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/table:",
        )
        for kind, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
            st.download_button(
                f"Chart ({kind.upper()})",
                functools.partial(as_bytes, found, options, selection.words(), kind),
                f"{name}.{kind}",
                mime,
                on_click="ignore",
                icon=":material/image:",
            )
    with st.expander("The numbers"):
        st.dataframe(found.rows, hide_index=True)
