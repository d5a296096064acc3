"""Mail that comes in, over real LMTP: words that act at once, bounces, and everything else for a person."""

import asyncio
import logging
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from unittest.mock import patch

import pytest

from bot.mail_in import OCTETS_MAX, PER_SENDER, MailIn
from bot.sandbox.mail import Caught, bounce_of
from core.mail_ids import PURPOSE, message_id
from core.party import SYSTEM, Role
from core.reach import bind
from core.services import identity
from core.store import attempts, chats, sessions, tasks
from core.store.database import Database, execute, rows
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build

US = "hej@schysst.example"
SARA = "sara@example.org"


@dataclass
class Office:
    """The house with its door for mail, and a pointer that went to Sara."""

    world: World
    door: MailIn
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    chat_id: int = 0
    case_id: int = 0
    notice_id: int = 0
    message_id: str = ""

    async def hand_in(
        self, raw: bytes, sender: str = SARA, to: tuple[str, ...] = (US,)
    ) -> dict[str, tuple[int, bytes]]:
        """Over the wire; what was refused, by recipient."""

        def wire() -> dict[str, tuple[int, bytes]]:
            with smtplib.LMTP(*self.door.where, timeout=5) as line:
                return line.sendmail(sender, list(to), raw)

        refused = await asyncio.to_thread(wire)
        await self.door.settled()
        return refused

    async def tasks(self) -> list[tasks.TaskRow]:
        return list(await tasks.open_tasks(kind="task.mail"))

    def reply(self, words: str, own_id: str = "<r1@example.org>", **headers: str) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = f"Sara Lind <{SARA}>", US, "Re: Du har ett meddelande hos Schysst"
        mail["Message-ID"] = own_id
        for name, value in {"In_Reply_To": self.message_id, **headers}.items():
            if value:
                mail[name.replace("_", "-")] = value
        mail.set_content(f"{words}\n\nDen 31 juli 2025 kl. 14:02 skrev Schysst <{US}>:\n> Svara STOPP.\n")
        return mail.as_bytes()

    def bounce(self, status: str = "5.1.1") -> bytes:
        sent = EmailMessage(policy=SMTP)
        sent["Message-ID"], sent["Subject"] = self.message_id, "Du har ett meddelande hos Schysst"
        return bounce_of(Caught("1", US, SARA, b"", sent), status, "Thu, 31 Jul 2025 14:02:00 +0200")


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    world = build(FakeClock.on(NOW))

    async def answer(chat_id: int, what: str, language: str) -> None:
        made.answers.append((chat_id, what, language))

    made = Office(world, MailIn(world.house, US, answer))
    case = await world.sara()
    chat = await chats.open_chat("email", SARA, world.clock.now(), language="sv")
    await world.house.book.change(case.id, lambda case: bind(case, "email", chat.id, NOW), SYSTEM)
    place = await chats.advance(chat.id, world.clock.machine_now())
    assert place is not None
    said = await chats.write(place, "out", {"kind": "text", "plain": "p", "html": "p"}, None, world.clock.now())
    [notice] = await rows("SELECT id FROM notices WHERE kind = 'demand'")
    await execute(
        "INSERT INTO attempts (notice_id, number, channel, outcome, code, provider_ref, at) "
        "SELECT id, 1, 'email', 'sent', '', ?, created_at FROM notices WHERE id = ?",
        f"{chat.id}:{said.message_id}",
        notice["id"],
    )
    mac = world.house.keys.find_by(str(said.id), PURPOSE)
    made.chat_id, made.case_id, made.notice_id = chat.id, case.id, notice["id"]
    made.message_id = message_id(str(said.id), mac, "schysst.example")
    await made.door.start()
    yield made
    await made.door.stop()


async def test_stopp_ends_the_mails_to_the_address_that_ours_went_to(office: Office) -> None:
    other = office.reply("STOPP").replace(SARA.encode(), b"sara.lind@work.example")
    assert await office.hand_in(other, "sara.lind@work.example") == {}
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert chat.stopped
    assert office.answers == [(office.chat_id, "stopped", "sv")]
    assert await office.tasks() == []
    case = await office.world.house.book.load(office.case_id)
    assert [type(fact).__name__ for fact in case.person][-1] == "ChannelUnbound"


async def test_a_mail_that_is_handed_over_twice_is_one_and_a_second_stopp_is_not_answered(office: Office) -> None:
    for own_id in ("<r1@example.org>", "<r1@example.org>", "<r2@example.org>"):
        assert await office.hand_in(office.reply("STOPP", own_id)) == {}
    assert len(office.answers) == 1


async def test_fel_ends_the_address_for_good_and_staff_look_for_the_right_one(office: Office) -> None:
    await office.hand_in(office.reply("FEL"))
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert chat.quarantined
    assert office.answers == [(office.chat_id, "wrong", "sv")]
    assert await rows("SELECT 1 AS one FROM notices WHERE kind = 'task.notme'")


async def test_any_other_answer_waits_for_a_person_and_proves_nothing(office: Office) -> None:
    await office.hand_in(office.reply("Jag har redan betalat den här."))
    [task] = await office.tasks()
    assert task.case_id == office.case_id
    assert task.text == (
        "Från: sara@example.org\nÄmne: Re: Du har ett meddelande hos Schysst\n\nJag har redan betalat den här."
    )
    assert (await identity.look(office.world.house, office.chat_id)).level == "stranger"
    assert office.answers == []


