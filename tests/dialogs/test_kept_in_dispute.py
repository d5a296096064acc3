"""Money that is kept apart, asked for where the dispute is shown: a wish for money is no word of the dispute."""

import pytest

from core import words
from core.services import disputes, kept_wishes, payments, refund_accounts, refunds
from tests.dialogs.sms_talk import SmsTalk
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import identified, plain
from tests.dialogs.test_sms_rights import MOST, at_case
from tests.services.world import CLERK, NOW, World, debtor, member

NEVER_CAME = {"sv": "jag har aldrig fått varan", "ar": "لم أستلم المنتج"}
WISHES = {
    "sv": ("Jag vill ha tillbaka mina pengar", "är mina pengar kvar hos er?"),
    "ar": ("أريد استرداد نقودي", "أريد استعادة مالي"),
}


async def pays(world: World, ore: int) -> None:
    await payments.register_bank(world.house, CLERK, "10000180", ore, NOW)


async def at_receipt(world: World, lang: str) -> WebTalk:
    """The receipt of the dispute, on which somebody stays."""
    sara = await identified(world, lang)
    await sara.say(NEVER_CAME[lang])
    await sara.press(plain(words.text(lang, "btn.dispute_all")))
    await sara.press(plain(words.text(lang, "btn.send_dispute")))
    return sara


@pytest.mark.parametrize("lang", ["sv", "ar"])
async def test_on_the_receipt_of_the_dispute_the_wish_is_understood(world: World, lang: str) -> None:
    sara = await at_receipt(world, lang)
    case = await world.house.book.load(1)
    filed = await disputes.words_of(world.house, member(case), 1)
    see, take = (plain(words.text(lang, key)) for key in ("btn.refund.kept", "btn.refund.back"))
    [before] = await sara.say(WISHES[lang][0])  # no money lies with us: what is written belongs to the dispute
    assert see not in before.buttons
    await pays(world, 70_000)
    for said in WISHES[lang]:
        [main] = await sara.say(said)
        assert main.buttons[0] == take, said
        [standing] = await sara.press(plain(words.text(lang, "btn.back")))
        assert see in standing.buttons
        assert len(standing.buttons) <= 6
    [main] = await sara.press(see)
    assert main.buttons[0] == take
    assert await disputes.words_of(world.house, member(case), 1) == (*filed, WISHES[lang][0])


async def test_who_tells_at_length_adds_to_the_dispute_and_the_way_stays(world: World) -> None:
    sara = await at_receipt(world, "sv")
    await pays(world, 70_000)
    told = "Jag vill ha tillbaka mina pengar, för jag ringde butiken tre gånger och de sa att den redan var på väg"
    [standing] = await sara.say(told)
    assert "Se pengar hos oss" in standing.buttons
    assert told in await disputes.words_of(world.house, member(await world.house.book.load(1)), 1)


@pytest.mark.parametrize("lang", words.languages())
async def test_by_sms_what_goes_back_and_what_is_kept_are_both_named(world: World, lang: str) -> None:
    sara: SmsTalk = await at_case(world, lang, bankid=True)
    await disputes.raise_dispute(world.house, debtor(await world.house.book.load(1)), 1, "faulty", "Trasig.")
    await pays(world, 75_259)
    await kept_wishes.take_back(world.house, sara.chat_id, 1)
    await pays(world, 5_000)
    wish = words.text(lang, "phrase.refund").split(";")[0]
    for key in ("sms.refund.main", "sms.refund.known"):
        said = await sara.say(wish)
        figures = said.replace(",", ".")
        assert "752.59" in figures
        assert "50.00" in figures
        assert sara.segments <= MOST.get(lang, 2), key
        await refund_accounts.tell(world.house, sara.chat_id, 1, refunds.Account("bg", "54029681"))
