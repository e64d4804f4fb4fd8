"""What the local folder adds to a store: links of its own, and files that a crash cannot halve."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import AppError
from kit.storage.errors import (
    LinkExpired,
    LinkRefused,
    ObjectEmpty,
    ObjectMissing,
    ObjectTooLarge,
    StorageAway,
)
from kit.storage.form import FormSigner
from kit.storage.link import Signer
from kit.storage.local import LocalStorage, Opened

SECRET = b"0123456789abcdef"
HOUR = timedelta(hours=1)


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "store", "http://vernis.test/", SECRET)


async def follow(storage: LocalStorage, url: str) -> Opened:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return await storage.open_signed(
        unquote(parts.path.removeprefix("/v1/media/")),
        expires=query.get("expires", ""), signature=query.get("signature", ""), name=query.get("name"),
    )  # fmt: skip


async def test_every_flipped_bit_of_a_link_is_refused(storage: LocalStorage) -> None:
    """Given a good link, then no other spelling of its key, expiry or signature opens anything."""
    await storage.put("photos/pho_541.jpg", b"x", "image/jpeg")
    url = await storage.url("photos/pho_541.jpg", expires_in=HOUR)
    assert (await follow(storage, url)).media_type == "image/jpeg"
    start = url.index("photos/")

    opened = []
    for place in range(start, len(url)):
        for bit in range(8):
            flipped = url[:place] + chr(ord(url[place]) ^ 1 << bit) + url[place + 1 :]
            try:
                await follow(storage, flipped)
            except (LinkRefused, LinkExpired):
                continue
            opened.append(flipped)

    # a fragment or an unknown field leaves key, expiry and signature as they were
    assert not opened


async def test_another_secret_signs_nothing(storage: LocalStorage, tmp_path: Path) -> None:
    await storage.put("a", b"x", "image/jpeg")
    stranger = LocalStorage(tmp_path / "other", "http://vernis.test", b"fedcba9876543210")

    with pytest.raises(LinkRefused):
        await follow(storage, await stranger.url("a", expires_in=HOUR))


@settings(max_examples=200, deadline=None)
@given(
    expires=st.one_of(st.text(max_size=14), st.integers(0, 10**12).map(str)),
    signature=st.text("0123456789abcdefABCDEF", min_size=62, max_size=66),
    key=st.text(max_size=20),
    name=st.none() | st.text(max_size=5),
)
def test_nothing_made_up_passes(expires: str, signature: str, key: str, name: str | None) -> None:
    with pytest.raises(LinkRefused):
        Signer(SECRET).check(key, expires=expires, signature=signature, name=name)


@pytest.mark.parametrize("spelling", ["{:+d}", "0{}", " {}", "{} ", "{:_}", "{}.0"])
async def test_an_expiry_has_one_spelling(storage: LocalStorage, spelling: str) -> None:
    fields = dict(parse_qsl(urlsplit(await storage.url("a", expires_in=HOUR)).query))

    with pytest.raises(LinkRefused):
        await storage.open_signed(
            "a", expires=spelling.format(int(fields["expires"])), signature=fields["signature"]
        )


async def test_a_name_cannot_be_given_or_taken_from_a_link(storage: LocalStorage) -> None:
    await storage.put("a", b"x", "image/jpeg")
    plain = await storage.url("a", expires_in=HOUR)
    named = await storage.url("a", expires_in=HOUR, download_name="n.jpg")

    for url in (plain + "&name=n.jpg", plain + "&name=", named.replace("&name=n.jpg", ""), named + "x"):
        with pytest.raises(LinkRefused):
            await follow(storage, url)


async def test_a_link_ends(storage: LocalStorage) -> None:
    await storage.put("a", b"x", "image/jpeg")
    query = Signer(SECRET).query("a", expires=int(time.time()) - 1, name=None)

    with pytest.raises(LinkExpired):
        await follow(storage, f"http://vernis.test/v1/media/a?{query}")


async def test_a_link_to_what_was_deleted_finds_nothing(storage: LocalStorage) -> None:
    with pytest.raises(ObjectMissing):
        await follow(storage, await storage.url("a", expires_in=HOUR))


def test_a_short_secret_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        LocalStorage(tmp_path, "", b"short")


async def form_fields(storage: LocalStorage, key: str = "incoming/upl_1") -> dict[str, str]:
    form = await storage.form(key, media_type="image/jpeg", most_bytes=5, expires_in=HOUR)
    return form.fields


async def test_every_flipped_bit_of_a_form_is_refused(storage: LocalStorage) -> None:
    """Given a good form, then no other spelling of any field, or of a field's name, stores anything."""
    fields = await form_fields(storage)
    refused = 0
    for name, value in fields.items():
        for place in range(len(value)):
            for bit in range(8):
                flipped = value[:place] + chr(ord(value[place]) ^ 1 << bit) + value[place + 1 :]
                with pytest.raises(LinkRefused):
                    await storage.accept_form({**fields, name: flipped}, b"x")
                refused += 1
        others = {other: kept for other, kept in fields.items() if other != name}
        for changed in (others, {**others, name.swapcase(): value}, {**fields, f"{name}2": value}):
            with pytest.raises(LinkRefused):
                await storage.accept_form(changed, b"x")

    assert refused == 8 * sum(map(len, fields.values()))
    assert [stored.key async for stored in storage.list("")] == []
    await storage.accept_form(fields, b"x")


