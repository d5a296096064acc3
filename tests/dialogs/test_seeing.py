"""Seeing everything: any day, what changed between two, all that has happened, letters and receipts."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from bot.dialogs.wording.timeline import event_line
from core import words
from core.dispute import raise_dispute
from core.errors import NotAllowed
from core.facts import KINDS, to_data
from core.hold import place
from core.more_time import promise
from core.party import SYSTEM
from core.payment import claim_paid, receive
from core.services import identity, timeline
from core.store import attempts, outbox
from core.store.database import rows
from tests.core.test_facts import SAMPLES
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_conversations import several
from tests.dialogs.test_golden import LANGS, identified, label
from tests.golden.parser import plain
from tests.services.world import NOW, SOLROS, World, debtor, invoice, member
from tests.world import new_case


async def on_any_day(world: World, lang: str = "sv") -> WebTalk:
    """At the question for a day, the way that buttons lead."""
    talk = await identified(world, lang)
    await talk.press(label(lang, "Se kravet i detalj", "See the details"))
    await talk.press(label(lang, "Hämta som pdf", "Get it as a PDF"))
    await talk.press(label(lang, "Räkna på en annan dag", "Count to another day"))
    return talk


async def paid(world: World, ore: int, on: date = NOW, reference: str = "b1") -> None:
    """Money by bank, booked there on a day, learned of now."""
    await world.house.book.change(1, lambda case: receive(case, ore, "bank", reference, on, NOW), SYSTEM)


# Any day


@LANGS
async def test_a_day_is_asked_for_with_those_that_people_mean(world: World, lang: str) -> None:
    talk = await on_any_day(world, lang)
    offered = ("Räkna till 1 juli", "Räkna till 31 juli", "Räkna till 4 augusti")
    if lang == "en":
        offered = ("Count to 1 July", "Count to 31 July", "Count to 4 August")
    assert (await talk.last()).buttons[:3] == offered
    [shown] = await talk.press(label(lang, "Räkna till 4 augusti", "Count to 4 August"))
    assert label(lang, "Summa 4 augusti 2025: 1 249,32 kr.", "Total on 4 August 2025: SEK 1,249.32.") in shown.text
    assert shown.card is not None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("11 juli", "Summa 11 juli 2025: 1 062,74 kr."),
        ("om en vecka", "Summa 7 augusti 2025: 1 250,14 kr."),
        ("2025-06-15", "Summa 15 juni 2025: 1 000,00 kr."),
        ("1 maj", "1 maj 2025 fanns kravet inte än"),
        ("31 december 2027", "Räntan efter 31 december 2026 är inte bestämd än"),
        ("31 december 2099", "Så långt fram kan vi inte räkna."),
        ("blå", "Vi förstod inte vilken dag du menar."),
    ],
)
async def test_a_day_in_own_words(world: World, said: str, wanted: str) -> None:
    talk = await on_any_day(world)
    [shown] = await talk.say(said)
    assert wanted in shown.text


async def test_a_day_to_come_says_what_is_taken_for_granted(world: World) -> None:
    talk = await on_any_day(world)
    [soon] = await talk.say("5 augusti")
    assert soon.text.endswith(
        "Så blir det om ingen betalar och inget annat händer före dess. Nya avgifter är inte med."
    )
    [later] = await talk.say("1 september")
    assert "de kan komma tidigast 14 augusti" in later.text


async def test_a_day_that_has_been_tells_what_we_knew_then(world: World) -> None:
    talk = await on_any_day(world)
    late = date(2025, 7, 28)
    await paid(world, 50000, on=late)
    [shown] = await talk.say("29 juli")
    assert "Du betalade 500,00 kr 28 juli." in shown.text
    assert "Då räknade vi till 1 247,67 kr." in shown.text


async def test_other_matters_are_still_understood_where_a_day_was_asked_for(world: World) -> None:
    talk = await on_any_day(world)
    [confirm] = await talk.say("har redan swishat")
    assert confirm.text == "Menar du att du redan har betalat?"


async def test_a_day_may_be_written_on_the_statement_itself(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Se kravet i detalj")
    [shown] = await talk.say("i går")
    assert "Summa 30 juli 2025: 1 247,95 kr." in shown.text
    pdf, below = await talk.press("Hämta som pdf")
    assert pdf.file == "utrakning-10000180-2025-07-30.pdf"
    assert below.text == "Du kan också räkna på en annan dag, eller se allt som har hänt i ärendet."


@LANGS
async def test_what_is_disputed_in_part_is_told_apart_from_what_is_to_be_paid(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    await world.house.book.change(
        1, lambda case: raise_dispute(case, "faulty", NOW, parts=((case.claims[0].id, 40000),)), SYSTEM
    )
    await talk.command("/start")
    [shown] = await talk.press(label(lang, "Se kravet i detalj", "See the details"))
    stopped = "Av det är 403,29 kr stoppat, för att du har invänt. Att betala nu: 844,93 kr."
    assert (
        label(lang, stopped, "Of that, SEK 403.29 is stopped because you objected. To pay now: SEK 844.93.")
        in shown.text
    )
    assert shown.card is not None
    assert shown.card["total"]["amount"] == label(lang, "844,93", "844.93")


# Between two days


@LANGS
async def test_what_changed_between_two_days(world: World, lang: str) -> None:
    talk = await on_any_day(world, lang)
    [shown] = await talk.say(label(lang, "11 juli och 31 juli", "11 July and 31 July"))
    first, *_, last = shown.text.split("\n")
    if lang == "sv":
        assert first == "Det här hände mellan 11 juli 2025 och 31 juli 2025."
        assert "Ränta 12 till 31 juli: 5,48 kr. Det är 20 dagar med 10 % om året" in shown.text
        assert "Krav 23 juli: 180,00 kr" in shown.text
        assert last == "Summa 31 juli 2025: 1 248,22 kr. Det är 185,48 kr mer."
    pdf, _ = await talk.press(label(lang, "Hämta som pdf", "Get it as a PDF"))
    assert pdf.file == label(
        lang, "jamforelse-10000180-2025-07-11-2025-07-31.pdf", "comparison-10000180-2025-07-11-2025-07-31.pdf"
    )


async def test_two_days_one_after_the_other(world: World) -> None:
    talk = await on_any_day(world)
    await talk.press("Räkna till 31 juli")
    [asked] = await talk.press("Jämför med en annan dag")
    assert "Jämför med 31 juli" not in asked.buttons
    [same] = await talk.say("i dag")
    assert same.text.startswith("Det är samma dag.")
    [shown] = await talk.press("Jämför med 1 juli")
    assert shown.text.endswith("Det är 248,22 kr mer.")
    [back] = await talk.press("Gå tillbaka")
    assert "Summa 31 juli 2025" in back.text


# All that has happened


async def sent(world: World) -> None:
    """The letters have left, as the outbox writes it down."""
    await rows("UPDATE notices SET state = 'sent', issued_on = on_date WHERE form = 'document' RETURNING id")
    for row in await outbox.of_case(1):
        if row.form == "document":
            await rows(
                "INSERT INTO attempts (notice_id, number, channel, outcome, code, at) "
                "VALUES (?, 1, 'letter', 'sent', '', ?) RETURNING id",
                row.id,
                f"{row.on} 08:00:00+00:00",
            )


@LANGS
async def test_everything_that_was_sent_and_booked(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    await sent(world)
    await paid(world, 50000)
    await talk.press(label(lang, "Visa mer", "Show more"))
    await talk.press(label(lang, "Se dina brev", "See your letters"))
    [shown] = await talk.press(label(lang, "Se allt som har hänt", "See all that happened"))
    if lang == "sv":
        assert shown.text.split("\n")[1:] == [
            "31 juli 2025: Du betalade 500,00 kr via bankgiro.",
            "23 juli 2025: Vi skickade ett krav. Avgift 180,00 kr.",
            "11 juli 2025: Vi skickade en påminnelse. Avgift 60,00 kr.",
            "2 juli 2025: Norrhjul lämnade över ärendet till oss.",
        ]
    receipt, demand, *_ = shown.buttons
    assert receipt == label(lang, "Kvitto 10000180-1", "Receipt 10000180-1")
    assert demand == label(lang, "Krav 23 juli", "Demand 23 July")
    pdf, closely = await talk.press(receipt)
    assert pdf.file == label(lang, "kvitto-10000180-1.pdf", "receipt-10000180-1.pdf")
    assert label(lang, "Kvar efter det: 748,22 kr.", "Left after that: SEK 748.22.") in closely.text


async def test_a_letter_opens_word_for_word_with_how_it_went(world: World) -> None:
    talk = await identified(world, "sv")
    await sent(world)
    await talk.press("Visa mer")
    await talk.press("Se dina brev")
    await talk.press("Se allt som har hänt")
    *text, pdf, closely = await talk.press("Krav 23 juli")
    assert "Inkassokrav" in "\n".join(said.text for said in text)
    assert pdf.file == "brev-10000180-2025-07-23.pdf"
    assert "23 juli 2025 klockan 10.00: brevet lämnades till tryck och post." in closely.text
    assert "Du läste det 31 juli 2025 i webbchatten." in closely.text


async def test_a_message_opens_with_the_words_that_were_sent(world: World) -> None:
    case = await world.sara()
    await paid(world, 124822)
    row = next(row for row in await outbox.of_case(1) if row.kind == "receipt")
    await rows("UPDATE notices SET state = 'sent' WHERE id = ? RETURNING id", row.id)
    words = "Tack. Vi fick 1&nbsp;248,22 kr &amp; ärendet är klart."
    await attempts.keep_document(row.id, 1, "receipt", "sv", world.clock.now(), text=words)
    found = await timeline.events(world.house, debtor(case), 1)
    event = next(event for event in found if event.receipt == 1)
    assert (
        await timeline.look(world.house, debtor(case), 1, event.id)
    ).text == "Tack. Vi fick 1\u00a0248,22 kr & ärendet är klart."


async def test_a_long_story_is_told_page_by_page(world: World) -> None:
    talk = await identified(world, "sv")
    await sent(world)
    for number in range(4):
        await paid(world, 10000, reference=f"b{number}")
    await talk.press("Se kravet i detalj")
    await talk.press("Hämta som pdf")
    [first] = await talk.press("Se allt som har hänt")
    assert len(first.buttons) == 6
    assert first.buttons[3] == "Visa äldre"
    [second] = await talk.press("Visa äldre")
    assert second.text != first.text
    while "Visa äldre" in (await talk.last()).buttons:
        await talk.press("Visa äldre")
    assert "lämnade över ärendet" in (await talk.last()).text
    [again] = await talk.press("Visa det senaste")
    assert again.text == first.text


async def test_nobody_learns_why_staff_paused_and_a_creditor_sees_nothing_of_it(world: World) -> None:
    case = await world.sara()
    for reason in ("staff", "question"):
        await world.house.book.change(1, partial(place, reason=reason, today=NOW), SYSTEM)
    told = [
        dict(event.facts)
        for event in await timeline.events(world.house, debtor(case), 1)
        if event.kind == "hold_placed"
    ]
    assert told == [{"reason": "question"}, {"reason": "other"}]
    with pytest.raises(NotAllowed):
        await timeline.events(world.house, member(case), 1)


def test_every_kind_of_fact_is_shown_or_left_out_on_purpose() -> None:
    assert set(KINDS.values()) == {*timeline.SHOWN, *timeline.HIDDEN}
    assert not set(timeline.SHOWN) & set(timeline.HIDDEN)


@LANGS
def test_every_fact_that_is_shown_has_words_that_fit_a_line(lang: str) -> None:
    case = new_case()
    for kind, _, fact in SAMPLES:
        if isinstance(fact, timeline.SHOWN):
            told = {"reason": "other"} if kind.startswith("hold_") else to_data(fact)
            line = event_line(case, timeline.Event("f1", fact.on, kind, told), lang)
            assert len(line) <= 85, line
            assert "{" not in line


# Several cases


async def test_all_cases_are_listed_with_what_each_creditor_has_and_where_each_stands(world: World) -> None:
    talk = await several(world)
    for reference in ("78", "79"):
        claim = replace(invoice(reference), id=0)
        await world.case(creditor=SOLROS, claim=claim, on=date(2025, 7, 30))
    await world.house.book.change(1, partial(raise_dispute, ground="faulty", today=NOW), SYSTEM)
    [listed] = await talk.command("/start")
    assert "Du har fyra ärenden här." in listed.text
    assert "Hos Solros har du tre ärenden: 3 024,66 kr." in listed.text
    assert listed.text.endswith("Att betala i dag, 31 juli: 3 024,66 kr.")
    assert len(listed.text) <= 500
    [rest] = await talk.press("Visa fler")
    assert "Stoppat, du har invänt." in f"{listed.text}{rest.text}"


# Letters


async def test_a_receipt_does_not_repeat_the_list_under_it(world: World) -> None:
    talk = await identified(world, "sv")
    await paid(world, 50000)
    await talk.press("Visa mer")
    await talk.press("Se dina brev")
    pdf, below = await talk.press("Kvitto 10000180-1")
    assert pdf.file == "kvitto-10000180-1.pdf"
    assert below.text == "Här är kvittot 10000180-1. Du hittar det alltid bland dina brev."


async def test_whatever_has_a_number_can_be_found_and_kept(world: World) -> None:
    talk = await identified(world, "sv")
    await world.house.book.change(1, partial(promise, day=date(2025, 8, 1), today=NOW), SYSTEM)
    await world.house.book.change(1, partial(claim_paid, today=NOW, amount=50000, paid_on=date(2025, 7, 30)), SYSTEM)
    await talk.press("Visa mer")
    [files] = await talk.press("Se dina brev")
    assert files.buttons[:2] == ("Kvitto 10000180-2", "Kvitto 10000180-1")
    for number in (2, 1):
        pdf, below = await talk.press(f"Kvitto 10000180-{number}")
        assert pdf.file == f"kvitto-10000180-{number}.pdf"
        assert below.text.startswith(f"Här är kvittot 10000180-{number}.")
        await talk.press("Gå tillbaka")
    [story] = await talk.press("Se allt som har hänt")
    assert "Du sa att du betalar 1 augusti 2025." in story.text
    assert "Du sa att du redan har betalat." in story.text


async def test_an_answer_that_is_late_is_called_late_and_the_case_still_rests(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.say("Jag bestrider kravet")
    await talk.press("Invänd mot allt")
    await talk.press("Skicka invändningen")
    world.clock.set_day(date(2025, 8, 22))
    [case] = await talk.command("/start")
    assert "Du skulle ha fått svar 21 augusti. Vi är sena" in case.text


@pytest.mark.parametrize("printed", [True, False])
async def test_after_another_language_was_chosen_a_letter_says_how_it_is_explained(world: World, printed: bool) -> None:
    talk = await identified(world, "sv")
    await sent(world)
    demand = next(row for row in await outbox.of_case(1) if row.kind == "demand")
    left: dict[str, Any] = {"path": "demand.pdf"} if printed else {"pdf": b"%PDF"}
    said = "Gå till 127.0.0.1:8080/c/… och visa vem du är."
    await attempts.keep_document(demand.id, 1, "demand", "sv", world.clock.now(), text=said, **left)
    await identity.set_language(world.house, talk.chat_id, "ar")
    await talk.command("/start")
    for key in ("btn.more", "btn.files", "btn.timeline"):
        await talk.press(plain(words.text("ar", key)))
    *text, pdf, _ = await talk.press(plain(words.text("ar", "file.demand", day=words.day(date(2025, 7, 23), "ar"))))
    read = "\n".join(part.text for part in text)
    assert "Gå till 127.0.0.1:8080 och visa vem du är." in read
    assert (words.text("ar", "cover.title") in read) is printed, "a copy of a printed letter is explained anew"
    everything = await talk.everything()
    assert (plain(words.text("ar", "letter.only_swedish")) in plain(everything)) is not printed
    assert pdf.file == "letter-10000180-2025-07-23.pdf", "plain signs only"


@pytest.mark.parametrize("lang", words.languages())
def test_the_names_of_files_hold_plain_signs_only(lang: str) -> None:
    found = [message for catalogue in words.domains(lang).values() for message in catalogue]
    names = [str(message.string) for message in found if str(message.id).startswith("file.name.")]
    assert len(names) == 7
    assert all(name.isascii() and " " not in name for name in names)
