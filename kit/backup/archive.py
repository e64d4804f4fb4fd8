"""The archive: a tar that is written and read as a stream, each member with its SHA-256, the last with that of all.

    about.json            what it is: format, version of the schema, when it was begun
    database/000000 …     the dump of the database, cut into parts
    objects/KEY …         every object of the store
    erasures.json         what was erased until the end of the backup
    end.json              how many members there are, and a digest over all of theirs

A member is held in memory whole, so none is larger than a photo or a part.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from kit.errors import Invalid

Read = TypeVar("Read", bound=Struct)

FORMAT = 1
PART = 16 * 1024**2
"""Bytes of one part of the dump."""
_SHA256 = "VERNIS.sha256"


class ArchiveBroken(Invalid):
    """The archive is cut off, damaged, or none of ours."""

    code = "archive_broken"


class About(Struct, frozen=True):
    """schema: the newest migration that the database had; postgres: major version of the server."""

    format: int
    schema: str
    postgres: int
    began_at: datetime


class End(Struct, frozen=True):
    members: int
    sha256: str


class Member(NamedTuple):
    name: str
    data: bytes


class Writer:
    """Writes an archive to a stream that need not be seekable; `close` makes it whole."""

    def __init__(self, out: IO[bytes], about: About) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  (closed by close)
        self._digest = hashlib.sha256()
        self._members = 0
        self.add("about.json", msgspec.json.encode(about))

    def add(self, name: str, data: bytes) -> None:
        """Append a member."""
        sha256 = hashlib.sha256(data).hexdigest()
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.pax_headers = len(data), 0o600, {_SHA256: sha256}
        self._tar.addfile(entry, io.BytesIO(data))
        self._digest.update(_line(name, sha256))
        self._members += 1

    def close(self) -> None:
        """Write the end, without which nobody takes the archive for whole."""
        self.add("end.json", msgspec.json.encode(End(self._members, self._digest.hexdigest())))
        self._tar.close()


class Reader:
    """Reads an archive from a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def members(self, prefix: str = "") -> Iterator[Member]:
        """The members whose names begin so, each verified. At the end the archive as a whole is.

        Raises ArchiveBroken.
        """
        digest, count, end = hashlib.sha256(), 0, None
        for member, sha256 in self._verified():
            if end is not None:
                raise ArchiveBroken("the archive goes on after its end")
            if member.name == "end.json":
                end = _read(member, End)
                continue
            digest.update(_line(member.name, sha256))
            count += 1
            if member.name.startswith(prefix):
                yield member
        if end != End(count, digest.hexdigest()):
            raise ArchiveBroken("the archive is cut off, or members are missing")

    def about(self) -> About:
        """What the archive says of itself. Raises ArchiveBroken, also for a format that we do not know."""
        first, _ = next(self._verified(), (Member("", b""), ""))
        if first.name != "about.json":
            raise ArchiveBroken("this is no backup of Vernis")
        about = _read(first, About)
        if about.format != FORMAT:
            raise ArchiveBroken(f"the archive has format {about.format}, this version reads {FORMAT}")
        return about

    def _verified(self) -> Iterator[tuple[Member, str]]:
        try:
            with tarfile.open(self._path, mode="r|") as tar:
                for entry in tar:
                    file = tar.extractfile(entry)
                    data = b"" if file is None else file.read()
                    sha256 = hashlib.sha256(data).hexdigest()
                    if entry.pax_headers.get(_SHA256) != sha256:
                        raise ArchiveBroken(f"{entry.name} is damaged")
                    yield Member(entry.name, data), sha256
        except tarfile.TarError as error:
            raise ArchiveBroken(f"the archive cannot be read: {error}") from error


def _line(name: str, sha256: str) -> bytes:
    return f"{sha256}  {name}\n".encode()


def _read(member: Member, kind: type[Read]) -> Read:
    try:
        return msgspec.json.decode(member.data, type=kind)
    except msgspec.DecodeError as error:
        raise ArchiveBroken(f"{member.name} cannot be read: {error}") from error
