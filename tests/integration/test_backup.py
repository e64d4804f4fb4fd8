"""Backups through real engines: what went in comes back, what was erased does not, and nothing is written over."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.journey import Visitor, new_visitor
from cli.backup import LaterErasuresUnknown, back_up, bring_back, verified
from cli.erasures import KINDS, listed
from kit import clock
from kit.backup import About, ArchiveBroken, Erasure, ErasureList, Reader, Writer
from kit.backup.erasures import ErasureListBroken, joined
from kit.db.dump import NotEmpty
from kit.db.prepare import prepare
from kit.embedded import discard
from kit.runtime import Runtime, connected, furnished
from kit.settings import ROOT, Settings
from modules.photos import keys
from tests.integration.conftest import LONG, ROOMY, Salon, another_api, open_salon

RED = "des_polish_lacquer_red"
WRITE_IN_THE_FUTURE = text(
    "INSERT INTO catalog_removals (business_id, source, id, changed)"
    " VALUES (:business, 'designs', 'des_gone', '9000000000')"
)
IS_IN_THE_FUTURE = text("SELECT changed > pg_current_xact_id() AS future FROM catalog_removals")
TABLES = ("businesses", "api_keys", "consents", "photos", "tryons")


@contextmanager
def installation() -> Iterator[Settings]:
    """Engines and a store of their own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vernis-test-") as folder:
        with furnished(Settings(data_dir=folder, limits=ROOMY, queue=LONG)) as settings:
            yield settings
        discard(Path(folder))


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Runtime, httpx.AsyncClient]]:
    async with connected(settings) as runtime, another_api(settings) as api:
        yield runtime, api


