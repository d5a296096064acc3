"""What stops everything: it is told in a few taps, nobody has to prove it, and a person takes over."""

from dataclasses import replace
from datetime import date

from core.party import Address, Hidden
from core.standing import open_holds
from core.store import people, sessions
from tests.intents.script import Scene, Start, by_sms, intent
from tests.services.world import ERIK

SPECIAL = "Not me, and what stops everything"
#: Born on 14 March 2009: sixteen years old on 31 July 2025.
MINOR = replace(
    ERIK, name="Alva Berg", number=Hidden("200903149805"), address=Address("Sjövägen 1", "852 31", "Sundsvall")
)


async def _holds(p: Scene) -> list[str]:
    return [hold.reason for hold in open_holds(await p.case())]


@intent(SPECIAL, "Say that it is not you", Start.STRANGER)
async def not_me(p: Scene) -> None:
    """The address is let go of at once; of whom it was for, nothing is said."""
    await p.start()
    await p.press("btn.notme")
    p.said("Vi slutar skriva till dig här.", "We stop writing to you here.")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert chat.quarantined
    await p.press("btn.undo")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert not chat.quarantined


@by_sms("not_me")
async def not_me_by_sms(p: Scene) -> None:
    await p.write("0", "2")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert chat.quarantined
    await p.press("btn.undo")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert not chat.quarantined


@intent(SPECIAL, "Say that somebody has died", Start.STRANGER)
async def deceased(p: Scene) -> None:
    """A relative need not show who they are, and learns nothing; a person looks."""
    await p.start()
    await p.press("btn.notme")
    await p.press("btn.tell_why")
    await p.press("btn.special")
    await p.press("btn.special.deceased")
    await p.press("btn.special.yes")
    p.said("Vi beklagar sorgen.", "We are sorry for your loss.")
    assert await p.tasks() == ["task.special.deceased"]


@by_sms("deceased")
async def deceased_by_sms(p: Scene) -> None:
    await p.write("0", "2")
    await p.press("btn.tell_why")
    await p.press("btn.special")
    await p.press("btn.special.deceased")
    assert await p.tasks() == ["task.special.deceased"]


@intent(SPECIAL, "Say that it is a bankruptcy")
async def bankrupt(p: Scene) -> None:
    """Everything rests, and a person contacts the trustee."""
    await p.phrase("bankrupt", "jag har gått i konkurs", "I am bankrupt")
    await p.press("guess.bankrupt")
    await p.press("btn.special.yes")
    assert await _holds(p) == ["insolvency"]


@by_sms("bankrupt")
async def bankrupt_by_sms(p: Scene) -> None:
    await p.write("4", "7")
    await p.press("btn.special.bankrupt")
    assert await _holds(p) == ["insolvency"]


@intent(SPECIAL, "Say that one has debt relief")
async def debt_relief(p: Scene) -> None:
    """Everything rests, and a person takes over."""
    await p.phrase("debt_relief", "jag har fått skuldsanering", "I have been granted debt relief")
    await p.press("guess.debt_relief")
    await p.press("btn.special.yes")
    assert await _holds(p) == ["debt_relief"]


@by_sms("debt_relief")
async def debt_relief_by_sms(p: Scene) -> None:
    await p.write("4", "7")
    await p.press("btn.special.debt_relief")
    assert await _holds(p) == ["debt_relief"]


@intent(SPECIAL, "Be under age", Start.STRANGER)
async def under_age(p: Scene) -> None:
    """What is from before the eighteenth birthday is stopped."""
    case = await p.another_debtor(MINOR)
    await p.start()
    await p.press("btn.bankid")
    await p.bankid(MINOR.number.reveal(), MINOR.name)
    if p.channel == "telegram":
        await p.press("btn.read_telegram")
    await p.phrase("under_age", "jag är bara 16 år", "I am only 16 years old")
    await p.press("guess.under_age")
    await p.press("btn.special.yes")
    assert [hold.reason for hold in open_holds(await p.case(case.id))] == ["minor"]
    assert p.world.clock.today() == date(2025, 7, 31)


@by_sms("under_age", words=True)
async def under_age_by_sms(p: Scene) -> None:
    case = await p.another_debtor(MINOR)
    await p.say("BANKID")
    await p.bankid(MINOR.number.reveal(), MINOR.name)
    await p.press("btn.read_here")
    await p.press("btn.wrong")
    await p.write("7")
    await p.press("btn.special.under_age")
    assert [hold.reason for hold in open_holds(await p.case(case.id))] == ["minor"]


@intent(SPECIAL, "Have a protected identity")
async def protected(p: Scene) -> None:
    """No address is shown any more, and the post goes through Skatteverket."""
    await p.phrase("protected", "jag har skyddad identitet", "I have a protected identity")
    await p.press("guess.protected")
    await p.press("btn.special.yes")
    assert await _holds(p) == ["protected"]
    debtor = await people.load_debtor(p.world.house.keys, 1)
    assert debtor is not None
    assert debtor.protected


@by_sms("protected")
async def protected_by_sms(p: Scene) -> None:
    await p.write("4", "7")
    await p.press("btn.special.protected")
    assert await _holds(p) == ["protected"]
