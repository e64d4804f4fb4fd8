"""What docs/webhooks.md says is so: its types, its schedule, its way to verify."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

from kit.clock import now
from kit.settings import ROOT
from modules.webhooks.schedule import WAITS
from modules.webhooks.signing import headers, new_secret, shown
from modules.webhooks.types import PING, EventType

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}


def python_example() -> Any:
    (source,) = re.findall(r"```python\n(.+?)```", PAGE, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)
    return names["verified"]


def test_every_type_is_explained() -> None:
    assert set(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", PAGE, flags=re.MULTILINE)) == {*EventType, PING}


def test_the_schedule_is_the_one_that_is_kept() -> None:
    (said,) = re.findall(r"made again after (.+?), each wait", PAGE)
    waits = [timedelta(**{UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+) (s|min|h)", said)]

    assert (timedelta(), *waits) == WAITS


def test_the_python_example_verifies_what_we_sign_and_nothing_else() -> None:
    verified = python_example()
    new, old = new_secret(), new_secret()
    body = '{"type": "größer"}'
    said = headers("msg_1", now(), body, [new, old])

    assert verified(shown(new), said, body.encode())
    assert verified(shown(old), said, body.encode())
    assert not verified(shown(new_secret()), said, body.encode())
    assert not verified(shown(new), said, body.encode() + b" ")
    assert not verified(shown(new), {**said, "webhook-id": "msg_2"}, body.encode())
    assert not verified(shown(new), {**said, "webhook-timestamp": str(int(time.time()) + 1)}, body.encode())


def test_the_python_example_refuses_what_is_old() -> None:
    key = new_secret()
    said = headers("msg_1", now() - timedelta(minutes=6), "{}", [key])

    assert not python_example()(shown(key), said, b"{}")
