"""The parts of the Rules page."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from mpsr.search.neighbours import Neighbour
from mpsr.search.rules_words import in_words
from mpsr.service import Service
from mpsr.shop.live_rules import LiveRules
from mpsr.ui import card
from mpsr.ui.find.typeahead import typeahead
from mpsr.ui.text import column, counted, plain

#: Results of the preview on either side.
SHOWN = 10

EXAMPLE = """[[rule]]
name = "Summer is over"
action = "bury"
where = { season = ["Summer"] }
amount = 0.1
"""

PRODUCT = "id"


def no_rules() -> None:
    """How to begin."""
    st.info("The app was started without rules.", icon=":material/rule:")
    st.markdown(
        "Write a file such as `rules.toml` and start the app with it. It is read again whenever it changes."
    )
    st.code(EXAMPLE, language=None)
    st.code("mpsr app --rules rules.toml", language=None)


def what_is_wrong(live: LiveRules) -> None:
    """An error of the file, and the rules that hold on."""
    if not live.error:
        return
    st.error(
        "The file is wrong as it is now. The last rules that were right hold on.", icon=":material/error:"
    )
    st.text(live.error.replace(str(live.path), live.path.name))


def in_force(service: Service, file: str) -> None:
    """All rules in words, those of other days marked, and what they name that is not there."""
    rules = service.rules.rules
    st.caption(plain(f"{counted(len(rules), 'rule')} in {file}"))
    today = date.today()
    rows = [
        Markup("<tr><td>{}</td><td>{}{}</td><td>{}</td></tr>").format(
            rule.line or "",
            Markup("<b>{}</b><br>").format(rule.name) if rule.name else "",
            in_words(rule, column),
            "on" if rule.holds_on(today) else "not today",
        )
        for rule in rules
    ]
    if rows:
        head = Markup(
            '<table class="mpsr-table"><thead><tr><th scope="col">Line</th><th scope="col">Rule</th>'
            '<th scope="col">Today</th></tr></thead>'
        )
        st.html(head + Markup("<tbody>{}</tbody></table>").format(Markup().join(rows)))
    for told in service.idle_rules:
        st.warning(plain(told), icon=":material/link_off:")


def choose(service: Service) -> str:
    """The product whose results are previewed; the address says it."""

    def on_words(words: str, anew: bool) -> None:
        found = service.suggest(words, 1)
        if found:
            on_product(found[0])

    typeahead(service, "previewed", "Product name or id", on_product, on_words, False)
    asked = st.query_params.get(PRODUCT)
    if asked is not None and asked not in set(service.ids):
        st.warning(plain(f"There is no product {asked!r} here."), icon=":material/link_off:")
        asked = None
    return asked or service.example()


def on_product(product: str) -> None:
    """Preview another product."""
    st.query_params[PRODUCT] = product


def preview(service: Service, product: str) -> None:
    """The results without and with the rules, side by side."""
    plain_results = service.similar(product, k=SHOWN, rules=False).neighbours
    ruled = service.similar(product, k=SHOWN)
    before = {item.id: rank for rank, item in enumerate(plain_results, 1)}
    st.html(card.thumbnail(service, product) + Markup("<p><b>{}</b></p>").format(card.name(service, product)))
    if not ruled.rules_digest:
        st.caption("No rule holds for this product today.")
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Before: without rules", anchor=False)
        _results(service, plain_results, {})
    with right:
        st.subheader("After: with rules", anchor=False)
        _results(service, ruled.neighbours, {item.id: _moved(before.get(item.id), rank) for rank, item in
                                             enumerate(ruled.neighbours, 1)})  # fmt: skip
    gone = [one for one in before if one not in {item.id for item in ruled.neighbours}]
    if gone:
        names = ", ".join(card.name(service, one) for one in gone)
        st.caption(plain(f"No longer among the first {SHOWN}: {names}"))


def _moved(before: int | None, now: int) -> str:
    if before is None:
        return "new"
    if before == now:
        return ""
    return f"{'up' if now < before else 'down'} from {before}"


def _results(service: Service, items: list[Neighbour], moved: dict[str, str]) -> None:
    line = '<li class="mpsr-part"><span class="mpsr-rank">{}</span>{}<p>{}</p><small>{}</small></li>'
    shown = [
        Markup(line).format(
            rank,
            card.thumbnail(service, item.id),
            card.name(service, item.id),
            " · ".join(
                filter(None, [moved.get(item.id, ""), f"score {item.score:.3f}: {card.all_shares(item)}"])
            ),
        )
        for rank, item in enumerate(items, 1)
    ]
    if shown:
        st.html(Markup('<ol class="mpsr-list">{}</ol>').format(Markup().join(shown)))
    else:
        st.caption("No results.")
