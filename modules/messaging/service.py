"""Messages: putting one into the post, taking it back, and the log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET, Struct

from kit import clock
from kit.audit import Actor, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import is_id, new_id
from kit.outbox import add
from modules.accounts import service as accounts
from modules.messaging import samples, store
from modules.messaging.content import About
from modules.messaging.errors import BadZone, UnknownMessage
from modules.messaging.jobs import SendMessage
from modules.messaging.kinds import RULES, Kind
from modules.messaging.language import chosen
from modules.messaging.quiet import next_allowed
from modules.messaging.render import render
from modules.messaging.render import unsubscribe_page as unsubscribe_words
from modules.messaging.store.suppressions import UNSUBSCRIBED
from modules.messaging.wire import (
    Message,
    MessageLog,
    MessagePreview,
    MessageSettings,
    MessageSettingsChange,
    MessageState,
)
from modules.staff.address import normal_email


class Recipient(Struct, frozen=True):
    """Whom a message is for. language: BCP 47, empty where it is not known; customer_id: None for staff."""

    email: str
    name: str = ""
    language: str = ""
    customer_id: str | None = None


async def send(
    unit: Unit,
    kind: Kind,
    to: Recipient,
    context: Struct,
    *,
    key: str,
    about: str = "",
    due: datetime | None = None,
    until: datetime | None = None,
    zone: str = "",
) -> str:
    """Put a message into the post in the unit's own transaction: it leaves when that commits, or never.

    key: of two messages with the same one, only the first is sent. about: id of what it is about, by which it can be
    taken back. due: when it is to leave, now without one; quiet hours move it to the morning unless it answers what
    somebody has just done. until: when it is of no more use. zone: IANA name, of the place where it happens.
    Returns the message's id. Raises TypeError when kind and context do not fit, BadEmail, BadZone.
    """
    rule = RULES[kind]
    if type(context) is not rule.context:
        raise TypeError(f"{kind} is about {rule.context.__name__}, got {type(context).__name__}")
    chosen_settings = await store.settings.find(unit)
    at = due or clock.now()
    there = checked_zone(zone or chosen_settings.zone)
    if not rule.prompt:
        at = allowed(at, there, chosen_settings)
    message_id = new_id("msg")
    values = {
        "customer_id": to.customer_id,
        "kind": kind,
        "about": about,
        "language": to.language,
        "zone": there,
        "name": to.name,
        "address": normal_email(to.email),
        "context": msgspec.to_builtins(context),
        "due_at": at,
        "until": until,
    }
    if not await store.messages.add(unit, message_id, key, values):
        return await store.messages.id_of_key(unit, key) or message_id
    await schedule(unit, message_id, at)
    return message_id


async def take_back(unit: Unit, about: str, kinds: Collection[Kind] = tuple(Kind)) -> int:
    """Take back what waits about something, as reminders of an appointment that moved; returns how many."""
    return len(await store.messages.cancel(unit, about, kinds))


async def schedule(unit: Unit, message_id: str, at: datetime) -> None:
    """Queue the next attempt of a message; whatever job was to make it before may no longer."""
    job_id = await add(unit, SendMessage(message_id), at=at if at > clock.now() else None)
    await store.messages.schedule(unit, message_id, job_id, at)


def allowed(at: datetime, zone: str, settings: MessageSettings) -> datetime:
    """`at`, or the morning after it where it lies in the business's quiet hours."""
    quiet_from, quiet_until = map(time.fromisoformat, (settings.quiet_from, settings.quiet_until))
    return next_allowed(at, zone, quiet_from, quiet_until)


def checked_zone(zone: str) -> str:
    """The name of a time zone. Raises BadZone."""
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadZone from error


async def page(
    unit: Unit,
    *,
    state: MessageState | None,
    customer_id: str | None,
    about: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Message], str | None]:
    """The log, newest first, and the cursor of the next page."""
    asked = {"state": state, "customer_id": customer_id, "about": about}
    before = cursor if cursor is not None and is_id(cursor, "msg") else None
    wanted = [(name, value) for name, value in asked.items() if value is not None]
    return await store.messages.page(unit, wanted, before, limit)


async def read(unit: Unit, message_id: str) -> MessageLog:
    """A message and every attempt. Raises UnknownMessage."""
    message = await store.messages.find(unit, message_id)
    if message is None:
        raise UnknownMessage
    return MessageLog(message, tuple(await store.messages.attempts_of(unit, message_id)))


async def settings(unit: Unit) -> MessageSettings:
    """How the business writes."""
    return await store.settings.find(unit)


async def change_settings(unit: Unit, actor: Actor, asked: MessageSettingsChange) -> MessageSettings:
    """Change how the business writes. Raises BadEmail, BadZone."""
    changes = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    if changes.get("reply_to"):
        changes["reply_to"] = normal_email(changes["reply_to"])
    if "zone" in changes:
        changes["zone"] = checked_zone(changes["zone"])
    changed = msgspec.structs.replace(await store.settings.find(unit), **changes)
    if changes:
        await store.settings.put(unit, changed)
        await record(unit, actor, "messages.settings_changed", unit.business_id)
    return changed


async def signed_settings(unit: Unit) -> MessageSettings:
    """How the business writes, with its own name where it chose no other."""
    found = await store.settings.find(unit)
    if found.sender_name:
        return found
    return msgspec.structs.replace(found, sender_name=(await accounts.business(unit)).name)


async def own_language(unit: Unit) -> str:
    """The language of the salon, as one of LANGUAGES."""
    return chosen((await store.settings.find(unit)).language).words


async def preview(unit: Unit, kind: Kind, language: str) -> MessagePreview:
    """A message of this kind as the business would send it, about a visit that is made up."""
    own = await signed_settings(unit)
    about: About = samples.sample(kind)
    written = render(
        kind,
        about,
        own,
        name=samples.NAME,
        language=chosen(language, own.language),
        zone=own.zone,
        now=samples.seen_at(kind),
        unsubscribe_url=samples.LINK,
    )
    return MessagePreview(kind, written.language, written.subject, written.text, written.html)


async def unsubscribe_page(unit: Unit, message_id: str, *, done: bool) -> str:
    """The page that asks, or says that it is done, in the language of the message. Raises UnknownMessage."""
    message, own = await store.messages.find(unit, message_id), await signed_settings(unit)
    if message is None:
        raise UnknownMessage
    return unsubscribe_words(chosen(message.language, own.language), own.sender_name, done=done)


async def unsubscribe(unit: Unit, message_id: str) -> None:
    """Send whoever got this message nothing more that is optional. Raises UnknownMessage."""
    message = await store.messages.find(unit, message_id)
    if message is None or message.address_hash is None:
        raise UnknownMessage
    await store.suppressions.add(unit, message.address_hash, UNSUBSCRIBED, message.customer_id, None)


async def forget_old(db: Database, days: int) -> int:
    """Delete the log of messages that ended so many days ago; returns how many."""
    async with db.system() as unit:
        return await store.messages.forget(unit, timedelta(days=days))
