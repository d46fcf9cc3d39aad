"""Shown while there is no store: how to build one."""

import streamlit as st

from mpsr.store import stores_folder

st.title("No catalogue yet")
st.write("Build a store from a catalogue (a folder, a zip file, or a table), then reload this page:")
st.code("mpsr build fashion-product-images-small.zip", language="bash")
st.write("No catalogue at hand? `mpsr fetch kaggle` downloads the public data set.")
st.caption(f"Stores are read from `{stores_folder()}`.")
