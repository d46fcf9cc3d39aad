"""Find similar: a product and its nearest others."""

import streamlit as st

from mpsr.errors import InputError
from mpsr.types import Weights
from mpsr.ui import card
from mpsr.ui.query import Query
from mpsr.ui.stores import current_service

service = current_service()
query = Query.from_address()

st.title("Find similar")
asked = st.text_input(
    "Product", placeholder="A product's id, or words of its name: striped shirt", key="asked", value=None
)
if asked:
    matches = service.find(asked, limit=8)
    if not matches:
        st.info("No product has that id or these words in its name.", icon=":material/search_off:")
    elif len(matches) == 1:
        query = query.about(matches[0])
    else:
        st.caption(
            f"{len(matches)} products" if len(matches) < 8 else "The first 8 products with these words"
        )
        for column, product in zip(st.columns(8), matches, strict=False):
            with column:
                card.face(service, product)
                if st.button(f"Take {product}", key=f"take-{product}"):
                    query.about(product).go()

query = query if query.product else query.about(service.example())
left, right = st.columns([3, 1])
picture_share = left.slider(
    "Words ↔ picture",
    0,
    100,
    round(100 * query.weights.image),
    step=5,
    format="%d %% picture",
    key="picture_share",
)
k = right.selectbox("How many", [5, 10, 20, 50], index=[5, 10, 20, 50].index(query.k), key="k")
query = query.asking(k, Weights(1 - picture_share / 100, picture_share / 100))

try:
    found = service.similar(query.product, query.k, weights=query.weights)
except InputError as error:
    st.warning(str(error), icon=":material/link_off:")
    st.page_link("pages/find.py", label="Start from an example")
    st.stop()
query.to_address()

first, others = st.columns([1, 4], gap="large")
with first:
    st.subheader("This product")
    card.face(service, query.product, card.attributes(service, query.product))
    st.caption(f"id {query.product}")
with others:
    st.subheader(f"Its {len(found.neighbours)} nearest")
    grid = st.grid(5, min_column_width=card.NARROWEST)
    for rank, item in enumerate(found.neighbours, 1):
        with grid.cell():
            card.neighbour_card(service, rank, item, lambda product: query.about(product).to_address())
st.caption(f"Cosine similarity in the {found.space} space, store {found.store[:12]}.")
