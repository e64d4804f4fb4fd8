"""What every object store must do, held against the local folder and against S3 over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import boto3
import httpx
import pytest

from kit.storage.errors import (
    InvalidKey,
    ObjectMissing,
    StorageAway,
    StorageRefused,
)
from kit.storage.form import Form
from kit.storage.local import LocalStorage, Opened
from kit.storage.s3 import S3Settings, S3Storage
from kit.storage.store import Storage
from tests.integration.conftest import is_stored

BASE_URL = "http://vernis.test"
HOUR = timedelta(hours=1)


def s3_settings(endpoint: str, bucket: str = "vernis") -> S3Settings:
    return S3Settings(bucket=bucket, endpoint=endpoint, access_key="test", secret_key="test", path_style=True)


@pytest.fixture
def s3(s3_endpoint: str, request: pytest.FixtureRequest) -> S3Storage:
    bucket = f"b{abs(hash(request.node.nodeid))}"
    boto3.client(
        "s3", endpoint_url=s3_endpoint, region_name="us-east-1",
        aws_access_key_id="test", aws_secret_access_key="test",
    ).create_bucket(Bucket=bucket)  # fmt: skip
    return S3Storage(replace(s3_settings(s3_endpoint, bucket), page_size=7))


@pytest.fixture
def local(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "store", BASE_URL, b"0123456789abcdef")


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest) -> Storage:
    found: Storage = request.getfixturevalue(request.param)
    return found


async def follow(storage: Storage, url: str) -> tuple[bytes, str, str | None]:
    """What a browser gets: bytes, media type, Content-Disposition."""
    if isinstance(storage, LocalStorage):
        opened = await open_link(storage, url)
        return opened.path.read_bytes(), opened.media_type, opened.disposition
    async with httpx.AsyncClient() as browser:
        answer = (await browser.get(url)).raise_for_status()
    return answer.content, answer.headers["content-type"], answer.headers.get("content-disposition")


async def open_link(storage: LocalStorage, url: str) -> Opened:
    """As the API's route would."""
    parts = urlsplit(url)
    return await storage.open_signed(
        parts.path.removeprefix("/v1/media/"), **dict(parse_qsl(parts.query, keep_blank_values=True))
    )


async def post(storage: Storage, form: Form, data: bytes) -> None:
    """As a browser would, and as the API's route takes it."""
    if isinstance(storage, LocalStorage):
        await storage.accept_form(form.fields, data)
        return
    async with httpx.AsyncClient() as browser:
        (await browser.post(form.url, data=form.fields, files={"file": ("photo", data)})).raise_for_status()


async def form_for(storage: Storage, key: str = "incoming/upl_1", most_bytes: int = 1000) -> Form:
    return await storage.form(key, media_type="image/jpeg", most_bytes=most_bytes, expires_in=HOUR)


async def keys(storage: Storage, prefix: str = "") -> list[str]:
    return [stored.key async for stored in storage.list(prefix)]


