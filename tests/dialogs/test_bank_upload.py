"""Staff send a bank's file into their chat: it is taken in, what became of it is said, and what waits is shown."""

from core.party import Role
from core.store import tasks
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import identified
from tests.dialogs.test_work import at_work
from tests.files import bank_samples as bank
from tests.services.test_bank_files import entries, paid, to_case
from tests.services.world import World


async def texts(talk: WebTalk, body: str, name: str = "camt054.xml") -> list[str]:
    return [said.text for said in await talk.send(name, body.encode(), "application/xml")]


async def test_a_file_is_taken_in_and_what_waits_is_shown(world: World) -> None:
    sara = await world.sara()
    staff = await at_work(world, Role.CLERK)
    said = await texts(staff, bank.camt(to_case(sara, 10_000, "A1"), paid(7_700, bank.free("hej"), ref="A2")))
    assert said[0] == "Vi läser in camt054.xml. Resultatet kommer här."
    assert said[1].splitlines()[2:] == [
        "Nya betalningar: 2",
        "Fanns redan: 0",
        "Inte intagna: 0",
        "Har hittat sin plats: 1",
        "Väntar på en handläggare: 1",
    ]
    assert "77" in said[2]
    again = await texts(staff, bank.camt(to_case(sara, 10_000, "A1"), paid(7_700, bank.free("hej"), ref="A2")))
    assert "Fanns redan: 2" in again[1]
    assert len(await entries()) == 2


async def test_a_broken_file_says_its_line_and_books_nothing(world: World) -> None:
    staff = await at_work(world, Role.CLERK)
    [_, refused] = await texts(staff, bank.camt(paid(7_700, ref="A2")).replace("</Document>", ""))
    assert refused.startswith("camt054.xml togs inte in. Ingenting är bokfört.")
    assert await entries() == []
    assert await tasks.open_tasks(kind="task.unmatched") == ()


async def test_a_file_that_is_none_of_the_banks_is_told_what_may_be_sent(world: World) -> None:
    staff = await at_work(world, Role.CLERK)
    await staff.say("/unmatched")
    [said] = await texts(staff, "hej", "brev.txt")
    assert said.startswith("Det är ingen fil från banken som vi kan läsa. Hit går att skicka camt.053, camt.054, BgMax")


async def test_who_is_not_of_the_staff_brings_no_payments(world: World) -> None:
    sara = await identified(world, "sv")
    await texts(sara, bank.camt(paid(7_700, ref="A2")))
    assert await entries() == []
