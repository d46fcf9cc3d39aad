"""Pictures named by URL, from a server of the test's own: politely, safely, and so that a build finds them."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from mpsr.catalogue import fetch_pictures as fetching
from mpsr.catalogue import locate, public_network, read_catalogue
from mpsr.catalogue.fetch_pictures import FAILED, Manners, fetch_pictures
from mpsr.cli import main as cli
from mpsr.errors import InputError

from .picture_server import Shop

HERE = Manners(allow_private=True, max_bytes=100_000, seconds=5)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(fetching, "BACKOFF", 0.01)
    with Shop() as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        yield shop
        shop.shutdown()


def table(folder: Path, *urls: str) -> Path:
    rows = [f"p{n},Product {n},{url}" for n, url in enumerate(urls)]
    (folder / "t.csv").write_text("\n".join(["id,title,image_link", *rows]) + "\n")
    return folder / "t.csv"


def test_a_build_finds_what_was_downloaded_and_names_the_command_before(server, tmp_path: Path) -> None:
    export = table(tmp_path, f"{server.url}/1.jpg?v=2", f"{server.url}/2.png.jpg", f"{server.url}/gone.jpg")
    before = read_catalogue(export)
    assert before.products["picture"].isna().all()
    assert {one.reason for one in before.rejects} == {"named by URL; run mpsr fetch pictures"}
    found = fetch_pictures(locate(export), tmp_path / "pictures", HERE)
    assert (found.downloaded, found.there) == (2, 0)
    assert found.failed == {f"{server.url}/gone.jpg": "the server answers 404"}
    assert f'"{server.url}/gone.jpg","the server answers 404"' in (tmp_path / "pictures" / FAILED).read_text(
        "utf-8"
    )
    after = read_catalogue(export).products
    assert after["picture"].isna().tolist() == [False, False, True]
    assert [Path(one).suffix for one in after["picture"][:2]] == [".jpg", ".png"]  # by content, not by name
    assert after["picture_sha256"][:2].notna().all()


def test_what_is_there_is_not_asked_for_again_and_what_failed_is(server, tmp_path: Path) -> None:
    export = table(tmp_path, f"{server.url}/1.jpg", f"{server.url}/gone.jpg", f"{server.url}/1.jpg")
    for _ in range(2):
        found = fetch_pictures(locate(export), tmp_path / "pictures", HERE)
    assert (found.downloaded, found.there, len(found.failed)) == (0, 1, 1)
    assert server.asked == {"/1.jpg": 1, "/gone.jpg": 2}


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("/tired.jpg", 3, None),
        ("/moved.jpg", 1, None),
        ("/broken.jpg", 4, "answers 500"),
        ("/round.jpg", 6, "redirected more than 5 times"),
        ("/huge.jpg", 1, "larger than 100,000 bytes"),
        ("/page.jpg", 1, "not a picture"),
        ("/slow.jpg", 1, "not there within 0.5 seconds"),
    ],
)
def test_servers_that_are_tired_moved_or_wrong(
    server, tmp_path: Path, path: str, asked: int, said: str | None
) -> None:
    export = table(tmp_path, f"{server.url}{path}")
    manners = Manners(allow_private=True, max_bytes=100_000, seconds=0.5 if "slow" in path else 5)
    found = fetch_pictures(locate(export), tmp_path / "pictures", manners)
    assert server.asked[path] == asked
    assert (said is None) == (found.downloaded == 1)
    if said:
        assert said in next(iter(found.failed.values()))
        assert not list((tmp_path / "pictures").glob("*/*.jpg"))


def test_a_host_is_asked_for_a_few_at_a_time(server, tmp_path: Path) -> None:
    export = table(tmp_path, *(f"{server.url}/many{n}.jpg" for n in range(40)))
    assert fetch_pictures(locate(export), tmp_path / "pictures", HERE).downloaded == 40
    assert 1 < server.most <= HERE.of_a_host


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0x7f.1"]
)
def test_addresses_of_private_networks_are_not_asked(server, tmp_path: Path, host: str) -> None:
    export = table(tmp_path, f"http://{host}:{server.server_port}/1.jpg")
    found = fetch_pictures(locate(export), tmp_path / "pictures", Manners(seconds=5, tries=1))
    assert not server.asked
    assert len(found.failed) == 1


def test_a_redirect_into_a_private_network_is_not_followed(server, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(public_network, "is_public", lambda address: address == "127.0.0.1")
    export = table(tmp_path, f"{server.url}/inside.jpg", f"{server.url}/1.jpg")
    found = fetch_pictures(locate(export), tmp_path / "pictures", Manners(seconds=5))
    assert found.downloaded == 1
    assert "127.0.0.2, an address of a private network" in next(iter(found.failed.values()))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("100.64.0.1", False),
        ("169.254.169.254", False), ("::1", False), ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("224.0.0.1", False), ("0.0.0.0", False),
    ],
)  # fmt: skip
def test_what_is_public(address: str, public: bool) -> None:
    assert public_network.is_public(address) == public


def test_a_folder_where_no_build_looks_is_refused(server, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    export = table(tmp_path / "shop", f"{server.url}/1.jpg")
    with pytest.raises(InputError, match="Expected a folder below"):
        fetch_pictures(locate(export), tmp_path / "elsewhere", HERE)
    with pytest.raises(InputError, match="names no picture by URL"):
        fetch_pictures(locate(table(tmp_path / "shop", "a.jpg")), tmp_path / "shop" / "pictures", HERE)


def test_the_command_line(server, tmp_path: Path, monkeypatch, capfd) -> None:
    export = table(tmp_path, f"{server.url}/1.jpg", f"{server.url}/gone.jpg")
    monkeypatch.setattr(sys, "argv", ["mpsr", "fetch", "pictures", str(export), "--allow-private", "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    document = json.loads(capfd.readouterr().out)
    assert (document["downloaded"], list(document["failed"])) == (1, [f"{server.url}/gone.jpg"])
    assert document["pictures"] == str(tmp_path / "pictures")
