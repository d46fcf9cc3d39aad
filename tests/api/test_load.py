"""Twenty clients at once, and uploads that mean harm."""

from __future__ import annotations

import io
import socket
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from PIL import Image

from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.clicks import Events
from mpsr.client import Client
from mpsr.service import Service
from tests.api.conftest import client_of, running
from tests.api.test_problems import is_problem
from tests.clicks.conftest import event

CLIENTS, EACH = 20, 15


def test_twenty_clients_get_the_answers_of_one(service: Service, tmp_path) -> None:
    events = Events(f"sqlite:///{tmp_path / 'events.sqlite'}")
    wanted = {one: [item.id for item in service.similar(one, k=5).neighbours] for one in service.ids}
    with running(create_app(service, events=events)) as address:

        def visit(number: int) -> int:
            wrong = 0
            with Client(address) as shop:
                for turn in range(EACH):
                    product = service.ids[(7 * number + turn) % len(service)]
                    found = shop.similar(product, k=5)["neighbours"]
                    wrong += [item["id"] for item in found] != wanted[product]
                    shop.events(
                        [vars(event(turn, product, session=f"s{number}")) | {"id": f"{number}-{turn}"}]
                    )
            return wrong

        with ThreadPoolExecutor(CLIENTS) as pool:
            assert sum(pool.map(visit, range(CLIENTS))) == 0
    assert events.count() == CLIENTS * EACH


def bomb() -> bytes:
    """A PNG of a few kB that claims 60,000 × 60,000 pixels."""
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


UPLOADS = {
    "nothing": b"",
    "a page": b"<script>alert(1)</script>",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "half a JPEG": b"\xff\xd8\xff\xe0" + b"\0" * 40,
    "a picture of far too many pixels": bomb(),
    "a zip": b"PK\x03\x04" + b"\0" * 100,
}


@pytest.mark.parametrize("data", UPLOADS.values(), ids=UPLOADS)
def test_what_only_calls_itself_a_picture_is_refused(client, data: bytes) -> None:
    files = {"picture": ("../../etc/passwd.jpg", data, "image/jpeg")}
    is_problem(client.post("/v1/search", files=files, data={"request": "{}"}), 422)


def test_too_many_files_fields_and_bytes_are_refused(service: Service) -> None:
    client = client_of(create_app(service, ApiSettings(max_body=20_000)))
    many = [("picture", (f"{number}.jpg", b"x", "image/jpeg")) for number in range(101)]
    assert client.post("/v1/search", files=many).status_code in (400, 413, 422)
    is_problem(client.post("/v1/search", files={"picture": ("a.jpg", b"x" * 30_000)}), 413)
    is_problem(client.post("/v1/search", files={"other": ("a.jpg", b"x")}), 422)
    is_problem(client.post("/v1/search", content=b"[" * 10_000), 400)
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/v1/search", content=b"--y\r\n", headers=broken).status_code in (400, 422)


def test_a_body_that_never_ends_holds_no_one_up(service: Service) -> None:
    with running(create_app(service, ApiSettings(timeout=1.0))) as address:
        where = urlsplit(address)
        with socket.create_connection((where.hostname, where.port), timeout=20) as slow:
            slow.sendall(b"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{")
            begun = time.monotonic()
            with Client(address) as shop:
                assert shop.similar("101", k=1)["neighbours"]
            assert slow.recv(1000).startswith(b"HTTP/1.1 408")
            assert time.monotonic() - begun < 15
