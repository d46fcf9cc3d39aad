"""Similar items on a page of another site, in a real browser."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mpsr
from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.api.tokens import new_token
from tests.api.conftest import running

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
