"""Disputes: all or a part, words and pictures, the answer, and what is no factual ground."""

from datetime import date, time

from core.facts import DisputeKept, DisputeRaised
from core.services import disputes, evidence, judging
from core.standing import Handling, open_holds, standing
from tests.intents.script import Scene, by_sms, intent
from tests.services.world import NOW

DISPUTE = "Say that something is wrong"


async def _ground(p: Scene) -> None:
    await p.press("btn.wrong")
    await p.press("btn.more_reasons")
    await p.press("btn.faulty")


async def _filed(p: Scene) -> None:
    if p.by_sms:
        await p.write("4", "4", "1")
        return
    await _ground(p)
    await p.press("btn.dispute_all")
    await p.say("Bromsarna tar fortfarande inte.", "The brakes still do not work.")


async def _answered(p: Scene, word: str, told: str, reason: str = "", ore: int | None = None) -> None:
    """Norrhjul answers on the last day."""
    await _filed(p)
    p.aside(told)
    p.world.clock.set_day(date(2025, 8, 14))
    await judging.answer(p.world.house, await p.member(), 1, 1, word, reason, ore)
    await p.post()


async def _reasons(p: Scene) -> list[str]:
    return [hold.reason for hold in open_holds(await p.case())]


@intent(DISPUTE, "Dispute all, with words and a picture")
async def dispute_all(p: Scene) -> None:
    """From the chosen ground the case rests; the receipt says what is stopped, and who answers by when."""
    await _ground(p)
    assert await _reasons(p) == ["dispute_begun"]
    await p.press("btn.dispute_all")
    await p.picture("broms.jpg", "Bromsarna tar fortfarande inte.", "The brakes still do not work.")
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    assert await _reasons(p) == ["dispute"]
    [file] = await evidence.of_case(p.world.house, await p.member(), 1)
    assert file.about == "dispute:1"


@by_sms("dispute_all")
async def dispute_all_by_sms(p: Scene) -> None:
    await p.write("4", "4", "1")
    p.said_by_sms("Hela kravet, 1248,22 kr, är stoppat.")
    assert await _reasons(p) == ["dispute"]


@intent(DISPUTE, "Dispute a part")
async def dispute_part(p: Scene) -> None:
    """The rest goes on, with its deadline and no new fee."""
    await _ground(p)
    await p.press("btn.dispute_part")
    await p.say("400")
    await p.press("btn.send_dispute")
    p.said("Inte stoppat: 844,93 kr.", "Not stopped: SEK 844.93.")
    assert not open_holds(await p.case())
    await p.press("btn.pay_amount", amount=p.kronor(84_493))


@by_sms("dispute_part")
async def dispute_part_by_sms(p: Scene) -> None:
    await p.write("4", "4", "400")
    p.said_by_sms("Stoppat: 403,29 kr.")
    assert not open_holds(await p.case())


@intent(DISPUTE, "Begin a dispute and leave")
async def dispute_left(p: Scene) -> None:
    """After 24 hours it is filed as it stands; nobody is asked to confirm."""
    await _ground(p)
    await p.day(date(2025, 8, 1), "The person leaves, and a day goes by.", time(15))
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    raised = (await p.case()).last(DisputeRaised)
    assert raised is not None
    assert raised.ground == "faulty"
    await p.start()
    assert await _reasons(p) == ["dispute"]


@by_sms("dispute_left")
async def dispute_left_by_sms(p: Scene) -> None:
    await p.write("4", "4")
    assert await _reasons(p) == ["dispute_begun"]
    await p.day(date(2025, 8, 1), "The person leaves, and a day goes by.", time(15))
    assert await _reasons(p) == ["dispute"]


@intent(DISPUTE, "Go back before anything was said")
async def dispute_undone(p: Scene) -> None:
    """A wrong tap is undone, and leaves nothing."""
    await _ground(p)
    await p.press("btn.back")
    assert not open_holds(await p.case())


@by_sms("dispute_undone")
async def dispute_undone_by_sms(p: Scene) -> None:
    await p.write("4", "4", "0")
    assert not open_holds(await p.case())


@intent(DISPUTE, "Add more evidence")
async def dispute_more(p: Scene) -> None:
    """Later, and as often as one likes, to the same dispute."""
    await _filed(p)
    await p.press("btn.home")
    await p.press("btn.see_dispute")
    await p.picture("hjul.jpg")
    await p.say("Och växlarna hoppar.", "And the gears jump.")
    case = await p.case()
    assert len(await disputes.words_of(p.world.house, await p.member(), case.id)) == 2
    assert len(list(case.all(DisputeRaised))) == 1


@by_sms("dispute_more", words=True)
async def dispute_more_by_sms(p: Scene) -> None:
    await _filed(p)
    await p.later()
    await p.press("btn.see_dispute")
    await p.say("Och växlarna hoppar.")
    case = await p.case()
    assert len(await disputes.words_of(p.world.house, await p.member(), case.id)) == 1
    assert len(list(case.all(DisputeRaised))) == 1