async def test_a_form_takes_no_more_and_no_less_than_it_says(storage: LocalStorage) -> None:
    fields = await form_fields(storage)

    with pytest.raises(ObjectEmpty):
        await storage.accept_form(fields, b"")
    with pytest.raises(ObjectTooLarge, match="5 bytes"):
        await storage.accept_form(fields, b"123456")
    await storage.accept_form(fields, b"12345")


async def test_a_form_ends(storage: LocalStorage) -> None:
    over = FormSigner(SECRET).fields(
        "incoming/upl_1", media_type="image/jpeg", most_bytes=5, expires=int(time.time()) - 1
    )

    with pytest.raises(LinkExpired):
        await storage.accept_form(over, b"x")


async def test_a_form_of_another_secret_or_another_form_is_refused(storage: LocalStorage) -> None:
    mine, other = await form_fields(storage), await form_fields(storage, "incoming/upl_2")
    stranger = FormSigner(b"fedcba9876543210").fields(
        "incoming/upl_1", media_type="image/jpeg", most_bytes=5, expires=int(time.time()) + 60
    )

    for fields in (stranger, {**mine, "key": other["key"]}, {**mine, "signature": other["signature"]}):
        with pytest.raises(LinkRefused):
            await storage.accept_form(fields, b"x")


async def test_only_this_user_may_read(storage: LocalStorage, tmp_path: Path) -> None:
    await storage.put("a/b/c", b"x", "image/jpeg")

    for path in (tmp_path / "store").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


async def test_empty_folders_do_not_pile_up(storage: LocalStorage, tmp_path: Path) -> None:
    await storage.put("a/b/c", b"x", "image/jpeg")
    await storage.put("a/d/e", b"x", "image/jpeg")

    await storage.delete("a/b/c")
    await storage.delete_prefix("a/d/")

    assert list((tmp_path / "store" / "objects").iterdir()) == []


async def test_a_killed_writer_leaves_no_half_object(storage: LocalStorage, tmp_path: Path) -> None:
    """Given a process that is killed while it puts, then each object is an old or a new one, whole."""
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from kit.storage.local import LocalStorage\n"
        "async def main():\n"
        "    storage = LocalStorage(Path(sys.argv[1]), '', b'0123456789abcdef')\n"
        "    for number in range(10**6):\n"
        "        await storage.put('a/b', bytes([number % 256]) * 3_000_000, 'image/png')\n"
        "        print(number, flush=True)\n"
        "asyncio.run(main())\n"
    )
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "store")], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.stdout.readline()
            time.sleep(0.004)
            os.kill(writer.pid, signal.SIGKILL)
        data = await storage.get("a/b")
        assert data == data[:1] * 3_000_000

    assert [stored.key async for stored in storage.list("")] == ["a/b"]
    left = len(list((tmp_path / "store" / "incoming").iterdir()))
    assert await storage.sweep() == 0
    assert await storage.sweep(timedelta(0)) == left


async def test_a_sweep_is_not_ended_by_a_draft_that_goes_meanwhile(
    storage: LocalStorage, tmp_path: Path
) -> None:
    """Given a name that leads nowhere any more, as that of a file which was just put into its place."""
    await storage.put("a", b"x", "image/jpeg")
    drafts = tmp_path / "store" / "incoming"
    (drafts / "gone~").symlink_to(drafts / "nowhere")
    (drafts / "left~").write_bytes(b"cut short")

    assert await storage.sweep(timedelta(0)) == 1
    assert not (drafts / "left~").exists()


async def test_a_full_or_forbidden_disk_is_a_store_that_is_away(
    storage: LocalStorage, tmp_path: Path
) -> None:
    """Given a file where a folder should be, then the store is away, not broken."""
    await storage.put("a", b"x", "image/jpeg")
    (tmp_path / "store" / "objects" / "a~").write_bytes(b"")

    with pytest.raises(StorageAway) as away:
        await storage.put("a/b", b"x", "image/jpeg")

    assert isinstance(away.value, AppError)
    assert away.value.retry_after


async def test_a_process_may_start_while_the_store_is_away(storage: LocalStorage, tmp_path: Path) -> None:
    """Given a store that is away, when a process opens it, then every use asks to come back, until it is there."""
    await storage.put("a/b", b"x", "image/jpeg")
    url = await storage.url("a/b", expires_in=HOUR)
    there = (tmp_path / "store").rename(tmp_path / "elsewhere")
    (tmp_path / "store").touch()

    started = LocalStorage(tmp_path / "store", "http://vernis.test/", SECRET)
    uses = (
        started.put("a/c", b"y", "image/jpeg"),
        started.get("a/b"),
        started.delete("a/b"),
        started.delete_prefix("a/"),
        anext(aiter(started.list(""))),
        follow(started, url),
        started.check(),
        started.sweep(),
    )
    for use in uses:
        with pytest.raises(StorageAway):
            await use

    (tmp_path / "store").unlink()
    there.rename(tmp_path / "store")
    assert await started.get("a/b") == b"x"