class TestEveryStore:
    async def test_what_was_put_is_got(self, storage: Storage) -> None:
        data = bytes(range(256)) * 5000

        await storage.put("photos/pho_1.jpg", data, "image/jpeg")

        assert await storage.get("photos/pho_1.jpg") == data
        assert await is_stored(storage, "photos/pho_1.jpg")

    async def test_an_empty_object_is_an_object(self, storage: Storage) -> None:
        await storage.put("empty", b"", "text/plain")

        assert await storage.get("empty") == b""

    async def test_a_missing_object_is_missing(self, storage: Storage) -> None:
        assert not await is_stored(storage, "photos/pho_2")
        with pytest.raises(ObjectMissing):
            await storage.get("photos/pho_2")

    async def test_a_second_put_replaces_the_first(self, storage: Storage) -> None:
        await storage.put("a/b", b"old and long", "image/png")
        await storage.put("a/b", b"new", "image/jpeg")

        assert await storage.get("a/b") == b"new"
        assert (await follow(storage, await storage.url("a/b", expires_in=HOUR)))[1] == "image/jpeg"

    async def test_delete_may_be_repeated(self, storage: Storage) -> None:
        await storage.put("a/b", b"x", "image/png")

        await storage.delete("a/b")
        await storage.delete("a/b")

        assert not await is_stored(storage, "a/b")

    async def test_a_key_may_lie_below_another(self, storage: Storage) -> None:
        await storage.put("a", b"1", "text/plain")
        await storage.put("a/b", b"2", "text/plain")

        assert (await storage.get("a"), await storage.get("a/b")) == (b"1", b"2")
        await storage.delete("a")
        assert await keys(storage) == ["a/b"]

    async def test_deleting_a_prefix_spares_its_neighbours(self, storage: Storage) -> None:
        for key in ("p/1/a", "p/1/b/c", "p/1", "p/10/a", "q"):
            await storage.put(key, b"x", "image/png")

        await storage.delete_prefix("p/1/")
        await storage.delete_prefix("p/1/")

        assert await keys(storage) == ["p/1", "p/10/a", "q"]

    async def test_a_listing_tells_size_and_time(self, storage: Storage) -> None:
        await storage.put("photos/a.png", b"12345", "image/png")

        (stored,) = [stored async for stored in storage.list("photos/")]

        assert (stored.key, stored.size) == ("photos/a.png", 5)
        assert abs(datetime.now(UTC) - stored.modified) < timedelta(minutes=1)

    async def test_one_object_tells_what_a_listing_tells(self, storage: Storage) -> None:
        await storage.put("photos/a.png", b"12345", "image/png")

        (listed,) = [stored async for stored in storage.list("photos/")]
        stored = await storage.stat("photos/a.png")

        assert (stored.key, stored.size) == (listed.key, listed.size)
        assert abs(stored.modified - listed.modified) < timedelta(seconds=2)
        with pytest.raises(ObjectMissing):
            await storage.stat("photos/b.png")

    async def test_a_listing_is_in_the_order_of_the_keys(self, storage: Storage) -> None:
        names = {"a", "a/z", "a-b", "a.b", "a0", "aZ", "Z", "a/b/c", "a/b", "_"}
        for name in names:
            await storage.put(name, b"x", "text/plain")

        assert await keys(storage) == sorted(names)
        assert await keys(storage, "a/") == ["a/b", "a/b/c", "a/z"]
        assert await keys(storage, "nothing/") == []

    async def test_a_listing_has_no_end_at_a_page(self, storage: Storage) -> None:
        names = [f"many/{number:03}" for number in range(30)]
        await asyncio.gather(*(storage.put(name, b"x", "text/plain") for name in names))

        assert await keys(storage, "many/") == names
        await storage.delete_prefix("many/")
        assert await keys(storage) == []

    async def test_concurrent_puts_leave_one_of_them_whole(self, storage: Storage) -> None:
        bodies = [bytes([number]) * 100_000 for number in range(8)]

        await asyncio.gather(*(storage.put("one/key", body, "image/png") for body in bodies))

        assert await storage.get("one/key") in bodies

    async def test_puts_outlive_deletes_of_their_neighbours(self, storage: Storage) -> None:
        """Given folders that come and go with their last object, then no put falls into the gap."""
        for _ in range(10):
            await asyncio.gather(
                storage.put("x/y/kept", b"kept", "image/png"),
                storage.delete("x/y/gone"),
                storage.put("x/y/gone", b"gone", "image/png"),
                storage.delete("x/y/gone"),
            )
            assert await storage.get("x/y/kept") == b"kept"
            await storage.delete("x/y/kept")

    @pytest.mark.parametrize(
        "key",
        ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/.", "...", "å", "a b", "a\n", "a\\b", "a~",
         "a" * 201, "/".join(["a" * 100] * 6)],
    )  # fmt: skip
    async def test_other_keys_are_refused(self, storage: Storage, key: str) -> None:
        for attempt in (storage.put(key, b"x", "image/png"), storage.get(key), storage.stat(key),
                        storage.delete(key), storage.url(key, expires_in=HOUR),
                        form_for(storage, key)):  # fmt: skip
            with pytest.raises(InvalidKey):
                await attempt

    @pytest.mark.parametrize("prefix", ["a", "/", "../", "a//"])
    async def test_a_prefix_is_a_folder(self, storage: Storage, prefix: str) -> None:
        with pytest.raises(InvalidKey):
            await storage.delete_prefix(prefix)
        with pytest.raises(InvalidKey):
            await keys(storage, prefix)

    async def test_everything_is_never_deleted_by_an_empty_prefix(self, storage: Storage) -> None:
        with pytest.raises(InvalidKey):
            await storage.delete_prefix("")

    async def test_a_link_shows_the_object(self, storage: Storage) -> None:
        await storage.put("renders/r_1.webp", b"picture", "image/webp")

        url = await storage.url("renders/r_1.webp", expires_in=HOUR)

        assert await follow(storage, url) == (b"picture", "image/webp", None)

    @pytest.mark.parametrize("name", ["nails.jpg", "Nägel & Hände 美甲.jpg"])
    async def test_a_link_may_save_it_under_a_name(self, storage: Storage, name: str) -> None:
        await storage.put("r", b"picture", "image/jpeg")

        url = await storage.url("r", expires_in=HOUR, download_name=name)
        disposition = (await follow(storage, url))[2]

        assert disposition is not None
        assert httpx.Headers({"x": disposition})["x"].startswith("attachment; filename*=UTF-8''")

    @pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a\r\nSet-Cookie: x", "a" * 151])
    async def test_a_name_that_is_none_is_refused(self, storage: Storage, name: str) -> None:
        with pytest.raises(ValueError, match="not a file name"):
            await storage.url("r", expires_in=HOUR, download_name=name)

    @pytest.mark.parametrize("life", [timedelta(0), timedelta(seconds=-5), timedelta(days=8)])
    async def test_a_link_lives_a_while_and_not_for_ever(self, storage: Storage, life: timedelta) -> None:
        with pytest.raises(ValueError, match="a link lives"):
            await storage.url("r", expires_in=life)
        with pytest.raises(ValueError, match="a link lives"):
            await storage.form("r", media_type="image/jpeg", most_bytes=1, expires_in=life)

    async def test_a_form_takes_one_object_to_its_key(self, storage: Storage) -> None:
        form = await form_for(storage)

        await post(storage, form, b"a photo")
        await post(storage, form, b"a better one")

        assert await storage.get("incoming/upl_1") == b"a better one"
        assert await keys(storage) == ["incoming/upl_1"]
        shown = await follow(storage, await storage.url("incoming/upl_1", expires_in=HOUR))
        assert shown[1] == "image/jpeg"

    async def test_a_forms_policy_names_key_type_and_length(self, storage: Storage) -> None:
        form = await form_for(storage, most_bytes=77)
        conditions = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]

        for condition in (
            {"key": "incoming/upl_1"},
            {"Content-Type": "image/jpeg"},
            ["content-length-range", 1, 77],
        ):
            assert condition in conditions
        assert form.fields["key"] == "incoming/upl_1"
        assert form.fields["Content-Type"] == "image/jpeg"

    async def test_a_store_that_works_says_so(self, storage: Storage) -> None:
        await storage.check()

        assert await keys(storage) == []


