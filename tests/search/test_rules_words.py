"""Rules in words."""

from __future__ import annotations

import pytest

from mpsr.search.rules_file import rules_of
from mpsr.search.rules_words import in_words

CASES = {
    'action = "boost"\nwhere = { price = { from = 5 } }\nfrom = 2026-01-02': (
        "Lift products with price from 5 by 0.1, for every query, from 2026-01-02 on."
    ),
    'action = "exclude"\nproducts = ["1", "2"]\nuntil = 2026-01-02': (
        "Leave out products 1, 2, for every query, until 2026-01-02."
    ),
    'action = "require"\nwhere = { gender = { same = true } }\nfor = { where = { kind = ["a", "b"] } }': (
        "Show only products with the query's own gender, for queries about products with kind a or b."
    ),
    'action = "bury"\nproducts = ["1","2","3","4","5","6"]\nwhere = { c = { not = ["x"], to = 2.5 } }\namount = 0.02': (
        "Lower products 1, 2, 3, 4, 5 and 1 more and products with c not x and c up to 2.5 by 0.02, for every query."
    ),
    'action = "pin"\nproducts = ["1"]\nslot = 3\nfrom = 2026-01-02\nuntil = 2026-01-03': (
        "Show product 1 in place 3, for every query, from 2026-01-02 until 2026-01-03."
    ),
}


@pytest.mark.parametrize(("written", "said"), CASES.items(), ids=[said[:20] for said in CASES.values()])
def test_a_rule_reads_as_a_sentence(written: str, said: str) -> None:
    assert in_words(rules_of(f"[[rule]]\n{written}\n").rules[0]) == said
