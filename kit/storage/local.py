"""Objects in a local folder, served by our own signed links.

`objects/` holds an object as a file of its own name in folders named `part~`, so that `a` and `a/b` can both be
objects; its media type lies beside it as `name~type`, unless the name tells it. Files are written in `incoming/` and
renamed into place.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from kit.storage.disposition import attachment
from kit.storage.errors import LinkRefused, ObjectMissing
from kit.storage.files import Files, answering
from kit.storage.form import Form, FormSigner
from kit.storage.link import Signer
from kit.storage.measured import measured
from kit.storage.store import Stored, check_key, check_prefix, seconds

_TYPE = "~type"
_PAGE = 500  # objects looked at in one go


@dataclass(frozen=True, slots=True)
class Opened:
    """An object behind a signed link. disposition: the header of a download, None to show it in place."""

    path: Path
    media_type: str
    disposition: str | None


class LocalStorage:
    """Storage in a folder that only this user may enter (0700, files 0600)."""

    def __init__(self, root: Path, base_url: str, secret: bytes) -> None:
        self._objects = root / "objects"
        self._files = Files(self._objects, root / "incoming")
        self._base_url = base_url.rstrip("/")
        self._signer, self._forms = Signer(secret), FormSigner(secret)

    @measured
    async def put(self, key: str, data: bytes, media_type: str) -> None:
        path = self._path(key)
        with answering():
            await asyncio.to_thread(self._put, path, data, media_type)

    @measured
    async def get(self, key: str) -> bytes:
        path = self._path(key)
        try:
            with answering():
                return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise ObjectMissing from None

    @measured
    async def stat(self, key: str) -> Stored:
        try:
            with answering():
                facts = await asyncio.to_thread(self._path(key).stat)
        except FileNotFoundError:
            raise ObjectMissing from None
        return _stored(key, facts)

    @measured
    async def delete(self, key: str) -> None:
        with answering():
            await asyncio.to_thread(self._remove, self._path(key))

    @measured
    async def delete_prefix(self, prefix: str) -> None:
        folder = self._folder(check_prefix(prefix))
        with answering():
            await asyncio.to_thread(self._files.remove_tree, folder)

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        walk = _walk(self._folder(check_prefix(prefix)) if prefix else self._objects, prefix)
        while page := await asyncio.to_thread(_page_of, walk):
            for stored in page:
                yield stored

    async def url(self, key: str, *, expires_in: timedelta, download_name: str | None = None) -> str:
        if download_name is not None:
            attachment(download_name)
        expires = int(time.time()) + seconds(expires_in)
        query = self._signer.query(check_key(key), expires=expires, name=download_name)
        return f"{self._base_url}/v1/media/{key}?{query}"

    async def open_signed(self, key: str, *, expires: str, signature: str, name: str | None = None) -> Opened:
        """Follow a signed link; raises LinkRefused, LinkExpired, ObjectMissing."""
        self._signer.check(key, expires=expires, signature=signature, name=name)
        try:
            path = self._path(key)
            disposition = None if name is None else attachment(name)
        except ValueError:
            raise LinkRefused from None
        with answering():
            try:
                await asyncio.to_thread(path.stat)
            except FileNotFoundError:
                raise ObjectMissing from None
        return Opened(path, await asyncio.to_thread(_media_type, path), disposition)

    @measured
    async def form(self, key: str, *, media_type: str, most_bytes: int, expires_in: timedelta) -> Form:
        expires = int(time.time()) + seconds(expires_in)
        fields = self._forms.fields(
            check_key(key), media_type=media_type, most_bytes=most_bytes, expires=expires
        )
        return Form(f"{self._base_url}/v1/media", fields)

    async def accept_form(self, fields: Mapping[str, str], data: bytes) -> None:
        """Store what was posted with a form of ours.

        Raises LinkRefused, LinkExpired, ObjectEmpty, ObjectTooLarge, StorageAway.
        """
        allowed = self._forms.check(fields, len(data))
        await self.put(allowed.key, data, allowed.media_type)

    @measured
    async def check(self) -> None:
        with answering():
            await asyncio.to_thread(self._files.check)

    async def sweep(self, older_than: timedelta = timedelta(hours=1)) -> int:
        """Remove what crashes left half written so long ago; returns how many files."""
        with answering():
            return await asyncio.to_thread(self._files.sweep, time.time() - older_than.total_seconds())

    def _path(self, key: str) -> Path:
        *folders, name = check_key(key).split("/")
        return self._objects.joinpath(*(folder + "~" for folder in folders), name)

    def _folder(self, prefix: str) -> Path:
        return self._objects.joinpath(*(folder + "~" for folder in prefix[:-1].split("/")))

    def _put(self, path: Path, data: bytes, media_type: str) -> None:
        """The type goes first, so that nobody reads the object without; one that the name tells is not written."""
        beside, told = path.with_name(path.name + _TYPE), _told_by(path.name) == media_type
        if not told:
            self._files.write(beside, media_type.encode("ascii"))
        self._files.write(path, data)
        if told:
            beside.unlink(missing_ok=True)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        path.with_name(path.name + _TYPE).unlink(missing_ok=True)
        self._files.prune(path.parent)


def _media_type(path: Path) -> str:
    try:
        return path.with_name(path.name + _TYPE).read_text("ascii")
    except FileNotFoundError:
        return _told_by(path.name)


def _told_by(name: str) -> str:
    return "image/jpeg" if name.endswith(".jpg") else "application/octet-stream"


def _page_of(walk: Iterator[Stored]) -> tuple[Stored, ...]:
    with answering():
        return tuple(islice(walk, _PAGE))


def _walk(folder: Path, prefix: str) -> Iterator[Stored]:
    """Yield what lies below in the order of the keys; what vanishes meanwhile is passed over."""
    try:
        entries = [entry for entry in os.scandir(folder) if not entry.name.endswith(_TYPE)]
    except FileNotFoundError:
        return
    for entry in sorted(entries, key=lambda entry: entry.name.replace("~", "/")):
        if entry.is_dir():
            yield from _walk(Path(entry), f"{prefix}{entry.name[:-1]}/")
            continue
        with contextlib.suppress(FileNotFoundError):
            yield _stored(prefix + entry.name, entry.stat())


def _stored(key: str, facts: os.stat_result) -> Stored:
    return Stored(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))
