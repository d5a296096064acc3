"""Mutual TLS with BankID: our certificate as PKCS#12 or PEM, and nobody trusted but BankID's own root."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from bot.sandbox.bankid import BankIdSandbox
from core.party import Hidden
from core.ports import ProviderDown, ProviderUnknown
from core.providers.bankid import BankIdClient, BankIdSettings
from tests.fakes import FakeClock
from tests.providers.certificates import Authority, Pair

PASSWORD = Hidden("qwerty123")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
async def bankid(authority: Authority) -> AsyncIterator[tuple[BankIdSandbox, str]]:
    sandbox = BankIdSandbox(FakeClock())
    app = web.Application()
    sandbox.register(app)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=authority.server_side(authority.sign("bankid", server=True)))
    yield sandbox, str(server.make_url("/rp/v6.0/"))
    await server.close()


def packed(pair: Pair) -> Path:
    """The pair as the PKCS#12 file that a bank hands out."""
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    assert isinstance(key, pkcs12.PKCS12PrivateKeyTypes)
    certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    sealed = serialization.BestAvailableEncryption(PASSWORD.reveal().encode())
    file = pair.certificate.with_suffix(".p12")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"us", key, certificate, None, sealed))
    return file


async def ask(settings: BankIdSettings) -> None:
    async with BankIdClient(settings) as client:
        started = await client.auth("192.0.2.7")
        await client.collect(started.order_ref)


async def test_the_pkcs12_file_and_the_pem_files_let_us_in(
    bankid: tuple[BankIdSandbox, str], authority: Authority
) -> None:
    sandbox, url = bankid
    us = authority.sign("us", server=False)
    await ask(BankIdSettings(url, packed(us), password=PASSWORD, ca=authority.certificate))
    await ask(BankIdSettings(url, us.certificate, us.key, ca=authority.certificate))
    assert len(sandbox.waiting()) == 2


async def test_without_our_certificate_or_with_another_server_nothing_is_asked(
    bankid: tuple[BankIdSandbox, str], authority: Authority, tmp_path: Path
) -> None:
    sandbox, url = bankid
    us, other = authority.sign("us", server=False), Authority(tmp_path, "another root")
    for settings in (
        BankIdSettings(url, ca=authority.certificate, sandbox=True),
        BankIdSettings(url, us.certificate, us.key, ca=other.certificate),
    ):
        with pytest.raises((ProviderDown, ProviderUnknown)):
            await ask(settings)
    assert sandbox.waiting() == []


def test_a_wrong_password_or_file_is_found_at_start(authority: Authority, tmp_path: Path) -> None:
    file = packed(authority.sign("us", server=False))
    for certificate, password in ((file, Hidden("wrong")), (tmp_path / "none.p12", PASSWORD)):
        settings = BankIdSettings(certificate=certificate, password=password, ca=authority.certificate)
        with pytest.raises((OSError, ValueError)):
            settings.tls()


def test_outside_the_sandbox_there_is_no_way_without_tls(tmp_path: Path) -> None:
    for url, certificate, ca in (
        ("http://bankid.example/", tmp_path, tmp_path),
        ("https://bankid.example/", None, tmp_path),
        ("https://bankid.example/", tmp_path, None),
    ):
        with pytest.raises(ValueError, match="BankID"):
            BankIdSettings(url, certificate, ca=ca)
