"""The app's own style sheet, for what Streamlit's theme does not cover."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("style.css")


def apply_style() -> None:
    """Put the style sheet on the page."""
    st.html(STYLE)
