"""Addresses of the products' pictures."""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service


def url(service: Service, product: str, number: int = 0) -> str | None:
    """Address of a picture of the product, 0 being its first; None where it has no such picture.

    The server's routes answer it (``mpsr.ui.routes``). It is the same as long as the store's snapshot is, so browsers
    keep the picture; where it is shown, it needs an alternative text.

    Raises:
        InputError: there is no such product.
    """
    if not 0 <= number < service.pictures(product):
        return None
    which = f"-{number}" if number else ""
    return f"{base_path()}/pictures/{service.snapshot.fingerprint}/{service.row_of(product)}{which}.jpg"


def base_path() -> str:
    """What the server's addresses begin with: "" or "/shop"."""
    return f"/{(st.get_option('server.baseUrlPath') or '').strip('/')}".rstrip("/")
