"""Events: kept once, removed by session and by age, and imported from other systems."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mpsr.boards import Boards
from mpsr.clicks import Event, Events
from mpsr.clicks.imports import Refused, read_events
from mpsr.clicks.types import MOST
from mpsr.errors import InputError
from tests.clicks.conftest import NOW, event

GA4 = """event_timestamp,event_name,user_pseudo_id,ga_session_id,item_id,item_list_id,item_list_index
1760000000000000,view_item_list,u1,7,102,101,0
1760000001000000,select_item,u1,7,102,101,0
1760000002000000,view_item,u1,7,102,,
1760000003000000,scroll,u1,7,,,
1760000004000000,add_to_cart,u1,7,102,,
1760000005000000,purchase,u1,7,102,,
never,purchase,u1,7,102,,
"""

ALGOLIA = """eventType,eventSubtype,userToken,timestamp,objectIDs,positions,queryID
click,,u1,1760000000000,"[""102"", ""103""]","[1, 2]",q1
conversion,addToCart,u1,1760000001000,102,,q1
conversion,purchase,u1,1760000002000,102|103,,
conversion,,u1,1760000003000,102,,
view,,u1,1760000004000,102,,
click,,u1,1760000005000,"102,103",1,q1
"""

OWN = """id,kind,session,product,time,query,position
a,click,s,102,2025-10-09T08:53:20+00:00,101,3
b,click,s,102,1760000000.5,,
c,click,,102,,,
"""


def kept(events: Events) -> list[tuple[object, ...]]:
    table = events.table()
    return list(table[["kind", "product"]].itertuples(index=False, name=None))


def test_an_event_counts_once(events: Events) -> None:
    assert events.add([event(1), event(1, product="102"), event(2)]) == 2
    assert events.add([event(2), event(3)]) == 1
    assert events.add([]) == 0
    assert events.count() == 3
    assert kept(events)[0] == ("click", "101")


def test_a_session_is_forgotten_and_old_events_are_pruned(events: Events) -> None:
    events.add([event(1), event(2, session="other"), event(3, session="now", time=time.time())])
    assert (events.forget("other"), events.forget("other")) == (1, 0)
    assert events.prune(days=1) == 1
    assert events.table()["session"].tolist() == ["now"]
    with pytest.raises(InputError, match="above 0"):
        events.prune(0)


def test_a_thousand_at_once_and_no_more(events: Events) -> None:
    assert events.add([event(number) for number in range(MOST)]) == MOST
    with pytest.raises(InputError, match="at most 1,000"):
        events.add([event(number) for number in range(MOST + 1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "look"}, {"session": ""}, {"product": ""}, {"id": "x" * 65}, {"position": 0}, {"position": 1001},
        {"position": True}, {"time": float("nan")}, {"time": 0.0}, {"time": 1e12}, {"query": "a\0b"}, {"more": 1},
        {"time": "yesterday"},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_event_is_refused(wrong: dict[str, object]) -> None:
    right = {"id": "e", "kind": "click", "session": "s", "product": "101", "time": NOW}
    assert Event.from_json(right) == Event("e", "click", "s", "101", NOW)
    with pytest.raises(InputError, match=r"xpected|empty"):
        Event.from_json(right | wrong)


def test_events_may_stand_in_the_database_of_the_boards(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'both.sqlite'}"
    boards, events = Boards(url), Events(url)
    events.add([event(1)])
    boards.make("A board")
    assert (Events(url).count(), len(Boards(url).listed())) == (1, 1)


@pytest.mark.parametrize(
    ("text", "expected", "refused"),
    [
        (GA4, [("view", "102", 1), ("click", "102", 1), ("view", "102", None), ("cart", "102", None),
               ("purchase", "102", None)], [8]),
        (ALGOLIA, [("click", "102", 1), ("click", "103", 2), ("cart", "102", None), ("purchase", "102", None),
                   ("purchase", "103", None), ("view", "102", None)], [7]),
        (OWN, [("click", "102", 3), ("click", "102", None)], [4]),
    ],
    ids=["ga4", "algolia", "own"],
)  # fmt: skip
def test_files_of_other_systems_are_read(tmp_path: Path, events: Events, text, expected, refused) -> None:
    file = tmp_path / "events.csv"
    file.write_text(text)
    found = list(read_events(file))
    right = [one for one in found if isinstance(one, Event)]
    assert [(one.kind, one.product, one.position) for one in right] == expected
    assert [one.line for one in found if isinstance(one, Refused)] == refused
    assert (events.add(right), events.add(right)) == (len(expected), 0)


def test_a_file_of_no_known_layout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="Expected ga4"):
        list(read_events(file))


def test_the_commands_import_tell_and_forget(mpsr, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MPSR_EVENTS_URL", f"sqlite:///{tmp_path / 'events.sqlite'}")
    file = tmp_path / "events.csv"
    file.write_text(GA4)
    code, out, _ = mpsr("import-events", file, "--json")
    assert (code, json.loads(out)["new"]) == (0, 5)
    assert "0 of them new" in mpsr("import-events", file)[1]
    told = json.loads(mpsr("clicks", "--json")[1])
    assert [(one["position"], one["shown"], one["clicked"]) for one in told["by_position"]] == [(1, 1, 1)]
    assert "rate" in mpsr("clicks")[1]
    assert json.loads(mpsr("forget-session", "u1-7", "--json")[1])["removed"] == 5
