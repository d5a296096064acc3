"""A claim that is too old is asked for nowhere (preskriptionslagen 8 §): screens, SMS, receipts, papers, staff."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from bot.dialogs.wording.work import case_text
from core.errors import Refusal
from core.party import Role
from core.services import kept_payments, letters, payments, questions
from core.services.holds import place
from tests.dialogs.test_conversations import send_notices
from tests.dialogs.test_golden import identified
from tests.dialogs.test_sms_rights import at_case
from tests.golden.parser import plain
from tests.services.world import CLERK, NOW, World, debtor

TOO_OLD = "Kravet är för gammalt (preskriberat). Vi kräver inget, och du behöver inte betala något."
THEN = "Inget nytt händer. Kommer det pengar ändå håller vi dem åt dig, och du kan få tillbaka dem."


async def test_no_screen_asks_for_it_and_what_counts_of_it_asks_for_no_rest(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Betala")
    await place(world.house, CLERK, 1, "limitation", "för gammalt")
    [late] = await sara.press("Betala med Swish")
    assert late.text == f"Skulden är för gammal för att krävas in.\n{TOO_OLD}"
    [case] = await sara.say("översikt")
    assert case.text.endswith(f"{TOO_OLD}\n{THEN}")
    assert case.card is None
    assert not {"Betala", "Få tid eller dela upp"} & set(case.buttons)
    for wish in ("jag vill betala", "jag vill dela upp", "kan jag få mer tid"):
        assert TOO_OLD in (await sara.say(wish))[-1].text, wish
    await payments.register_bank(world.house, CLERK, "10000180", 20_000, NOW)
    await send_notices(world, sara, "sv", "receipt")
    await sara.say("översikt")
    [details] = await sara.press("Se kravet i detalj")
    assert details.text.endswith(
        f"Pengarna räknas inte nu. Skulden kan vara för gammal.\nSumma: 1 248,22 kr.\n{TOO_OLD}"
    )
    assert details.card is not None
    assert details.card["total"]["what"] == "Summa, krävs inte"
    assert details.card["rows"][-1]["why"] == "Skulden kan vara för gammal."
    assert "Betala" not in details.buttons

    [task] = [row for row in await questions.queue(world.house, CLERK) if row.kind == "task.payment_kept"]
    await kept_payments.count(world.house, CLERK, task.id, "Hon skrev att det ska räknas.")
    await send_notices(world, sara, "sv", "receipt")
    counted = await sara.last()
    assert counted.text.endswith(TOO_OLD)
    assert "Dela upp resten" not in counted.buttons


async def test_neither_sms_nor_papers_nor_staff_ask_for_it(world: World) -> None:
    sara = await at_case(world)
    case = await place(world.house, CLERK, 1, "limitation", "för gammalt", date(2026, 7, 31))
    said = await sara.say("översikt")
    assert "kravet är för gammalt (preskriberat). Du behöver inte betala." in said
    assert "Betala" not in said.replace("Du behöver inte betala", "")
    assert (await sara.say("jag vill betala")).startswith(said[:40])
    actor = debtor(case)
    pdf = await letters.statement_pdf(world.house, actor, case.id, "sv")
    printed = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert TOO_OLD in printed
    assert "Betala till bankgiro" not in printed
    with pytest.raises(Refusal, match="time_barred"):
        await payments.bank_quote(world.house, actor, case.id)
    seen = plain(case_text(case, (), Role.CLERK, NOW, "sv"))
    assert "Får inte krävas: 1 248,22 kr. Läge: krav skickat, pausat, preskriberat." in seen
    assert "Nästa: pausat, vi tittar 31 juli 2026." in seen
