"""Words instead of buttons: they lead to the right place, with a question; unsure means a menu."""

from core.standing import open_holds
from tests.intents.script import Scene, by_sms, intent

WORDS = "Write in own words"


async def _objects(p: Scene) -> None:
    await p.phrase(
        "objection.faulty",
        "Jag bestrider fakturan, bromsarna är trasiga",
        "I dispute the invoice, the brakes are broken",
    )
    assert [hold.reason for hold in open_holds(await p.case())] == ["dispute_begun"]


@intent(WORDS, "“I have already paid”")
async def words_paid(p: Scene) -> None:
    """Asked about, and then opened."""
    await p.phrase("paid", "har redan swishat", "i have already paid")
    p.said("Menar du att du redan har betalat?", "Do you mean that you have already paid?")
    await p.press("btn.paid")
    p.said("När betalade du", "When did you pay")


@by_sms("words_paid", words=True)
async def words_paid_by_sms(p: Scene) -> None:
    await p.phrase("paid", "har redan swishat", "i have already paid")
    await p.press("btn.paid")
    await p.write("1807 1000")


@intent(WORDS, "“I want to pay in parts”")
async def words_split(p: Scene) -> None:
    """Asked about, and then opened."""
    await p.phrase("split", "kan jag dela upp det", "I want to pay in parts")
    p.said("Menar du att du vill dela upp betalningen?", "Do you mean that you want to pay in parts?")
    await p.press("btn.split")


@by_sms("words_split", words=True)
async def words_split_by_sms(p: Scene) -> None:
    await p.phrase("split", "kan jag dela upp det", "I want to pay in parts")
    await p.press("btn.split")


@intent(WORDS, "“I need more time”")
async def words_time(p: Scene) -> None:
    """Asked about, and then opened."""
    await p.phrase("time", "jag behöver mer tid", "I need more time")
    await p.press("btn.more_time")


@by_sms("words_time", words=True)
async def words_time_by_sms(p: Scene) -> None:
    await p.phrase("time", "jag behöver mer tid", "I need more time")
    await p.press("btn.more_time")


@intent(WORDS, "“The brakes do not work”")
async def words_wrong(p: Scene) -> None:
    """What is an objection stops the claim at once; what is left to ask is asked then."""
    await _objects(p)
    await p.press("btn.dispute_all")
    await p.press("btn.send_dispute")
    assert [hold.reason for hold in open_holds(await p.case())] == ["dispute"]


@by_sms("words_wrong", words=True)
async def words_wrong_by_sms(p: Scene) -> None:
    await _objects(p)
    await p.write("1")
    assert [hold.reason for hold in open_holds(await p.case())] == ["dispute"]


@intent(WORDS, "“I want a human being”")
async def words_person(p: Scene) -> None:
    """Asked about, and then in the queue."""
    await p.phrase("person", "jag vill prata med en människa", "I want to talk to a human")
    await p.press("btn.person")
    p.said("Du är nummer 1 i kön", "You are number 1 in the queue")


@by_sms("words_person", words=True)
async def words_person_by_sms(p: Scene) -> None:
    await p.phrase("person", "jag vill prata med en människa", "I want to talk to a human")
    await p.write("9")


@intent(WORDS, "“Wrong person”")
async def words_not_me(p: Scene) -> None:
    """From somebody who has shown who they are it may be the claim that is wrong: disputing is one tap away."""
    await p.phrase("notme", "ni har fel person", "you have the wrong person")
    await p.press("btn.objection.not_mine")
    assert [hold.reason for hold in open_holds(await p.case())] == ["dispute_begun"]


@by_sms("words_not_me", words=True)
async def words_not_me_by_sms(p: Scene) -> None:
    await p.phrase("notme", "ni har fel person", "you have the wrong person")
    await p.press("btn.objection.not_mine")
    assert [hold.reason for hold in open_holds(await p.case())] == ["dispute_begun"]


@intent(WORDS, "Words of distress")
async def words_distress(p: Scene) -> None:
    """A person and help come first; nothing asks for money."""
    await p.phrase("distress", "jag orkar inte mer", "I cannot go on")
    p.said("ring 112", "call 112")
    assert not p.has("btn.pay")


@by_sms("words_distress", words=True)
async def words_distress_by_sms(p: Scene) -> None:
    await p.phrase("distress", "jag orkar inte mer", "I cannot go on")
    p.said_by_sms("ring 112")
    assert not p.has("btn.pay")


@intent(WORDS, "Words that we do not understand")
async def words_unsure(p: Scene) -> None:
    """What is often meant is offered; on a second miss the person comes first."""
    await p.say("ja hej vi tog det där förra veckan", "well hi we did that thing last week")
    p.said("Jag förstod inte riktigt.", "I did not quite understand.")
    await p.say("xyzzy")
    assert p.last.labels[0] == p.label("btn.person")


@by_sms("words_unsure", words=True)
async def words_unsure_by_sms(p: Scene) -> None:
    await p.say("ja hej vi tog det där förra veckan", "well hi we did that thing last week")
    p.said_by_sms("Jag förstod inte.")
    await p.say("xyzzy")