async def test_a_stranger_and_a_forged_reference_are_linked_to_nothing(office: Office) -> None:
    forged = office.message_id.replace(".", ".0", 1)[: len(office.message_id)]
    await office.hand_in(office.reply("STOPP", In_Reply_To=forged).replace(SARA.encode(), b"eve@x.example"))
    [task] = await office.tasks()
    assert task.case_id is None
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert not chat.stopped


async def test_without_a_reference_the_senders_own_address_counts(office: Office) -> None:
    await office.hand_in(office.reply("STOP", In_Reply_To=""))
    assert office.answers == [(office.chat_id, "stopped", "sv")]


async def test_a_machine_is_kept_and_not_answered(office: Office) -> None:
    await office.hand_in(office.reply("STOPP", Auto_Submitted="auto-replied"))
    assert (await office.tasks(), office.answers) == ([], [])
    assert await rows("SELECT 1 AS one FROM private_texts WHERE kind = 'mail.auto'")


async def test_a_hard_bounce_ends_the_address_and_the_notice_is_known_not_to_have_arrived(office: Office) -> None:
    for _ in range(2):
        await office.hand_in(office.bounce(), "")
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert chat.quarantined
    tries = await attempts.of_notice(office.notice_id)
    assert [(tried.outcome, tried.chat_id) for tried in tries][-2:] == [
        ("sent", office.chat_id),
        ("dead", office.chat_id),
    ]


@pytest.mark.parametrize(("status", "outcomes"), [("5.2.2", ["sent", "refused"]), ("4.4.1", ["sent"])])
async def test_a_full_box_is_no_dead_address(office: Office, status: str, outcomes: list[str]) -> None:
    await office.hand_in(office.bounce(status), "")
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert not chat.quarantined
    assert [tried.outcome for tried in await attempts.of_notice(office.notice_id) if tried.chat_id] == outcomes


async def test_a_forged_bounce_ends_no_address(office: Office) -> None:
    office.message_id = "<1.000000000000000000000000@schysst.example>"
    await office.hand_in(office.bounce(), "")
    chat = await sessions.get(office.chat_id)
    assert chat is not None
    assert not chat.quarantined


async def test_each_recipient_has_an_answer_of_their_own(office: Office) -> None:
    """Python's own client reads one answer for all, so the lines are spoken here."""
    reader, writer = await asyncio.open_connection(*office.door.where)
    mail = office.reply("Hej").decode()
    says = [
        "LHLO mx.example",
        f"MAIL FROM:<{SARA}>",
        *(f"RCPT TO:<{to}>" for to in (US, "nobody@x.example", US.upper())),
    ]
    for line in (*says, "DATA", f"{mail}\r\n.", "QUIT"):
        writer.write(f"{line}\r\n".encode())
    answers = [line.decode() for line in (await reader.read()).splitlines() if line[3:4] == b" "]
    writer.close()
    await office.door.settled()
    assert [answer[:3] for answer in answers[-8:]] == ["250", "250", "550", "250", "354", "250", "250", "221"]
    assert len(await office.tasks()) == 1


async def test_what_cannot_be_stored_is_to_come_again_and_no_log_says_whose_it_was(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with patch.object(chats, "receive", side_effect=OSError("sara@example.org")), pytest.raises(smtplib.SMTPDataError):
        await office.hand_in(office.reply("Hej"))
    assert await office.hand_in(office.reply("Hej")) == {}
    assert len(await office.tasks()) == 1
    assert "OSError" in caplog.text
    assert "sara" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "tortoise.db_client"
    )


async def test_a_creditors_member_who_answers_reaches_a_person_too(office: Office) -> None:
    chat = await chats.open_chat("email", "ingrid@norrhjul.example", office.world.clock.now())
    token = await identity.invite(office.world.house, SYSTEM, Role.CREDITOR_ADMIN, "Ingrid", 1)
    await identity.accept_invitation(office.world.house, chat.id, token)
    raw = office.reply("Vi godtar det.", In_Reply_To="").replace(SARA.encode(), b"ingrid@norrhjul.example")
    await office.hand_in(raw, "ingrid@norrhjul.example")
    [task] = await office.tasks()
    assert task.data["chat"] == chat.id


async def test_a_mail_that_is_too_large_is_refused_at_once(office: Office) -> None:
    with pytest.raises(smtplib.SMTPException) as caught:
        await office.hand_in(b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * (OCTETS_MAX // 2))
    assert "552" in str(caught.value)


async def test_a_loop_is_slowed_down(office: Office) -> None:
    assert PER_SENDER >= 10
    with patch.object(office.door._senders, "allows", return_value=False), pytest.raises(smtplib.SMTPDataError):
        await office.hand_in(office.reply("Hej"))


async def test_what_a_crash_interrupted_is_done_at_the_next_start(office: Office) -> None:
    with patch("core.services.mail_in.take", side_effect=RuntimeError):
        await office.hand_in(office.reply("STOPP"))
    assert office.answers == []
    await office.door.stop()
    await office.door.start()
    await office.door.settled()
    assert office.answers == [(office.chat_id, "stopped", "sv")]
