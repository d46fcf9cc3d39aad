"""What to offer in place of products that sell out."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st
from markupsafe import Markup

from mpsr.assortment.substitutes import Substitutes, substitutes
from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.range import parts
from mpsr.ui.range.address import bound, known_ids, number

#: Products of the example.
EXAMPLES = 3

#: Substitutes of each product, usually and at most; how far the price may differ, in percent.
USUAL, MOST, WITHIN = 3, 20, 20


def view(service: Service, where: Where) -> None:
    """The view."""
    said = st.query_params.get("ids", "")
    asked = known_ids(service, list(dict.fromkeys(re.split(r"[\s,;]+", said.strip())))) if said else []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Products that sell out", placeholder="Ids, with spaces or commas between", **bound("ids", said)
        )
        best = st.number_input(
            "Substitutes of each", 1, MOST, **bound("best", number("best", USUAL, 1, MOST))
        )
        within = st.number_input(
            "Price within %", 0, 100, step=5, **bound("price_within", number("price_within", WITHIN, 0, 100))
        )
    if not asked:
        st.caption("An example:")
    ids = asked or service.examples(EXAMPLES)
    with parts.progress("Finding substitutes …") as told:
        found = substitutes(service, ids, int(best), within / 100, where, told)
    _show(service, ids, found)
    parts.take_away("substitutes", {"substitutes": found.table, "without": found.without}, found.notes)


def _show(service: Service, ids: list[str], found: Substitutes) -> None:
    why = dict(zip(found.without["id"], found.without["why"], strict=True))
    for product in ids[parts.page_of("substitutes", len(ids))]:
        rows = found.table[found.table["id"] == product]
        detail = f"none: {why[product]}" if product in why else rows["reason"].iloc[0]
        st.html(
            parts.line(f"{product} · {card.name(service, product)}", detail)
            + Markup('<div class="mpsr-row">{}<span>→</span>{}</div>').format(
                card.thumbnail(service, product), Markup().join(_offered(service, rows))
            )
        )


def _offered(service: Service, rows: pd.DataFrame) -> list[Markup]:
    return [card.thumbnail(service, one) for one in rows["substitute"]]
