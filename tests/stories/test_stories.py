"""Whole cases as text: ``<`` is what somebody did, every other line is what followed. The runner writes them anew."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import dispute, hold, payment, reading
from core.case import Case, Decision
from core.claim import ClaimKind
from core.money import parse_kronor
from core.notice import Notice
from core.objections import objections
from core.party import CreditorTerms
from tests.world import INVOICE, World, bound, new_case

STORIES = sorted(Path(__file__).parent.glob("*.story"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_it_is_told(path: Path) -> None:
    told = path.read_text().rstrip()
    assert "\n".join(_tell(told)) == told


def _tell(told: str) -> Iterator[str]:
    lines = told.splitlines()
    title, settings = lines[0], lines[1]
    yield from (title, settings)
    world = _begin(dict(re.findall(r"(\w+)=(\S+)", settings)))
    last = date.fromisoformat(lines[-1][:10])
    acts: dict[date, list[str]] = {}
    for line in lines[2:]:
        if line[11:12] == "<":
            acts.setdefault(date.fromisoformat(line[:10]), []).append(line[13:])
    yield from _news(world, 0, 0, 0)
    while world.today <= last:
        for act in [None, *acts.get(world.today, [])]:
            before = len(world.sent), len(world.told), len(world.case.facts)
            if act is None:
                world.day()
            else:
                yield f"{world.today} < {act}"
                _act(world, act)
                world.send()
            world.check_books()
            yield from _news(world, *before)
        world.today += timedelta(days=1)


def _begin(settings: dict[str, str]) -> World:
    registered = date.fromisoformat(settings["registered"])
    claim = replace(
        INVOICE,
        kind=ClaimKind(settings.get("kind", "consumer")),
        fee_agreed_on=None if settings.get("fee") == "no" else INVOICE.fee_agreed_on,
        late_compensation=settings.get("compensation") == "yes",
    )
    terms = CreditorTerms(
        reminder=settings.get("reminder", "10") != "no",
        reminder_after_days=int(settings.get("reminder", "10").replace("no", "1")),
        letters_first=settings.get("letters") == "first",
        allocation=settings.get("allocation", "cost_interest_principal"),
    )
    person = (bound(registered),) if settings.get("telegram") == "yes" else ()
    return World.begin(new_case((claim,), terms, person), registered)


def _act(world: World, act: str) -> None:
    verb, *words = act.split()
    today = world.today
    match verb:
        case "pay":
            on = date.fromisoformat(words[2]) if len(words) > 2 else today
            world.pay(parse_kronor(words[0]), words[1], on=on)
        case "object":
            parts = dispute.parts_of_amount(world.case, parse_kronor(words[2]), today) if "part" in words else ()
            world.decide(lambda case: dispute.raise_dispute(case, words[0], today, parts))
        case "begin":
            world.decide(lambda case: dispute.begin(case, today))
        case "leave":
            world.decide(lambda case: dispute.raise_dispute(case, words[0], today, late=True))
        case "undo":
            world.decide(lambda case: dispute.undo(case, today))
        case "hold":
            world.decide(lambda case: hold.place(case, words[0], today))
        case "release":
            world.decide(lambda case: hold.lift(case, today, hold.REASONS))
        case "answer":
            world.decide(lambda case: _answer(case, words or ["no"], today))
        case "keep":
            world.decide(lambda case: dispute.keep_view(case, objections(case)[-1].receipt, today))
        case "withdraw":
            world.decide(lambda case: dispute.withdraw(case, objections(case)[-1].receipt, today))
        case "quote":
            world.decide(lambda case: payment.quote(case, words[0], today))
        case "open":
            key = world.sent[-1][1].key
            world.decide(lambda case: reading.opened(case, key, "telegram", "code", today))
        case "outage":
            world.sending = False
        case "repair":
            world.sending = True
        case _:
            raise ValueError(act)


def _answer(case: Case, words: list[str], today: date) -> Decision:
    """``yes``, ``no``, or ``partly 250``: of the latest objection."""
    word = {"yes": "upheld", "no": "rejected", "partly": "partly"}[words[0]]
    parts = dispute.parts_of_amount(case, parse_kronor(words[1]), today) if word == "partly" else ()
    return dispute.answer(case, objections(case)[-1].receipt, word, 1, today, parts=parts)


def _news(world: World, sent: int, told: int, facts: int) -> Iterator[str]:
    day = world.today
    for _, notice in world.sent[sent:]:
        facts_of = notice.facts
        yield f"{day} {notice.kind} by {notice.via}, pay by {facts_of['deadline']}, {_kr(facts_of['total_ore'])}"
    for _, notice in world.told[told:]:
        yield f"{day} {notice.receiver}: {_say(notice)}"
    for fact in world.case.facts[facts:]:
        if type(fact).__name__ == "Closed":
            yield f"{day} closed: {fact.why}"  # type: ignore[attr-defined]
        if type(fact).__name__ == "StepWithdrawn":
            yield f"{day} withdrawn: {fact.key}, {fact.why}; owed {_kr(world.owed)}"  # type: ignore[attr-defined]


def _say(notice: Notice) -> str:
    facts: dict[str, Any] = dict(notice.facts)
    match notice.kind:
        case "receipt":
            parts = ", ".join(f"{kind} {_kr(ore)}" for kind, ore in facts["parts"].items())
            extra = "".join(
                f", {name} {_kr(facts[f'{name}_ore'])}"
                for name in ("waived", "rounding", "over")
                if facts[f"{name}_ore"]
            )
            return f"receipt {facts['receipt']}, {parts}{extra}, left {_kr(facts['left_ore'])}"
        case "creditor.paid" | "creditor.part_paid":
            return f"{notice.kind}, gets {_kr(facts['payout_ore'])} on {facts['payout_on']}"
        case "creditor.registered":
            return f"registered, reminder {facts.get('reminder_on')}, demand {facts.get('demand_on')}"
        case "creditor.decide":
            return f"decide ({facts['step']}), {_kr(facts['total_ore'])}"
        case "dispute.receipt":
            said = f"receipt {facts['receipt']}, stopped {_kr(facts['stopped_ore'])}, answer by {facts['answer_by']}"
            return said if "rest" not in facts else f"{said}; not stopped {_kr(facts['rest']['total_ore'])}"
        case "dispute.answer":
            said = f"answered {facts['answer']}, credited {_kr(facts['credited_ore'])}, left {_kr(facts['left_ore'])}"
            return said if not facts["deadline"] else f"{said}, pay by {facts['deadline']}"
        case "dispute.kept":
            return f"view kept, stopped {_kr(facts['stopped_ore'])}"
        case "resumed":
            return f"resumed, pay by {facts['deadline']}"
        case "task.refund":
            return f"refund {_kr(facts['amount_ore'])} by {notice.due_on}"
        case _:
            return notice.kind


def _kr(ore: int) -> str:
    sign = "-" if ore < 0 else ""
    return f"{sign}{abs(ore) // 100}.{abs(ore) % 100:02}"
