"""Text of a catalogue where Streamlit expects Markdown."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mpsr.ui.text import plain

printable = st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cc", "Zs", "Zl", "Zp"]))


@given(printable)
def test_every_sign_is_escaped_and_nothing_is_lost(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>*_`\[\]()#$~|!&:]", shown)


def test_no_directive_and_no_line_is_left() -> None:
    assert ":material" not in plain(":material/home:")
    assert plain("one\n\n# two") == "one \\# two"
