"""Rules: what each does to the results, against results computed without them; and wrong rules, with their line."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from mpsr.errors import InputError
from mpsr.search.request import Condition, Request
from mpsr.search.rules import Chosen, Rule, Rules
from mpsr.search.rules_file import KEYS, read_rules, rules_of
from mpsr.service import Service
from mpsr.types import Part, Query, about

RED = Chosen(where={"baseColour": ["Red"]})
SAME_COLOUR = Chosen(where={"baseColour": Condition(same=True)})
QUERY = "101"


@pytest.fixture(scope="module")
def plain(learned_shop: Path) -> Service:
    return Service(learned_shop)


@pytest.fixture
def ruled(learned_shop: Path):
    def make(*rules: Rule) -> Service:
        return Service(learned_shop, verify=False, rules=Rules(rules, "digest"))

    return make


def ids(found) -> list[str]:
    return [item.id for item in found.neighbours]


def test_boost_and_bury_order_by_the_score_with_their_share(plain: Service, ruled) -> None:
    """Every product is scored without rules; the shares are added by hand and the products sorted again."""
    boost, bury = (
        Rule("boost", RED, amount=0.3),
        Rule("bury", Chosen(where={"articleType": ["Shirts"]}), amount=0.2),
    )
    scored = plain.similar(QUERY, k=100).neighbours
    rows = {item.id: plain.product(item.id) for item in scored}

    def share(product: str) -> float:
        return 0.3 * (rows[product]["baseColour"] == "Red") - 0.2 * (rows[product]["articleType"] == "Shirts")

    expected = sorted(scored, key=lambda item: (-(item.similarity + share(item.id)), plain.row_of(item.id)))
    found = ruled(boost, bury).similar(QUERY, k=12)
    assert ids(found) == [item.id for item in expected[:12]] != ids(plain.similar(QUERY, k=12))
    for item in found.neighbours:
        assert item.rule == pytest.approx(share(item.id))
        assert item.score == pytest.approx(item.text + item.image + item.rule)
    same = {item.id: item for item in scored}
    assert all(item.percentile == same[item.id].percentile for item in found.neighbours)


def test_an_excluded_product_is_replaced_by_the_next(plain: Service, ruled) -> None:
    first, *rest = ids(plain.similar(QUERY, k=8))
    assert ids(ruled(Rule("exclude", Chosen((first,)))).similar(QUERY, k=7)) == rest


def test_require_and_exclude_may_go_by_the_querys_own_value(plain: Service, ruled) -> None:
    colour = plain.product(QUERY)["baseColour"]
    kept = ruled(Rule("require", SAME_COLOUR)).similar(QUERY, k=3)
    assert ids(kept) == ids(plain.similar(QUERY, k=3, where={"baseColour": [colour]}))
    beside = ruled(Rule("exclude", SAME_COLOUR)).similar(QUERY, k=30)
    assert len(beside.neighbours) == 24


def test_a_query_of_words_has_no_value_of_its_own(plain: Service, ruled, tiny_embedded) -> None:
    request = Request(Query((Part(words="red shirt"),)), 9)
    assert ids(ruled(Rule("require", SAME_COLOUR)).search(request)) == ids(plain.search(request))


def test_a_pin_takes_its_slot_and_the_others_move_down(plain: Service, ruled) -> None:
    usual = ids(plain.similar(QUERY, k=30))
    last = usual[-1]
    found = ruled(Rule("pin", Chosen((last,)), slot=2)).similar(QUERY, k=5)
    assert ids(found) == [usual[0], last, *usual[1:4]]
    assert [item.pinned for item in found.neighbours] == [False, True, False, False, False]
    assert found.neighbours[1].rule == 0


def test_pins_beyond_the_last_result_wait(plain: Service, ruled) -> None:
    last = ids(plain.similar(QUERY, k=30))[-1]
    assert ids(ruled(Rule("pin", Chosen((last,)), slot=6)).similar(QUERY, k=5)) == ids(
        plain.similar(QUERY, k=5)
    )


@pytest.mark.parametrize("action", ["exclude", "filter", "query", "gone"])
def test_a_pin_brings_nothing_back(plain: Service, ruled, action: str) -> None:
    """Neither what another rule or a filter leaves out, nor the query itself, nor a product that is gone."""
    pinned = {"query": QUERY, "gone": "9999"}.get(action, ids(plain.similar(QUERY, k=1))[0])
    rules = [Rule("pin", Chosen((pinned,)))]
    where = {}
    if action == "exclude":
        rules.append(Rule("exclude", Chosen((pinned,))))
    if action == "filter":
        colour = plain.product(pinned)["baseColour"]
        where = {"baseColour": sorted(set(plain.products["baseColour"]) - {colour})}
    found = ruled(*rules).similar(QUERY, k=30, where=where)
    assert pinned not in ids(found)
    assert not any(item.pinned for item in found.neighbours)


def test_a_rule_holds_only_for_its_queries_and_its_days(plain: Service, ruled) -> None:
    for_another = Rule("exclude", RED, queries=Chosen(("102",)))
    for_the_type = Rule("exclude", RED, queries=Chosen(where={"articleType": ["Watches"]}))
    over = Rule("exclude", RED, until=date(2020, 1, 1))
    service = ruled(for_another, for_the_type, over)
    assert ids(service.similar(QUERY, k=9)) == ids(plain.similar(QUERY, k=9))
    assert service.similar(QUERY).rules_digest == ""
    assert ids(service.similar("102", k=20)) != ids(plain.similar("102", k=20))
    watch = next(one for one in plain.ids if plain.product(one)["articleType"] == "Watches")
    found = service.similar(watch, k=30)
    assert found.rules_digest == "digest"
    assert not [one for one in ids(found) if plain.product(one)["baseColour"] == "Red"]


def test_both_days_count() -> None:
    rule = Rule("exclude", RED, since=date(2026, 6, 1), until=date(2026, 6, 30))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [rule.holds_on(day) for day in days] == [False, True, True, False]


def test_one_flag_switches_them_off(plain: Service, ruled) -> None:
    service = ruled(Rule("exclude", RED), Rule("pin", Chosen(("120",))), Rule("boost", RED))
    found = service.similar(QUERY, k=9, rules=False)
    assert found.neighbours == plain.similar(QUERY, k=9).neighbours
    assert Request.from_json(found.request.as_json()).rules is False


def test_rules_go_together_with_variants_limits_and_diversity(plain: Service, ruled) -> None:
    service = ruled(
        Rule("boost", RED, amount=0.2), Rule("exclude", Chosen(("102",))), Rule("pin", Chosen(("120",)))
    )
    request = Request(about(QUERY), 8, hide_variants=True, diversity=0.4, at_most={"baseColour": 2})
    found = service.search(request)
    assert ids(found)[0] == "120"
    assert "102" not in ids(found)
    assert len(set(ids(found))) == len(ids(found)) == 8
    colours = [plain.product(one)["baseColour"] for one in ids(found)[1:]]
    assert max(colours.count(one) for one in colours) <= 2


def test_any_rules_give_what_sorting_everything_by_hand_gives(plain: Service, ruled) -> None:
    """Random rules over random queries, in both spaces and with other weights than the graph's."""
    draw = random.Random(7)
    columns = {name: sorted(set(plain.products[name])) for name in ("baseColour", "articleType")}
    for turn in range(30):
        rules = []
        for _ in range(draw.randint(1, 4)):
            column = draw.choice(list(columns))
            chosen = Chosen(where={column: [draw.choice(columns[column])]})
            rules.append(
                Rule(draw.choice(["boost", "bury", "exclude"]), chosen, amount=draw.choice([0.05, 0.3]))
            )
        query, space = draw.choice(plain.ids[:29]), draw.choice(plain.spaces)
        everything = plain.similar(query, k=100, space=space).neighbours
        shares = np.zeros(len(everything))
        kept = np.ones(len(everything), bool)
        for rule in rules:
            (column, (value,)) = next(iter(rule.products.where.items()))
            named = np.array([plain.product(item.id)[column] == value for item in everything])
            kept &= ~named if rule.action == "exclude" else True
            shares += {"boost": 1, "bury": -1, "exclude": 0}[rule.action] * rule.amount * named
        order = sorted(
            np.flatnonzero(kept),
            key=lambda n: (-(everything[n].similarity + shares[n]), plain.row_of(everything[n].id)),
        )
        expected = [everything[n].id for n in order][:6]
        assert ids(ruled(*rules).similar(query, k=6, space=space)) == expected, (turn, rules)


