"""Shown while there is no store: how to make one."""

import streamlit as st

from mpsr.store import stores_folder

st.title("No catalogue yet")
st.write("Make a store from a catalogue (its folder, its zip, or a table), then reload this page:")
st.code("mpsr build fashion-product-images-small.zip", language="bash")
st.write("Not on this machine yet? `mpsr fetch kaggle` brings the public data set.")
st.caption(f"Stores are looked for in `{stores_folder()}`.")
