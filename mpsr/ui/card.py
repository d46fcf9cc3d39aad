"""The product card: picture, name, score and what the score is made of.

Names come from a catalogue: they go to widgets that show text as text, never to Markdown or HTML.
"""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service
from mpsr.types import Neighbour

#: Fixed height of the picture's place, so that nothing jumps while pictures load.
PICTURE_HEIGHT = 200
PICTURE_WIDTH = 130


def picture(service: Service, product: str) -> None:
    """The product's picture on its fixed place."""
    with st.container(
        height=PICTURE_HEIGHT, border=False, horizontal_alignment="center", vertical_alignment="center"
    ):
        data = service.picture(product)
        if data is None:
            st.text("no picture")
        else:
            st.image(data, width=PICTURE_WIDTH)


def attributes(service: Service, product: str) -> None:
    """The product's attributes on one line of plain text."""
    row = service.product(product)
    values = [row[name] for name in ("gender", "articleType", "baseColour", "season", "year", "usage")]
    st.text(" · ".join(str(value) for value in values if value is not None))


def neighbour_card(service: Service, rank: int, item: Neighbour) -> bool:
    """One result; True when its "Find similar" was pressed."""
    with st.container(border=True):
        picture(service, item.id)
        st.text(f"{rank}. {item.name or item.id}")
        attributes(service, item.id)
        share_bar(item)
        return st.button("Find similar", key=f"similar-{item.id}", width="stretch")


def share_bar(item: Neighbour) -> None:
    """The score and a bar split into the share of the words and of the picture. Numbers only."""
    parts = [max(item.text, 0.0), max(item.image, 0.0)]
    label = f"score {item.score:.3f}: words {item.text:.3f}, picture {item.image:.3f}"
    st.html(
        f'<div role="img" aria-label="{label}" title="{label}" style="display:flex;height:8px;width:100%;'
        'border-radius:4px;overflow:hidden;background:rgba(128,128,128,.25)">'
        f'<div style="width:{100 * parts[0]:.1f}%;background:#b4532a"></div>'
        f'<div style="width:{100 * parts[1]:.1f}%;background:#5b8a9a"></div></div>'
    )
    st.caption(f"{item.score:.3f} = {item.text:.3f} words + {item.image:.3f} picture")