@intent(DISPUTE, "Withdraw a dispute")
async def dispute_withdrawn(p: Scene) -> None:
    """Asked about once; there are always eight days left afterwards."""
    await _filed(p)
    await p.press("btn.withdraw_dispute")
    await p.press("btn.withdraw_yes")
    assert not open_holds(await p.case())


@by_sms("dispute_withdrawn")
async def dispute_withdrawn_by_sms(p: Scene) -> None:
    await _filed(p)
    await p.later()
    await p.press("btn.see_dispute")
    await p.press("btn.withdraw_dispute")
    assert await _reasons(p) == ["dispute"]
    await p.on_our_page("btn.withdraw_yes")
    assert not open_holds(await p.case())


@intent(DISPUTE, "The creditor says yes")
async def answer_yes(p: Scene) -> None:
    """The claim falls, and the case is closed."""
    await _answered(p, "upheld", "Two weeks later Norrhjul agrees.")
    case = await p.case()
    assert case.closed is not None
    await p.start()


@by_sms("answer_yes")
async def answer_yes_by_sms(p: Scene) -> None:
    await _answered(p, "upheld", "Two weeks later Norrhjul agrees.")
    assert (await p.case()).closed is not None


@intent(DISPUTE, "The creditor says yes to a part")
async def answer_partly(p: Scene) -> None:
    """What is taken off, what is left, and why."""
    await _answered(p, "partly", "Two weeks later Norrhjul agrees in part.", "hjulen är nya", 25_000)
    await p.start()
    await p.press("btn.see_dispute")
    await p.press("btn.read_answer")
    p.said("250,00", "250.00")


@by_sms("answer_partly")
async def answer_partly_by_sms(p: Scene) -> None:
    await _answered(p, "partly", "Two weeks later Norrhjul agrees in part.", "hjulen är nya", 25_000)
    await p.known_again()
    await p.press("btn.see_dispute")
    await p.press("btn.read_answer")
    p.said_by_sms("250,00")


@intent(DISPUTE, "The creditor says no, and one keeps one's view")
async def answer_no(p: Scene) -> None:
    """Eight days; after that what is kept stays stopped, and never goes to Kronofogden."""
    await _answered(p, "rejected", "Two weeks later Norrhjul says no.", "bromsarna provades den 30 maj")
    await p.start()
    await p.press("btn.see_dispute")
    await p.press("btn.read_answer")
    p.said("bromsarna provades den 30 maj", "bromsarna provades den 30 maj")
    await p.press("btn.keep_view")
    case = await p.case()
    assert case.last(DisputeKept)
    assert standing(case, p.world.clock.today()).handling is Handling.DISPUTED


@by_sms("answer_no")
async def answer_no_by_sms(p: Scene) -> None:
    await _answered(p, "rejected", "Two weeks later Norrhjul says no.", "bromsarna provades den 30 maj")
    await p.known_again()
    await p.press("btn.see_dispute")
    await p.press("btn.read_answer")
    p.said_by_sms("bromsarna provades den 30 maj")
    await p.press("btn.keep_view")
    assert (await p.case()).last(DisputeKept)


@intent(DISPUTE, "Not being able to pay is no objection")
async def cannot_pay(p: Scene) -> None:
    """It is met with what helps; nothing is disputed by it, and whoever wants to dispute still can."""
    await p.press("btn.wrong")
    await p.phrase("cannot_pay", "jag har inte råd", "I cannot afford it")
    p.said("Det kan hända alla.", "It can happen to anyone.")
    assert not open_holds(await p.case())
    assert p.has("btn.dispute_anyway")


@by_sms("cannot_pay", words=True)
async def cannot_pay_by_sms(p: Scene) -> None:
    await p.write("4")
    await p.phrase("cannot_pay", "jag har inte råd", "I cannot afford it")
    p.said_by_sms("Det går att lösa.")
    assert not open_holds(await p.case())
    assert p.has("btn.dispute_anyway")


@intent(DISPUTE, "Money that the creditor owes is no objection")
async def set_off(p: Scene) -> None:
    """Led to what helps, or a person."""
    await p.press("btn.wrong")
    await p.phrase("set_off", "ni är skyldiga mig pengar", "you owe me money")
    assert not open_holds(await p.case())
    assert p.has("btn.dispute_anyway")
    assert p.world.clock.today() == NOW


@by_sms("set_off", words=True)
async def set_off_by_sms(p: Scene) -> None:
    await p.write("4")
    await p.phrase("set_off", "ni är skyldiga mig pengar", "you owe me money")
    assert not open_holds(await p.case())
    assert p.has("btn.dispute_anyway")
