"""Similar items on a page of another site, in a real browser."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

import mpsr
from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import new_token
from mpsr.clicks import Events
from mpsr.clicks.learning import counts_of, model_of
from mpsr.search.click_file import save_clicks
from mpsr.service import Service
from mpsr.shop import watched
from mpsr.shop.live_rules import LiveRules
from tests.api.conftest import running
from tests.clicks.test_learning import together
from tests.shop.test_live_rules import PIN

PAGE = """<!doctype html><html lang="en"><title>A shop</title>
<h1>A shirt</h1>
<div id="items" data-mpsr-similar="1005" data-title="You may also like" data-link="/p/{{id}}" {further}></div>
<script src="{server}/v1/similar.js" async></script></html>"""

SHOWN = """() => { const shown = [...document.querySelectorAll('#items li')];
  return shown.length && shown.every(one => !one.querySelector('img') || one.querySelector('img').naturalWidth); }"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *said: object) -> None:
        pass


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The files of a folder on a port of their own; its origin."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_another_sites_page_shows_five_similar_items(chromium, demo_store: Path, tmp_path: Path) -> None:
    service, (secret, token) = mpsr.open(demo_store), new_token("page", "read")
    wanted = [item.id for item in service.similar("1005", k=5, hide_variants=True).neighbours]
    with site(tmp_path) as shop:
        allowed = ApiSettings(allow_origins=(shop,))
        guarded = ApiSettings(allow_origins=(shop,), tokens=(token,))
        with (
            running(create_app(service, allowed)) as first,
            running(create_app(service, guarded)) as second,
            running(create_app(service)) as closed,
        ):
            page = chromium.new_page()
            for name, server, further in (("open", first, ""), ("token", second, f'data-token="{secret}"')):
                (tmp_path / f"{name}.html").write_text(PAGE.format(server=server, further=further))
                page.goto(f"{shop}/{name}.html")
                page.wait_for_function(SHOWN, timeout=60_000)
                items = page.locator("#items li")
                found = [items.nth(at).get_attribute("data-product") for at in range(items.count())]
                assert found == wanted, name
                link = page.locator("#items a").first.get_attribute("href")
                assert link == f"/p/{wanted[0]}"
            (tmp_path / "closed.html").write_text(PAGE.format(server=closed, further=""))
            page.goto(f"{shop}/closed.html")
            page.wait_for_selector("#items[data-mpsr-state=failed]", state="attached", timeout=60_000)
            assert page.locator("#items li").count() == 0
            page.close()


class Shop:
    """Another web app: a page a product, and a path that passes events on with the shop's own token."""

    def __init__(self) -> None:
        #: Where MPSR is, the shop's token that may write there, and further attributes of the place.
        self.server, self.token, self.further = "", "", ""
        routes = [Route("/p/{product}", self._page), Route("/shop-events", self._events, methods=["POST"])]
        self.app = Starlette(routes=routes)

    async def _page(self, request: Request) -> Response:
        if request.path_params["product"] != "1005":
            return HTMLResponse("<!doctype html><html lang=en><title>A shop</title><h1>Another product</h1>")
        return HTMLResponse(PAGE.format(server=self.server, further=self.further))

    async def _events(self, request: Request) -> Response:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.server}/v1/events", content=await request.body(), headers=sent)
        return Response(status_code=answer.status_code)

    def items(self, page, address: str, further: str = "") -> list[str]:
        """The products that the page shows."""
        self.further = further
        page.goto(f"{address}/p/1005")
        page.wait_for_function(SHOWN, timeout=60_000)
        return [one.get_attribute("data-product") for one in page.locator("#items li").all()]


def eventually(said, wanted: object) -> None:
    """Wait until it says so."""
    end = time.monotonic() + 60
    while said() != wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert said() == wanted


def test_a_click_comes_back_as_an_event_with_its_query_and_position(
    chromium, demo_store: Path, tmp_path: Path
) -> None:
    events, shop, stranger = Events(f"sqlite:///{tmp_path / 'events.sqlite'}"), Shop(), Shop()
    tokens = {scope: new_token(scope, scope) for scope in ("read", "write")}
    service = mpsr.open(demo_store)
    with running(shop.app) as here, running(stranger.app) as elsewhere:
        settings = ApiSettings(allow_origins=(here,), tokens=tuple(token for _, token in tokens.values()))
        with running(create_app(service, settings, events=events)) as server:
            shop.server = stranger.server = server
            shop.token = tokens["write"][0]
            page = chromium.new_page()
            further = f'data-token="{tokens["read"][0]}" data-events="/shop-events"'
            shown = shop.items(page, here, further)
            eventually(events.count, 5)
            page.locator("#items li a").nth(1).click()
            page.wait_for_url(f"{here}/p/{shown[1]}", timeout=60_000)
            eventually(lambda: set(events.table()["kind"]), {"view", "click"})
            table = events.table()
            clicked = table[table["kind"] == "click"]
            columns = ["product", "query", "position", "snapshot"]
            assert clicked[columns].values.tolist() == [[shown[1], "1005", 2, service.snapshot.fingerprint]]
            seen = table[(table["kind"] == "view") & (table["session"] == clicked["session"].item())]
            assert dict(zip(seen["position"], seen["product"], strict=True)) == dict(enumerate(shown, 1))

            before = events.count()  # what another site's page shows and sends
            stranger.further = f'data-token="{tokens["write"][0]}" data-events="{server}/v1/events"'
            page.goto(f"{elsewhere}/p/1005")
            page.wait_for_selector("#items[data-mpsr-state=failed]", state="attached", timeout=60_000)
            sent = page.evaluate(SEND, [f"{server}/v1/events", tokens["write"][0]])
            assert (sent, events.count()) == ("refused", before)
            page.close()


#: Send an event as a page can; "refused" where the browser does not let it.
SEND = """([address, token]) => fetch(address, { method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ events: [{ id: "x", kind: "click", session: "x", product: "1005" }] }),
  }).then(() => "sent", () => "refused")"""


def test_rules_and_clicks_change_the_items_and_can_be_switched_off(
    chromium, demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    root, rules, shop = Path(shutil.copytree(demo_store, tmp_path / "store")), tmp_path / "rules.toml", Shop()
    rules.write_text("")
    service = Service(root, verify=False)
    *_, pinned, liked = (item.id for item in service.similar("1005", k=40, hide_variants=True).neighbours)
    with running(shop.app) as here:
        app = create_app(service, ApiSettings(allow_origins=(here,)), rules=LiveRules(service, rules))
        with running(app) as shop.server:
            page = chromium.new_page()
            plain = shop.items(page, here)
            assert len(plain) == 5
            sessions = {f"s{number}": ["1005", liked] for number in range(400)}
            save_clicks(root, model_of(counts_of(together(sessions)), 5.0, 5.0))
            clicked = shop.items(page, here)
            assert liked in clicked
            assert liked not in plain
            rules.write_text(PIN.format(pinned))
            assert shop.items(page, here) == [pinned, *clicked[:4]]
            assert shop.items(page, here, 'data-rules="false"') == clicked
            assert shop.items(page, here, 'data-clicks="false"') == [pinned, *plain[:4]]
            assert shop.items(page, here, 'data-rules="false" data-clicks="false"') == plain
            page.close()
