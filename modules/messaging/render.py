"""From what a letter says to the letter: plain text and HTML that mail clients can show, without any picture."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from modules.messaging import language as spelt
from modules.messaging.content import About, content, sentence
from modules.messaging.kinds import RULES, Kind
from modules.messaging.language import Language
from modules.messaging.wire import MessageSettings

_FOLDER = FileSystemLoader(Path(__file__).with_name("templates"))


def _environment(*, html: bool) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=_FOLDER,
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


_HTML = _environment(html=True).get_template("letter.html.jinja")
_PAGE = _environment(html=True).get_template("unsubscribe.html.jinja")
_TEXT = _environment(html=False).get_template("letter.txt.jinja")


class Rendered(Struct, frozen=True):
    """A letter without its envelope. language: BCP 47 tag of its words."""

    subject: str
    text: str
    html: str
    language: str


def render(
    kind: Kind,
    about: About,
    settings: MessageSettings,
    *,
    name: str,
    language: Language,
    zone: str,
    now: datetime,
    unsubscribe_url: str,
) -> Rendered:
    """Write a letter. settings: with the sender's name filled in."""
    said = content(kind, about, name=name, salon=settings.sender_name, language=language, zone=zone, now=now)
    labels, optional = spelt.words(language.words)["labels"], RULES[kind].optional
    given = {
        "content": said,
        "language": language.words,
        "salon": settings.sender_name,
        "colon": labels["colon"],
        "footer": settings.footer,
        "noreply": "" if settings.reply_to else labels["noreply"],
        "unsubscribe": sentence(labels["unsubscribe"], salon=settings.sender_name) if optional else "",
        "unsubscribe_url": unsubscribe_url if optional else "",
    }
    return Rendered(said.subject, _TEXT.render(given), _HTML.render(given), language.words)


def unsubscribe_page(language: Language, salon: str, *, done: bool) -> str:
    """The page behind the link for no more, before and after its button is pressed."""
    said = spelt.words(language.words)["unsubscribe_done" if done else "unsubscribe_ask"]
    return _PAGE.render(
        language=language.words,
        salon=salon,
        heading=said["heading"],
        words=sentence(said["words"], salon=salon),
        button=said.get("button", ""),
    )
