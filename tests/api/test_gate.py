"""Who is answered, how often, how much and how long."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from mpsr.api.app import create_app
from mpsr.api.body_limit import BodyLimit
from mpsr.api.gate import Gate
from mpsr.api.rate import Rate
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import digest_of, new_token, read_tokens, token_of
from mpsr.errors import InputError
from mpsr.service import Service
from tests.api.conftest import client_of, running
from tests.api.test_problems import is_problem

SECRET, SHOP = new_token("shop", "read")
WRITER, IMPORTER = new_token("importer", "write")
TOKENS = (SHOP, IMPORTER)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def guarded(service: Service):
    return client_of(create_app(service, ApiSettings(tokens=TOKENS)))


@pytest.mark.parametrize(
    "path", ["/v1/catalogue", "/v1/products/101", "/v1/pictures/101", "/metrics", "/nothing"]
)
def test_without_a_token_nothing_is_answered(guarded, path: str) -> None:
    for headers in ({}, bearer("wrong"), bearer(SHOP.digest), {"Authorization": f"Basic {SECRET}"}):
        document = is_problem(guarded.get(path, headers=headers), 401)
        assert SECRET not in json.dumps(document)
    assert guarded.get(path).headers["www-authenticate"].startswith("Bearer")


def test_with_a_token_the_catalogue_is_answered(guarded) -> None:
    for secret in (SECRET, WRITER):
        assert guarded.get("/v1/catalogue", headers=bearer(secret)).status_code == 200
    for path in ("/v1/health", "/v1/ready", "/v1/docs", "/v1/openapi.json"):
        assert guarded.get(path).status_code == 200
    assert guarded.get("/v1/openapi.json").json()["security"] == [{"token": []}]


def test_reading_is_not_writing() -> None:
    async def says_yes(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    gate = Gate(says_yes, ApiSettings(tokens=TOKENS, hosts=None), frozenset(), frozenset({"/v1/events"}))

    def status(path: str, secret: str) -> int:
        sent: list[dict] = []

        async def send(message) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {secret}".encode())]
        scope = {"type": "http", "path": path, "method": "POST", "headers": headers}
        asyncio.run(gate(scope, lambda: None, send))
        return sent[0]["status"]

    assert status("/v1/events", SECRET) == 403
    assert status("/v1/events", WRITER) == 204
    assert status("/v1/search", SECRET) == 204


def test_the_log_names_the_token_and_holds_no_secret(service, caplog) -> None:
    client = client_of(create_app(service, ApiSettings(tokens=TOKENS)))
    with caplog.at_level(logging.INFO, "mpsr.api"):
        answer = client.get("/v1/products/101/similar?k=2", headers=bearer(SECRET))
    line = json.loads(caplog.messages[-1])
    assert (line["token"], line["status"], line["method"]) == ("shop", 200, "GET")
    assert line["route"].endswith("/products/{product:path}/similar")
    assert line["request"] == answer.headers["x-request-id"]
    assert SECRET not in caplog.text
    assert SHOP.digest not in caplog.text


def test_a_page_of_another_site_cannot_use_its_own_name(client) -> None:
    is_problem(client.get("/v1/catalogue", headers={"Host": "evil.example"}), 421)
    for host in ("localhost:8080", "127.0.0.1:9", "[::1]:8080", "LOCALHOST"):
        assert client.get("/v1/catalogue", headers={"Host": host}).status_code == 200


def test_other_sites_read_nothing_unless_they_are_allowed(client, service) -> None:
    origin = {"Origin": "https://shop.example"}
    assert "access-control-allow-origin" not in client.get("/v1/health", headers=origin).headers
    allowed = client_of(
        create_app(service, ApiSettings(tokens=TOKENS, allow_origins=("https://shop.example",)))
    )
    asked = {
        **origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    assert allowed.options("/v1/products/101/similar", headers=asked).status_code == 200
    found = allowed.get("/v1/products/101/similar", headers={**origin, **bearer(SECRET)})
    assert found.headers["access-control-allow-origin"] == "https://shop.example"
    other = allowed.get("/v1/health", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_body_that_is_too_large(service) -> None:
    client = client_of(create_app(service, ApiSettings(max_body=1000)))
    is_problem(client.post("/v1/search", content=b" " * 1001), 413)
    is_problem(client.post("/v1/search", content=iter([b" " * 600] * 2)), 413)  # without a Content-Length
    assert client.post("/v1/search", json={"parts": [{"product": "101"}]}).status_code == 200


def test_a_body_that_never_comes() -> None:
    sent: list[dict] = []

    async def never() -> dict:
        await asyncio.sleep(60)
        return {}

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/v1/search", "method": "POST", "headers": []}
    asyncio.run(BodyLimit(lambda *_: None, 1000, 0.05)(scope, never, send))
    assert sent[0]["status"] == 408


def test_an_answer_that_takes_too_long(service, monkeypatch) -> None:
    client = client_of(create_app(service, ApiSettings(timeout=0.05)))
    monkeypatch.setattr(Service, "search", lambda *_: time.sleep(0.3))
    is_problem(client.get("/v1/products/101/similar"), 504)


def test_more_than_may_be_under_way_is_refused(service, monkeypatch) -> None:
    app = create_app(service, ApiSettings(waiting=2, workers=2))
    begun, may_end, search = threading.Semaphore(0), threading.Event(), Service.search

    def slow(self: Service, request):
        begun.release()
        assert may_end.wait(30)
        return search(self, request)

    monkeypatch.setattr(Service, "search", slow)
    with running(app) as address, ThreadPoolExecutor(2) as pool:
        path = f"{address}/v1/products/101/similar"
        under_way = [pool.submit(httpx.get, path, timeout=60) for _ in range(2)]
        assert all(begun.acquire(timeout=30) for _ in under_way)
        refused = httpx.get(path, timeout=60)
        may_end.set()
        assert [one.result().status_code for one in under_way] == [200, 200]
        is_problem(refused, 503)
        assert refused.headers["retry-after"] == "1"
        assert httpx.get(path, timeout=60).status_code == 200


def test_each_token_has_its_own_rate(service) -> None:
    client = client_of(create_app(service, ApiSettings(tokens=TOKENS, rate=0.5)))
    assert client.get("/v1/catalogue", headers=bearer(SECRET)).status_code == 200
    refused = client.get("/v1/catalogue", headers=bearer(SECRET))
    is_problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 2
    assert client.get("/v1/catalogue", headers=bearer(WRITER)).status_code == 200
    assert client.get("/v1/health").status_code == 200


def test_the_rate_lets_a_burst_through_and_then_so_many_a_second() -> None:
    now = 0.0
    rate = Rate(10, lambda: now)
    assert [rate.wait("a") for _ in range(21)] == [0] * 20 + [1]
    now = 0.1
    assert [rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0, 1, 0]
    now = 1000.0
    assert [rate.wait("a") for _ in range(21)] == [0] * 20 + [1]


def test_twenty_at_once_get_what_one_gets(service) -> None:
    ids = service.ids[:20]
    expected = [[item.id for item in service.similar(product).neighbours] for product in ids]
    with running(create_app(service)) as address, ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(lambda one: httpx.get(f"{address}/v1/products/{one}/similar", timeout=60), ids)
        )
        figures = httpx.get(f"{address}/metrics").text
    assert [[item["id"] for item in answer.json()["neighbours"]] for answer in answers] == expected
    counted = [
        row for row in figures.splitlines() if row.startswith("mpsr_requests_total") and "similar" in row
    ]
    assert [row.rpartition(" ")[2] for row in counted] == ["20.0"]


# -- tokens -----------------------------------------------------------------------------------------------


def test_a_token_file_holds_no_secret_and_is_read_back(tmp_path) -> None:
    path = tmp_path / "tokens"
    path.write_text(f"# ours\n\n{SHOP.line}\n{IMPORTER.line}\n")
    assert read_tokens(path) == TOKENS
    assert token_of(SECRET, TOKENS) == SHOP
    assert token_of(SHOP.digest, TOKENS) is None
    assert SECRET not in path.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "shop read\n",
        f"shop all {digest_of('x')}\n",
        "shop read abc\n",
        f"s{{}} read {digest_of('x')}\n",
        f"a read {digest_of('x')}\na read {digest_of('y')}\n",
    ],
)
def test_a_token_file_that_is_wrong(tmp_path, text: str) -> None:
    path = tmp_path / "tokens"
    path.write_text(text)
    with pytest.raises(InputError, match="token"):
        read_tokens(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_tokens(tmp_path)
