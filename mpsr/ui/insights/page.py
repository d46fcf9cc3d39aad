"""The parts of the Insights page: the controls of a view, its finding, its chart and the downloads."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from mpsr.insights.listings import Listings, Selection
from mpsr.insights.screen import figures_of
from mpsr.insights.tables import HUES
from mpsr.insights.views import VIEWS, Control, Insight, Options, View
from mpsr.insights.views.differences import periods
from mpsr.insights.words import NOUNS, counted, counting_words
from mpsr.service import Service
from mpsr.ui.insights.address import AS, COLUMNS, VIEW, clear, write
from mpsr.ui.insights.drill import chart_key, on_click, products_of_a_mark

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


def _bound(name: str, value: Any) -> dict[str, Any]:
    """Binds a control to the address: it shows ``value`` from there and writes there when it is changed."""
    key = f"insights-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": functools.partial(write, name)}


def what_is_counted(unit: str) -> None:
    """What is counted, in one honest line."""
    st.caption(counting_words(unit))


def choose_view(view: View[Any], selection: Selection) -> None:
    """The switch between the views; those that compare a selection with the rest only where there is one."""
    st.segmented_control(
        "View",
        [key for key, other in VIEWS.items() if not (other.against_rest and selection.everything)],
        format_func=lambda key: VIEWS[key].title,
        label_visibility="collapsed",
        required=True,
        wrap=True,
        **_bound(VIEW, view.key),
    )


def headline(view: View[Any], scope: str) -> None:
    """The question of a view, and which products answer it."""
    st.subheader(view.question, anchor=False)
    serves = f" For {view.serves}." if view.serves else ""
    st.html(f'<p class="mpsr-quiet">{html.escape(scope[:1].upper() + scope[1:])}.{serves}</p>')


def controls(view: View[Any], listings: Listings, options: Options) -> None:
    """Counts or shares, and what else the view can be asked; ``listings`` are the selected ones."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Show", view.ways, format_func=WAYS.__getitem__, required=True, **_bound(AS, options.as_)
        )
        for control in view.controls:
            if control not in _WIDE:
                _CONTROLS[control](listings, options)
    for control in view.controls:
        if control in _WIDE:
            _CONTROLS[control](listings, options)


def _every(listings: Listings, options: Options) -> None:
    st.toggle("All categories", **_bound("every", options.every))


def _switch(label: str, name: str, choices: dict[str, str], value: str) -> None:
    st.segmented_control(
        label, list(choices), format_func=choices.__getitem__, required=True, **_bound(name, value)
    )


def _form(listings: Listings, options: Options) -> None:
    _switch("As", "form", {"bars": "Bars", "pies": "Pies"}, options.form)


def _step(listings: Listings, options: Options) -> None:
    _switch("By", "step", {"year": "Years", "season": "Seasons"}, options.step)


def _by(listings: Listings, options: Options) -> None:
    _switch("Between", "by", {"year": "Years", "season": "Seasons"}, options.by)


def _column(listings: Listings, options: Options) -> None:
    st.selectbox(
        "Of",
        COLUMNS,
        format_func=lambda column: NOUNS[column][1].capitalize(),
        width=180,
        **_bound("of", options.column),
    )


def _values(listings: Listings, options: Options) -> None:
    st.multiselect(
        f"Which {NOUNS[options.column][1]}",
        listings.values(options.column),
        max_selections=HUES,
        placeholder="the most frequent",
        **_bound("value", list(options.values)),
    )


def _periods(listings: Listings, options: Options) -> None:
    """The two seasons or years to compare, with how many listings each has."""
    totals = listings.totals(options.by)
    with st.container(horizontal=True):
        for name, label, value in zip(
            ("from", "to"), ("From", "To"), periods(listings, options), strict=True
        ):
            st.selectbox(
                label,
                list(totals),
                format_func=lambda period: f"{period} ({counted(totals[period], listings.unit)})",
                **_bound(name, value if value in totals else next(iter(totals))),
            )


_CONTROLS: dict[Control, Callable[[Listings, Options], None]] = {
    "every": _every,
    "form": _form,
    "column": _column,
    "step": _step,
    "values": _values,
    "by": _by,
    "periods": _periods,
}

#: Controls on a line of their own.
_WIDE: tuple[Control, ...] = ("values", "periods")


def show(service: Service, listings: Listings, found: Insight) -> None:
    """A view's finding, its chart, the products of a mark, how many products it shows, and the downloads."""
    if not found.chosen:
        st.info(found.finding, icon=":material/filter_alt_off:")
        st.button("Show all products", on_click=clear, key="insights-all")
        return
    st.html(f'<p class="mpsr-finding">{html.escape(found.finding)}</p>')
    _charts(found)
    products_of_a_mark(service, listings, found)
    st.html(f'<p class="mpsr-quiet">{html.escape(found.notes)}</p>')
    if not found.table.empty:
        _downloads(found)


def _charts(found: Insight) -> None:
    """Small multiples two in a row; on a narrow screen one below the other."""
    figures = figures_of(found.chart)
    for start in range(0, len(figures), 2):
        places = st.columns(2) if len(figures) > 1 else [st.container()]
        for number, (place, figure) in enumerate(
            zip(places, figures[start : start + 2], strict=False), start
        ):
            with place:
                st.plotly_chart(
                    figure,
                    key=chart_key(found, number),
                    on_select=on_click(found, number, len(figures)),
                    selection_mode="points",
                    config=CONFIG,
                    alt=found.alt if number == 0 else None,
                )


def _downloads(found: Insight) -> None:
    name = f"mpsr-{found.view.key}"
    kinds: dict[Literal["png", "svg"], str] = {"png": "image/png", "svg": "image/svg+xml"}
    with st.container(horizontal=True):
        st.download_button(
            "Numbers (CSV)",
            found.csv,
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/table:",
        )
        for kind, mime in kinds.items():
            st.download_button(
                f"Chart ({kind.upper()})",
                functools.partial(found.picture, kind),
                f"{name}.{kind}",
                mime,
                on_click="ignore",
                icon=":material/image:",
            )
    with st.expander("The numbers"):
        st.dataframe(found.table.rows, hide_index=True)
