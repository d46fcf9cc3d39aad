"""Complete the look."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mpsr.assortment.look import ROLES, complete_look
from mpsr.catalogue.types import ID
from mpsr.errors import InputError
from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.find.typeahead import typeahead
from mpsr.ui.range import parts
from mpsr.ui.range.address import known_ids
from mpsr.ui.text import plain

PRODUCT = "id"


def view(service: Service, where: Where) -> None:
    """The view."""

    def on_words(words: str, anew: bool) -> None:
        for found in service.suggest(words, 1):
            _choose(found)

    typeahead(service, "range-look", "Product name or id", _choose, on_words, False)
    asked = known_ids(service, st.query_params.get_all(PRODUCT)[:1])
    product = asked[0] if asked else _example(service)
    mask = service.mask(where)
    mask[service.row_of(product)] = True
    st.html(
        Markup('<div class="mpsr-part">{}<p>{}</p></div>').format(
            card.thumbnail(service, product), card.name(service, product)
        )
    )
    try:
        found = complete_look(service.products[mask], product)
    except InputError as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    grid = st.grid(6, min_column_width=card.NARROWEST, gap="small")
    for piece in found.pieces.to_dict("records"):
        with grid.cell(), card.named_card(f"look-{piece[ID]}"):
            card.face(service, piece[ID], card.quiet(f"{piece['role']} · {piece['colours']}"))
            st.button("Complete this", key=f"look-{piece[ID]}", on_click=_choose, args=(piece[ID],))
    for gap in found.missing.to_dict("records"):
        st.html(card.quiet(f"No {gap['role']}: {gap['reason']}."))
    parts.take_away("look", {"pieces": found.pieces, "missing": found.missing}, found.rules)


def _choose(product: str) -> None:
    st.query_params[PRODUCT] = product


def _example(service: Service) -> str:
    """A product that has a role in a look; the first where none has."""
    known = [name for names in ROLES.values() for name in names]
    rows = service.products["subCategory"].isin(known).to_numpy().nonzero()[0]
    return service.ids[int(rows[0])] if len(rows) else service.ids[0]
