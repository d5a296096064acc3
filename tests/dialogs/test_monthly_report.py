"""When a month is over, its report lies in a folder, and the creditor's people are told and can fetch it."""

import io
from datetime import date
from pathlib import Path

from pypdf import PdfReader

from bot.carriers import ChatCarrier
from bot.channels.email import EmailChat
from bot.notices import word
from bot.sandbox.mail import MailSandbox
from bot.storage import LocalIsolation, SqlStorage
from bot.told import Told
from core.mail_ids import PURPOSE
from core.party import SYSTEM, Role
from core.ports import Message, Outcome
from core.providers.mail_message import Sender
from core.providers.smtp import PLAIN, SmtpMailer, SmtpSettings
from core.services import identity, monthly, payments
from core.store import outbox
from tests.dialogs.test_work import at_work
from tests.golden.parser import plain
from tests.services.world import AGENCY, CLERK, NOW, World


async def test_the_month_before_is_written_and_told_of_once(world: World, tmp_path: Path) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    assert await monthly.keep(world.house, tmp_path) == 0  # nobody had a case in June
    world.clock.advance(days=1)
    assert world.house.clock.today() == date(2025, 8, 1)
    assert await monthly.keep(world.house, tmp_path) == 2
    assert await monthly.keep(world.house, tmp_path) == 0
    names = [f"creditor-{case.creditor.id}.pdf", "all.pdf"]
    assert sorted(path.name for path in (tmp_path / "2025-07").iterdir()) == sorted(names)
    told = await outbox.by_key(f"report:{case.creditor.id}:2025-07")
    assert told
    worded = word(Told(told.kind, told.data, None, "sv", NOW))
    assert plain(worded.html) == "Rapporten för 1 till 31 juli 2025 är klar. Inbetalt som räknas: 1 248,22 kr."
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.web.bot.send_message(talk.chat_id, worded.html, reply_markup=worded.markup)
    answers = await talk.press("Hämta rapport")
    assert [said.file.rpartition(".")[2] for said in answers if said.file] == ["pdf", "csv"]


async def test_the_report_arrives_by_mail_as_a_pdf_that_opens(world: World, tmp_path: Path) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    world.clock.advance(days=1)
    await monthly.keep(world.house, tmp_path)
    row = await outbox.by_key(f"report:{case.creditor.id}:2025-07")
    assert row
    server = MailSandbox(world.clock)
    await server.start()
    settings = SmtpSettings("127.0.0.1", server.port, Sender("hej@schysst.example"), tls=PLAIN)
    mailer = SmtpMailer(settings, world.clock, lambda key: world.house.keys.find_by(key, PURPOSE))
    email = EmailChat(world.clock, mailer, AGENCY)
    chat = await email.open("ingrid@norrhjul.example")
    token = await identity.invite(world.house, SYSTEM, Role.MEMBER, "Ingrid", case.creditor.id)
    await identity.accept_invitation(world.house, chat.id, token)
    carrier = ChatCarrier(world.house, {"email": email.channel}, SqlStorage(world.clock), LocalIsolation())
    about = Message(row.key, chat.id, "email", "sv", row.kind, row.data, None, "", world.clock.now())
    try:
        assert (await carrier.carry(about)).outcome is Outcome.SENT
    finally:
        await mailer.close()
        await server.stop()
    [mail] = server.caught
    assert mail.to == "ingrid@norrhjul.example"
    assert mail.header("Subject") == "Månadens rapport"
    [attached] = mail.read.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert "20250701-20250731" in str(attached.get_filename())
    said = plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(attached.get_content())).pages))
    assert "juli 2025" in said
    assert "1 248,22" in said
