"""The contact sheet as a PDF: text is text, photographs are embedded as they are.

reportlab: kept since 2000, BSD, needs nothing but Pillow and embeds only the signs of a font that are used.
"""

from __future__ import annotations

import io
from pathlib import Path
from threading import Lock

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mpsr.boards.pictures import for_paper
from mpsr.boards.sheet import LINE, PAPERS, PLACE, QUIET, Box, Picture, Sheet, Text, pages
from mpsr.boards.typeset import drawable, fit
from mpsr.fonts import font_file

#: Pixels an inch a photograph is made smaller to where it has more.
DPI = 220

_registering = Lock()


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF file."""
    out = io.BytesIO()
    paper = PAPERS[sheet.paper]
    canvas = Canvas(out, pagesize=paper, pageCompression=1, lang="en")
    canvas.setTitle(drawable(sheet.title))
    canvas.setSubject(drawable(sheet.summary))
    canvas.setCreator("MPSR")
    for page in pages(sheet):
        for mark in page.marks:
            if isinstance(mark, Text):
                _draw_text(canvas, mark, paper[1])
            elif isinstance(mark, Box):
                _draw_box(canvas, mark, paper[1])
            else:
                _draw_picture(canvas, mark, paper[1])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _font(bold: bool) -> str:
    """The name the font is registered under with reportlab, which keeps fonts by name for the whole process."""
    file: Path = font_file(bold)
    name = f"mpsr-{file}"
    with _registering:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(file)))
    return name


def _draw_text(canvas: Canvas, mark: Text, height: float) -> None:
    canvas.setFont(_font(mark.bold), mark.size)
    canvas.setFillColor(HexColor(mark.colour))
    (canvas.drawRightString if mark.right else canvas.drawString)(mark.x, height - mark.y, mark.text)
    if mark.link:
        width = canvas.stringWidth(mark.text)
        place = (mark.x, height - mark.y - 2, mark.x + width, height - mark.y + mark.size)
        canvas.linkURL(mark.link, place, relative=0)


def _draw_box(canvas: Canvas, mark: Box, height: float) -> None:
    canvas.setLineWidth(0.5)
    if mark.fill:
        canvas.setFillColor(HexColor(mark.fill))
    if mark.stroke:
        canvas.setStrokeColor(HexColor(mark.stroke))
    canvas.rect(
        mark.x,
        height - mark.y - mark.height,
        mark.width,
        mark.height,
        int(bool(mark.stroke)),
        int(bool(mark.fill)),
    )


def _draw_picture(canvas: Canvas, mark: Picture, height: float) -> None:
    data = for_paper(mark.picture(), (round(mark.width * DPI / 72), round(mark.height * DPI / 72)))
    if data is None:
        _draw_box(canvas, Box(mark.x, mark.y, mark.width, mark.height, PLACE, LINE), height)
        line = fit(mark.absent, 7, mark.width - 6, 1)[0]
        canvas.setFont(_font(False), 7)
        canvas.setFillColor(HexColor(QUIET))
        canvas.drawCentredString(mark.x + mark.width / 2, height - mark.y - mark.height / 2, line)
        return
    canvas.drawImage(
        ImageReader(io.BytesIO(data)),
        mark.x,
        height - mark.y - mark.height,
        mark.width,
        mark.height,
        preserveAspectRatio=True,
        anchor="c",
    )
