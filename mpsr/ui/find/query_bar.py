"""The bar at the top of the Find page: search by product, words or photo, or refine the query that is shown."""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.find.recent import recent
from mpsr.ui.find.typeahead import typeahead
from mpsr.ui.photo_upload import photo_upload
from mpsr.ui.text import counted, plain

ADD = "add_to_question"
EXAMPLES = 6

#: What the search box says, by whether words refine the query that is there.
PLACEHOLDER = {
    False: "Product name or id, or words: blue summer shirt",
    True: "Refine with words: but in black. Or another product name or id",
}


def what_this_is(service: Service) -> str:
    """The page in one line: which catalogue, and what can be done with it."""
    return f"{counted(len(service), 'product')} in {plain(service.root.name)}. Find look-alikes by name, words or photo."


def ask_bar(service: Service, asked: Question, question: Question) -> None:
    """The bar. Words beside a product or a photo refine the query; with **Refine search** on, everything does.

    Args:
        service: the open store.
        asked: the query in the address.
        question: the query that the page shows: ``asked``, or the example.
    """

    def on_product(product: str) -> None:
        address.go(question.more_like(product) if st.session_state.get(ADD) else question.about(product))

    def on_words(words: str, anew: bool) -> None:
        address.go(question.saying(words) if anew else question.also_saying(words))

    def on_photo(photo: str) -> None:
        address.go(question.also_showing(photo) if st.session_state.get(ADD) else question.showing(photo))

    refines = asked.refined_by_words or bool(st.session_state.get(ADD))
    typeahead(service, "asked", PLACEHOLDER[refines], on_product, on_words, refines)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Photo", icon=":material/photo_camera:", key=_popover(question)):
            photo_upload("find", "Photo of what you are looking for", on_photo, camera=True)
            st.caption("Kept in this tab only, small and without metadata. It is not part of links.")
        st.button("Random product", icon=":material/casino:", on_click=lambda: on_product(service.random()))
        recent(service, asked)
        if asked != Question():
            st.button(
                "New search",
                icon=":material/restart_alt:",
                key="new-search",
                help="Remove the query, its filters and settings.",
                on_click=address.go,
                args=(Question(),),
            )
        st.toggle(
            "Refine search",
            key=ADD,
            help="Add products and photos to your query instead of replacing it. Words refine a product or a photo "
            "with this off too.",
        )


def _popover(question: Question) -> str:
    """Another key for other photos: so the popover is closed once a photo was uploaded, and the results are in sight."""
    return f"photo-{'-'.join(question.photos)}"


def examples(service: Service, question: Question) -> None:
    """Products to start with."""
    st.subheader("Or start with one of these")
    grid = st.grid(EXAMPLES, min_column_width=card.NARROWEST, gap="small")
    for product in service.examples(EXAMPLES):
        with grid.cell(), card.named_card(f"start-{product}"):
            card.face(service, product)
            st.button(
                "Start here", key=f"start-{product}", width="stretch",
                on_click=address.go, args=(question.about(product),),
            )  # fmt: skip
