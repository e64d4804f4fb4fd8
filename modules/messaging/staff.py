"""Letters to staff: modules/staff says that one is to be written, and holds its words' secret."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.settings import Settings
from modules.messaging import service
from modules.messaging.contexts import StaffLetter
from modules.messaging.kinds import Kind
from modules.messaging.service import Recipient
from modules.staff import letters


async def write(unit: Unit, kind: Kind, letter_id: str, settings: Settings) -> None:
    """Put a staff letter into the post, once; none where no console is named that its link could lead to."""
    if not settings.mail.console_url:
        return
    found = await letters.to_write(unit, letter_id, secret=settings.secret)
    if found is not None:
        to = Recipient(found[0].email)
        await service.send(unit, kind, to, StaffLetter(letter_id=letter_id), key=f"letter:{letter_id}")
