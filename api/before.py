"""What comes before every handler."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from api import idempotency
from api.strict import refuse_loose


async def before(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """Refuse what does not fit to the letter; then claim the request's key, or answer again.

    Raises Invalid, and as `idempotency.begin`.
    """
    await refuse_loose(request)
    return await idempotency.begin(request)
