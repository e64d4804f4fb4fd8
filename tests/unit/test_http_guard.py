"""Which URLs are called, and where a request goes that was let through."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kit.http import AddressRefused, BadUrl, HostUnknown, checked_url, post
from kit.http.addresses import is_public

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
        *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1"),
        *("192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:93.184.215.14"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::"),
        *("3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
    ],
)
def test_an_address_that_is_not_on_the_public_internet_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(PUBLIC, "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
        *("172.15.255.255", "172.32.0.0", "169.253.255.255", "192.167.255.255", "198.17.255.255"),
        *("223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"),
    ],
)
def test_an_address_of_the_public_internet_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "hooks.example",
            "//hooks.example/",
            "/hook",
            "https://",
            "https:///hook",
            "https:hook",
            "https://:443/",
        ),
        *("ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example/", "javascript:alert(1)"),
        *("http://hooks.example/", "HTTP://hooks.example/", "ws://hooks.example/", "unix:///run/x.sock"),
        *("https://user@hooks.example/", "https://user:word@hooks.example/", "https://public@127.0.0.1/"),
        *("https://hooks.example/#part", "https://hooks.example/#", "https://hooks.example:0/"),
        *("https://hooks.example:99999/", "https://hooks.example:https/", "https://hooks.example:-1/"),
        *(
            " https://hooks.example/",
            "https://hooks.example/ ",
            "https://hooks. example/",
            "https://hooks.example/\t",
        ),
        *(
            "https://hooks.example/\r\nHost: inner",
            "https://hooks.example\\@127.0.0.1/",
            "https://hooks.example/\0",
        ),
        *(
            "https://[::1",
            "https://[zz]/",
            "https://[fe80::1%25eth0]/",
            "https://hooks.example/" + "a" * 2048,
        ),
        *("https://exa\u200bmple..com/", "https://\u2488.example/"),
    ],
)
def test_a_url_of_an_odd_form_is_refused(url: str) -> None:
    with pytest.raises(BadUrl):
        checked_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://127.0.0.1/",
            "https://127.1/",
            "https://127.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
        ),
        *("https://0x7f.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/"),
        *("https://localhost/", "https://LOCALHOST/", "https://127.0.0.1:8443/x?y=z"),
        *("https://[::1]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/"),
        *("https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::127.0.0.1]/"),
        *(
            "https://169.254.169.254/latest/meta-data/",
            "https://[fd00:ec2::254]/",
            "https://100.100.100.200/",
        ),
        *("https://0xa9fea9fe/", "https://2852039166/", "https://10.0.0.1/", "https://192.168.0.1/"),
        *("https://172.16.0.1/", "https://100.64.0.1/", "https://224.0.0.1/", "https://255.255.255.255/"),
        *("https://[fe80::1]/", "https://[fc00::1]/", "https://[ff02::1]/", "https://[2002:7f00:1::]/"),
        "https://127\u30020\u30020\u30021/",  # ideographic full stops
    ],
)
async def test_a_url_that_leads_inside_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        await post(url, b"{}", {}, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost./",  # resolvers disagree
        "https://0177.0.0.1/",  # octal
        "https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",  # circled digits
        "https://\uff11\uff12\uff17.0.0.1/",  # full-width digits
    ],
)
async def test_an_odd_spelling_of_an_inner_address_leads_nowhere(url: str) -> None:
    with pytest.raises((AddressRefused, BadUrl, HostUnknown)):
        await post(url, b"{}", {}, allow_private=False)


async def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(AddressRefused):
        await post("https://hooks.example/", b"", {}, allow_private=False, resolve=naming(PUBLIC, "10.0.0.1"))


async def test_a_host_without_addresses_is_unknown() -> None:
    with pytest.raises(HostUnknown):
        await post("https://hooks.example/", b"", {}, allow_private=False, resolve=naming())


async def test_a_name_is_looked_up_once_and_the_request_goes_to_what_was_checked() -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.9.9.9"]

    async with listening(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, seen):
        answer = await post(
            f"http://hooks.example:{port}/a?b=c", b"{}", {"X-A": "1"}, allow_private=True, resolve=rebinding
        )

    assert (answer.status, asked) == (204, ["hooks.example"])
    assert seen[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert f"Host: hooks.example:{port}".encode() in seen[0]
    assert b"Accept-Encoding: identity" in seen[0]


async def test_the_second_address_is_tried_when_the_first_takes_no_connection() -> None:
    async with listening(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, _):
        url = f"http://hooks.example:{port}/"
        answer = await post(url, b"", {}, allow_private=True, resolve=naming("127.0.0.2", "127.0.0.1"))
    assert answer.status == 204


async def test_a_redirect_is_not_followed() -> None:
    async with listening(b"HTTP/1.1 302 Found\r\nLocation: /inner\r\nContent-Length: 0\r\n\r\n") as (
        port,
        seen,
    ):
        answer = await post(f"http://127.0.0.1:{port}/", b"", {}, allow_private=True)
    assert (answer.status, len(seen)) == (302, 1)


async def test_no_more_is_read_than_the_bound() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000) as (port, _):
        answer = await post(f"http://127.0.0.1:{port}/", b"", {}, allow_private=True)
    assert len(answer.body) == 16 * 1024


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"HTTP/1.1 200 OK\r\n\r\nhalf"]
)
async def test_an_answer_that_breaks_off_has_been_given(answer: bytes) -> None:
    async with listening(answer) as (port, _):
        got = await post(f"http://127.0.0.1:{port}/", b"", {}, allow_private=True)
    assert (got.status, got.body) == (200, b"half")


async def test_a_server_that_never_answers_is_left() -> None:
    async with listening(None) as (port, _):
        with pytest.raises((TimeoutError, httpx.TimeoutException)):
            await post(f"http://127.0.0.1:{port}/", b"", {}, allow_private=True, timeout_s=0.2)


async def test_tls_asks_for_the_name_and_checks_the_certificate_against_it(tmp_path: Path) -> None:
    certificate = certify(tmp_path, "hooks.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    trust = ssl.create_default_context(cafile=str(certificate))
    async with listening(b"HTTP/1.1 204 No Content\r\n\r\n", serving) as (port, _):
        right = f"https://hooks.example:{port}/"
        wrong = f"https://other.example:{port}/"
        here = naming("127.0.0.1")

        answer = await post(right, b"", {}, allow_private=True, resolve=here, trust=trust)
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await post(wrong, b"", {}, allow_private=True, resolve=here, trust=trust)
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await post(
                right, b"", {}, allow_private=True, resolve=here
            )  # a certificate that nobody vouches for

    assert answer.status == 204
    assert names == ["hooks.example", "other.example", "hooks.example"]


def naming(*addresses: str):  # type: ignore[no-untyped-def]
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


@asynccontextmanager
async def listening(
    answer: bytes | None, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on 127.0.0.1 that gives one raw answer to each connection (None: none at all); what it was sent."""
    seen: list[bytes] = []
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            if answer is None:
                await over.wait()
            else:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left: some tests make it do so
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], seen
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def certify(folder: Path, name: str) -> Path:
    """A key and a certificate for the name that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
