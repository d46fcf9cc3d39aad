"""Boards: the list of all boards, or the board in the address."""

import streamlit as st

from mpsr.errors import InputError, MPSRError
from mpsr.ui.boards import filling
from mpsr.ui.boards.board import SIMILAR, board_view
from mpsr.ui.boards.overview import board_list
from mpsr.ui.find.address import find
from mpsr.ui.find.question import Question

if product := st.session_state.pop(SIMILAR, None):
    find(Question().about(product))
wanted = st.query_params.get(filling.BOARD)
try:
    boards = filling.boards()
    if wanted:
        board_view(boards, boards.get(wanted))
    else:
        board_list(boards)
except InputError as error:
    st.warning("This board does not exist.", icon=":material/link_off:")
    st.text(str(error))
    st.button("All boards", icon=":material/arrow_back:", on_click=filling.leave)
except MPSRError as error:
    st.error("The boards cannot be opened.", icon=":material/error:")
    st.text(str(error))
