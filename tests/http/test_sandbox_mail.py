"""The pretend mailbox, with our real mailer on one side of it and our real door for mail on the other."""

import asyncio
import re
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape

import pytest
from aiohttp.test_utils import TestClient

from bot.channels.email import OUTGOING, EmailChat, Pointing
from bot.mail_in import MailIn
from bot.pointing import Pointer
from bot.sandbox.mail import MailSandbox
from bot.sandbox.mail_pages import MailPages
from core.mail_ids import PURPOSE
from core.ports import ProviderBusy
from core.providers.mail_message import Sender
from core.providers.smtp import PLAIN, SmtpMailer, SmtpSettings
from core.store import sessions, tasks
from core.store.database import Database
from tests.fakes import FakeClock
from tests.http.pages import application, client, front
from tests.services.world import NOW, World, build

US = "hej@schysst.example"
POINTER = Pointer("https://schysst.example/c/k7q4m2xd9t", "https://schysst.example/verify", "K7Q4-M2XD")


@dataclass
class Mailbox:
    """The whole round: out by SMTP, shown on a page, back by LMTP, and answered by SMTP."""

    world: World
    sandbox: MailSandbox
    email: EmailChat
    door: MailIn
    page: TestClient
    chat_id: int

    async def point(self) -> None:
        OUTGOING.set(Pointing(POINTER, "sv", "https://schysst.example/stop/abc"))
        try:
            await self.email.bot.send_message(self.chat_id, "x")
        finally:
            OUTGOING.set(None)

    async def newest(self) -> str:
        listed = await (await self.page.get("/sandbox/mail")).text()
        return re.findall(r'href="(/sandbox/mail/\w+)"', listed)[0]

    async def post(self, address: str, **form: str) -> str:
        answer = await self.page.post(address, data=form)
        await self.door.settled()
        return unescape(await answer.text())


@pytest.fixture
async def mailbox(sqlite_db: Database) -> AsyncIterator[Mailbox]:
    world = build(FakeClock.on(NOW))
    sandbox = MailSandbox(world.clock)
    await sandbox.start()
    smtp = SmtpSettings("127.0.0.1", sandbox.port, Sender(US), tls=PLAIN)
    mailer = SmtpMailer(smtp, world.clock, lambda key: world.house.keys.find_by(key, PURPOSE))
    email = EmailChat(world.clock, mailer, world.house.agency)
    door = MailIn(world.house, US, email.answer)
    await door.start()
    around = front(world.clock, demo=True)
    app = application(around)
    MailPages(around, sandbox, lambda: door.where).register(app)
    async with client(app) as page:
        yield Mailbox(world, sandbox, email, door, page, (await email.open("sara@example.org", "sv")).id)
    await door.stop()
    await mailer.close()
    await sandbox.stop()


async def test_a_pointer_is_read_and_answered_with_stopp(mailbox: Mailbox) -> None:
    await mailbox.point()
    one = await mailbox.newest()
    answer = await mailbox.page.get(one)
    shown = await answer.text()
    assert '<a href="https://schysst.example/c/k7q4m2xd9t">' in shown
    assert "<iframe" in shown
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "List-Unsubscribe-Post" in shown
    assert "Vi har tagit emot det." in await mailbox.post(f"{one}/answer", words="STOPP")
    chat = await sessions.get(mailbox.chat_id)
    assert chat is not None
    assert chat.stopped
    assert [caught.header("Subject") for caught in mailbox.sandbox.caught][1:] == ["Vi mejlar inte mer hit"]


async def test_another_answer_becomes_a_task(mailbox: Mailbox) -> None:
    await mailbox.point()
    await mailbox.post(f"{await mailbox.newest()}/answer", words="Vem är ni?")
    [task] = await tasks.open_tasks(kind="task.mail")
    assert task.text is not None
    assert task.text.endswith("\n\nVem är ni?")


async def test_a_mail_can_bounce(mailbox: Mailbox) -> None:
    await mailbox.point()
    await mailbox.post(f"{await mailbox.newest()}/bounce", status="5.1.1")
    chat = await sessions.get(mailbox.chat_id)
    assert chat is not None
    assert chat.quarantined


async def test_attachments_are_downloads_and_the_sender_is_shown(mailbox: Mailbox) -> None:
    written, name = EmailMessage(), 'nota"1"<å>.json'
    written["From"], written["To"], written["Subject"] = f"Schysst <{US}>", "ekonomi@norrhjul.example", "Nota 1"
    written.set_content("Notan ligger med.")
    written.add_attachment(b"%PDF-1.7 \x00", maintype="application", subtype="pdf", filename="nota-1.pdf")
    written.add_attachment(b"{}", maintype="application", subtype="json", filename=name)

    def hand_over() -> None:
        with smtplib.SMTP("127.0.0.1", mailbox.sandbox.port) as line:
            line.send_message(written)

    await asyncio.to_thread(hand_over)
    one = await mailbox.newest()
    shown = await (await mailbox.page.get(one)).text()
    assert f"Schysst &lt;{US}&gt;" in shown
    assert "nota&#34;1&#34;&lt;å&gt;.json</bdi></a>" in shown
    pdf, data = [await mailbox.page.get(f"{one}/files/{at}") for at in (0, 1)]
    assert (pdf.content_type, await pdf.read()) == ("application/pdf", b"%PDF-1.7 \x00")
    assert (data.content_type, await data.read()) == ("application/json", b"{}")
    assert data.headers["Content-Disposition"] == "attachment; filename*=UTF-8''nota%221%22%3C%C3%A5%3E.json"
    assert data.headers["Content-Security-Policy"].endswith("sandbox")
    assert (await mailbox.page.get(f"{one}/files/2")).status == 404


async def test_the_server_misbehaves_as_it_is_told(mailbox: Mailbox) -> None:
    await mailbox.post("/sandbox/mail/faults", rcpt="451 4.7.1 Greylisted")
    with pytest.raises(ProviderBusy):
        await mailbox.point()
    await mailbox.post("/sandbox/mail/faults", rcpt="")
    await mailbox.point()
    assert len(mailbox.sandbox.caught) == 1
    assert (await mailbox.page.post("/sandbox/mail/faults", data={"rcpt": "250 x"})).status == 400
