"""One product: large picture, all attributes, similar products, its boards; beside the product that was asked for."""

import streamlit as st

from mpsr.errors import InputError
from mpsr.ui.product import page
from mpsr.ui.product.facts import products_asked
from mpsr.ui.stores import current_service

service = current_service()
try:
    product, asked = products_asked(service)
except InputError as error:
    page.not_here(service, str(error))
    st.stop()
page.product_view(service, product, asked)
page.similar(service, product)
