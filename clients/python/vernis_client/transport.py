"""How requests are sent and answers are read: the half of the client that is the same for every operation."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Self, TypeVar

import httpx
import msgspec
from msgspec import Struct

from vernis_client.models import Problem

PATIENCE_S = 30.0
"""How long a request waits in all for a service that asks it to come back."""
_COMING_BACK = (429, 503)

T = TypeVar("T")


class Refused(Exception):
    """The API refused: `problem.code` is for programs, `problem.title` for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail or problem.title}")
        self.problem = problem


class Event(Struct, frozen=True):
    """An event of a stream; data: JSON."""

    event: str
    data: bytes
    id: str | None = None


class Transport:
    """Sends requests to one address with one credential; also a context manager.

    Waits and repeats when it is told to (429 and 503 with Retry-After). POSTs carry an Idempotency-Key, so that a
    repeated one does nothing twice. Raises Refused, httpx.TransportError.
    """

    def __init__(self, url: str, credential: str | None = None, *, http: httpx.Client | None = None) -> None:
        headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        self._http = http or httpx.Client(timeout=60)
        self._url, self._headers = url.rstrip("/"), headers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def fetch(self, url: str) -> bytes:
        """The picture, or what else lies, behind a signed link."""
        return _checked(self._http.get(httpx.URL(self._url).join(url))).content

    def _send(self, method: str, path: str, *, kind: type[T], **content: Any) -> T:
        """What the answer holds."""
        answer = self._do(method, path, **content)
        return answer.content if kind is bytes else msgspec.json.decode(answer.content, type=kind)  # type: ignore[return-value]

    def _do(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        files: Mapping[str, bytes] | None = None,
        form: Mapping[str, str] | None = None,
        repeatable: bool = False,
        idempotency_key: str | None = None,
        wait: int | None = None,
    ) -> httpx.Response:
        headers = dict(self._headers)
        if repeatable:
            headers["Idempotency-Key"] = idempotency_key or uuid.uuid4().hex
        if wait is not None:
            headers["Prefer"] = f"wait={wait}"
        content: dict[str, Any] = {"params": _texts(query or {})}
        if files is not None:
            content |= {"files": dict(files), "data": dict(form or {})}
        elif body is not None:
            headers["Content-Type"] = "application/json"
            content["content"] = msgspec.json.encode(body)
        return _checked(self._sent(method, path, headers, content))

    def _sent(
        self, method: str, path: str, headers: dict[str, str], content: dict[str, Any]
    ) -> httpx.Response:
        until = time.monotonic() + PATIENCE_S
        while True:
            answer = self._http.request(method, self._url + path, headers=headers, **content)
            pause = float(answer.headers.get("Retry-After", PATIENCE_S))
            if answer.status_code not in _COMING_BACK or time.monotonic() + pause > until:
                return answer
            time.sleep(pause)

    def _events(
        self, method: str, path: str, *, query: Mapping[str, object] | None = None
    ) -> Iterator[Event]:
        params = _texts(query or {})
        with self._http.stream(method, self._url + path, headers=self._headers, params=params) as stream:
            if stream.is_error:
                stream.read()
            _checked(stream)
            fields: dict[str, str] = {}
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if not line and "data" in fields:
                    yield Event(fields.get("event", "message"), fields["data"].encode(), fields.get("id"))
                    fields = {}
                elif name:
                    fields[name] = value


def _checked(answer: httpx.Response) -> httpx.Response:
    if not answer.is_error:
        return answer
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        raise Refused(msgspec.json.decode(answer.content, type=Problem))
    answer.raise_for_status()
    return answer


def _texts(query: Mapping[str, object]) -> dict[str, str]:
    """A query as text; what is None is left out."""
    given = {name: value for name, value in query.items() if value is not None}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()
    }
