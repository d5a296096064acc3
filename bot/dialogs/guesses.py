"""Where each meaning of what people write leads: its screen, the button that offers it, and what opens at once."""

from dataclasses import dataclass
from typing import Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Data, visit_of

#: Under this name a dispatcher hands out the states of all its dialogs.
BUILT: Final = "built"


@dataclass(frozen=True, slots=True)
class Guess:
    """A meaning that can be offered. ``screens``: the first that this installation has is the one that opens."""

    id: str
    button: str
    screens: tuple[State, ...]
    data: Data | None = None
    at_once: bool = False


def _special(name: str) -> Guess:
    return Guess(name, f"guess.{name}", (states.Special.main, states.Person.wait), {"kind": name})


def _ground(name: str, button: str) -> Guess:
    return Guess(name, button, (states.Wrong.main,))


#: In the order in which several are offered on one screen. What opens at once shows something and does nothing yet.
GUESSES: Final[dict[str, Guess]] = {
    guess.id: guess
    for guess in (
        Guess("paid", "btn.paid", (states.Paid.tell,)),
        Guess("refund", "btn.refund.choose", (states.Refund.main,), at_once=True),
        Guess("split", "btn.split", (states.Plan.offers, states.Help.main)),
        Guess("time", "btn.more_time", (states.Time.ask, states.Help.main)),
        Guess("settle", "guess.settle", (states.Settle.ask, states.Help.main)),
        Guess("hard", "btn.pause", (states.Hard.main, states.Help.main)),
        Guess("wrong", "btn.wrong", (states.Wrong.main,)),
        _ground("not_ordered", "btn.not_bought"),
        _ground("not_received", "btn.not_received"),
        _ground("faulty", "btn.faulty"),
        _ground("returned", "btn.returned"),
        _ground("wrong_amount", "btn.wrong_amount"),
        Guess("cannot_pay", "btn.time", (states.Dispute.cannot_pay, states.Help.main), at_once=True),
        Guess("set_off", "guess.set_off", (states.Dispute.set_off, states.Help.main), at_once=True),
        Guess("solve", "btn.time", (states.Help.main,)),
        Guess("pay", "btn.pay", (states.Pay.main,)),
        Guess("part", "btn.part", (states.Pay.part,)),
        Guess("owe", "btn.details", (states.Owe.main,)),
        Guess("next", "btn.next", (states.Next.main,)),
        Guess("timeline", "guess.timeline", (states.Timeline.main, states.Files.main), at_once=True),
        Guess("files", "btn.files", (states.Files.main,), at_once=True),
        Guess("advice", "btn.advice", (states.Help.advice,), at_once=True),
        Guess("verify", "btn.verify", (states.Verify.ask,)),
        Guess("notme", "btn.notme", (states.NotMe.done,)),
        *(_special(name) for name in ("deceased", "bankrupt", "debt_relief", "under_age", "protected")),
        Guess("bankid", "btn.bankid", (states.Id.bankid, states.Id.code), at_once=True),
        Guess("code", "btn.code", (states.Id.code,), at_once=True),
        Guess("hours", "guess.hours", (states.Channels.hours, states.More.main)),
        Guess("channels", "guess.channels", (states.Channels.main, states.More.main)),
        Guess("representative", "guess.representative", (states.Representatives.main, states.More.main)),
        Guess("erase", "guess.erase", (states.MyData.erase, states.MyData.main, states.More.main)),
        Guess("mydata", "guess.mydata", (states.MyData.main, states.More.main)),
        Guess("address", "guess.address", (states.Address.main,), at_once=True),
        Guess("acting", "btn.person", (states.Person.wait,)),
        Guess("complain", "btn.complain", (states.Complain.main, states.More.complain)),
        Guess("language", "btn.language", (states.Language.main,), at_once=True),
        Guess("other_language", "btn.language", (states.Language.main,), {"other": True}, at_once=True),
        Guess("stop", "btn.stop", (states.Stop.ask,), at_once=True),
        Guess("person", "btn.person", (states.Person.wait,)),
    )
}
#: Whoever does not want to pay has a reason: these are the ways on, and a payment is not among them.
REFUSED: Final = ("wrong", "solve", "person")
#: What is offered when there is no guess at all.
OFTEN: Final = ("paid", "time", "wrong")
#: On a case that is closed, where nothing is asked for any more.
OFTEN_CLOSED: Final = ("owe", "files", "timeline")
OFTEN_STRANGER: Final = ("code", "verify", "notme")


def screen_of(manager: DialogManager, guess: Guess) -> State:
    """The screen that a guess opens here: the first that is built."""
    built = manager.middleware_data[BUILT]
    return next((state for state in guess.screens if state in built), states.Person.wait)


def within_reach(manager: DialogManager, name: str) -> bool:
    """Whether the screen of a guess may be shown to whoever sits there."""
    if name not in GUESSES:
        return True
    group = screen_of(manager, GUESSES[name]).group
    return group not in states.IDENTIFIED or going.may_see_details(visit_of(manager).session)


async def follow(manager: DialogManager, name: str) -> None:
    """Open the screen of a guess."""
    guess = GUESSES[name]
    await going.open_screen(manager, screen_of(manager, guess), guess.data)
