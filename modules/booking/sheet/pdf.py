"""The tech sheet on one page of A4, to be printed (docs/decisions/0030-booking.md says why by ReportLab)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from kit.settings import ROOT
from modules.booking.sheet.wire import SheetDesign, TechSheet
from modules.booking.sheet.words import CALM, Speech, speech

INK, ACCENT, PAPER = "#1d1a19", "#b3122a", "#faf7f4"
_FONTS = ROOT / "assets" / "fonts"
_GAP = 4
_PICTURE_MM = 62


@cache
def _fonts() -> None:
    """Letters of most European scripts; the ones that every PDF reader has know Latin-1 only."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Sheet", _FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont("Sheet-Bold", _FONTS / "DejaVuSans-Bold.ttf"))
    pdfmetrics.registerFontFamily("Sheet", normal="Sheet", bold="Sheet-Bold")


def render(sheet: TechSheet, before: bytes | None, after: bytes | None) -> bytes:
    """The PDF's bytes; pictures are JPEGs."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    _fonts()
    text = ParagraphStyle("text", fontName="Sheet", fontSize=9, leading=13, textColor=INK)
    head = ParagraphStyle("head", text, fontName="Sheet-Bold", fontSize=10.5, spaceBefore=9, spaceAfter=3)
    title = ParagraphStyle("title", text, fontName="Sheet-Bold", fontSize=17, leading=21)
    alarm = ParagraphStyle("alarm", text, fontName="Sheet-Bold", textColor=ACCENT)

    def line(said: str, style: Any = text) -> Any:
        return Paragraph(said, style)

    words = speech(sheet.language)

    story: list[Any] = [
        line(escape(sheet.customer or words.say("guest")), title),
        line(escape(words.when(sheet))),
        Spacer(1, _GAP),
        line(escape(words.say("note", note=sheet.note)), alarm) if sheet.note else Spacer(1, 0),
        line(escape(words.patch_test(sheet)), text if sheet.patch_test in CALM else alarm),
    ]
    story += _pictures([(words.say("before"), before), (words.say("look"), after)], line, mm)
    if sheet.designs:
        story += [line(words.say("colours"), head), _colours(sheet.designs, words, line, mm)]
    if sheet.fingers:
        story += [line(words.say("hand"), head), _hand(sheet, words, line, mm)]
    if sheet.recipe:
        story.append(line(words.say("how"), head))
        story += [
            line(f"{number}. <b>{escape(step.what)}</b> {escape(step.detail)}")
            for number, step in enumerate(sheet.recipe, 1)
        ]
    story.append(line(words.say("time"), head))
    story += [
        line(
            f"{words.clock(time.starts_at, sheet.zone)}–{words.clock(time.ends_at, sheet.zone)} "
            f"<b>{escape(time.service)}</b> {escape(time.stylist if time.hands else words.say('sets'))}"
            f"{escape(' · ' + ', '.join(time.resources).replace('_', ' ')) if time.resources else ''}"
        )
        for time in sheet.times
    ]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, margins=18 * mm, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm,
        bottomMargin=14 * mm, title=words.say("title"), author="", subject=sheet.booking_id, invariant=1,
    ).build(story)  # fmt: skip
    return out.getvalue()


def _pictures(pictures: Sequence[tuple[str, bytes | None]], line: Any, mm: float) -> list[Any]:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image, Spacer, Table

    cells = []
    for name, data in pictures:
        if data is not None:
            width, height = ImageReader(io.BytesIO(data)).getSize()
            fit = _PICTURE_MM * mm / max(width, height)
            cells.append([Image(io.BytesIO(data), width * fit, height * fit), line(name)])
    if not cells:
        return []
    return [Spacer(1, _GAP), Table([cells], hAlign="LEFT", style=[("VALIGN", (0, 0), (-1, -1), "TOP")])]


def _colours(designs: Sequence[SheetDesign], words: Speech, line: Any, mm: float) -> Any:
    from reportlab.platypus import Table

    rows: list[list[Any]] = []
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 4)]
    for number, design in enumerate(designs):
        swatch = design.swatches[0]
        lab = " ".join(f"{value:g}" for value in swatch.lab)
        rows.append(
            [
                "",
                line(f"<b>{escape(design.name)}</b><br/>{' · '.join(_about(design, words))}"),
                line(f"{swatch.hex}<br/>Lab {lab}"),
                line(_stock(design, words)),
            ]
        )
        style.append(("BACKGROUND", (0, number), (0, number), swatch.hex))
        style.append(("LINEBELOW", (0, number), (-1, number), 2, "#ffffff"))
    return Table(rows, colWidths=[14 * mm, 66 * mm, 40 * mm, 52 * mm], hAlign="LEFT", style=style)


def _about(design: SheetDesign, words: Speech) -> list[str]:
    finish = [words.name("finish", design.finish)] if design.finish else []
    return [escape(design.sku), *finish, *([words.coats(design.coats)] if design.coats else [])]


def _stock(design: SheetDesign, words: Speech) -> str:
    if design.in_stock:
        return words.say("in_stock")
    near = escape(words.stock(design))
    return f"<font color='{ACCENT}'><b>{words.say('used_up')}</b></font>" + (f"<br/>{near}" if near else "")


def _hand(sheet: TechSheet, words: Speech, line: Any, mm: float) -> Any:
    """A column for each finger, its nail in the leading colour of what lies on top."""
    from reportlab.platypus import Table

    by_id = {design.id: design for design in sheet.designs}
    nails, style = [], [("VALIGN", (0, 0), (-1, -1), "TOP"), ("INNERGRID", (0, 0), (-1, 0), 3, "#ffffff")]
    for number, finger in enumerate(sheet.fingers):
        worn = [by_id[id] for id in finger.designs if id in by_id]
        nails.append(line("<br/>".join(escape(design.name) for design in worn)))
        if worn:
            style.append(("BACKGROUND", (number, 0), (number, 0), worn[-1].swatches[0].hex))
    names = [line(f"<b>{escape(words.name('finger', finger.finger))}</b>") for finger in sheet.fingers]
    blank = [""] * len(sheet.fingers)
    return Table(
        [blank, names, nails],
        colWidths=[34 * mm] * len(sheet.fingers),
        rowHeights=[13 * mm, None, None],
        hAlign="LEFT",
        style=style,
    )
