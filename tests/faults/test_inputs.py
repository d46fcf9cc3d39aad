"""Generated inputs: a catalogue, a sentence or nothing, but never a traceback, a hang or a lost row.

A small number in the ordinary run; ``-m slow`` draws five hundred of each kind.
"""

from __future__ import annotations

import io
import random
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest
from starlette.testclient import TestClient

from mpsr.api.app import create_app
from mpsr.catalogue import read_catalogue, read_mapping
from mpsr.catalogue.pictures import PictureError, decode_picture, preview
from mpsr.clicks import Event, Events
from mpsr.clicks.imports import read_events
from mpsr.errors import InputError
from mpsr.search.rules_file import read_rules, rules_of
from mpsr.service import open_service
from mpsr.ui.find.question import Question
from tests.conftest import HEADER, line, picture_bytes, shop_rows
from tests.faults.mutations import mutated

FEW, MANY = 40, 500

#: Seconds that one input may take.
LONGEST = 10

ROWS = [HEADER, *shop_rows()[:12], line(900, '"quoted, and\nbroken"'), line(901, "Größe ✓")]


@contextmanager
def soon() -> Iterator[None]:
    """The block ends within ``LONGEST`` seconds."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"took more than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def frame() -> pd.DataFrame:
    return pd.read_csv(io.StringIO("\n".join(ROWS[:13])), dtype=str)


def parquet() -> bytes:
    out = io.BytesIO()
    frame().assign(year=[2012] * 12, price=[1.5] * 12, made=pd.Timestamp("2020-01-01")).to_parquet(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    frame().to_excel(out, index=False)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("styles.csv", "\n".join(ROWS))
        archive.writestr("images/101.jpg", picture_bytes())
    return out.getvalue()


OTHER_HEADER = HEADER.replace("id", "sku", 1).replace("productDisplayName", "title")

TABLES: dict[str, Callable[[], bytes]] = {
    "styles.csv": lambda: "\n".join(ROWS).encode(),
    "shop.csv": lambda: "\n".join(
        [HEADER.replace("id", "sku", 1).replace("productDisplayName", "title"), *ROWS[1:]]
    ).encode(),
    "shop.parquet": parquet,
    "shop.xlsx": xlsx,
    "shop.jsonl": lambda: frame().to_json(orient="records", lines=True).encode(),
    "shop.zip": zipped,
}

PICTURES = {
    kind: picture_bytes((9, 99, 199), (40, 30), "RGB", kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
}

MAPPING = b"""table = "shop.csv"
encoding = "utf-8"
delimiter = ";"
pictures = "photos/{id}.jpg"

[columns]
id = "sku"
productDisplayName = ["title", "subtitle"]
picture = ["image", "image 2"]

[values.gender]
M = "Men"
"""

ADDRESS = (
    b"more=9065&less=1163&words=red+shoes&picture=70&k=10&space=learned&diversity=30&variants=hide&weak=show&why=9067"
    b"&where.gender=Men&where.gender=Women&range.year=2010..2012&most.baseColour=2"
)


def read_table(path: Path) -> None:
    try:
        summary = read_catalogue(path).summary
    except InputError as error:
        said = str(error)
    else:
        assert summary.rows_read == summary.rows_kept + summary.rows_joined + sum(summary.rejected.values())
        return
    assert 0 < len(said) < 3000


def tables(tmp_path: Path, name: str, count: int) -> None:
    whole, path = TABLES[name](), tmp_path / name
    for number in range(count):
        path.write_bytes(mutated(whole, random.Random(f"{name}/{number}")))
        with soon():
            read_table(path)


def pictures(kind: str, count: int) -> None:
    for number in range(count):
        data = mutated(PICTURES[kind], random.Random(f"{kind}/{number}"))
        with soon(), suppress(PictureError):
            assert decode_picture(data).mode == "RGB"
            preview(data)


def mappings(tmp_path: Path, count: int) -> None:
    path = tmp_path / "mapping.toml"
    for number in range(count):
        path.write_bytes(mutated(MAPPING, random.Random(f"mapping/{number}")))
        with soon(), suppress(InputError):
            read_mapping(path)


def addresses(count: int) -> None:
    for number in range(count):
        text = mutated(ADDRESS, random.Random(f"address/{number}")).decode(errors="replace")
        with soon():
            try:
                question, _ = Question.parse(parse_qs(text, keep_blank_values=True))
            except InputError:
                continue
            assert Question.parse(question.parameters()) == (question, [])


RULES = b"""[[rule]]
action = "boost"
amount = 0.05
name = "season"
from = 2026-06-01
until = 2026-09-01
where = { baseColour = ["Red", "Blue"] }
for = { products = ["103"] }

