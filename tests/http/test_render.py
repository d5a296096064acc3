"""How messages become HTML: escaped, grouped by sender and day, with one live screen."""

from datetime import date
from typing import Any

import pytest

from bot.http import pages
from bot.http.choices import icon_of
from bot.http.render import Message, Transcript
from core import words
from tests.http.toy_chat import CASE, RECEIPT, STATEMENT, doors

TODAY = date(2025, 7, 31)


def message(id: int, text: str = "Hej", *, at: str = "2025-07-31T11:58:00+00:00", **more: Any) -> Message:
    raw = {"id": id, "seq": id, "by": "us", "name": None, "at": at, "html": text, "plain": text, **more}
    return Message.read(raw)


def page(*messages: Message, lang: str = "sv") -> str:
    return str(Transcript(lang, TODAY, "token", messages).page())


def test_sender_and_time_are_said_once_in_a_group() -> None:
    html = page(message(1), message(2), message(3, by="you"), message(4), message(5, at="2025-07-31T12:20:00+00:00"))
    assert html.count('class="by"') == 3
    assert html.count("13.58") == 2
    assert "14.20" in html


def test_a_new_day_is_said_in_words() -> None:
    html = page(
        message(1, at="2025-01-07T10:00:00+00:00"),
        message(2, at="2025-07-23T10:00:00+00:00"),
        message(3, at="2025-07-30T21:59:00+00:00"),
        message(4, at="2025-07-30T22:00:00+00:00"),
    )
    days = [part.split("</span>")[0] for part in html.split('class="day"><span>')[1:]]
    assert [day.replace("\u00a0", " ") for day in days] == [
        "Tisdag 7 januari 2025",
        "Onsdag 23 juli",
        "I går, onsdag 30 juli",
        "I dag, torsdag 31 juli",
    ]


def test_a_person_bears_a_name_and_the_word_for_it() -> None:
    html = page(message(1, by="person", name="Amira"))
    assert '<span class="mark tiny" aria-hidden="true">A</span><b>Amira</b><span>människa' in html


def test_a_persons_words_are_escaped_and_keep_their_lines() -> None:
    html = page(message(1, "<i>hej</i>\n\n& hå", by="you"))
    assert "<p>&lt;i&gt;hej&lt;/i&gt;</p><p>&amp; hå</p>" in html


def test_each_line_of_ours_is_a_paragraph_but_tags_stay_whole() -> None:
    html = page(message(1, "Rad <b>ett</b><br>Rad <i>två<br>fortsätter</i><br><br>Tre"))
    assert "<p>Rad <b>ett</b></p><p>Rad <i>två<br>fortsätter</i></p><p>Tre</p>" in html


def test_a_statement_stands_where_the_text_names_the_sums() -> None:
    text = "Norrhjul AB har bett oss.<br>Att betala: 1 248,22 kr.<br>Betala eller invänd."
    html = page(message(1, text, buttons=CASE, card=STATEMENT))
    assert html.index("har bett oss") < html.index('class="slip"') < html.index("Betala eller invänd")
    assert "Att betala: " not in html
    assert '<span class="what" data-op="+"><span>Ränta</span></span>' in html
    assert html.count('<div class="tear">') == 1


def test_a_receipt_shows_what_was_paid_with_a_real_minus() -> None:
    html = page(message(1, "Tack.<br>Kvar: 0 kr.<br>Klart.", card=RECEIPT))
    assert 'data-op="−"' in html
    assert 'class="minus"' in html
    assert 'Kvitto <span class="ref">10000180-1</span>' in html
    assert "K7Q4-M2XD" in html


def test_a_dispute_has_a_receipt_that_rests() -> None:
    card = {
        "kind": "receipt",
        "title": "Vi har din invändning",
        "number": "10000180-1",
        "when": "31 juli klockan 14.20",
        "stamp": "pause",
        "facts": [{"what": "Stoppat", "value": "hela kravet"}],
        "after": "Under tiden skickar vi inga krav.",
    }
    html = page(message(1, "Vi har din invändning.", card=card))
    assert 'class="stamp pause"' in html
    assert "<dt>Stoppat</dt>" in html


