"""What has happened in a case in plain words: one line an event, and an event looked at closely."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bot.dialogs.wording.claims import part_list
from bot.dialogs.wording.dispute import GROUNDS
from bot.dialogs.wording.pay import METHODS
from core import words
from core.books import books
from core.case import Case
from core.payment import parts_by_kind
from core.services.timeline import Event, Opened, Sending

#: Kinds whose words depend on one of their facts, and on which.
BY_VALUE: Final = {
    "channel_unbound": "why",
    "dispute_answered": "answer",
    "hold_placed": "reason",
    "plan_answered": "answer",
    "plan_ended": "why",
    "settlement_answered": "answer",
}
MONEY: Final = ("ore",)
DAYS: Final = ("until", "pay_on")


def event_line(case: Case, event: Event, lang: str) -> str:
    """``31 juli 2025: Du betalade 500,00 kr via Swish.``"""
    return words.text(lang, "timeline.line", day=words.day_year(event.on, lang), what=event_text(case, event, lang))


def event_text(case: Case, event: Event, lang: str) -> str:
    """What happened, without its day."""
    match event.kind:
        case "told":
            return _told(event, lang)
        case "tried":
            return tried_text("timeline.tried", event.facts, lang)
        case "step_taken":
            return _step(event, lang)
        case "payment_received":
            method = words.text(lang, METHODS[event.facts["way"]], creditor=case.creditor.short_name)
            amount = words.money(event.facts["amount"], lang)
            return words.text(lang, "timeline.payment_received", amount=amount, method=method)
        case "dispute_raised":
            ground = words.text(lang, GROUNDS[event.facts["ground"]])
            if part := sum(ore for _, ore in event.facts["parts"]):
                return words.text(lang, "timeline.dispute_raised.part", ground=ground, amount=words.money(part, lang))
            return words.text(lang, "timeline.dispute_raised", ground=ground)
        case "plan_accepted" if event.facts["fee"]:
            return words.text(lang, "timeline.plan_accepted.fee", fee=words.money(event.facts["fee"], lang))
        case "credited":
            return _credited(case, event, lang)
        case _:
            return words.text(lang, _key(event, lang), creditor=case.creditor.short_name, **_values(event, lang))


def _credited(case: Case, event: Event, lang: str) -> str:
    """What the creditor took back by itself as it was told, with its credit note; or in its answer to an objection."""
    creditor, facts = case.creditor.short_name, event.facts
    if "told" in facts:
        said = words.text(
            lang, "credited", creditor=creditor, amount=words.money(facts["ore"], lang), number=facts["told"]
        )
        return f"{said} {words.text(lang, 'credited.whole')}" if facts["whole"] else said
    amount = words.money(sum(ore for _, ore in facts["parts"]), lang)
    key = "timeline.credited.whole" if facts["whole"] else "timeline.credited"
    return words.text(lang, key, creditor=creditor, amount=amount)


def _told(event: Event, lang: str) -> str:
    """Something that we wrote besides: by its kind or what that is about, where we have words for it."""
    kind = event.facts["kind"]
    for name in (kind, kind.partition(".")[0]):
        if words.has(lang, f"timeline.told.{name}"):
            return words.text(lang, f"timeline.told.{name}")
    return words.text(lang, "timeline.told.letter" if event.letter else "timeline.told")


def _step(event: Event, lang: str) -> str:
    key = f"timeline.step.{event.facts['step']}"
    what = words.text(lang, key if words.has(lang, key) else "timeline.step.other")
    if event.facts["again"]:
        return words.text(lang, "timeline.step.again", what=what)
    if cost := sum(ore for _, ore in event.facts["costs"]):
        return words.text(lang, "timeline.step.cost", what=what, amount=words.money(cost, lang))
    return what


def tried_text(key: str, facts: Mapping[str, Any], lang: str) -> str:
    """``Sms, kom fram.``: where somebody was tried to be reached, and what became of it."""
    outcome = words.text(lang, f"timeline.outcome.{facts['outcome']}")
    closer = f"{key}.again" if facts["again"] else key
    return words.capital(words.text(lang, closer, channel=channel_name(facts["channel"], lang), outcome=outcome))


def _key(event: Event, lang: str) -> str:
    """The key of an event's words: of its kind, or of what it came to where that has words of its own."""
    key = f"timeline.{event.kind}"
    closer = f"{key}.{event.facts[BY_VALUE[event.kind]]}" if event.kind in BY_VALUE else key
    return closer if words.has(lang, closer) else key


def _values(event: Event, lang: str) -> dict[str, Any]:
    money = {name: words.money(event.facts[name], lang) for name in MONEY if name in event.facts}
    days = {name: _day(event.facts[name], lang) for name in DAYS if event.facts.get(name)}
    channel = {"channel": channel_name(event.facts["channel"], lang)} if "channel" in event.facts else {}
    return money | days | channel


def _day(iso: str, lang: str) -> str:
    return words.day_year(date.fromisoformat(iso), lang)


def button_label(case: Case, event: Event, lang: str) -> str:
    """What a press opens: the letter by its name, the receipt by its number, a message by its day."""
    day = words.day(event.on, lang)
    if event.receipt is not None:
        return words.text(lang, "file.receipt", receipt=f"{case.ocr}-{event.receipt}")
    if event.letter:
        kind = f"file.{event.facts.get('step') or event.facts.get('kind')}"
        return words.text(lang, kind if words.has(lang, kind) else "file.letter", day=day)
    answer = event.facts.get("kind") == "person.reply"
    return words.text(lang, "timeline.answer" if answer else "timeline.message", day=day)


# Closely


def opened_text(case: Case, opened: Opened, lang: str) -> str:
    """An event with how it reached its reader, line by line."""
    return "\n".join(
        [
            event_line(case, opened.event, lang),
            *_payment(case, opened.event, lang),
            *(_sending(sending, lang) for sending in opened.sendings),
            *_read(opened, lang),
            *([words.text(lang, "timeline.above")] if opened.text or opened.event.letter else []),
        ]
    )


def _payment(case: Case, event: Event, lang: str) -> Iterator[str]:
    """What a payment went to, with the interest up to its day; and what was left."""
    if event.kind != "payment_received":
        return
    for settled in books(case, event.on).payments:
        if settled.fact.receipt == event.facts["receipt"] and settled.parts:
            parts = words.listed(part_list(case, parts_by_kind(settled), lang), lang)
            yield words.text(lang, "timeline.payment.parts", parts=parts)
            yield words.text(lang, "timeline.payment.left", amount=words.money(max(settled.left, 0), lang))


def _sending(sending: Sending, lang: str) -> str:
    if sending.channel == "letter":
        key = "timeline.try.withdrawn" if sending.outcome == "withdrawn" else "timeline.try.letter"
    else:
        key = f"timeline.try.{'refused' if sending.outcome == 'dead' else sending.outcome}"
    what = words.text(lang, key, channel=channel_name(sending.channel, lang))
    return words.text(lang, "timeline.try", moment=words.moment(sending.at, lang), what=what)


def _read(opened: Opened, lang: str) -> Iterator[str]:
    if opened.opened_on:
        channel = channel_name(opened.opened_in or "", lang)
        yield words.text(lang, "timeline.opened", day=words.day_year(opened.opened_on, lang), channel=channel)


def channel_name(channel: str, lang: str) -> str:
    """``sms``, ``e-post``; one that has no name here is another one."""
    key = f"timeline.channel.{channel}"
    return words.text(lang, key if words.has(lang, key) else "timeline.channel.other")
