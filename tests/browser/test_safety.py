"""A catalogue whose every text is an attack, and requests that no page makes, in a real browser and by hand."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from mpsr.service import open_service
from tests.browser.conftest import ATTACKS, Visitor


def shown(visitor: Visitor) -> str:
    """All text of the page, without the joiners that keep Markdown from seeing directives."""
    return visitor.page.evaluate("document.body.innerText").replace("\u2060", "")


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_hostile_names_and_attributes_are_text_on_the_find_page(visitor: Visitor, shown_stores: Path) -> None:
    hostile = open_service(shown_stores / "attack").ids[0]
    visitor.open("/", store="attack", id=hostile, k="20", weak="show", variants="show")
    text = one_line(shown(visitor))
    for attack in ATTACKS:
        assert one_line(attack) in text
    for made in ("script", "svg", "[onerror]", "[onmouseover]", "[onload]"):
        assert visitor.page.locator(f".mpsr-face {made}").count() == 0
    sources = visitor.page.evaluate(
        "[...document.querySelectorAll('.mpsr-face img')].map(one => one.getAttribute('src'))"
    )
    assert sources
    assert all(source.startswith("/pictures/") for source in sources)
    visitor.page.locator(".mpsr-face").nth(1).hover()


def test_hostile_columns_and_values_are_text_in_the_filters(visitor: Visitor) -> None:
    visitor.open("/", store="attack", **{"where.brand": ATTACKS[0]})
    text = one_line(shown(visitor))
    assert "<b>column</b> :smile:" in text
    assert ATTACKS[0] in text
    box = visitor.page.get_by_role("combobox", name="brand")
    box.click()
    box.press("ArrowDown")  # opens the list, should scrolling to the box have closed it again
    visitor.page.get_by_role("option").nth(2).wait_for()


def test_hostile_names_are_text_while_one_types(visitor: Visitor) -> None:
    box = visitor.open("/", store="attack").page.get_by_role("combobox", name="name or id")
    box.click()
    box.press_sequentially("img", delay=20)
    visitor.page.get_by_role("option").nth(1).wait_for()
    options = visitor.page.get_by_role("option").all_inner_texts()
    assert any(ATTACKS[0] in option for option in options)
    assert visitor.page.get_by_role("option").locator("script, svg, [onerror]").count() == 0
    box.fill("<img src=x onerror=alert(9)>")
    box.press("Enter")
    visitor.address_has("words=")
    assert "<img src=x onerror=alert(9)>" in shown(visitor)


def test_hostile_texts_are_text_in_an_explanation(visitor: Visitor, shown_stores: Path) -> None:
    first, second = open_service(shown_stores / "attack").ids[:2]
    visitor.open("/", store="attack", id=first, why=second)
    visitor.page.locator(".mpsr-table").first.wait_for()
    drawer = one_line(visitor.page.get_by_role("dialog").inner_text())
    assert one_line(ATTACKS[1]) in drawer
    assert visitor.page.locator(".mpsr-table script, .mpsr-table svg, .mpsr-table img").count() == 0


def test_hostile_rejects_are_text_on_the_quality_page(visitor: Visitor) -> None:
    visitor.open("/quality", store="attack")
    assert "1 of 1 row" in shown(visitor)  # the table itself is painted, not marked up
    assert visitor.page.locator("[data-testid=stDataFrame] canvas").count() >= 1


def test_a_hostile_link_is_text(visitor: Visitor) -> None:
    visitor.open(
        "/", store="attack", id=":material/home: ![x](http://a.example/p.png) <img src=x onerror=alert(1)>"
    )
    assert ":material/home: ![x](http://a.example/p.png) <img src=x onerror=alert(1)>" in shown(visitor)


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/../../../etc/passwd",
        "/pictures/..%2f..%2f..%2fetc%2fpasswd",
        "/pictures/%2e%2e/current",
        "//etc/passwd",
    ],
)
def test_no_file_can_be_fetched_by_its_path(server: str, path: str) -> None:
    assert b"root:" not in answer_to(server + path)[1]
    assert answer_to(server + path)[0] in (200, 400, 404)  # 200 is the app's own page


def test_suggestions_are_json_that_no_browser_takes_for_a_page(server: str, shown_stores: Path) -> None:
    from mpsr.ui.opened import published

    address = f"{server}/suggest/{published(shown_stores / 'attack')}?q=img"
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert any(ATTACKS[0] in one["name"] for one in json.load(answer)["products"])


def test_an_upload_from_another_site_is_refused(server: str) -> None:
    request = urllib.request.Request(
        f"{server}/_stcore/upload_file/someone/something", data=b"x", method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code in (400, 403)


def answer_to(address: str) -> tuple[int, bytes]:
    """Status and body, the path sent as it is written."""
    import http.client

    parts = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.putrequest("GET", address[len(f"{parts.scheme}://{parts.netloc}") :])
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read()
