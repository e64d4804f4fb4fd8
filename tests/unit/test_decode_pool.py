"""The upload gate with its real children."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from kit.decode import errors
from kit.decode.limits import Limits
from kit.decode.pool import DecodePool
from kit.decode.verified import Format
from kit.errors import Refused
from tests.unit.test_decode_headers import encoded, many_scans

UPLOADS = Path(__file__).parents[3] / "shared" / "data" / "uploads"


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[DecodePool]:
    async with DecodePool() as pool:
        yield pool


def slow_photo() -> bytes:
    """Many seconds of passes over a picture of twelve megapixels."""
    return many_scans(10_000, (4000, 3000))


PATIENT = Limits(scans=1_000_000, seconds=60)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif"])
async def test_a_sound_photo_is_verified(pool: DecodePool, format: str) -> None:
    data = encoded(format, (120, 90))

    photo = await pool.verify(data)

    assert (photo.format, photo.media_type) == (format, f"image/{format}")
    assert (photo.width, photo.height) == (120, 90)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("orientation", "upright"), [(1, (120, 90)), (3, (120, 90)), (6, (90, 120)), (8, (90, 120))]
)
@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif"])
async def test_size_is_that_of_the_upright_photo(
    pool: DecodePool, format: str, orientation: int, upright: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = await pool.verify(encoded(format, (120, 90), exif=exif.tobytes()))

    assert (photo.width, photo.height) == upright


async def test_only_the_first_frame_is_read(pool: DecodePool) -> None:
    """Given an animation whose second frame is damaged, then its first frame makes it a photo."""
    file = BytesIO()
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "blue")]
    frames[0].save(file, "png", save_all=True, append_images=frames[1:])
    data = file.getvalue()
    second = data.index(b"fdAT") + 8

    photo = await pool.verify(data[:second] + b"\xff" * 8 + data[second + 8 :])

    assert (photo.width, photo.height) == (80, 80)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", errors.PhotoEmpty),
        (b"\xff\xd8\xff" + bytes(20 << 20), errors.PhotoTooLarge),
        (b"GIF89a" + bytes(100), errors.PhotoTypeUnsupported),
        (encoded("jpeg", (63, 200)), errors.PhotoTooSmall),
        (encoded("webp", (200, 63)), errors.PhotoTooSmall),
        (encoded("png", (12_001, 64)), errors.PhotoTooManyPixels),
        (encoded("png", (8000, 6300)), errors.PhotoTooManyPixels),
        (encoded("jpeg", (12_001, 64)), errors.PhotoTooManyPixels),
        (many_scans(200), errors.PhotoTooManyScans),
        (encoded("jpeg")[:-300], errors.PhotoCorrupt),
        (encoded("png")[:-20], errors.PhotoCorrupt),
        (encoded("webp")[:-20], errors.PhotoCorrupt),
        (encoded("avif")[:-20], errors.PhotoCorrupt),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), errors.PhotoCorrupt),
        (b"\xff\xd8\xff" + bytes(64), errors.PhotoCorrupt),
    ],
)
async def test_unusable_bytes_are_refused_by_name(
    pool: DecodePool, data: bytes, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        await pool.verify(data)


async def test_a_photo_that_takes_too_long_is_given_up_and_the_child_replaced() -> None:
    async with DecodePool(1, Limits(scans=1_000_000, seconds=0.5)) as pool:
        before = pool.pids

        with pytest.raises(errors.PhotoDecodeTimeout):
            await pool.verify(slow_photo())

        assert (await pool.verify(encoded("jpeg"))).format == "jpeg"
        assert pool.pids != before
        assert all(gone(pid) for pid in before)


async def test_a_decoder_that_crashes_refuses_one_photo_only() -> None:
    async with DecodePool(1, PATIENT) as pool:
        (pid,) = pool.pids
        photo = asyncio.create_task(pool.verify(slow_photo()))
        async with asyncio.timeout(20):
            while psutil.Process(pid).cpu_times().user < 0.5:
                await asyncio.sleep(0.01)
        os.kill(pid, signal.SIGSEGV)

        with pytest.raises(errors.PhotoCorrupt):
            await photo

        assert (await pool.verify(encoded("jpeg"))).format == "jpeg"


async def test_a_decoder_that_died_idle_costs_no_photo() -> None:
    async with DecodePool(1) as pool:
        (pid,) = pool.pids
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            while not gone(pid):
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

        assert (await pool.verify(encoded("jpeg"))).format == "jpeg"


async def test_a_caller_that_leaves_does_not_leave_its_answer_to_the_next() -> None:
    async with DecodePool(1, PATIENT) as pool:
        left = asyncio.create_task(pool.verify(slow_photo()))
        await asyncio.sleep(0.2)
        left.cancel()

        photo = await pool.verify(encoded("png", (77, 99)))

        assert (photo.width, photo.height) == (77, 99)


async def test_a_decoder_may_not_take_more_memory_than_allowed() -> None:
    async with DecodePool(1, Limits(memory=30_000_000)) as pool:
        with pytest.raises(errors.PhotoTooManyPixels):
            await pool.verify(encoded("png", (4000, 3000)))


async def test_a_full_line_is_told_to_come_back() -> None:
    async with DecodePool(1, Limits(scans=1_000_000, seconds=60, waiting=0)) as pool:
        with pytest.raises(errors.DecodeBusy) as refusal:
            await pool.verify(encoded("jpeg"))

    assert refusal.value.retry_after


async def test_waiting_has_an_end() -> None:
    async with DecodePool(1, Limits(scans=1_000_000, seconds=60, wait_seconds=0.1)) as pool:
        first = asyncio.create_task(pool.verify(slow_photo()))
        await asyncio.sleep(0)

        with pytest.raises(errors.DecodeBusy):
            await pool.verify(encoded("jpeg"))

        first.cancel()


async def test_more_photos_than_decoders_stand_in_line(pool: DecodePool) -> None:
    sizes = [(100 + number, 90) for number in range(16)]

    photos = await asyncio.gather(*(pool.verify(encoded("jpeg", size)) for size in sizes))

    assert [(photo.width, photo.height) for photo in photos] == sizes


async def test_a_decoder_is_replaced_after_its_share_of_photos() -> None:
    async with DecodePool(1, Limits(decodes=2)) as pool:
        first = pool.pids
        for _ in range(3):
            await pool.verify(encoded("jpeg"))

        assert pool.pids != first


async def test_a_decoder_sees_no_secret_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERNIS_TEST_SECRET", "hush")
    async with DecodePool(1) as pool:
        assert b"hush" not in Path(f"/proc/{pool.pids[0]}/environ").read_bytes()


async def test_closing_leaves_no_process() -> None:
    async with DecodePool(2) as pool:
        pids = pool.pids

    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    with pytest.raises(errors.DecodeBusy):
        await pool.verify(encoded("jpeg"))


async def test_decoders_die_with_a_killed_service() -> None:
    """Given a service with children at work, when it gets SIGKILL, then they are gone as well."""
    script = (
        "import asyncio\n"
        "from kit.decode.pool import DecodePool\n"
        "async def main():\n"
        "    async with DecodePool(2) as pool:\n"
        "        print(*pool.pids, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        pids = [int(pid) for pid in (await asyncio.to_thread(service.stdout.readline)).split()]
        service.kill()

    assert len(pids) == 2
    async with asyncio.timeout(10):
        while not all(gone(pid) for pid in pids):
            await asyncio.sleep(0.02)


@pytest.mark.data
@pytest.mark.skipif(not UPLOADS.is_dir(), reason="needs ../shared/data/uploads")
async def test_the_corpus_of_odd_and_malformed_files_is_told_apart(pool: DecodePool) -> None:
    expected = json.loads((UPLOADS / "expected.json").read_text())
    wrong = []
    for name, expectation in expected.items():
        try:
            await pool.verify((UPLOADS / name).read_bytes())
        except Refused as refusal:
            code = refusal.code
        else:
            code = "accepted"
        small = expectation.get("min_side", 64) < 64
        right = {
            "accept": code == ("photo_too_small" if small else "accepted"),
            "reject": code != "accepted",
            "either": True,
        }[expectation["expect"]]
        if not right:
            wrong.append((name, code))

    assert not wrong


@pytest.mark.data
@pytest.mark.skipif(not UPLOADS.is_dir(), reason="needs ../shared/data/uploads")
@pytest.mark.parametrize("part", [0.5, 0.9, 0.99])
async def test_a_heic_that_is_cut_off_is_refused(pool: DecodePool, part: float) -> None:
    data = (UPLOADS / "odd" / "heif" / "empty_icc.heic").read_bytes()
    assert (await pool.verify(data)).media_type == "image/heic"

    with pytest.raises(errors.PhotoCorrupt):
        await pool.verify(data[: int(len(data) * part)])


@pytest.mark.parametrize("format", ["jpeg", "webp"])
async def test_a_picture_of_our_own_is_made_smaller(pool: DecodePool, format: Format) -> None:
    async with pool.turn():
        made = Image.open(BytesIO(await pool.shrink(encoded("jpeg", (1200, 900)), width=160, format=format)))

    assert (made.format, made.mode, made.size) == (format.upper(), "RGB", (160, 120))


async def test_a_picture_that_cannot_be_read_is_a_fault_of_ours_and_harms_nobody(pool: DecodePool) -> None:
    pids = pool.pids
    async with pool.turn():
        for data in (b"", b"no picture", encoded("jpeg", (200, 200))[:300], encoded("png", (200, 200))):
            with pytest.raises(errors.PictureUnreadable):
                await pool.shrink(data, width=160, format="jpeg")

    assert (await pool.verify(encoded("jpeg", (120, 90)))).width == 120
    assert pool.pids == pids


async def test_a_picture_larger_than_uploads_may_be_is_still_made_smaller(pool: DecodePool) -> None:
    """Given a bound that an upload has lowered, then it does not hold for pictures of our own."""
    await pool.verify(encoded("webp", (120, 90)))
    async with pool.turn():
        made = await pool.shrink(encoded("jpeg", (7000, 6900)), width=320, format="jpeg")

    assert Image.open(BytesIO(made)).size == (320, 315)


async def test_who_shrinks_leaves_a_child_to_who_uploads() -> None:
    async with DecodePool(2, Limits(waiting=1, wait_seconds=0.2)) as pool, pool.turn():
        waiting = asyncio.create_task(pool.turn().__aenter__())
        await asyncio.sleep(0)
        with pytest.raises(errors.DecodeBusy) as refused:  # the line is full
            await pool.turn().__aenter__()
        assert (await pool.verify(encoded("jpeg", (120, 90)))).width == 120
        with pytest.raises(errors.DecodeBusy):  # nobody's turn came
            await waiting

    assert refused.value.retry_after
