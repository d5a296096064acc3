"""Showing who one is, and what anybody may ask before that."""

from core.services import acting, identity
from core.store import sessions, tasks
from tests.dialogs.test_identify import COMPANY, NOBODY
from tests.intents.script import Scene, Start, by_sms, intent

IDENTIFY = "Identify"
STRANGER = "Ask as a stranger"


async def _may_read_here(p: Scene) -> None:
    """On Telegram the person first chooses where to read."""
    if p.channel == "telegram":
        await p.press("btn.read_telegram")


@intent(IDENTIFY, "Identify with the code of a letter", Start.STRANGER)
async def identify_by_letter(p: Scene) -> None:
    """The letter's code shows one case. On Telegram the person first chooses where to read."""
    await p.start()
    await p.press("btn.code")
    await p.say(p.code)
    await _may_read_here(p)
    p.said("Norrhjul AB har bett oss kräva in faktura 5512.", "Norrhjul AB has asked us to collect invoice 5512.")
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 1


@by_sms("identify_by_letter", words=True)
async def identify_by_letter_by_sms(p: Scene) -> None:
    await p.say(p.code)
    await p.press("btn.read_here")
    p.said_by_sms("Norrhjul, faktura 5512: 1248,22 kr i dag.")
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 1


@intent(IDENTIFY, "Identify with BankID", Start.STRANGER)
async def identify_by_bankid(p: Scene) -> None:
    """No letter and no link needed: BankID finds the person's own cases."""
    await p.start()
    await p.press("btn.bankid")
    await p.bankid()
    await _may_read_here(p)
    p.said("Norrhjul AB har bett oss kräva in faktura 5512.", "Norrhjul AB has asked us to collect invoice 5512.")
    assert (await identity.look(p.world.house, p.talk.chat_id)).proof == "bankid"


@by_sms("identify_by_bankid", words=True)
async def identify_by_bankid_by_sms(p: Scene) -> None:
    await p.say("BANKID")
    await p.bankid()
    await p.press("btn.read_here")
    assert (await identity.look(p.world.house, p.talk.chat_id)).proof == "bankid"


@intent(IDENTIFY, "BankID of somebody who has no case", Start.STRANGER)
async def bankid_finds_nothing(p: Scene) -> None:
    """Whoever has nothing here hears just that, in the same words as anybody."""
    await p.start()
    await p.press("btn.bankid")
    await p.bankid(NOBODY, "Nils Nilsson")
    p.said("Vi har inget att visa för dig här.", "We have nothing to show you here.")
    assert not (await identity.look(p.world.house, p.talk.chat_id)).identified


@by_sms("bankid_finds_nothing", words=True)
async def bankid_finds_nothing_by_sms(p: Scene) -> None:
    await p.say("BANKID")
    await p.bankid(NOBODY, "Nils Nilsson")
    assert not (await identity.look(p.world.house, p.talk.chat_id)).identified


@intent(IDENTIFY, "Write for a company that the register lets one sign for", Start.STRANGER)
async def company_by_register(p: Scene) -> None:
    """BankID says who the person is, the register that they may sign for the company."""
    await p.another_debtor(COMPANY)
    p.world.register.answers[COMPANY.number.reveal(), NOBODY] = True
    await p.start()
    await p.press("btn.bankid")
    await p.bankid(NOBODY, "Nils Nilsson")
    await p.press("btn.company")
    await p.say("559999-0040")
    await _may_read_here(p)
    p.said("Norrhjul AB har bett oss", "Norrhjul AB has asked us")
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 2


@by_sms("company_by_register", words=True)
async def company_by_register_by_sms(p: Scene) -> None:
    await p.another_debtor(COMPANY)
    p.world.register.answers[COMPANY.number.reveal(), NOBODY] = True
    await p.say("BANKID")
    await p.bankid(NOBODY, "Nils Nilsson")
    await p.press("btn.company")
    await p.say("5599990040")
    await p.press("btn.read_here")
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 2


