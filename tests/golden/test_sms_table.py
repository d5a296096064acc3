"""The table of SMS: its lengths are what networks count, and each text is what a phone is sent, word for word."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from core import gsm
from core.services import doors, identity
from core.store.database import execute
from tests.dialogs.conftest import world as world
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.dialogs.test_plans import six_months
from tests.services.world import World

TABLE = Path(__file__).with_name("sms.txt")
LINKS = {"{c}": "https://schysst.example/c/k7q4m2xd9t", "{p}": "https://schysst.example/pay/k7q4m2xd9t"}
#: What is written from the case's SMS on, to get each SMS. A row that is not here has a test of its own.
WRITTEN: dict[str, tuple[str, ...]] = {
    "sms.case": (),
    "sms.owe": ("2",),
    "sms.pay": ("1",),
    "sms.wrong": ("4",),
    "sms.scope": ("4", "4"),
    "sms.disputed": ("4", "4", "1"),
    "sms.plan": ("3", "1"),
    "sms.sign": ("3", "1", "2"),
}
LANGS = pytest.mark.parametrize("lang", ["sv", "en"])


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the table with its measure: ``147/1`` is characters and segments."""

    id: str
    lang: str
    measure: str
    text: str


@cache
def table() -> dict[tuple[str, str], Row]:
    rows: dict[tuple[str, str], Row] = {}
    name = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            name = line[2:]
        elif line.startswith(("sv ", "en ")):
            lang, measure, text = line.split(" ", 2)
            rows[name, lang] = Row(name, lang, measure, text)
    return rows


def linked(text: str) -> str:
    """The text as the table writes it: any link of ours by its letter."""
    text = re.sub(r"https://schysst\.example/pay/[0-9a-z]{10}", "{p}", text)
    return re.sub(r"https://schysst\.example/(?:c|bankid)/[0-9a-z]{10}", "{c}", text)


@pytest.mark.parametrize("row", table().values(), ids=lambda row: f"{row.id}-{row.lang}")
def test_the_table_counts_as_networks_do(row: Row) -> None:
    text = row.text
    for letter, link in LINKS.items():
        text = text.replace(letter, link)
    size = gsm.size(text)
    assert size.gsm
    assert f"{size.places}/{size.segments}" == row.measure


async def at_case(world: World, lang: str) -> tuple[SmsTalk, str]:
    """Sara has shown the code of her letter and reads by SMS; the talk and her case's SMS."""
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    await six_months()
    world.clock.advance(hours=4, minutes=7)
    code = (await doors.new_code(house, case.id, None)).reveal()
    talk = await SmsTalk.begin(house, lang)
    await talk.say(code)
    await execute("UPDATE chat SET proof = 'bankid', case_ids = '[]' WHERE id = ?", talk.chat_id)
    return talk, await talk.say("1")


@LANGS
@pytest.mark.parametrize("name", WRITTEN)
async def test_a_row_is_what_the_phone_is_sent(world: World, name: str, lang: str) -> None:
    talk, said = await at_case(world, lang)
    for reply in WRITTEN[name]:
        said = await talk.say(reply)
    assert linked(said) == table()[name, lang].text


@LANGS
async def test_a_stranger_hears_the_same_whatever_they_ask(world: World, lang: str) -> None:
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    talk = await SmsTalk.begin(house, lang)
    await identity.open_link(house, talk.chat_id, await doors.new_link(house, case))
    for asked in ("hej", "hur mycket är jag skyldig?", "I do not want to pay", "5512"):
        said = await talk.say(asked)
        assert linked(said) == table()["sms.unknown", lang].text
