"""The worked examples of docs/range.md, computed again on the demo catalogue."""

from __future__ import annotations

import re

from mpsr.assortment.look import complete_look
from mpsr.catalogue import read_catalogue
from mpsr.demo import demo_folder
from tests.docs.pages import text_of


def test_the_look_of_the_page():
    look = complete_look(read_catalogue(demo_folder(), check_pictures=False).products, "1003")
    section = text_of("docs/range.md").split("## Complete the look")[1].split("\n## ")[0]
    told = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (.+) \| (.+) \|$", section, re.M)
    columns = look.pieces[["role", "id", "productDisplayName", "baseColour"]]
    assert told == [tuple(row) for row in columns.to_numpy().tolist()]
    assert look.missing["role"].tolist() == ["watch", "eyewear"]
