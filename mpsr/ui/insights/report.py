"""The report of what the Insights page has selected, as a file to take away."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from mpsr.insights.listings import Listings, Selection
from mpsr.insights.report import make_report, written_as
from mpsr.insights.views import Options
from mpsr.service import Service


def report_button(service: Service, catalogue: Listings, selection: Selection, options: Options) -> None:
    """The report is made when it is asked for: every view takes a moment to draw."""
    st.download_button(
        "Report (PDF)",
        lambda: report_bytes(service, catalogue, selection, options, ".pdf"),
        f"mpsr-{service.root.name}.pdf",
        "application/pdf",
        key="insights-report",
        on_click="ignore",
        icon=":material/picture_as_pdf:",
        help="All views of these products, with the filters as they are",
    )


def report_bytes(
    service: Service, catalogue: Listings, selection: Selection, options: Options, kind: str
) -> bytes:
    """The report as a file.

    Raises:
        InputError: no product is selected.
    """
    name = service.root.name
    foot = f"store {name} {service.snapshot.fingerprint[:12]}"
    way = Options(as_="share" if options.share else "count")
    return written_as(make_report(catalogue, selection, foot, way, datetime.now().date(), name), kind)
