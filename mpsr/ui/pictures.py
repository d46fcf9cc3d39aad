"""Addresses of the products' pictures."""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service


def url(service: Service, product: str) -> str | None:
    """Address of the product's picture, None where it has none. The server's routes answer it (``mpsr.ui.routes``).

    It is the same as long as the store's snapshot is, so browsers keep the picture; where it is shown, it needs an
    alternative text.

    Raises:
        InputError: there is no such product.
    """
    if not service.has_picture(product):
        return None
    return f"{base_path()}/pictures/{service.snapshot.fingerprint}/{service.row_of(product)}.jpg"


def base_path() -> str:
    """What the server's addresses begin with: "" or "/shop"."""
    return f"/{(st.get_option('server.baseUrlPath') or '').strip('/')}".rstrip("/")
