"""The app: the server imports this file for its routes and runs it for every visitor as the router over the pages."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from mpsr.assets import asset
from mpsr.errors import MPSRError
from mpsr.ui.addressbar import address_says
from mpsr.ui.api_routes import ApiRoute
from mpsr.ui.boards.filling import chooser, current
from mpsr.ui.button_names import name_buttons
from mpsr.ui.headers import SecurityHeaders
from mpsr.ui.login import SignedIn, require_login
from mpsr.ui.map.routes import map_routes
from mpsr.ui.photo_memory import remember_photos
from mpsr.ui.pictures import base_path
from mpsr.ui.routes import routes
from mpsr.ui.stores import choose_store, store_to_name
from mpsr.ui.theme import apply_style

TITLE = "MPSR"


def main() -> None:
    """Which store is open, and the list of pages."""
    st.set_page_config(page_title=TITLE, page_icon=asset("icon.png"), layout="wide")
    apply_style()
    require_login()
    if choose_store() is None:
        pages = [st.Page("pages/welcome.py", title="Welcome", icon=":material/waving_hand:", default=True)]
    else:
        pages = [
            st.Page("pages/find.py", title="Find similar", icon=":material/search:", default=True),
            st.Page("pages/map.py", title="Map", icon=":material/map:"),
            st.Page("pages/boards.py", title="Boards", icon=":material/dashboard:"),
            st.Page("pages/rules.py", title="Rules", icon=":material/rule:"),
            st.Page("pages/insights.py", title="Insights", icon=":material/bar_chart:"),
            st.Page("pages/range.py", title="Range", icon=":material/inventory_2:"),
            st.Page("pages/quality.py", title="Quality", icon=":material/fact_check:"),
            st.Page("pages/product.py", title="Product", visibility="hidden"),
        ]
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · {TITLE}")
    name_buttons()
    if len(pages) > 1:
        looking = page.title == "Boards"  # there the address says which board is shown
        chooser(keep_address=not looking)
        address_says(page.title, store=store_to_name(), board=None if looking else current())
        remember_photos()
    try:
        page.run()
    except MPSRError as error:  # pages show those they expect themselves
        st.error("This page cannot be shown.", icon=":material/error:")
        st.text(str(error))


if __name__ == "__main__":
    main()
else:
    # st.navigation says so too, but only once it has run: the first visitor's link to a page would go past the router.
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=[*routes(base_path()), *map_routes(base_path()), ApiRoute(base_path())],
        middleware=[Middleware(SecurityHeaders), Middleware(SignedIn, start=base_path())],
    )
