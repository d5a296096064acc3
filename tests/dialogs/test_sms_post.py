"""Somebody who only ever answers with digits reaches what an SMS cannot hold: in short lines, or by post."""

import re
from datetime import date

import pytest

from core import reach, words
from core.party import SYSTEM, Role
from core.payment import receive
from core.services import doors
from core.store.database import rows
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.dialogs.test_seeing import sent
from tests.dialogs.test_sms_rights import MOST, at_case, number
from tests.dialogs.test_work import at_work, heard
from tests.services.world import NOW, World


async def paid(world: World, ore: int, reference: str) -> None:
    await world.house.book.change(1, lambda case: receive(case, ore, "swish", reference, NOW, NOW), SYSTEM)


async def asked_of_staff() -> list[str]:
    return [row["kind"] for row in await rows("SELECT kind FROM tasks WHERE done_on IS NULL ORDER BY id")]


async def by_digits(talk: SmsTalk, *labels: str) -> str:
    """The way from the case, each step the number that its SMS gave it."""
    said = await talk.say("5")
    for label in labels:
        said = await talk.say(number(said, label))
    return said


async def test_the_history_stands_in_short_lines_and_older_ones_behind_a_number(world: World) -> None:
    talk = await at_case(world)
    await sent(world)
    for count in range(18):
        await paid(world, 10000 + count, f"b{count}")
    first = await by_digits(talk, "Se allt som har hänt")
    assert first.startswith("31/7 betalt ")
    assert first.endswith("1 Äldre 9 Människa 0 Åter")
    said, lines = first, first
    while "1 Äldre" in said:
        said = await talk.say("1")
        lines += said
    assert "2/7 ärendet kom till oss. 11/7 påminnelse 60 kr. 23/7 krav 180 kr." in said
    assert lines.count("betalt ") == 18
    assert await talk.say("1") == first


async def test_a_letter_is_posted_again_with_the_third_sms(world: World) -> None:
    talk = await at_case(world)
    await sent(world)
    await paid(world, 50000, "b1")
    listed = await by_digits(talk, "Se dina brev")
    assert "1 10000180-1 31/7 500 kr Swish" in listed
    told = await talk.say(number(listed, "krav 23/7"))
    assert told.startswith("Vi postar det inom två bankdagar, senast mån 4 aug, till adressen som vi har.")
    await talk.say("0")
    listed = await by_digits(talk, "Se dina brev")
    await talk.say(number(listed, "krav 23/7"))
    assert (await asked_of_staff()).count("task.post_again") == 1
    staff = await at_work(world, Role.CLERK)
    assert "posta igen Krav 23 juli" in await heard(staff, "/queue")
    await heard(staff, "/stats")


@pytest.mark.parametrize(
    ("label", "kind", "begins"),
    [
        ("Uppgifter med brev", "task.post_mydata", "Vi postar det inom två bankdagar, "),
        ("Ombud: blankett med brev", "task.post_form", "Vi postar det inom två bankdagar, "),
        ("Ta bort uppgifter", "task.erase", "Vi har din begäran. En människa tar bort det som lagen låter oss "),
    ],
)
async def test_data_and_rights_are_asked_for_by_digits(world: World, label: str, kind: str, begins: str) -> None:
    talk = await at_case(world)
    shown = await by_digits(talk, "Dina uppgifter")
    fresh = number(shown, label)
    assert len(fresh) == (4 if kind == "task.erase" else 1)
    assert (await talk.say(fresh)).startswith(begins)
    assert kind in await asked_of_staff()


async def test_an_unread_letter_can_be_had_by_post(world: World) -> None:
    house = with_sms(world.house, FakeGateway())
    case = await world.case()
    talk = await SmsTalk.begin(house)
    chat, day = talk.chat_id, date(2025, 7, 11)
    await house.book.change(case.id, lambda case: reach.bind(case, "sms", chat, day), SYSTEM)
    await world.step(case.id, day, send=False)
    await sent(world)
    world.clock.set_day(NOW)
    await talk.say("?")
    await talk.say((await doors.new_code(house, case.id, None)).reveal())
    said = await talk.say("1")
    assert "Du har ett brev från " in said, said
    assert "1 Skicka med post" in said
    assert (await talk.say("1")).startswith("Vi postar det inom två bankdagar")
    assert await asked_of_staff() == ["task.post_again"]


@pytest.mark.parametrize("lang", words.languages())
async def test_each_screen_is_short(world: World, lang: str) -> None:
    talk = await at_case(world, lang)
    await sent(world)
    await paid(world, 50000, "b1")
    await paid(world, 10050, "b2")
    for way in ("51", "511", "52", "521", "56", "561"):
        for digit in way:
            said = await talk.say(digit)
            assert talk.segments <= MOST.get(lang, 2), (way, talk.segments, said)
            assert re.search(r" 9 .* 0 \S+( \S+)?$", said), (way, said)
        for _ in range(4):
            said = await talk.say("0")
