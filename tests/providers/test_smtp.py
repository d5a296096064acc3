"""Mail out, against a real SMTP server on localhost; what arrived is read by a parser that is not ours."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fast_mail_parser import parse_email

from bot.sandbox.mail import MailSandbox
from core.party import Hidden
from core.ports import Mail, ProviderBusy, ProviderDown, ProviderRefused, ProviderUnknown
from core.providers.mail_message import BadMail, Sender, built
from core.providers.smtp import PLAIN, STARTTLS, DkimKey, SmtpMailer, SmtpSettings, check_key
from tests.fakes import FakeClock
from tests.providers.certificates import Authority

SENDER = Sender("hej@schysst.example")
POINTER = Mail(
    key="42",
    to="sara@räksmörgås.example",
    subject="Du har ett meddelande hos Schysst, åäö",
    text="Hej. Läs det på https://schysst.example/c/k7q4m2xd9t.\n.\nEn punkt på egen rad.\n",
    html='<html lang="ar" dir="rtl"><body><p>لديك رسالة من Schysst</p></body></html>',
    language="sv",
    stop_url="https://schysst.example/stop/abcdef",
)


def mac(key: str) -> str:
    return base64.b16encode(key.encode() * 24).decode().lower()[:24]


@asynccontextmanager
async def mailer(server: MailSandbox, **settings: Any) -> AsyncIterator[SmtpMailer]:
    chosen = {"host": "127.0.0.1", "port": server.port, "sender": SENDER, "tls": PLAIN, "timeout_s": 2.0, **settings}
    made = SmtpMailer(SmtpSettings(**chosen), FakeClock(), mac)
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[MailSandbox]:
    made = MailSandbox(clock)
    await made.start()
    yield made
    await made.stop()


async def test_a_mail_arrives_as_it_was_written(server: MailSandbox, clock: FakeClock) -> None:
    async with mailer(server) as out:
        reference = await out.send(POINTER)
    [caught] = server.caught
    assert (caught.sender, caught.to) == ("hej@schysst.example", "sara@xn--rksmrgs-5wao1o.example")
    read = parse_email(caught.raw)
    assert read.subject == POINTER.subject
    assert read.text_plain[0].replace("\r\n", "\n") == POINTER.text
    assert "لديك رسالة من Schysst" in read.text_html[0]
    headers = {name.lower(): value for name, [value] in read.headers.items()}
    assert reference == headers["message-id"] == f"<42.{mac('42')}@schysst.example>"
    assert headers["from"] == "Schysst <hej@schysst.example>"
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["content-language"] == "sv"
    assert "<https://schysst.example/stop/abcdef>" in headers["list-unsubscribe"]
    assert "mailto:hej@schysst.example?subject=STOPP%20abcdef" in headers["list-unsubscribe"]
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert parsedate_to_datetime(headers["date"]) == clock.now()
    assert max(len(line) for line in caught.raw.split(b"\r\n")) <= 998


async def test_a_creditors_mail_bears_its_papers_and_no_way_to_stop(server: MailSandbox) -> None:
    note = replace(POINTER, stop_url="", attachments=(("Avräkning åäö.pdf", "application/pdf", b"%PDF\r\n\x00"),))
    async with mailer(server) as out:
        await out.send(note)
    read = parse_email(server.caught[0].raw)
    assert not any(name.lower().startswith("list-") for name in read.headers)
    [paper] = read.attachments
    assert (paper.mimetype, paper.content) == ("application/pdf", b"%PDF\r\n\x00")
    assert server.caught[0].read.get_content_type() == "multipart/mixed"
    assert [part.get_filename() for part in server.caught[0].read.iter_attachments()] == ["Avräkning åäö.pdf"]


async def test_the_same_key_is_the_same_mail_on_one_line(server: MailSandbox) -> None:
    async with mailer(server) as out:
        first, again, other = (
            await out.send(POINTER),
            await out.send(POINTER),
            await out.send(replace(POINTER, key="7")),
        )
    assert first == again != other
    assert server.lines == 1


@pytest.fixture(scope="module")
def signing() -> tuple[DkimKey, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return DkimKey("s1", pem), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


async def test_a_mail_is_signed_and_nobody_alters_it(server: MailSandbox, signing: tuple[DkimKey, bytes]) -> None:
    key, record = signing
    check_key(key.pem)
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    async with mailer(server, dkim=key) as out:
        await out.send(POINTER)
    raw = server.caught[0].raw
    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"s1._domainkey.schysst.example."]
    signed = raw.partition(b"h=")[2].partition(b";")[0].lower()
    assert all(name in signed for name in (b"list-unsubscribe-post", b"message-id", b"subject", b"date", b"to"))
    assert not dkim.verify(raw.replace(b"Subject: ", b"Subject: Hor: "), dnsfunc=dns)
    assert not dkim.verify(b"From: bank@example.com\r\n" + raw, dnsfunc=dns)


def test_a_key_that_signs_nothing_is_told_at_once() -> None:
    with pytest.raises(ValueError):
        check_key(b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n")


@pytest.mark.parametrize("part", ["to", "subject", "language", "stop_url", "key"])
@pytest.mark.parametrize("evil", ["\n", "\r\n", "\u2028", "\x00"])
def test_nobody_writes_headers_by_writing_words(part: str, evil: str) -> None:
    value = f"{getattr(POINTER, part)}{evil}Bcc: all@example.com"
    with pytest.raises(BadMail):
        built(replace(POINTER, **{part: value}), SENDER, mac("42"), FakeClock().now())
    with pytest.raises(BadMail):
        built(replace(POINTER, attachments=((f"a{evil}b", "a/b", b""),)), SENDER, mac("42"), FakeClock().now())


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"rcpt": "451 4.7.1 greylisted"}, ProviderBusy, "451"),
        ({"rcpt": "450 4.2.1 busy"}, ProviderBusy, "450"),
        ({"rcpt": "550 5.1.1 no such user"}, ProviderRefused, "dead"),
        ({"rcpt": "550 5.7.1 blocked for spam"}, ProviderRefused, "550"),
        ({"rcpt": "552 5.2.2 mailbox full"}, ProviderRefused, "552"),
        ({"data": "554 5.6.0 no"}, ProviderRefused, "554"),
        ({"data": "452 4.3.1 disk full"}, ProviderBusy, "452"),
        ({"greeting": "421 too many"}, ProviderBusy, "421"),
        ({"greeting": "554 go away"}, ProviderDown, "greeting554"),
        ({"cut": True}, ProviderUnknown, "SMTPServerDisconnected"),
        ({"hang": True}, ProviderUnknown, "SMTPReadTimeoutError"),
    ],
)
async def test_each_failure_says_what_is_known(
    server: MailSandbox, fault: dict[str, Any], kind: type[Exception], code: str
) -> None:
    async with mailer(server, timeout_s=0.3) as out:
        server.misbehave(**fault)
        with pytest.raises(kind) as caught:
            await out.send(POINTER)
        assert type(caught.value) is kind
        assert (getattr(caught.value, "code", "") or str(caught.value)) == code
        server.misbehave(hang=False, cut=False, greeting="", rcpt="", data="")
        server.caught.clear()
        await out.send(POINTER)
    assert len(server.caught) == 1


async def test_a_line_that_went_stale_is_opened_anew(server: MailSandbox) -> None:
    async with mailer(server) as out:
        await out.send(POINTER)
        assert out._line is not None
        assert out._line.transport is not None
        out._line.transport.abort()
        await asyncio.sleep(0)
        await out.send(POINTER)
    assert (len(server.caught), server.lines) == (2, 2)


async def test_who_waits_too_long_for_the_line_has_sent_nothing(server: MailSandbox) -> None:
    server.misbehave(hang=True)
    async with mailer(server, timeout_s=0.4, wait_s=0.1) as out:
        first, second = await asyncio.gather(out.send(POINTER), out.send(POINTER), return_exceptions=True)
    assert isinstance(first, ProviderUnknown)
    assert isinstance(second, ProviderDown)
    assert len(server.caught) == 1


async def test_nobody_there_is_not_sent(server: MailSandbox) -> None:
    async with mailer(server) as out:
        await server.stop()
        with pytest.raises(ProviderDown):
            await out.send(POINTER)


@pytest.mark.parametrize("address", ["sara", "sara@", "@x.example", "sa ra@x.example", "a@b", "sara@x..example"])
async def test_an_address_that_is_none_is_dead(server: MailSandbox, address: str) -> None:
    async with mailer(server) as out:
        with pytest.raises(ProviderRefused, match="dead"):
            await out.send(replace(POINTER, to=address))


@pytest.fixture
def context(tmp_path: Path) -> Callable[[], tuple[ssl.SSLContext, Path]]:
    def made() -> tuple[ssl.SSLContext, Path]:
        authority = Authority(tmp_path)
        pair = authority.sign("server", server=True)
        side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        side.load_cert_chain(pair.certificate, pair.key)
        return side, authority.certificate

    return made


async def test_starttls_and_login(clock: FakeClock, context: Callable[[], tuple[ssl.SSLContext, Path]]) -> None:
    side, root = context()
    server = MailSandbox(clock, tls=side, login=("schysst", "open sesame"))
    await server.start()
    login = {"user": "schysst", "secret": Hidden("open sesame"), "ca": root, "tls": STARTTLS}
    try:
        async with mailer(server, **login) as out:
            await out.send(POINTER)
        async with mailer(server, **login | {"secret": Hidden("wrong")}) as out:
            with pytest.raises(ProviderDown, match="login535"):
                await out.send(POINTER)
        async with mailer(server, **login | {"ca": None}) as out:
            with pytest.raises(ProviderDown):
                await out.send(POINTER)
    finally:
        await server.stop()
    assert len(server.caught) == 1


def test_plain_mail_goes_to_this_machine_only() -> None:
    with pytest.raises(ValueError):
        SmtpSettings("mail.example", 25, SENDER, tls=PLAIN)


@pytest.mark.parametrize(
    "subject",
    [
        "Avräkningsnota 3: 892,90 kr dras av på nästa utbetalning till Norrhjul Cykel & Ånga Aktiebolag i Hägersten",
        "رسالة جديدة من خدمة شيست تنتظرك في المحادثة، افتح الرابط لقراءتها قبل نهاية الأسبوع القادم",
        "У вас є нове повідомлення від Schysst щодо справи, будь ласка, прочитайте його до кінця цього тижня",
        "Ääkköset " * 20 + "loppu",
        "A long subject of nothing but ASCII words that has to be folded over more than a single line of the head",
    ],
)
def test_a_long_subject_loses_no_blank(subject: str) -> None:
    sent = built(replace(POINTER, subject=subject), SENDER, mac("42"), FakeClock().now())
    assert parse_email(sent).subject == subject
    head = sent.partition(b"\r\n\r\n")[0]
    assert message_from_bytes(sent, policy=SMTP)["Subject"] == subject
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if line.startswith((b"Subject", b" =?")))
