"""The SMS chat over the real dispatcher: numbers, words, and one SMS for each turn."""

import pytest

from core.ports import ProviderBusy, ProviderRefused, ProviderUnknown, SmsArrived, SmsReport, SmsState
from core.services import doors, texting
from core.store import sessions, sms
from core.store.database import rows
from tests.dialogs.conftest import world as world
from tests.dialogs.sms_talk import OURS, THEIRS, FakeGateway, SmsTalk, with_sms
from tests.services.world import World


@pytest.fixture
async def talk(world: World) -> SmsTalk:
    return await SmsTalk.begin(with_sms(world.house, FakeGateway()))


async def test_choices_are_numbers_and_the_same_sms_again_changes_nothing(talk: SmsTalk) -> None:
    first = await talk.say("hej")
    assert "9 Människa" in first
    told = SmsArrived("fake", "same", THEIRS, OURS, "9")
    await talk.chat.arrived(told)
    await talk.chat.arrived(told)
    assert len(talk.gateway.sent) == 2


async def test_a_gateway_that_is_down_delays_an_answer_and_keeps_the_order(talk: SmsTalk) -> None:
    talk.gateway.fails = lambda _to, _text: ProviderBusy("429", 120.0)
    assert await talk.say("hej") == ""
    assert await talk.say("EN") == ""
    assert await texting.drain(talk.house) == 0
    talk.gateway.fails = lambda _to, _text: None
    talk.house.clock.wait(300)  # type: ignore[attr-defined]
    assert await texting.drain(talk.house) == 2
    first, second = (text for _, text in talk.gateway.sent)
    assert "9 Människa" in first
    assert "9 Person" in second
    assert [row["state"] for row in await rows("SELECT state FROM sms ORDER BY id")] == ["sent", "sent"]


async def test_an_answer_that_comes_too_late_says_only_that_we_are_back(talk: SmsTalk) -> None:
    talk.gateway.fails = lambda _to, _text: ProviderBusy("503")
    await talk.say("hej")
    talk.gateway.fails = lambda _to, _text: None
    talk.house.clock.wait(3_600)  # type: ignore[attr-defined]
    await texting.drain(talk.house)
    assert [text for _, text in talk.gateway.sent] == ["Vi är tillbaka. Skriv igen om du vill något."]


async def test_a_number_that_is_dead_is_quarantined(talk: SmsTalk) -> None:
    talk.gateway.fails = lambda _to, _text: ProviderRefused("dead")
    await talk.say("hej")
    chat = await sessions.get(talk.chat_id)
    assert chat is not None
    assert chat.quarantined


async def test_reports_may_come_out_of_order_and_twice(talk: SmsTalk) -> None:
    await talk.say("hej")
    delivered = SmsReport("fake", "s1", SmsState.DELIVERED)
    for report in (delivered, SmsReport("fake", "s1", SmsState.SENT), delivered):
        await talk.chat.reported(report)
    assert [one.state for one in await sms.reported()] == ["delivered"]


async def test_after_a_letters_code_the_chat_goes_on_where_the_person_chose(world: World) -> None:
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    code = (await doors.new_code(house, case.id, None)).reveal()
    talk = await SmsTalk.begin(house)
    await talk.say("hej")
    assert "Sara" in await talk.say(code)
    assert "1248,22" not in "".join(text for _, text in talk.gateway.sent)


async def test_an_answer_of_which_nobody_knows_whether_it_went_is_asked_about_and_not_lost(talk: SmsTalk) -> None:
    talk.gateway.fails = lambda _to, _text: ProviderUnknown("HTTP500")
    assert await talk.say("hej") == ""
    talk.gateway.fails = lambda _to, _text: None
    talk.house.clock.wait(60)  # type: ignore[attr-defined]
    await texting.drain(talk.house)
    assert len(talk.gateway.sent) == 1
    await texting.drain(talk.house)
    assert len(talk.gateway.sent) == 1


async def test_a_number_that_was_not_offered_is_nobodys_words_and_nine_is_a_person_all_the_same(talk: SmsTalk) -> None:
    await talk.say("hej")
    assert "gäller inte" in await talk.say("7")
    assert await talk.say("0")
    assert "i kön" in await talk.say("9")


async def test_whoever_writes_too_much_is_told_once_and_may_always_stop(talk: SmsTalk) -> None:
    answers = []
    for number in range(20):
        await talk.chat.arrived(SmsArrived("fake", f"much{number}", THEIRS, OURS, "hej"))
        answers = [text for _, text in talk.gateway.sent]
    assert sum("många sms" in text for text in answers) == 1
    assert len(answers) == 13
    await talk.chat.arrived(SmsArrived("fake", "enough", THEIRS, OURS, "STOPP"))
    chat = await sessions.get(talk.chat_id)
    assert chat is not None
    assert chat.stopped
