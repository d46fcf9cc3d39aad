"""The parts of the product page."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mpsr.boards import Key
from mpsr.errors import MPSRError
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.boards.filling import BOARD, add_button, boards
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.product.facts import attributes, large
from mpsr.ui.stores import STORE, store_to_name
from mpsr.ui.text import plain

#: Similar products shown.
SIMILAR = 5


def not_here(service: Service, message: str) -> None:
    """The address names no product of this store."""
    st.title("Product")
    st.warning("This product is not in the catalogue.", icon=":material/link_off:")
    st.text(message)
    st.page_link("pages/find.py", label="Find products", icon=":material/search:", query_params=_here())


def product_view(service: Service, product: str, asked: str) -> None:
    """Large picture, attributes and what can be done; beside the product that was asked for, where there is one."""
    st.title(plain(card.name(service, product)), anchor=False)
    pictures, facts = st.columns([3, 2], gap="large")
    with pictures:
        shown = [large(service, product, "This product" if asked else f"id {product}")]
        if asked:
            shown.append(large(service, asked, f"Asked for: {card.name(service, asked)}"))
        st.html(Markup('<div class="mpsr-pair">{}</div>').format(Markup().join(shown)))
    with facts:
        st.html(attributes(service, product, asked))
        with card.named_card("product"):
            st.html(Markup('<span data-name="{}"></span>').format(card.name(service, product)))
            if st.button("Find similar", key="product-find", icon=":material/search:", width="stretch"):
                address.find(Question().about(product))
            add_button(service, product, "product-board")
        st.page_link("pages/map.py", label="Show on the map", icon=":material/map:",
                     query_params=_here() | {"id": product})  # fmt: skip
        _on_boards(service, product)


def similar(service: Service, product: str) -> None:
    """The most similar products."""
    st.subheader("Most similar", anchor=False)
    found = service.similar(product, k=SIMILAR, hide_variants=True).neighbours
    grid = st.grid(SIMILAR, min_column_width=card.NARROWEST, gap="small")
    for item in found:
        with grid.cell():
            card.product_card(service, item.id, f"product-{item.id}")


def _on_boards(service: Service, product: str) -> None:
    """The boards that hold the product, each a link."""
    try:
        held = boards().holding(Key(service.root.name, product))
    except MPSRError:
        return  # the chooser of boards has said why
    if held:
        st.caption("On these boards")
    for board, name in held.items():
        st.page_link("pages/boards.py", label=plain(name), icon=":material/dashboard:",
                     query_params=_here() | {BOARD: board})  # fmt: skip


def _here() -> dict[str, str]:
    """The open store stays open."""
    store = store_to_name()
    return {STORE: store} if store else {}
