"""Settlement notes where creditors and staff talk with us: the notice, the list, the files, and the mail."""

import io
import json
from dataclasses import replace

import pytest
from fast_mail_parser import parse_email
from pypdf import PdfReader

from bot.carriers import ChatCarrier
from bot.channels.email import EmailChat
from bot.notices import word
from bot.sandbox.mail import MailSandbox
from bot.storage import LocalIsolation, SqlStorage
from bot.told import Told
from core.case import Case
from core.errors import Refusal
from core.note_check import problems
from core.party import SYSTEM, Role
from core.ports import Message, Outcome
from core.services import member_mail, payouts
from core.store import audit, outbox, sessions
from core.store import settlement_notes as stored
from core.store.chats import open_chat
from core.store.database import rows
from core.store.outbox import Row
from tests.channels.test_email import Outbox
from tests.dialogs.test_work import at_work, heard
from tests.golden.parser import plain
from tests.providers.test_smtp import mailer, server
from tests.services.test_payouts import Said, sent
from tests.services.test_settlement_notes import note, pay
from tests.services.world import AGENCY, NORRHJUL, NOW, SOLROS, World

__all__ = ["server"]


async def paid(world: World) -> tuple[Case, Row]:
    """Sara has paid, and the note of it is issued: the case, and the notice of the note."""
    case = await world.sara()
    await pay(world, case, 124_822)
    await note(world, case.creditor.id)
    [row] = await stored.of_creditor(case.creditor.id, 1)
    told = await outbox.by_key(f"note:{row.id}")
    assert told
    return case, told


async def test_the_notice_says_the_figures_and_its_buttons_give_the_note(world: World) -> None:
    case, told = await paid(world)
    worded = word(Told("creditor.note", told.data, None, "sv", NOW))
    assert plain(worded.html) == (
        "Ni får 940,00 kr enligt avräkningsnota 1. Våra arvoden är 240,00 kr utan moms, momsen 60,00 kr.\n"
        "Skriv /notes för att se alla notor."
    )
    bare = told.data | {"fees_ore": 0, "vat_ore": 0}
    assert "arvoden" not in word(Told("creditor.note", bare, None, "sv", NOW)).html
    back = word(Told("creditor.note", told.data | {"fees_ore": -24_000, "vat_ore": -6_000}, None, "sv", NOW)).html
    assert "Våra arvoden minskar med 240,00 kr utan moms, momsen med 60,00 kr." in plain(back)
    assert [label for label, _ in worded.buttons] == ["Hämta PDF", "Hämta JSON"]
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.web.bot.send_message(talk.chat_id, worded.html, reply_markup=worded.markup)
    answers = await talk.press("Hämta PDF")
    assert [said.file for said in answers if said.file] == ["avrakningsnota-1.pdf"]
    assert "Här är notan." in answers[-1].text


async def test_a_creditors_people_list_their_notes_and_open_one(world: World) -> None:
    case, _ = await paid(world)
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    assert "Avräkningsnotor för Norrhjul, den nyaste först." in await heard(talk, "/notes")
    [shown] = await talk.press("1: 940,00 kr")
    assert shown.text.startswith("Avräkningsnota 1, 31 juli 2025.")
    assert "Utbetalt: 940,00 kr." in shown.text
    answers = await talk.press("Hämta JSON")
    assert [said.file for said in answers if said.file] == ["avrakningsnota-1.json"]
    answers = await talk.press("Hämta PDF")
    assert [said.file for said in answers if said.file] == ["avrakningsnota-1.pdf"]
    talk.restart()
    assert "Avräkningsnotor" in (await talk.press("Gå tillbaka"))[-1].text


async def test_a_note_whose_payout_came_back_says_so_beside_the_note(world: World) -> None:
    run = await sent(world)
    no = Said("", run.lines[0].end_to_end, "RJCT", "AC01")
    await payouts.take_statuses(world.house, SYSTEM, [no])
    told = await outbox.by_key("payout:1:failed")
    assert told
    worded = plain(word(Told(told.kind, told.data, None, "sv", NOW)).html)
    assert "kom inte fram: kontonumret är fel. " in worded
    assert "Inget mer betalas dit förrän kontot är bekräftat." in worded
    talk = await at_work(world, Role.MEMBER, 1)
    await heard(talk, "/notes")
    [shown] = await talk.press("1: 940,00 kr åter")
    back = "940,00 kr kom inte fram 4 augusti 2025: kontonumret är fel. Pengarna är tillbaka på ert saldo."
    assert back in shown.text
    assert "Utbetalt" not in shown.text
    clerk = await at_work(world, Role.CLERK)
    assert "Banken betalade inte 940,00 kr till Norrhjul" in await heard(clerk, "/queue")


