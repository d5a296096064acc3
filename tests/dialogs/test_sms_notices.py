"""Notices by SMS: their numbers work, the pointer's too, and members hear nothing there."""

import re

from bot.carriers import ChatCarrier
from bot.channels.base import SMS
from bot.storage import LocalIsolation, SqlStorage
from core.case import Case
from core.ports import Carried, Message, Outcome
from core.store.database import rows
from tests.dialogs.sms_talk import SmsTalk
from tests.dialogs.test_sms_rights import at_case
from tests.notices.samples import CODE, samples
from tests.services.world import World


async def carry(talk: SmsTalk, kind: str, key: str, case: Case | None) -> Carried:
    house = talk.house
    facts = next((sample.facts for sample in samples() if sample.kind == kind), {})
    carrier = ChatCarrier(house, {SMS: talk.chat.channel}, SqlStorage(house.clock), LocalIsolation())
    return await carrier.carry(Message(key, talk.chat_id, SMS, "sv", kind, facts, case, CODE, house.clock.now()))


async def test_the_numbers_of_a_notice_open_what_they_say(world: World) -> None:
    talk = await at_case(world)
    carried = await carry(talk, "plan.reminder", "k1", await talk.house.book.load(1))
    assert carried.outcome is Outcome.SENT
    assert talk.gateway.sent[-1][1] == (
        "472,00 kr i din plan ska vara här mån 25 aug. Har du betalat behöver du inte göra något."
        " 1 Betala 2 Planen 9 Människa 0 Åter"
    )
    assert (await talk.say("1")).startswith("Swisha 1248,22 kr: https://schysst.example/pay/")


async def test_a_pointer_is_told_the_same_however_often_and_leads_to_the_check(world: World) -> None:
    talk = await at_case(world)
    [notice] = await rows("SELECT key FROM notices WHERE kind = 'demand'")
    first = await carry(talk, "pointer", notice["key"], None)
    said = talk.gateway.sent[-1][1]
    assert said.startswith("Schysst: du har ett meddelande. Läs det med BankID: https://schysst.example/c/")
    assert said.endswith(f" Kontrollkod {CODE}. 1 Äkta? 2 Fel person 9 Människa. Sluta: STOPP")
    assert (len(said), talk.segments) == (157, 1)
    assert first.text.startswith("Schysst: du har ett meddelande. Läs det med BankID: https://schysst.example/c/… ")
    told = len(talk.gateway.sent)
    await carry(talk, "pointer", notice["key"], None)
    assert len(talk.gateway.sent) == told
    assert (await talk.say("1")).startswith("Skriv koden som står i ")


async def test_what_an_sms_opens_is_known_to_the_phone_alone(world: World) -> None:
    talk = await at_case(world)
    [notice] = await rows("SELECT key FROM notices WHERE kind = 'demand'")
    await carry(talk, "pointer", notice["key"], None)
    await talk.say("betala")
    assert "https://" in await talk.say("1")
    tokens = set(re.findall(r"/(?:c|pay)/(\w+)", " ".join(text for _, text in talk.gateway.sent)))
    assert len(tokens) > 1
    for table in ("sms", "chat_message", "inbox_item", "documents", "fsm_entry"):
        kept = str(await rows(f"SELECT * FROM {table}"))
        assert not [token for token in tokens if token in kept], table


async def test_what_is_a_members_is_not_said_by_sms(world: World) -> None:
    talk = await at_case(world)
    told = len(talk.gateway.sent)
    carried = await carry(talk, "creditor.paid", "k2", await talk.house.book.load(1))
    assert (carried.outcome, carried.code) == (Outcome.REFUSED, "not_said_there")
    assert len(talk.gateway.sent) == told
