"""The report: pages and a file that say what the tables say."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mpsr.cli.main import app
from mpsr.errors import InputError
from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.report import make_report, write_report
from mpsr.insights.views import VIEWS, Options, insight
from mpsr.service import open_service
from tests.insights.conftest import table_of
from tests.insights.test_charts import EVIL, evil_shop

DAY = date(2026, 11, 23)
REPORTED = [view.key for view in VIEWS.values() if view.reported]


@pytest.fixture(scope="module")
def report(demo):
    return make_report(demo, Selection.of({"gender": ["Women"]}), "store demo", Options(as_="share"), DAY)


def test_a_pdf_has_a_cover_and_a_page_a_view(report, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report.pdf"
    write_report(report, out)
    data = out.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == len(REPORTED) + 1


def test_the_report_holds_every_views_finding(report, demo, tmp_path: Path) -> None:
    write_report(report, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    selection = Selection.of({"gender": ["Women"]})
    for view in REPORTED:
        way = "association" if view == "gender" else "share"
        assert html.escape(insight(view, demo, selection, Options(as_=way)).finding) in page
        assert VIEWS[view].question in page
    assert "Women: " in page
    assert "23 November 2026" in page
    assert "not products sold" in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)  # nothing is fetched from anywhere


def test_markup_in_a_catalogue_is_text_in_the_report(tmp_path: Path) -> None:
    report = make_report(evil_shop(), Selection.of({}), EVIL, Options(), DAY)
    for name in ("report.html", "report.pdf"):
        write_report(report, tmp_path / name)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert "<a href" not in page
    assert html.escape(EVIL) in page


def test_sales_are_called_sales(tmp_path: Path) -> None:
    rows = [{"season": "Fall", "year": "2012", "articleType": kind, "gender": "Men"} for kind in "AAB"]
    listings = listings_of(table_of(rows, sales=["5", "6", "7"]), "sales")
    write_report(make_report(listings, Selection.of({}), "s", Options(), DAY), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "3 of 3 products, 18 sales" in page
    assert "(11 of 18 sales)" in page
    assert "listings" not in page.replace("of the listings", "")


def test_what_cannot_be_reported_is_said(demo, report, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no product passes 1066"):
        make_report(demo, Selection.of({"year": ["1066"]}), "demo", Options(), DAY)
    with pytest.raises(InputError, match=r"ends in \.pdf or \.html"):
        write_report(report, tmp_path / "report.docx")


def test_the_command_writes_the_file(tiny_store: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    arguments = ["report", "--store", str(tiny_store), "--out", str(out), "--where", "articleType=Shirts"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert str(out) in done.output
    assert "10 of 30 products" in out.read_text(encoding="utf-8")


def test_the_command_takes_conditions_on_any_column(tiny_store: Path, tmp_path: Path) -> None:
    products = open_service(tiny_store).products
    out = tmp_path / "report.html"
    colour = products["baseColour"].dropna().iloc[0]
    given = ["--not", f"baseColour={colour}", "--range", "year=2012..2020", "--where", "gender=Men"]
    done = CliRunner().invoke(app, ["report", "--store", str(tiny_store), "--out", str(out), *given])
    assert done.exit_code == 0, done.output
    left = (
        (products["baseColour"] != colour)
        & products["year"].between(2012, 2020)
        & (products["gender"] == "Men")
    )
    page = out.read_text(encoding="utf-8")
    assert 0 < left.sum() < 30
    assert f"{left.sum()} of 30 products" in page
    assert f"baseColour not {colour}" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "report.docx"], "ends in .pdf or .html"),
        (["--out", "r.pdf", "--where", "gender"], "COLUMN=VALUE"),
        (["--out", "r.pdf", "--where", "price=3"], "unknown column 'price'"),
        (["--out", "r.pdf", "--not", "baseColour=Octarine"], "no product has baseColour=Octarine"),
        (["--out", "r.pdf", "--range", "season=1..2"], "season is no column of numbers"),
        (["--out", "r.pdf", "--where", "gender=Aliens"], "Expected one of Men"),
        (["--out", "r.pdf", "--count", "price"], "sales or quantity"),
    ],
)
def test_wrong_use_of_the_command_is_told(tiny_store: Path, arguments, message) -> None:
    done = CliRunner().invoke(app, ["report", "--store", str(tiny_store), *arguments])
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)
