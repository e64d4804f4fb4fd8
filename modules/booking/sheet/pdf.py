"""The tech sheet on one page of A4, to be printed (docs/decisions/0030-booking.md says why by ReportLab)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from kit.money import written
from kit.settings import ROOT
from modules.booking.sheet.wire import SheetDesign, TechSheet
from modules.booking.sheet.words import CALM, ready

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

    def words(said: str, style: Any = text) -> Any:
        return Paragraph(said, style)

    story: list[Any] = [
        words(escape(sheet.customer or "Guest"), title),
        words(escape(_when(sheet))),
        Spacer(1, _GAP),
        words(escape(f"Note: {sheet.note}"), alarm) if sheet.note else Spacer(1, 0),
        words(escape(ready(sheet) + _test_at(sheet)), text if sheet.patch_test in CALM else alarm),
    ]
    story += _pictures([("Before", before), ("Look", after)], words, mm)
    if sheet.designs:
        story += [words("Colours", head), _colours(sheet.designs, words, mm)]
    if sheet.fingers:
        story += [words("Each hand", head), _hand(sheet, words, mm)]
    if sheet.recipe:
        story.append(words("How", head))
        story += [
            words(f"{number}. <b>{escape(step.what)}</b> {escape(step.detail)}")
            for number, step in enumerate(sheet.recipe, 1)
        ]
    story.append(words("Time", head))
    zone = ZoneInfo(sheet.zone)
    story += [
        words(
            f"{time.starts_at.astimezone(zone):%H:%M}–{time.ends_at.astimezone(zone):%H:%M} "
            f"<b>{escape(time.service)}</b> {escape(time.stylist) if time.hands else 'sets, you are free'}"
            f"{escape(' · ' + ', '.join(time.resources).replace('_', ' ')) if time.resources else ''}"
        )
        for time in sheet.times
    ]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, margins=18 * mm, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm,
        bottomMargin=14 * mm, title="Tech sheet", author="", subject=sheet.booking_id, invariant=1,
    ).build(story)  # fmt: skip
    return out.getvalue()


def _when(sheet: TechSheet) -> str:
    zone = ZoneInfo(sheet.zone)
    start, end = sheet.starts_at.astimezone(zone), sheet.ends_at.astimezone(zone)
    price = f"{written(sheet.price.amount, sheet.price.currency)} {sheet.price.currency}"
    return f"{start:%A, %d %B %Y, %H:%M}–{end:%H:%M} · {sheet.location} · {price}"


def _test_at(sheet: TechSheet) -> str:
    if sheet.patch_test_at is None:
        return ""
    return f" {sheet.patch_test_at.astimezone(ZoneInfo(sheet.zone)):%d %B, %H:%M}"


def _pictures(pictures: Sequence[tuple[str, bytes | None]], words: Any, mm: float) -> list[Any]:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image, Spacer, Table

    cells = []
    for name, data in pictures:
        if data is not None:
            width, height = ImageReader(io.BytesIO(data)).getSize()
            fit = _PICTURE_MM * mm / max(width, height)
            cells.append([Image(io.BytesIO(data), width * fit, height * fit), words(name)])
    if not cells:
        return []
    return [Spacer(1, _GAP), Table([cells], hAlign="LEFT", style=[("VALIGN", (0, 0), (-1, -1), "TOP")])]


def _colours(designs: Sequence[SheetDesign], words: Any, mm: float) -> Any:
    from reportlab.platypus import Table

    rows: list[list[Any]] = []
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 4)]
    for number, design in enumerate(designs):
        swatch = design.swatches[0]
        lab = " ".join(f"{value:g}" for value in swatch.lab)
        rows.append(
            [
                "",
                words(f"<b>{escape(design.name)}</b><br/>{escape(design.sku)} · {design.finish or ''}"),
                words(f"{swatch.hex}<br/>Lab {lab}"),
                words(_stock(design)),
            ]
        )
        style.append(("BACKGROUND", (0, number), (0, number), swatch.hex))
        style.append(("LINEBELOW", (0, number), (-1, number), 2, "#ffffff"))
    return Table(rows, colWidths=[14 * mm, 58 * mm, 42 * mm, 58 * mm], hAlign="LEFT", style=style)


def _stock(design: SheetDesign) -> str:
    if design.in_stock:
        return "in stock"
    near = ", ".join(f"{escape(one.name)} (ΔE {one.delta_e:g})" for one in design.alternatives)
    return f"<font color='{ACCENT}'><b>used up</b></font>" + (f"<br/>near: {near}" if near else "")


def _hand(sheet: TechSheet, words: Any, mm: float) -> Any:
    """A column for each finger, its nail in the leading colour of what lies on top."""
    from reportlab.platypus import Table

    by_id = {design.id: design for design in sheet.designs}
    nails, style = [], [("VALIGN", (0, 0), (-1, -1), "TOP"), ("INNERGRID", (0, 0), (-1, 0), 3, "#ffffff")]
    for number, finger in enumerate(sheet.fingers):
        worn = [by_id[id] for id in finger.designs if id in by_id]
        nails.append(words("<br/>".join(escape(design.name) for design in worn)))
        if worn:
            style.append(("BACKGROUND", (number, 0), (number, 0), worn[-1].swatches[0].hex))
    names = [words(f"<b>{finger.finger}</b>") for finger in sheet.fingers]
    blank = [""] * len(sheet.fingers)
    return Table(
        [blank, names, nails],
        colWidths=[34 * mm] * len(sheet.fingers),
        rowHeights=[13 * mm, None, None],
        hAlign="LEFT",
        style=style,
    )