[[rule]]
action = "exclude"
where = { gender = ["Men"] }
"""

BODY = (
    b'{"parts": [{"product": "101"}, {"product": "102", "weight": -0.5}, {"words": "red shoes"}], "k": 5, '
    b'"space": "paper", "weights": {"text": 0.3, "image": 0.7}, "where": {"gender": ["Men"]}, '
    b'"hide_variants": true, "diversity": 0.3}'
)


def rules(tmp_path: Path, count: int) -> None:
    path = tmp_path / "rules.toml"
    for number in range(count):
        path.write_bytes(mutated(RULES, random.Random(f"rules/{number}")))
        with soon(), suppress(InputError):
            read_rules(path)


def bodies(store: Path, count: int) -> None:
    """Bodies of requests to the API, in turn for each route that takes one."""
    with TestClient(create_app(open_service(store)), base_url="http://localhost") as client:
        for number in range(count):
            body = mutated(BODY, random.Random(f"body/{number}"))
            route = ("search", "explain")[number % 2]
            if route == "explain":
                body = b'{"product": "104", "request": ' + body + b"}"
            with soon():
                answer = client.post(
                    f"/v1/{route}", content=body, headers={"content-type": "application/json"}
                )
            assert answer.status_code == 200 or 400 <= answer.status_code < 500, (number, answer.text)


EVENTS = (
    b'{"events": [{"id": "e1", "kind": "click", "session": "a/b", "product": "101", "time": "2026-06-01T12:00:00Z", '
    b'"position": 3}, {"id": "e2", "kind": "purchase", "session": "a/b", "product": "102"}]}'
)

TABLE_OF_EVENTS = (
    b"id,kind,session,product,time,position\ne1,click,a,101,2026-06-01T12:00:00Z,3\ne2,purchase,a,102,,\n"
)


def events(store: Path, tmp_path: Path, count: int) -> None:
    """Bodies of events, and tables of them in turn."""
    kept, table = Events(f"sqlite:///{tmp_path / 'events.sqlite'}"), tmp_path / "events.csv"
    with TestClient(create_app(open_service(store), events=kept), base_url="http://localhost") as client:
        for number in range(count):
            draw = random.Random(f"events/{number}")
            if number % 2:
                table.write_bytes(mutated(TABLE_OF_EVENTS, draw))
                with soon(), suppress(InputError):
                    list(read_events(table))
                continue
            with soon():
                answer = client.post(
                    "/v1/events", content=mutated(EVENTS, draw), headers={"content-type": "application/json"}
                )
            assert answer.status_code == 200 or 400 <= answer.status_code < 500, (number, answer.text)


WORDS = [
    *(
        "similar",
        "info",
        "mapping",
        "boards",
        "evaluate",
        "reproduce",
        "report",
        "gc",
        "build",
        "version",
        "--help",
    ),
    *(
        "--store",
        "--k",
        "--where",
        "--space",
        "--weights",
        "--json",
        "--words",
        "--more",
        "--less",
        "--diversity",
    ),
    *(
        "101",
        "",
        " ",
        "-1",
        "0",
        "1e999",
        "nan",
        "gender=Men",
        "=",
        "a=",
        "learned",
        "paper",
        "\ud800",
        "x" * 5000,
    ),
    *(
        "/dev/null",
        "/",
        ".",
        "..",
        "--",
        "-",
        "%s",
        "{}",
        "\n",
        "ä",
        "'",
        '"',
        "999999999999999999999",
        "0x10",
    ),
]


def commands(mpsr, store: Path, tmp_path: Path, count: int) -> None:
    """Random command lines; those that write do so into a folder that is thrown away."""
    for number in range(count):
        draw = random.Random(f"command/{number}")
        first = draw.choice(WORDS[:7])
        rest = [draw.choice(WORDS[10:]) for _ in range(draw.randint(0, 5))]
        with soon():
            code, _, err = mpsr(first, *rest, "--store", draw.choice([store, tmp_path / "none", ""]))
        assert code in (0, 1, 2)
        assert code == 0 or err.strip(), (first, rest)


@pytest.mark.parametrize("name", TABLES)
def test_tables(tmp_path, name):
    tables(tmp_path, name, FEW)


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures(kind):
    pictures(kind, FEW)


def test_mappings(tmp_path):
    mappings(tmp_path, 2 * FEW)


def test_addresses():
    addresses(2 * FEW)


def test_rules(tmp_path):
    rules(tmp_path, FEW)


def test_bodies_of_the_api(tiny_embedded, tiny_store):
    bodies(tiny_store, FEW)


def test_events(tiny_embedded, tiny_store, tmp_path):
    events(tiny_store, tmp_path, FEW)


def test_what_the_generators_of_rules_and_bodies_begin_with_is_valid(tiny_embedded, tiny_store, tmp_path):
    """Else every mutation would be refused at the first letter."""
    assert len(rules_of(RULES.decode()).rules) == 2
    kept = Events(f"sqlite:///{tmp_path / 'events.sqlite'}")
    with TestClient(create_app(open_service(tiny_store), events=kept), base_url="http://localhost") as client:
        for path, body in (("/v1/search", BODY), ("/v1/events", EVENTS)):
            answer = client.post(path, content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 200, answer.text
    (tmp_path / "events.csv").write_bytes(TABLE_OF_EVENTS)
    assert all(isinstance(one, Event) for one in read_events(tmp_path / "events.csv"))


def test_command_lines(mpsr, tiny_embedded, store_copy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands(mpsr, store_copy, tmp_path, FEW)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_five_hundred_of_each(mpsr, tiny_embedded, store_copy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in TABLES:
        tables(tmp_path, name, MANY)
    for kind in PICTURES:
        pictures(kind, MANY)
    mappings(tmp_path, MANY)
    rules(tmp_path, MANY)
    bodies(store_copy, MANY)
    events(store_copy, tmp_path, MANY)
    addresses(MANY)
    commands(mpsr, store_copy, tmp_path, MANY)


def test_what_was_tried_can_be_tried_again():
    """The generators draw from their number alone, so that what a run found can be found again."""
    once, again = ([mutated(b"x" * 99, random.Random(f"{n}")) for n in range(20)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 10