class TestS3:
    async def test_a_store_that_cannot_be_reached_is_away(self) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
        storage = S3Storage(replace(s3_settings(endpoint), attempts=1))

        for attempt in (storage.get("a"), storage.put("a", b"", "text/plain"), storage.check()):
            with pytest.raises(StorageAway) as away:
                await attempt
            assert away.value.status == 503
            assert away.value.retry_after

    async def test_a_missing_bucket_is_a_fault_of_ours(self, s3_endpoint: str) -> None:
        storage = S3Storage(s3_settings(s3_endpoint, "nowhere"))

        with pytest.raises(StorageRefused):
            await storage.check()
        with pytest.raises(StorageRefused):
            await storage.put("a", b"", "text/plain")

    async def test_the_server_is_told_to_encrypt(self, s3: S3Storage, s3_endpoint: str) -> None:
        storage = S3Storage(replace(s3_settings(s3_endpoint, s3._bucket), encryption="AES256"))

        await storage.put("a", b"x", "text/plain")

        assert s3._client.head_object(Bucket=s3._bucket, Key="a")["ServerSideEncryption"] == "AES256"

    async def test_a_form_asks_for_encryption_too(self, s3_endpoint: str) -> None:
        storage = S3Storage(replace(s3_settings(s3_endpoint), encryption="AES256"))

        form = await form_for(storage)

        named = {"x-amz-server-side-encryption": "AES256"}
        assert named.items() <= form.fields.items()
        assert named in json.loads(base64.b64decode(form.fields["policy"]))["conditions"]

    async def test_links_name_the_public_endpoint(self, s3_endpoint: str) -> None:
        storage = S3Storage(replace(s3_settings(s3_endpoint), public_endpoint="https://media.example"))

        assert (await storage.url("a", expires_in=HOUR)).startswith("https://media.example/vernis/a?")
        assert (await form_for(storage)).url == "https://media.example/vernis"

    async def test_more_than_one_batch_is_deleted(self, s3_endpoint: str, s3: S3Storage) -> None:
        storage = S3Storage(s3_settings(s3_endpoint, s3._bucket))
        for start in range(0, 1002, 6):
            await asyncio.gather(*(storage.put(f"m/{start + n}", b"", "a/b") for n in range(6)))
        assert len(await keys(storage, "m/")) == 1002

        await storage.delete_prefix("m/")

        assert await keys(storage) == []
