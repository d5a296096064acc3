"""By SMS: something is wrong, special cases, hard times and a person, with digits alone and in every language."""

from datetime import time

import pytest

from bot.channels.webframes import button_at
from core import words
from core.objections import objections
from core.services import disputes, doors, identity, judging, questions
from core.standing import open_holds
from core.store import chats, sms
from core.store.database import rows
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.dialogs.talk import WebTalk
from tests.services.world import CLERK, World, member

#: Languages whose letters GSM-7 lacks, and in which a text is as short as it can be.
WIDE = ("ar", "fa", "uk")


async def known(world: World, lang: str = "sv") -> SmsTalk:
    """Sara, who has shown who she is and reads here; the case is on her phone."""
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    talk = await SmsTalk.begin(house, lang)
    code = (await doors.new_code(house, case.id, None)).reveal()
    await identity.try_code(house, talk.chat_id, code)
    await identity.read_here(house, talk.chat_id)
    await talk.say("START")
    return talk


def link_in(text: str) -> str:
    """The personal link of an SMS, without what stands after it."""
    return next(word for word in text.split() if "/c/" in word)


async def buttons(talk: SmsTalk) -> dict[str, str]:
    """The numbers of our last SMS by the ids of their buttons."""
    menu = await sms.last_menu(talk.chat_id)
    assert menu is not None
    assert menu.message_id is not None
    screen = await chats.message(talk.chat_id, menu.message_id)
    assert screen is not None
    found = {number: button_at(screen.keyboard, key) for number, key in menu.answers.items()}
    return {str(button["callback_data"]).split("\x1d")[-1]: number for number, button in found.items() if button}


async def number_of(talk: SmsTalk, name: str) -> str:
    return (await buttons(talk))[name]


async def reasons(world: World) -> list[str]:
    return [hold.reason for hold in open_holds(await world.house.book.load(1))]


async def fresh(talk: SmsTalk, label: str) -> str:
    """The number of four digits before a label of our last SMS."""
    said = talk.gateway.sent[-1][1]
    return said.split(f" {label}")[0].split()[-1]


# The table of conversations 3.8, and what is understood


async def test_a_ground_and_all_of_it_are_two_digits(world: World) -> None:
    talk = await known(world)
    assert await talk.say("4") == (
        "Vad är fel? 1 Har betalat 2 Inte köpt 3 Inte fått 4 Fel eller dåligt 5 Lämnat tillbaka 6 Fel belopp 7 Annat."
        " Eller skriv själv. 9 Människa 0 Åter"
    )
    assert await talk.say("4") == (
        "Kravet är stoppat från nu. Gäller det allt, svara 1. Gäller det en del, skriv beloppet, till exempel 400."
        " Skriv gärna varför. 9 Människa 0 Ångra"
    )
    assert await reasons(world) == ["dispute_begun"]
    said = await talk.say("1")
    assert said == (
        "Kvitto 10000180-1. Hela kravet, 1248,22 kr, är stoppat. Norrhjul svarar senast 14 aug, vi senast 21 aug."
        f" Bilder: {link_in(said)}"
    )
    assert await reasons(world) == ["dispute"]
    assert await number_of(talk, "person") == "9"
    assert "invänt" in await talk.say("0")


@pytest.mark.parametrize(
    ("answer", "parts", "words_kept"),
    [
        ("400", ((1, 400_00),), ()),
        ("400 kr bromsarna tar inte", ((1, 400_00),), ("400 kr bromsarna tar inte",)),
        ("Bromsarna tar inte", (), ("Bromsarna tar inte",)),
        ("2 av hjulen var trasiga", (), ("2 av hjulen var trasiga",)),
    ],
)
async def test_a_sum_is_the_part_and_words_are_the_words(
    world: World, answer: str, parts: tuple[tuple[int, int], ...], words_kept: tuple[str, ...]
) -> None:
    talk = await known(world)
    await talk.say("4")
    await talk.say("4")
    said = await talk.say(answer)
    assert ("Stoppat: 4" if parts else "Hela kravet") in said
    case = await world.house.book.load(1)
    [raised] = objections(case)
    assert bool(raised.parts) == bool(parts)
    assert await disputes.words_of(world.house, member(case), 1) == words_kept


async def test_undone_nothing_was_filed(world: World) -> None:
    talk = await known(world)
    await talk.say("4")
    await talk.say("3")
    assert "gäller inte längre" in await talk.say("8")
    assert (await talk.say("0")).startswith("Ångrat.")
    assert await reasons(world) == []


async def test_what_was_said_is_kept_and_back_is_not_called_undoing(world: World) -> None:
    talk = await known(world)
    scope = await talk.say("Jag har aldrig fått cykeln")
    assert scope.endswith("0 Åter")
    assert "I morgon skickar vi det du har skrivit." in await talk.say("0")
    assert await reasons(world) == ["dispute_begun"]


async def test_after_a_pause_the_rest_of_a_part_is_said_to_rest(world: World) -> None:
    talk = await known(world)
    for number in ("3", "3", "1", "0"):
        await talk.say(number)
    await talk.say(await number_of(talk, "wrong"))
    await talk.say("4")
    said = await talk.say("400")
    assert "är pausad till lör 30 aug. Sedan tid till mån 8 sep." in said
    assert "fre 1 aug" not in said
    assert "5 aug" not in said


# The creditor's answer


async def answered(world: World, word: str, amount: int = 0) -> SmsTalk:
    talk = await known(world)
    for number in ("4", "4", "1"):
        await talk.say(number)
    case = await world.house.book.load(1)
    await judging.answer(world.house, member(case), 1, 1, word, "bromsarna provades den 30 maj", amount or None)
    return talk


