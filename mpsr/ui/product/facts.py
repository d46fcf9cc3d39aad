"""What a product page says: the products of its address, and their attributes side by side."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mpsr.catalogue.types import INTERNAL
from mpsr.errors import InputError
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.text import column

#: In the address: the product, and the one that was asked for.
PRODUCT, ASKED = "id", "asked"


def products_asked(service: Service) -> tuple[str, str]:
    """The product of the address and the one it is compared with, "" for none.

    Raises:
        InputError: the address names no product of this store.
    """
    product = st.query_params.get(PRODUCT, "")
    service.row_of(product)
    asked = st.query_params.get(ASKED, "")
    try:
        service.row_of(asked)
    except InputError:
        asked = ""
    return product, asked if asked != product else ""


def attributes(service: Service, product: str, asked: str = "") -> Markup:
    """All attributes as a table; with ``asked``, its values beside them and the differences in bold."""
    ones = [service.product(one) for one in (product, asked) if one]
    names = [name for name in ones[0] if name not in INTERNAL and any(one[name] is not None for one in ones)]
    head = (
        Markup('<tr><td></td><th scope="col">This product</th><th scope="col">Asked for</th></tr>')
        if asked
        else ""
    )
    lines = Markup().join(_line(name, [one[name] for one in ones]) for name in names)
    return Markup('<table class="mpsr-table"><caption>Attributes</caption>{}{}</table>').format(head, lines)


def _line(name: str, values: list[object]) -> Markup:
    shown = ["not given" if value is None else str(value) for value in values]
    cell = Markup("<td>{}</td>") if len(set(shown)) == 1 else Markup("<td><b>{}</b></td>")
    cells = Markup().join(cell.format(value) for value in shown)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(column(name), cells)


def large(service: Service, product: str, caption: str) -> Markup:
    """The product's first picture as large as there is room for, all others below it."""
    figure = Markup('<figure class="mpsr-large"><div>{}</div><figcaption>{}</figcaption>{}</figure>')
    return figure.format(card.image(service, product), caption, card.further(service, product))
