"""Special cases: the right pause in all of a person's cases, the right task, and nothing told to who is not known."""

from datetime import date

import pytest

from core.rules.se.identifiers import birth_date
from core.services import questions
from core.special import came_of_age, under_age
from core.standing import open_holds
from core.store import people, sessions
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, agrees, at_start, identified, label
from tests.golden.parser import golden
from tests.services.world import CLERK, NOW, SARA, SOLROS, World, invoice

UNSAYABLE = ("inkasso", "skuld", "krav", "faktura", "betala", "påminnelse", "kronofogden", "sara", "norrhjul")


async def reasons(world: World, debtor_id: int = 1) -> list[list[str]]:
    return [[hold.reason for hold in open_holds(case)] for case in await world.house.book.of_debtor(debtor_id)]


async def at_special(talk: WebTalk, words: str) -> None:
    """From somebody's own words, over the question whether that is meant."""
    [confirm] = await talk.say(words)
    await talk.press(confirm.buttons[0])


async def from_not_me(talk: WebTalk) -> None:
    """As a stranger finds it: not me, and why."""
    await talk.press("Säg att det inte är du")
    await talk.press("Berätta varför")
    await talk.press("Ange vad som har hänt")


@LANGS
async def test_not_me_reads_as_the_transcript_and_leads_on(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [done] = await talk.press(label(lang, "Säg att det inte är du", "Say it is not you"))
    agrees(done, lang, "notme.done")
    await talk.press(label(lang, "Berätta varför", "Tell us why"))
    [special] = await talk.press(label(lang, "Ange vad som har hänt", "Say what has happened"))
    assert label(lang, "Berätta om sanering", "Tell about debt relief") not in special.buttons


async def test_a_death_stops_all_and_nobody_is_written_to_here_any_more(world: World) -> None:
    await world.case(SARA, SOLROS, invoice("77"))
    talk, code = await at_start(world, "sv")
    await talk.press("Skriv koden i brevet")
    await talk.say(code)
    await at_special(talk, "hon har avlidit")
    [done] = await talk.press("Stoppa och lämna över")
    assert done.text == golden()["special.deceased"].text("sv")
    assert await reasons(world) == [["deceased"], ["deceased"]]
    [task] = await questions.queue(world.house, CLERK)
    assert (task.kind, task.due_on) == ("task.special.deceased", date(2025, 8, 5))
    chat = await sessions.get(talk.chat_id)
    assert chat is not None
    assert (chat.quarantined, chat.debtor_id) == (True, None)


@pytest.mark.parametrize("linked", [True, False])
async def test_a_relative_reads_the_same_whether_or_not_there_is_a_case(world: World, linked: bool) -> None:
    talk, _ = await at_start(world, "sv")
    if linked:
        await sessions.link(talk.chat_id, 1)
    await from_not_me(talk)
    await talk.press("Säg att någon har dött")
    [done] = await talk.press("Stoppa och lämna över")
    assert done.text == golden()["special.deceased"].text("sv")
    assert await reasons(world) == ([["deceased"]] if linked else [[]])
    kinds = [task.kind for task in await questions.queue(world.house, CLERK)]
    assert "task.special.deceased" in kinds


@pytest.mark.parametrize(
    ("label_", "kind"),
    [
        ("Säg att det är konkurs", "bankrupt"),
        ("Säg att det är ett barn", "under_age"),
        ("Säg att du är skyddad", "protected"),
    ],
)
async def test_a_stranger_tells_us_and_learns_nothing(world: World, label_: str, kind: str) -> None:
    talk, _ = await at_start(world, "sv")
    await from_not_me(talk)
    if kind != "bankrupt":
        await talk.press("Visa fler skäl")
    [check] = await talk.press(label_)
    [done] = await talk.press("Stoppa och lämna över")
    assert "senast tisdag 5 augusti" in done.text
    said = f"{check.text} {done.text}".casefold()
    assert not [word for word in UNSAYABLE if word in said]
    assert await reasons(world) == [[]]
    [task] = await questions.queue(world.house, CLERK)
    assert (task.kind, task.case_id) == (f"task.special.{kind}", None)


async def test_protected_details_are_hidden_and_post_is_arranged(world: World) -> None:
    talk = await identified(world, "sv")
    await at_special(talk, "jag har skyddad identitet")
    await talk.press("Stoppa och lämna över")
    talk.restart()
    assert await reasons(world) == [["protected"]]
    debtor = await people.load_debtor(world.house.keys, 1)
    assert debtor is not None
    assert debtor.protected


async def test_debt_relief_is_told_twice_and_is_one_pause_and_one_task(world: World) -> None:
    talk = await identified(world, "sv")
    for _ in range(2):
        await at_special(talk, "jag har fått skuldsanering")
        await talk.press("Stoppa och lämna över")
        await talk.press("Gå till översikten")
    assert await reasons(world) == [["debt_relief"]]
    assert len(await questions.queue(world.house, CLERK)) == 1


async def test_only_what_is_from_before_the_eighteenth_birthday_is_held(world: World) -> None:
    case = await world.sara()
    born = birth_date(SARA.number.reveal(), NOW)
    assert not under_age(case, born)
    assert under_age(case, date(2008, 6, 1))
    assert under_age(case, None)
    assert came_of_age(date(2008, 2, 29)) == date(2026, 3, 1)
