"""``/sie 2025-08``: a month's vouchers as a document in the chat."""

from datetime import date

from core.party import Role
from core.store.chat_files import mime_of
from tests.dialogs.test_work import at_work, heard
from tests.services.test_bookkeeping import paid_out
from tests.services.world import World


async def test_a_creditor_and_staff_fetch_a_months_file_in_the_chat(world: World) -> None:
    case = await world.house.book.load(await paid_out(world))
    world.clock.set_day(date(2025, 9, 15))
    creditor = await at_work(world, Role.MEMBER, case.creditor.id)
    [said] = await creditor.say("/sie 2025-08")
    assert (said.file, said.text) == (
        "5569876543-2025-08.si",
        "Bokföringsfil för 2025-08 med 1 verifikation. Läs in den i bokföringsprogrammet som SIE 4.",
    )
    assert "Det finns ingen fil att hämta" in await heard(creditor, "/sie 2025-07")
    assert "Bara dagar som är över" in await heard(creditor, "/sie 2025-09")
    assert await heard(creditor, "/sie maj") == "Skriv månaden som ska exporteras, till exempel /sie 2025-08."
    clerk = await at_work(world, Role.CLERK, name="Bo", number="197001019802")
    [said] = await clerk.say("/sie 2025-07")
    assert said.file == "5560000001-2025-07.si"
    assert mime_of(said.file) == "application/octet-stream", "phones take a .si for a message of WAP"