def restored(settings: Settings, *words: str) -> None:
    """Run `vernis restore` on an installation."""
    ran = subprocess.run(
        [sys.executable, "-m", "cli.main", "restore", *words],
        cwd=ROOT,
        env={**os.environ, "VERNIS_DATA_DIR": settings.data_dir},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


async def rows(runtime: Runtime, salon: Salon) -> dict[str, list[Any]]:
    """All that a salon sees of itself."""
    async with runtime.db.tenant(salon.business_id) as unit:
        return {
            table: [tuple(row) for row in await unit.all(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
            for table in TABLES
        }


async def objects(runtime: Runtime) -> dict[str, bytes]:
    return {stored.key: await runtime.storage.get(stored.key) async for stored in runtime.storage.list("")}


async def keep_busy(api: httpx.AsyncClient, visitor: Visitor, photo: bytes, until: asyncio.Event) -> None:
    """Photos come and go."""
    number = 0
    while not until.is_set():
        photo_id = await visitor.upload(photo)
        number += 1
        if number % 2:
            await api.delete(f"/v1/photos/{photo_id}", headers=visitor.headers)


async def test_a_backup_brings_everything_back_but_the_erased(tmp_path: Path, hand_photo: bytes) -> None:
    archive, list_of_erasures = tmp_path / "backup", tmp_path / "erasures"
    with installation() as lost:
        await prepare(lost.database)
        async with serving(lost) as (runtime, api):
            salon = await open_salon(runtime)
            visitor = await new_visitor(api, salon.key)
            kept, regretted = [await visitor.upload(hand_photo) for _ in range(2)]
            leaving, undecided = [await new_visitor(api, salon.key) for _ in range(2)]
            gone, private = await leaving.upload(hand_photo), await undecided.upload(hand_photo)
            tryon = await visitor.request(kept, [[RED]])
            await write_in_the_future(lost, salon)
            before, stored = await rows(runtime, salon), await objects(runtime)

            other, stop = await new_visitor(api, (await open_salon(runtime)).key), asyncio.Event()
            await other.upload(hand_photo)
            busy = asyncio.create_task(keep_busy(api, other, hand_photo, stop))
            with archive.open("wb") as out:
                await back_up(lost, out)
            stop.set()
            await busy

            await api.delete(f"/v1/photos/{regretted}", headers=visitor.headers)
            await api.delete(f"/v1/consents/{undecided.consent_id}", headers=undecided.headers)
            assert (await api.post("/v1/me/erasure", headers=leaving.headers)).status_code == 202
            later = await listed(runtime, clock.now() - timedelta(days=1))
            list_of_erasures.write_bytes(later.encode())

    with pytest.raises(LaterErasuresUnknown):
        verified(Reader(archive), [], may_stand_alone=False)

    with installation() as found:
        await asyncio.to_thread(restored, found, str(archive), "--erasures", str(list_of_erasures))
        with pytest.raises(NotEmpty):
            await bring_back(found, Reader(archive), ())

        async with serving(found) as (runtime, api):
            after, stored_now = await rows(runtime, salon), await objects(runtime)
            assert (await api.get(f"/v1/photos/{kept}", headers=visitor.headers)).status_code == 200
            shown = (await api.get(f"/v1/tryons/{tryon['id']}", headers=visitor.headers)).json()
            assert {**shown, "links": {}} == {**tryon, "links": {}}, "links are signed by another secret now"
            assert (await api.get(f"/v1/photos/{regretted}", headers=visitor.headers)).status_code == 404
            assert (await api.get("/v1/tryons", headers=leaving.headers)).status_code == 401
            consent = await api.get(f"/v1/consents/{undecided.consent_id}", headers=undecided.headers)
            assert consent.json()["withdrawn_at"] is not None
            await every_photo_is_whole(runtime)
            async with runtime.db.tenant(salon.business_id) as unit:
                (row,) = await unit.all(IS_IN_THE_FUTURE)
                assert not row.future, "searches would take it for news again and again"

    touched = {regretted, gone, private, leaving.consent_id, undecided.consent_id}
    for table in ("businesses", "api_keys", "consents", "photos", "tryons"):
        assert untouched(after[table], touched) == untouched(before[table], touched), table
    assert untouched(before["photos"], touched) != []
    assert {key: stored_now.get(key) for key in stored if regretted not in key} == {
        key: data for key, data in stored.items() if regretted not in key
    }
    assert not [key for key in stored_now if regretted in key]


async def write_in_the_future(settings: Settings, salon: Salon) -> None:
    """A row that an older cluster wrote: by the numbers of a younger one, that transaction is yet to come."""
    engine = create_async_engine(settings.database.admin_url)
    async with engine.begin() as connection:
        await connection.execute(WRITE_IN_THE_FUTURE, {"business": salon.business_id})
    await engine.dispose()


def untouched(found: list[Any], touched: set[str]) -> list[Any]:
    """Rows that none of these ids stands in."""
    return [row for row in found if touched.isdisjoint(word for word in row if isinstance(word, str))]


async def every_photo_is_whole(runtime: Runtime) -> None:
    """Whatever a row of any business names is stored, with the bytes that it says."""
    seen = 0
    async with runtime.db.system() as unit:
        businesses = [row.id for row in await unit.all(text("SELECT id FROM every_business()"))]
    for business_id in businesses:
        async with runtime.db.tenant(business_id) as unit:
            photos = await unit.all(text("SELECT id, sha256 FROM photos WHERE erased_at IS NULL"))
        for photo in photos:
            data = await runtime.storage.get(keys.original(business_id, photo.id))
            assert hashlib.sha256(data).hexdigest() == photo.sha256
            seen += 1
    assert seen >= 2


def test_every_kind_of_erasure_is_done_again() -> None:
    said = "".join(path.read_text() for path in (ROOT / "modules").rglob("*.py"))
    audited = set(re.findall(r'record\(\s*unit,\s*\w+,\s*"([\w.]+)"', said))
    later_words_of_one_erasure = {"person.erased", "person.erasure_receipt"}

    taking_back = {"consent.withdrawn", "share.ended"}
    erasing = {action for action in audited if "eras" in action or action in taking_back}
    assert erasing - later_words_of_one_erasure == set(KINDS)


def test_lists_of_erasures_that_leave_a_gap_are_refused() -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    days = [begin + timedelta(days=number) for number in range(4)]
    one, two, late = (
        ErasureList(since, until, (Erasure("biz_1", "photo.erased", f"pho_{since.day}"),))
        for since, until in ((days[0], days[1]), (days[1], days[2]), (days[3], days[3]))
    )

    assert [erasure.subject for erasure in joined([two, one], begin).erasures] == ["pho_1", "pho_2"]
    for lists in ([one, late], [two]):
        with pytest.raises(ErasureListBroken):
            joined(lists, begin)


@pytest.mark.parametrize("damage", ["cut", "flip", "swap"])
async def test_a_damaged_archive_is_refused_before_anything_is_touched(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "backup"
    with path.open("wb") as out:
        writer = Writer(out, About(1, "0001", 18, datetime(2026, 1, 1, tzinfo=UTC)))
        writer.add("database/000000", b"a" * 3000)
        writer.add("objects/photos/b/p/original", b"b" * 3000)
        writer.close()
    whole = path.read_bytes()
    assert [member.name for member in Reader(path).members("objects/")] == ["objects/photos/b/p/original"]
    match damage:
        case "cut":
            path.write_bytes(whole[: whole.rindex(b"end.json") - 1024])
        case "flip":
            path.write_bytes(whole.replace(b"b" * 3000, b"b" * 2999 + b"c"))
        case "swap":
            path.write_bytes(whole.replace(b"objects/photos/b/p/original", b"objects/photos/b/q/original"))

    with pytest.raises(ArchiveBroken):
        [*Reader(path).members()]