def test_a_qr_code_is_drawn_here_and_named_in_words() -> None:
    html = page(message(1, card={"kind": "qr", "text": "C1231181189;1248,22;10000180;0", "label": "QR för Swish"}))
    assert 'role="img" aria-label="QR för Swish"' in html
    outside = {"kind": "qr", "svg_href": "//elsewhere.example/x.svg", "label": "x"}
    assert "elsewhere" not in page(message(1, card=outside))


def test_a_card_of_a_kind_that_this_page_does_not_know_is_left_to_the_text() -> None:
    assert "Hej" in page(message(1, card={"kind": "tomorrow"}))


def test_choices_can_be_pressed_on_the_last_screen_only_but_links_stay() -> None:
    save = [{"text": "Spara", "key": "0.0", "id": "save", "url": "/chat/file/1", "copy": None}]
    html = page(message(1, buttons=[save, *doors(("", ""), ("Betala", "pay"))[1:]]), message(2, buttons=CASE))
    assert html.count('name="message_id"') == 1
    assert 'value="2"' in html
    assert 'href="/chat/file/1"' in html
    assert html.count("Betala</b>") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x", " https://x"])
def test_a_link_that_leads_nowhere_good_is_no_button(url: str) -> None:
    html = page(message(1, buttons=[[{"text": "Öppna", "key": "0.0", "id": "x", "url": url, "copy": None}]]))
    assert "Öppna" not in html


def test_a_choice_shows_its_operator() -> None:
    assert [icon_of(id) for id in ("pay", "pay_all", "wrong", "help", "owe", "person", "back", "unheard_of", "")] == [
        "eq",
        "eq",
        "neq",
        "div",
        "sum",
        "person",
        "prev",
        "next",
        "next",
    ]


def test_what_is_spoken_is_short_and_says_how_many_choices_there_are() -> None:
    transcript = Transcript("en", TODAY, "token", [message(1, buttons=CASE[:1], card=STATEMENT), message(2, by="you")])
    said = transcript.fragment(1).said.replace("\u00a0", " ")
    assert said == "Schysst: Hej Statement, 4 lines, total 1 248,22. 1 choice."
    assert transcript.fragment(2).said == ""


def test_an_instant_is_shown_in_swedish_time() -> None:
    assert message(1, at="2025-12-31T23:30:00+00:00").day == date(2026, 1, 1)


def test_a_link_of_an_earlier_screen_is_gone_and_a_document_and_a_value_to_copy_stay() -> None:
    swish = {"text": "Öppna Swish", "key": "0.0", "id": None, "url": "https://a.example/open/swish?token=x"}
    paper = {"text": "Spara kvittot", "key": "1.0", "id": None, "url": "/chat/file/1"}
    ocr = {"text": "Kopiera OCR", "key": "2.0", "id": None, "copy": "10000180"}
    screen = message(1, buttons=[[swish], [paper], [ocr]])
    assert "Öppna Swish" in page(screen)
    assert "#i-phone" in page(screen)
    assert "#i-copy" in page(screen)
    html = page(screen, message(2, buttons=doors(("Betala", "pay"))))
    assert "Öppna Swish" not in html
    assert "Spara kvittot" in html
    assert "Kopiera OCR" in html


def test_at_a_desk_the_buttons_of_earlier_messages_stay() -> None:
    told = [message(1, buttons=CASE), message(2, buttons=CASE)]
    html = Transcript("sv", TODAY, "csrf", told, desk=True).page()
    assert html.count('name="message_id"') == 2


def test_from_right_to_left_the_way_back_points_right_and_commas_are_arabic() -> None:
    back = {"text": "رجوع", "key": "b", "id": "back", "url": None, "copy": None}
    more = [{**back, "text": str(number), "id": "pay"} for number in range(3)]
    html = page(message(1, buttons=[[one] for one in (*more, back)]), message(2, card=RECEIPT), lang="ar")
    assert '<svg class="i turn" aria-hidden="true"><use href="#i-prev"/></svg>' in html
    assert '[dir="rtl"] .turn { transform: scaleX(-1); }' in (pages.STATIC / "schysst.css").read_text("utf-8")
    assert f"{words.text('ar', 'page.chat.automatic')}، " in html