@intent(IDENTIFY, "Write for a company after a person has looked", Start.STRANGER)
async def company_by_staff(p: Scene) -> None:
    """Where no register knows, staff confirm who may sign."""
    await p.another_debtor(COMPANY)
    await p.start()
    await p.press("btn.bankid")
    await p.bankid(NOBODY, "Nils Nilsson")
    await p.press("btn.company")
    await p.say("559999-0040")
    p.said("En människa ser först efter", "A person first checks")
    [task] = await tasks.open_tasks(kind=acting.TASK)
    p.aside("A clerk sees that the person may sign for the company.")
    await acting.confirm_signatory(p.world.house, p.clerk, task.data["signatory"], True)
    await p.start()
    await p.press("btn.bankid")
    await p.bankid(NOBODY, "Nils Nilsson")
    await _may_read_here(p)
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 2


@by_sms("company_by_staff", words=True)
async def company_by_staff_by_sms(p: Scene) -> None:
    await p.another_debtor(COMPANY)
    await p.say("BANKID")
    await p.bankid(NOBODY, "Nils Nilsson")
    await p.press("btn.company")
    await p.say("5599990040")
    [task] = await tasks.open_tasks(kind=acting.TASK)
    p.aside("A clerk sees that the person may sign for the company.")
    await acting.confirm_signatory(p.world.house, p.clerk, task.data["signatory"], True)
    await p.say("BANKID")
    await p.bankid(NOBODY, "Nils Nilsson")
    await p.press("btn.read_here")
    assert (await identity.look(p.world.house, p.talk.chat_id)).debtor_id == 2


@intent(STRANGER, "Check whether a message is genuine", Start.STRANGER)
async def verify(p: Scene) -> None:
    """A code of ours, one that is not, and one of ours with another account."""
    await p.start()
    await p.press("btn.verify")
    await p.say("K7Q4-M2XD")
    p.said("Ja, det är äkta", "Yes, it is genuine")
    await p.press("btn.verify_again")
    await p.say("ABCD-2345")
    p.said("Nej, den koden är inte vår.", "No, that code is not ours.")
    await p.press("btn.verify_again")
    await p.say("K7Q4-M2XD, bankgiro 5050-1055")
    p.said("kontot är inte vårt", "the account is not")
    assert await p.tasks() == ["task.altered"]


@by_sms("verify", words=True)
async def verify_by_sms(p: Scene) -> None:
    await p.write("?", "1", "K7Q4-M2XD", "1", "ABCD-2345", "1", "K7Q4-M2XD, bankgiro 5050-1055")
    p.said_by_sms("Koden är vår men inte kontot.")
    assert await p.tasks() == ["task.altered"]


@intent(STRANGER, "Change the language", Start.STRANGER)
async def language(p: Scene) -> None:
    """The whole chat goes on in the language that is chosen, at once."""
    await p.start()
    await p.press("btn.language")
    await p.tap("English" if p.lang == "sv" else "Svenska")
    p.said("We go on in English.", "Vi fortsätter på svenska.")


@by_sms("language", words=True)
async def language_by_sms(p: Scene) -> None:
    await p.say("EN" if p.lang == "sv" else "SV")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert chat.language == ("en" if p.lang == "sv" else "sv")


@intent(STRANGER, "Stop the messages", Start.STRANGER)
async def stop(p: Scene) -> None:
    """One word is enough, anywhere; another opens it again."""
    await p.start()
    await p.say("STOPP", "STOP")
    p.said("Vi skriver inte mer till dig här.", "We do not write to you here any more.")
    assert (await identity.look(p.world.house, p.talk.chat_id)).stopped
    await p.say("START")
    assert not (await identity.look(p.world.house, p.talk.chat_id)).stopped


@by_sms("stop", words=True)
async def stop_by_sms(p: Scene) -> None:
    await p.say("STOPP", "STOP")
    assert (await identity.look(p.world.house, p.talk.chat_id)).stopped
    await p.say("START")
    assert not (await identity.look(p.world.house, p.talk.chat_id)).stopped