async def test_no_notes_yet_and_none_of_others(world: World) -> None:
    await paid(world)
    other = await world.case(creditor=SOLROS)
    talk = await at_work(world, Role.MEMBER, other.creditor.id)
    assert "Det finns ingen avräkningsnota för Solros ännu." in await heard(talk, "/notes")


async def test_staff_name_the_creditor_and_their_reading_is_written_down(world: World) -> None:
    case = await world.case(creditor=replace(NORRHJUL, number="5560160680"))
    await pay(world, case, 100_000)
    await note(world, case.creditor.id)
    talk = await at_work(world, Role.CLERK)
    assert "Skriv så här: /notes organisationsnummer" in await heard(talk, "/notes")
    assert "Avräkningsnotor för Norrhjul" in await heard(talk, "/notes 556016-0680")
    await talk.press("1: 991,78 kr")
    await talk.press("Hämta PDF")
    chain = [entry.action for entry in await audit.entries(f"creditor:{case.creditor.id}")]
    assert chain == ["note.issued", "note.read"]


async def test_the_mail_brings_the_note_as_pdf_and_as_json(world: World, server: MailSandbox) -> None:
    """From the terminal's address to what a mail server took in."""
    case, told = await paid(world)
    async with mailer(server) as out:
        email = EmailChat(world.clock, out, AGENCY)
        house = replace(world.house, mailer=out)
        who, to = (Role.CREDITOR_ADMIN, case.creditor.id, "Ingrid"), " Ingrid@Norrhjul.example "
        await member_mail.bind(house, SYSTEM, *who, to)
        member = await member_mail.bind(house, SYSTEM, *who, to)
        [chat] = await sessions.of_members([member.id])
        carrier = ChatCarrier(house, {"email": email.channel}, SqlStorage(world.clock), LocalIsolation())
        message = Message(told.key, chat.id, "email", "sv", told.kind, told.data, None, "K7Q4-M2XD", world.clock.now())
        assert (await carrier.carry(message)).outcome is Outcome.SENT
    [caught] = server.caught
    read = parse_email(caught.raw)
    assert (caught.to, read.subject) == ("ingrid@norrhjul.example", "Avräkningsnota 1: 940,00\xa0kr till er")
    said = read.text_plain[0]
    assert "Ni får 940,00\xa0kr enligt avräkningsnota 1." in said
    assert "Notan ligger med här, som PDF och som JSON." in said
    assert f"Frågor: {AGENCY.phone} eller {AGENCY.email}." in said
    assert not any(chat in said + read.text_html[0] for chat in ("/notes", "chatten", AGENCY.public_url))
    pdf, body = (bytes(paper.content) for paper in read.attachments)
    names = [part.get_filename() for part in caught.read.iter_attachments()]
    assert names == ["avrakningsnota-1.pdf", "avrakningsnota-1.json"]
    assert problems(body) == []
    assert json.loads(body)["content"]["payout_ore"] == 94_000
    assert "Avräkningsnota 1" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


async def test_an_address_of_somebody_else_gets_no_creditors_mail(world: World) -> None:
    case = await world.sara()
    house = replace(world.house, mailer=Outbox())
    theirs = await open_chat("email", "sara@hemma.example", world.clock.now())
    await sessions.link(theirs.id, case.debtor.id)
    for to, code in (("sara@hemma.example", "member_email_taken"), ("ingen adress", "member_email")):
        with pytest.raises(Refusal, match=code):
            await member_mail.bind(house, SYSTEM, Role.MEMBER, case.creditor.id, "Ingrid", to)


async def test_what_was_only_mailed_is_told_in_the_first_chat_too(world: World) -> None:
    case, told = await paid(world)
    await rows("UPDATE notices SET state = 'sent', channel = 'email' WHERE id = ? RETURNING id", told.id)
    await at_work(world, Role.MEMBER, case.creditor.id)
    again = await outbox.by_key(told.key)
    assert again
    assert (again.state, again.interrupted_in) == ("queued", None)