GOOD = """
# for the summer
[[rule]]
action = "pin"
products = ["120"]
slot = 2
for = { products = ["101"] }

[[rule]]
name = "sandals"
action = "boost"
where = { baseColour = ["Red"], gender = { not = ["Women"] } }
amount = 0.05
from = 2026-06-01
until = 2026-08-31
"""


def test_a_file_says_what_rules_say(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(GOOD)
    pin, boost = read_rules(path).rules
    assert pin == Rule("pin", Chosen(("120",)), Chosen(("101",)), slot=2, line=3)
    where = {"baseColour": ["Red"], "gender": Condition(none_of=("Women",))}
    days = date(2026, 6, 1), date(2026, 8, 31)
    assert boost == Rule(
        "boost", Chosen(where=where), amount=0.05, since=days[0], until=days[1], name="sandals", line=9
    )
    assert len(read_rules(path).digest) == 64


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('action = "hide"\nproducts = ["1"]', "hide"),
        ('products = ["1"]', "None"),
        ('action = "exclude"', "names no products"),
        ('action = "pin"\nproducts = ["1", "2"]', "one product"),
        ('action = "pin"\nproducts = ["1"]\nslot = 0', "slot is 0"),
        ('action = "boost"\nproducts = ["1"]\nslot = 1', "only for pin"),
        ('action = "boost"\nproducts = ["1"]\namount = 2', "amount is 2"),
        ('action = "boost"\nproducts = ["1"]\namount = true', "amount is True"),
        ('action = "boost"\nproducts = [1]', "list of texts"),
        ('action = "boost"\nproducts = ["1"]\nfrom = "June"', "without quotes"),
        ('action = "boost"\nproducts = ["1"]\nfrom = 2026-06-02\nuntil = 2026-06-01', "before it begins"),
        ('action = "boost"\nproducts = ["1"]\nfor = { }', "no queries"),
        ('action = "boost"\nproducts = ["1"]\nfor = { product = "1" }', "'product'"),
        ('action = "boost"\nproducts = ["1"]\nfor = { where = { gender = { same = true } } }', "itself"),
        ('action = "boost"\nwhere = { gender = "Men" }', "gender"),
        ('action = "boost"\nwhere = { gender = [] }', "gender"),
        ('action = "boost"\nproducts = ["1"]\nweight = 1', "'weight'"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_line(rule: str, told: str) -> None:
    with pytest.raises(InputError, match=r"^line 17: ") as error:
        rules_of(f"{GOOD}\n[[rule]]\n{rule}\n")
    assert told in str(error.value)


def test_two_pins_of_one_slot_are_refused() -> None:
    with pytest.raises(InputError, match=r"line 17: slot 2 is taken by line 3"):
        rules_of(
            f'{GOOD}\n[[rule]]\naction = "pin"\nproducts = ["7"]\nslot = 2\nfor = {{ products = ["101"] }}\n'
        )


@pytest.mark.parametrize(
    "text", ["rules = 1", "rule = 1", "rule = [{action = 'pin'}]", "[rule]\naction = 'pin'"]
)
def test_what_is_no_list_of_rules_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="line 1: "):
        rules_of(text)


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\naction = \n")
    with pytest.raises(InputError, match="line 2"):
        read_rules(path)


def test_a_column_that_is_not_there_is_refused_and_a_value_is_told(ruled) -> None:
    with pytest.raises(InputError, match=r"line 4.*nothing"):
        ruled(Rule("boost", Chosen(where={"nothing": ["1"]}), line=4))
    service = ruled(Rule("exclude", Chosen(("777",), {"baseColour": ["Rde"]}), line=4))
    assert [text[:22] for text in service.idle_rules] == ["the rule of line 4: th", "the rule of line 4: no"]
    assert len(service.similar(QUERY, k=50).neighbours) == 29


def test_the_file_has_a_key_for_everything_a_rule_says() -> None:
    said = {"from": "since", "for": "queries", "where": "products"}
    assert {said.get(key, key) for key in KEYS} | {"line"} == set(Rule.__dataclass_fields__)
