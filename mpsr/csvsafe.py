"""Tables as CSV that a spreadsheet opens as data: no cell of text is ever taken for a formula.

Names and notes come from catalogues and from people. A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or
``@`` (https://owasp.org/www-community/attacks/CSV_Injection), so such text gets an apostrophe in front, which
spreadsheets take as "this is text". Numbers stay numbers. ``from_csv`` takes exactly these apostrophes off again.
"""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

#: Where a cell may begin: at its start, and after what another locale's spreadsheet takes for a separator.
_BEGINS = r"(?:^|(?<=[;\t\r\n]))"
#: What must not stand there: a formula's first character (the full-width ones count), blanks before it or not …
_FORMULA = r"(?=[^\S\t\r\n]*[=+\-@＝＋－＠])"
#: … and at the very start also a tab or a line break, behind which a formula is found too.
_UNSAFE = re.compile(rf"{_BEGINS}(?:'*{_FORMULA}|(?<![\s\S])'*(?=[\t\r\n]))")
_GUARDED = re.compile(rf"{_BEGINS}'(?:'*{_FORMULA}|(?<=(?<![\s\S])')'*(?=[\t\r\n]))")


def guard(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might see a formula begin; other text as it is."""
    return _UNSAFE.sub(lambda found: "'" + found.group(), text)


def unguard(text: str) -> str:
    """The text before ``guard``."""
    return _GUARDED.sub(lambda found: found.group()[1:], text)


def to_csv(frame: pd.DataFrame) -> bytes:
    """The table as a CSV file, without its index.

    Args:
        frame: any table; text cells and column names are guarded, numbers and dates are written as they are,
            missing values as nothing.

    Returns:
        UTF-8 with a byte-order mark (without it Excel reads another encoding), every text quoted, lines ended as
        RFC 4180 says.
    """
    safe = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        if not (is_numeric_dtype(dtype) or is_bool_dtype(dtype)):
            values = [guard(value) if isinstance(value, str) else value for value in frame.iloc[:, place]]
            safe.isetitem(place, np.array(values, dtype=object))
    safe.columns = pd.Index([guard(str(name)) for name in frame.columns])
    text = safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    return text.encode("utf-8-sig", errors="surrogatepass")


def from_csv(data: bytes) -> pd.DataFrame:
    """A table that ``to_csv`` wrote, every cell as text; a missing value is "" now."""
    text = data.decode("utf-8-sig", errors="surrogatepass")
    rows = [[unguard(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    return pd.DataFrame(rows[1:], columns=pd.Index(rows[0]), dtype="str")
