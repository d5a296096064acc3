"""Preferences and rights."""

from datetime import date

from core.services import complaints
from core.store import representatives, sessions, wishes
from tests.intents.script import Scene, Start, by_sms, intent
from tests.services.world import NOW

RIGHTS = "Preferences and rights"


async def _settings(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.settings")


@intent(RIGHTS, "Choose a channel")
async def prefer_channel(p: Scene) -> None:
    """Where we write first; letters that the law wants still come by post."""
    await _settings(p)
    await p.press("btn.channels")
    await p.press("btn.channels.prefer")
    await p.press("btn.prefer.letter")
    assert (await wishes.of_debtor(1)).channel == "letter"


@by_sms("prefer_channel")
async def prefer_channel_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.channels")
    await p.press("btn.prefer.letter")
    assert (await wishes.of_debtor(1)).channel == "letter"


@intent(RIGHTS, "Choose the hours")
async def hours(p: Scene) -> None:
    """We write within them only."""
    await _settings(p)
    await p.press("btn.channels")
    await p.press("btn.channels.hours")
    await p.tap(p.last.labels[2])
    wish = await wishes.of_debtor(1)
    assert (wish.from_hour, wish.until_hour) == (17, 20)


@by_sms("hours")
async def hours_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.channels.hours")
    await p.write("17 20")
    wish = await wishes.of_debtor(1)
    assert (wish.from_hour, wish.until_hour) == (17, 20)


@intent(RIGHTS, "Stop a channel")
async def stop_channel(p: Scene) -> None:
    """The case goes on by post, and that is said."""
    await _settings(p)
    await p.press("btn.channels")
    await p.press("btn.channels.stop")
    await p.press("btn.channel.stop.here")
    p.said("Ditt ärende går vidare", "Your case goes on")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert chat.stopped


@by_sms("stop_channel")
async def stop_channel_by_sms(p: Scene) -> None:
    await p.write("5", "4", "1")
    chat = await sessions.get(p.talk.chat_id)
    assert chat is not None
    assert chat.stopped


@intent(RIGHTS, "Let somebody help, and end it", Start.BANKID)
async def representative(p: Scene) -> None:
    """A right with limits and a last day, to be ended whenever one likes."""
    await _settings(p)
    await p.press("btn.mydata")
    await p.press("btn.representatives")
    await p.press("btn.representative.add")
    await p.say("19700101-9806")
    await p.say("Erik Åberg")
    await p.press("btn.representative.pay")
    await p.press("btn.representative.months", n=3)
    await p.press("btn.representative.give")
    p.said("kvitto O1", "receipt O1")
    [given] = await representatives.of_debtor(1)
    assert given.until_on == date(2025, 10, 31)
    await p.start()
    await _settings(p)
    await p.press("btn.mydata")
    await p.press("btn.representatives")
    await p.press("btn.representative.end")
    await p.press("btn.representative.who", name="Erik")
    [ended] = await representatives.of_debtor(1)
    assert ended.ended_on == NOW


@by_sms("representative")
async def representative_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.mydata")
    p.said_by_sms("den som hjälper dig: https://")


@intent(RIGHTS, "Get one's own data", Start.BANKID)
async def my_data(p: Scene) -> None:
    """At once, to read and for machines."""
    await _settings(p)
    await p.press("btn.mydata")
    await p.press("btn.mydata.get")
    files = [shown.file for shown in p.news if shown.file]
    assert [file.rpartition(".")[2] for file in files] == ["pdf", "json"]


@by_sms("my_data")
async def my_data_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.mydata")
    p.said_by_sms("Dina uppgifter som pdf och fil")


@intent(RIGHTS, "Erase one's own data", Start.BANKID)
async def erase(p: Scene) -> None:
    """What goes, what stays, why and until when."""
    await p.bank_pays(124_822)
    await p.start()
    await _settings(p)
    await p.press("btn.mydata")
    await p.press("btn.mydata.erase")
    p.said("bokföringslagen 7 kap. 2 §", "bokföringslagen")
    await p.press("btn.mydata.erase_now")
    p.said("Klart 31 juli 2025.", "Done on 31 July 2025.")


@by_sms("erase")
async def erase_by_sms(p: Scene) -> None:
    await p.bank_pays(124_822)
    await p.later()
    await p.press("btn.more")
    await p.press("btn.mydata")
    await p.fresh()
    p.said_by_sms("Det som vi får ta bort är borttaget.")


@intent(RIGHTS, "Complain about us")
async def complain(p: Scene) -> None:
    """A number, a day for the answer, and the answer."""
    await _settings(p)
    await p.press("btn.complain")
    await p.say("Ni skrev till fel adress.", "You wrote to the wrong address.")
    p.said("senast torsdag 14 augusti", "by Thursday 14 August")
    p.aside("A clerk answers.")
    await complaints.answer(p.world.house, await p.a_clerk(), 1, "Vi har ändrat adressen.")
    await p.post()
    await p.start()
    await _settings(p)
    await p.press("btn.complain")
    await p.press("btn.complaints")
    await p.press("btn.complaint", number="K1")
    p.said("Vi har ändrat adressen.", "Vi har ändrat adressen.")


@by_sms("complain")
async def complain_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.complain")
    await p.write("1")
    p.said_by_sms("senast tors 14 aug")
    p.aside("A clerk answers.")
    await complaints.answer(p.world.house, await p.a_clerk(), 1, "Vi har ändrat adressen.")
    await p.post()
