"""One attempt over real sockets: what it may reach, and what it makes of an answer."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID

from backend.connectors.addresses import AddressPolicy, AddressRefused, is_public
from backend.connectors.carrier import HttpCarrier, Outcome

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
SANDBOX, PRODUCTION = AddressPolicy(loopback=True), AddressPolicy(loopback=False)


@asynccontextmanager
async def server(answer: bytes | None, tls: ssl.SSLContext | None = None):
    """Says `answer` to whoever has sent a head and a body; None: says nothing. Gives its port and what
    came."""
    came: list[bytes] = []
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        came.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(4))
        if answer is not None:
            writer.write(answer)
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    yield listening.sockets[0].getsockname()[1], came
    listening.close()
    for writer in writers:
        writer.transport.abort()


@asynccontextmanager
async def carrying(policy=SANDBOX, **options):
    carrier = HttpCarrier(policy, lambda: NOON, **options)
    yield lambda url: carrier.carry(url, {"webhook-id": "msg_1"}, b"body")
    await carrier.close()


def said(status: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (said("204 No Content"), Outcome("delivered")),
        (said("202 Accepted", "Content-Length: 2", body=b"ok"), Outcome("delivered")),
        (said("200 OK", "Content-Length: 999999999999", body=b"endless"), Outcome("delivered")),
        (said("410 Gone"), Outcome("gone", "answered 410")),
        (said("429 Slow", "Retry-After: 7"), Outcome("busy", "answered 429", timedelta(seconds=7))),
        (said("503 Busy", "Retry-After: 999999999"), Outcome("busy", "answered 503", timedelta(days=1))),
        (
            said("503 Busy", "Retry-After: Mon, 02 Nov 2026 05:01:00 GMT"),
            Outcome("busy", "answered 503", timedelta(minutes=1)),
        ),
        (said("503 Busy", "Retry-After: soon"), Outcome("busy", "answered 503")),
        (said("302 Found", "Location: http://127.0.0.1:1/"), "redirects are not followed"),
        (said("401 Who"), Outcome("down", "answered 401")),
        (said("422 No"), Outcome("refused", "answered 422")),
        (said("500 Oh", body=b"NIK 3273025204969001"), Outcome("down", "answered 500")),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "RemoteProtocolError"),
        (said("200 OK", "X: " + "x" * 500_000), "RemoteProtocolError"),
        (b"", "RemoteProtocolError"),
    ],
)
async def test_what_an_answer_comes_to(answer, outcome):
    async with server(answer) as (port, came), carrying() as carry:
        got = await carry(f"http://127.0.0.1:{port}/in?a=1")
    if isinstance(outcome, Outcome):
        assert got == outcome
    else:
        assert got.kind == "down"
        assert outcome in got.trouble
    (request,) = came
    assert request.startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\nbody")


async def test_a_system_that_says_nothing_is_given_up_in_time():
    async with server(None) as (port, _), carrying(total_seconds=0.05) as carry:
        assert await carry(f"http://127.0.0.1:{port}/") == Outcome("down", "no answer within 0.05 seconds")


async def test_a_system_that_is_not_there_is_down():
    async with server(None) as (port, _):
        pass
    async with carrying() as carry:
        assert await carry(f"http://127.0.0.1:{port}/") == Outcome("down", "ConnectError")


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server whose certificate is for `name`, and of a client that trusts it."""
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    return theirs, ssl.create_default_context(cafile=str(file))


async def test_the_address_is_looked_up_once_and_the_certificate_is_still_that_of_the_host(tmp_path):
    theirs, ours = certificate(tmp_path, "system.example")
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with (
        server(said("204 No Content"), theirs) as (port, came),
        carrying(resolve=resolve, tls=ours) as carry,
    ):
        assert await carry(f"https://system.example:{port}/") == Outcome("delivered")
        assert f"Host: system.example:{port}".encode() in came[0]
        assert asked == ["system.example"]
        other = await carry(f"https://other.example:{port}/")
    assert other.kind == "down"
    assert "certificate" in other.trouble


async def test_the_next_address_is_tried_where_the_first_does_not_answer():
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with server(said("204 No Content")) as (port, _), carrying(resolve=resolve) as carry:
        assert await carry(f"http://localhost:{port}/") == Outcome("delivered")


@pytest.mark.parametrize(
    "found",
    [
        *(["10.0.0.1"], ["192.168.1.1"], ["169.254.169.254"], ["127.0.0.1"], ["0.0.0.1"], ["100.64.0.1"]),
        *(["::1"], ["fe80::1"], ["fd00::1"], ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], ["2002:a00:1::1"]),
        *(["224.0.0.1"], ["ff02::1"], ["255.255.255.255"], ["2001:0:1::1"], ["8.8.8.8", "10.0.0.1"], []),
    ],
    ids=str,
)
async def test_in_production_nothing_but_the_public_internet_is_reached(found):
    async def resolve(_host: str, _port: int) -> list[str]:
        return found

    async with carrying(PRODUCTION, resolve=resolve) as carry:
        outcome = await carry("https://system.example/")
    assert outcome.kind == "down"
    assert outcome.trouble in ("the host is not on the public internet", "the host has no address")


async def test_the_sandbox_reaches_this_machine_and_no_other_private_one():
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["192.168.1.1"]

    async with carrying(resolve=resolve) as carry:
        assert (await carry("https://system.example/")).trouble == "the host is not on the public internet"
        assert (await carry("http://localhost/")).trouble == "the host is not on the public internet"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://system.example/",
            "ftp://system.example/",
            "https://",
            "system.example",
            "https://u:p@x.id/",
        ),
        *(
            "https://x.id/#a",
            "https://10.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "http://1.1.1.1/",
            "https://.",
        ),
        *(
            "https://x.id\\@10.0.0.1/",
            "https://x.id/\n",
            "https://x.id:99999/",
            "https://[::1",
            "https://x y/",
        ),
        *("https://x y/", "http://127.0.0.1.nip.example/", "https://é.id/", ""),
    ],
)
def test_a_url_that_is_not_plainly_https_is_refused_before_anything_is_looked_up(url):
    for policy in (SANDBOX, PRODUCTION):
        with pytest.raises(AddressRefused):
            policy.read(url)


def test_loopback_is_for_the_sandbox_alone():
    for url in ("http://127.0.0.1:8790/", "http://localhost/", "http://[::1]/", "https://127.0.0.1/"):
        SANDBOX.read(url)
        with pytest.raises(AddressRefused):
            PRODUCTION.read(url)
    assert PRODUCTION.read("https://System.Example.:8443/a?b").authority == "system.example:8443"


@pytest.mark.parametrize("address", ["1.1.1.1", "103.10.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example"])
async def test_a_host_that_no_resolver_takes_has_no_address(host):
    async with carrying(PRODUCTION) as carry:
        assert (await carry(f"https://{host}/")).trouble == "the host has no address"
