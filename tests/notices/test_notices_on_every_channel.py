"""Every notice in every channel and language is what is written down, and nothing but a pointer goes to anybody."""

import html
import re
from difflib import unified_diff

import pytest

from bot import mail_words, notices, notices_sms
from bot.carriers import ChatCarrier
from bot.channels.base import DOCUMENT, SMS
from bot.storage import LocalIsolation, SqlStorage
from bot.told import Told
from core import gsm, words
from core.ports import Message, Outcome
from core.store.database import rows
from tests.dialogs.conftest import world as world
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.golden.test_sms_table import LINKS
from tests.golden.test_sms_table import table as golden_sms
from tests.notices import table
from tests.notices.samples import CODE, DAY, samples, sara
from tests.services.world import World

LANGS = pytest.mark.parametrize("lang", words.languages())
#: At most so many segments; alphabets that GSM-7 lacks cost more than twice as much.
MOST = {"ar": 3, "fa": 3, "uk": 3}
#: Their words are a person's own, and go in full.
IN_FULL = {"person.reply", "complaint.answer", "dispute.answer"}
#: Of the other languages so much is compared; Swedish and English are compared whole.
SOME = ("pointer", "receipt, a part", "plan.missed", "dispute.receipt, all")
#: What identifies somebody or their matter.
FACTS = ("Sara", "Lind", "Norrhjul", "5512", "10000180", "1248", "1 248", "1,248", "991-2346")


@LANGS
def test_the_page_of_a_language_is_current(lang: str) -> None:
    stored = table.path_of(lang).read_text(encoding="utf-8")
    if lang in ("sv", "en"):
        changed = unified_diff(stored.splitlines(), table.page(lang).splitlines(), "written down", "now", n=1)
        assert not (said := "\n".join(changed)), f"{table.ANEW}\n{said[:2000]}"
    else:
        found = table.sections(lang)
        assert not [name for name in SOME if found[name] not in stored], table.ANEW


def test_every_notice_to_a_debtor_has_an_example_and_an_sms() -> None:
    to_debtors = {kind for kind in notices.KINDS if not re.match(r"creditor\.|staff\.|pointer$|person\.wrote$", kind)}
    assert {sample.kind for sample in samples()} == to_debtors == set(notices_sms.KINDS)


@LANGS
def test_a_notice_is_a_short_sms_with_the_person_and_the_way_back(lang: str) -> None:
    long = {}
    for sample in samples():
        said = table.by_sms(sample, lang)
        assert f" 0 {gsm.plain(words.text(lang, 'sms.btn.home'))}" in said
        if sample.kind not in IN_FULL and gsm.size(said).segments > MOST.get(lang, 2):
            long[f"{sample.kind} {sample.name}"] = said
    assert not long


@LANGS
def test_a_pointer_is_one_segment_in_swedish_and_at_most_two_elsewhere(lang: str) -> None:
    size = gsm.size(table.sent(notices_sms.pointer(lang, table.POINTER)))
    assert size.segments <= 2
    if lang == "sv":
        assert (size.places, size.segments) == (157, 1)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_pointer_is_the_one_of_the_table(lang: str) -> None:
    wanted = golden_sms()["sms.pointer", lang].text.replace("{c}", LINKS["{c}"])
    assert table.sent(notices_sms.pointer(lang, table.POINTER)) == wanted


@LANGS
def test_a_pointer_betrays_nothing_in_any_channel(lang: str) -> None:
    mail, chat = mail_words.pointer(lang, table.POINTER), Told("pointer", {}, None, lang, DAY, verify_code=CODE)
    worded = notices.word(chat)
    labels = " ".join(label for label, _ in worded.buttons)
    visible = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", mail.html, flags=re.DOTALL))
    said = (worded.html, labels, table.sent(notices_sms.pointer(lang, table.POINTER)), mail.subject, mail.text, visible)
    betrays = re.compile(words.text(lang, "about.betrays"), re.IGNORECASE)
    for text in (part.replace("verify", "") for part in said):
        assert not betrays.search(text), (betrays.search(text), text)
        assert not [fact for fact in FACTS if fact in text]


def test_betraying_words_are_found_in_what_is_said_to_those_who_are_known() -> None:
    for lang in words.languages():
        betrays = re.compile(words.text(lang, "about.betrays"), re.IGNORECASE)
        assert any(betrays.search(table.in_chat(sample, lang).html) for sample in samples()), lang


@pytest.mark.parametrize("lang", ["sv", "ar"])
async def test_whatever_is_to_be_told_a_phone_that_nobody_has_proved_gets_the_pointer(world: World, lang: str) -> None:
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    [notice] = await rows("SELECT key FROM notices WHERE kind = 'demand'")
    for number, sample in enumerate(samples()):
        talk = await SmsTalk.begin(house, lang, f"+4670174{number:04}")
        carrier = ChatCarrier(house, {SMS: talk.chat.channel}, SqlStorage(house.clock), LocalIsolation())
        about = Message(
            notice["key"], talk.chat_id, SMS, lang, sample.kind, sample.facts, case, CODE, house.clock.now()
        )
        carried = await carrier.carry(about)
        if carried.code == "on_screen":
            continue
        assert carried.outcome is Outcome.SENT, carried
        assert "/c/…" in carried.text
        said = talk.gateway.sent[-1][1]
        assert re.search(r"https://schysst\.example/c/[a-z0-9]{10} ", said)
        assert not [fact for fact in FACTS if fact in said]
        assert not re.search(words.text(lang, "about.betrays"), said, re.IGNORECASE)


def test_who_paid_too_much_through_the_bank_chooses_an_account_under_the_receipt() -> None:
    too_much = next(one for one in samples() if (one.kind, one.name) == ("receipt", "too much"))
    for way, kept, asks in (("bank", None, True), ("swish", None, False), ("bank", "disputed", False)):
        facts = {**too_much.facts, "way": way} | ({"kept": kept} if kept else {})
        told = notices.word(Told("receipt", facts, sara(), "sv", DAY, verify_code=CODE))
        leads = [label for label, key in told.buttons if key.startswith("refund:")]
        assert leads == (["Välj konto"] if asks else ["Se pengar hos oss"] if kept else []), (way, kept)


def test_a_receipt_of_kept_money_asks_for_no_more() -> None:
    kept = [one for one in samples() if one.kind == "receipt" and one.facts.get("kept")]
    for one in kept:
        told = notices.word(Told("receipt", one.facts, sara(), "sv", DAY, verify_code=CODE))
        assert not any(key.startswith("split:") for _label, key in told.buttons), one.name
    assert kept


async def test_no_document_goes_by_sms(world: World) -> None:
    talk = await SmsTalk.begin(with_sms(world.house, FakeGateway()))
    assert DOCUMENT not in talk.chat.channel.may_carry


def test_the_example_is_the_golden_case() -> None:
    assert sara().ocr == "10000180"
