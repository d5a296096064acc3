"""A person, from every screen."""

from datetime import time

from core.services import desk, questions
from core.standing import open_holds
from tests.intents.script import Scene, by_sms, intent
from tests.services.world import NOW

PERSON = "Talk to a person"


@intent(PERSON, "Talk to a person when we are open")
async def person_open(p: Scene) -> None:
    """The place in the queue, a clock that stands still, and answers in the same chat."""
    await p.press("btn.person")
    p.said("Du är nummer 1 i kön", "You are number 1 in the queue")
    assert [hold.reason for hold in open_holds(await p.case())] == ["question"]
    await p.say("Kan jag betala hälften nu?", "Can I pay half now?")
    clerk = await p.a_clerk()
    [task] = await questions.queue(p.world.house, clerk)
    await desk.take(p.world.house, clerk, task.id)
    await questions.reply(p.world.house, clerk, task.id, "Ja, Sara. Resten kan du dela upp.")
    p.aside("A clerk takes the question, and answers.")
    await p.post()
    p.said("Ja, Sara. Resten kan du dela upp.", "Ja, Sara. Resten kan du dela upp.")
    await questions.done(p.world.house, clerk, task.id)
    p.aside("The clerk leaves the talk.")
    await p.post()
    assert not open_holds(await p.case())


@by_sms("person_open")
async def person_open_by_sms(p: Scene) -> None:
    await p.write("9")
    p.said_by_sms("Du är nummer 1 i kön.")
    assert [hold.reason for hold in open_holds(await p.case())] == ["question"]
    clerk = await p.a_clerk()
    [task] = await questions.queue(p.world.house, clerk)
    await desk.take(p.world.house, clerk, task.id)
    await questions.reply(p.world.house, clerk, task.id, "Hej Sara. Vad gäller det?")
    p.aside("A clerk takes it, and writes.")
    await p.post()
    await questions.done(p.world.house, clerk, task.id)
    p.aside("The clerk leaves the talk.")
    await p.post()
    assert not open_holds(await p.case())


@intent(PERSON, "Talk to a person when we are closed")
async def person_closed(p: Scene) -> None:
    """When we open, by when we answer, and that the clock stands still until then."""
    p.aside("It is twenty to ten in the evening.")
    p.world.clock.set_day(NOW, time(21, 40))
    await p.press("btn.person")
    p.said("Vi har stängt och öppnar fredag 1 augusti klockan 9.", "We are closed and open on Friday 1 August at 9 am.")
    await p.say("Jag vill prata om min plan.", "I want to talk about my plan.")
    assert [hold.reason for hold in open_holds(await p.case())] == ["question"]


@by_sms("person_closed")
async def person_closed_by_sms(p: Scene) -> None:
    p.aside("It is twenty to ten in the evening.")
    p.world.clock.set_day(NOW, time(21, 40))
    await p.write("9")
    assert [hold.reason for hold in open_holds(await p.case())] == ["question"]


@intent(PERSON, "Leave the queue")
async def leave_queue(p: Scene) -> None:
    """Whoever changes their mind is back where they were, and time goes on."""
    await p.press("btn.person")
    await p.press("btn.leave_queue")
    assert not open_holds(await p.case())
    assert p.has("btn.pay")


@by_sms("leave_queue")
async def leave_queue_by_sms(p: Scene) -> None:
    await p.write("9")
    await p.press("btn.leave_queue")
    assert not open_holds(await p.case())