async def test_a_no_is_read_and_the_view_is_kept(world: World) -> None:
    talk = await answered(world, "rejected")
    await talk.say("0")
    dispute = await number_of(talk, "dispute")
    await talk.say(dispute)
    said = await talk.say("1")
    assert said.startswith("Nej. Norrhjul håller fast vid kravet: bromsarna provades den 30 maj.")
    assert talk.segments <= 2
    kept = await talk.say("2")
    assert kept.startswith("Du håller fast vid din syn. 1248,22 kr är stoppat")
    assert await reasons(world) == ["dispute"]


# A link that leads to a place


async def test_taking_it_back_is_done_on_our_page(world: World) -> None:
    talk = await known(world)
    for number in ("4", "4", "1", "0"):
        await talk.say(number)
    await talk.say(await number_of(talk, "dispute"))
    said = await talk.say(await number_of(talk, "withdraw"))
    assert said.startswith("Ta tillbaka invändningen med BankID: ")
    assert "dispute" in await reasons(world)
    token = link_in(said).rsplit("/", 1)[1]
    page = await WebTalk.begin(world.house)
    await page.command(f"/start {token}")
    [*_, shown] = await page.say((await doors.new_code(world.house, 1, None)).reveal())
    assert "Ta tillbaka den" in shown.buttons
    await page.press("Ta tillbaka den")
    assert await reasons(world) == []


async def test_taking_it_back_with_a_fresh_code_from_a_letter(world: World) -> None:
    talk = await known(world)
    for number in ("4", "4", "1", "0"):
        await talk.say(number)
    await talk.say(await number_of(talk, "dispute"))
    await talk.say(await number_of(talk, "withdraw"))
    await talk.say("ABCD-2345")
    assert "dispute" in await reasons(world)
    await talk.say("0")
    await talk.say(await number_of(talk, "dispute"))
    await talk.say(await number_of(talk, "withdraw"))
    code = (await doors.new_code(world.house, 1, None)).reveal()
    assert (await talk.say(code)).startswith("Invändningen är tillbakatagen, kvitto 10000180-1.")
    assert await reasons(world) == []
    assert "wrong" in await buttons(talk)


async def test_who_is_known_already_comes_to_the_place_at_once(world: World) -> None:
    case = await world.sara()
    page = await WebTalk.begin(world.house)
    await page.say((await doors.new_code(world.house, case.id, None)).reveal())
    token = await doors.new_link(world.house, case, "hard.main")
    [*_, shown] = await page.command(f"/start {token}")
    assert "Pausa i 30 dagar" in shown.buttons


# Hard times, a person, special cases


async def test_a_pause_is_three_digits_and_nothing_that_is_written_is_kept(world: World) -> None:
    talk = await known(world)
    await talk.say("3")
    await talk.say("3")
    assert (await talk.say("Jag har varit sjuk")).startswith("Det du skrev sparar vi inte.")
    said = await talk.say("1")
    assert said.startswith("Pausat till och med lör 30 aug. En människa skriver hit senast tis 5 aug.")
    assert "sjuk" not in str(await rows("SELECT content FROM chat_message WHERE chat_id = ?", talk.chat_id))
    await talk.say("0")
    assert await reasons(world) == ["hardship"]


async def test_words_of_distress_bring_calm_in_one_sms(world: World) -> None:
    talk = await known(world)
    said = await talk.say("jag orkar inte leva")
    assert "112" in said
    assert "1177" in said
    assert "kr" not in said.split()
    assert talk.segments <= 2
    assert await talk.say("9")


async def test_a_person_is_asked_told_and_left_and_answers_in_full(world: World) -> None:
    talk = await known(world)
    assert (await talk.say("9")).startswith("Du är nummer 1 i kön. Vi svarar oftast inom en kvart, hit.")
    assert (await talk.say("Kan jag betala hälften?")).startswith("Tack. En människa svarar hit senast i dag")
    [task] = await questions.queue(world.house, CLERK)
    assert task.kind == "task.person"
    assert (await talk.say("1")).startswith("Du står inte i kön.")


async def test_when_we_are_closed_the_hours_are_told(world: World) -> None:
    talk = await known(world)
    world.clock.set_day(world.clock.today(), time(20, 0))
    assert (await talk.say("9")).startswith("Vi öppnar fre 1 aug kl 9.")
    assert talk.segments <= 2


async def test_a_special_case_is_told_with_the_number_that_we_have_just_sent(world: World) -> None:
    talk = await known(world)
    await talk.say("4")
    await talk.say("7")
    said = await talk.say(await fresh(talk, "Konkurs"))
    assert said.startswith("Vi stoppar allt som gäller konkursen.")
    assert "insolvency" in await reasons(world)


# Every language


#: What is pressed one after another, by the id of its button; figures and words are written.
WALK = (
    "person ord leave time pause interest home time pause pause home next hard yes wrong other_reason cancel back "
    "wrong faulty 400 home dispute withdraw back dispute more faulty send"
)


@pytest.mark.parametrize("lang", words.languages())
async def test_every_screen_fits_and_has_the_person_and_the_way_back(world: World, lang: str) -> None:
    talk = await known(world, lang)
    room = 3 if lang in WIDE else 2
    for step in WALK.split():
        written = step.isdigit() or step == "ord"
        assert await talk.say(step if written else await number_of(talk, step)), step
        assert talk.segments <= room, (step, talk.segments, talk.gateway.sent[-1][1])
        found = await buttons(talk)
        if step not in ("person", "ord"):
            assert "9" in found.values(), step
        if "details" not in found:  # the overview has nothing below it
            assert "0" in found.values(), step
