"""Paying in words: what a part covers, and the receipt of a payment as text and as a slip."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.dialogs.wording import plan
from bot.dialogs.wording.case import quiet_until
from bot.dialogs.wording.claims import part_list
from bot.dialogs.wording.owe import Slip
from core import words
from core.agency import Agency
from core.books import Settled, books
from core.case import Case
from core.dunning import current_deadline
from core.money import Ore
from core.payment import parts_by_kind
from core.standing import open_holds

#: What a payment can have settled, in the order in which it is said.
SETTLED = ("principal", "interest", "reminder", "demand", "plan", "late_compensation", "application_fee")
#: How the name of a client account ends at Swedish banks.
CLIENT_ACCOUNT = ", klientmedel"
METHODS = {"swish": "pay.method.swish", "bank": "pay.method.bank", "direct": "pay.method.creditor"}


def check_text(case: Case, amount: Ore, settled: Settled, today: date, lang: str) -> str:
    """What a part payment covers and what is left, before it is made."""
    sums = parts_by_kind(settled)
    principal = sums.pop("principal", 0)
    interest = sums.pop("interest", 0)
    covered = {"part.fees": sum(sums.values()), "part.interest": interest}
    parts = [words.text(lang, key, amount=words.amount(ore, lang)) for key, ore in covered.items() if ore]
    said = words.kronor(amount, lang)
    if parts and principal:
        first = words.text(
            lang,
            "pay.check.first",
            amount=said,
            parts=words.listed(parts, lang),
            principal=words.amount(principal, lang),
        )
    elif parts:
        first = words.text(lang, "pay.check.costs", amount=said, parts=words.listed(parts, lang))
    else:
        first = words.text(lang, "pay.check.principal", amount=said)
    return f"{first} {_left(case, settled, today, lang)}\n{words.text(lang, 'note.ack')}"


def _left(case: Case, settled: Settled, today: date, lang: str) -> str:
    left, due = words.money(settled.left, lang), current_deadline(case)
    if due and due >= today and not open_holds(case):
        return words.text(lang, "pay.check.left.deadline", left=left, deadline=words.deadline(due, today, lang))
    return words.text(lang, "pay.check.left", left=left)


def held_ore(case: Case, today: date) -> Ore:
    """What is kept apart because of an objection, and would count if whoever paid it asked for that, in öre."""
    return sum(ore for settled, ore in books(case, today).kept_of if settled.fact.kept in ("disputed", "disputed_part"))


def holder(agency: Agency) -> str:
    """Who is paid: the holder of the account as banks and Swish show it, without what kind of account it is."""
    return agency.payee.removesuffix(CLIENT_ACCOUNT)


def payee(agency: Agency, lang: str) -> str:
    """The account as banks show it, with its kind in the reader's language."""
    if not agency.payee.endswith(CLIENT_ACCOUNT):
        return agency.payee
    return words.text(lang, "pay.payee", agency=holder(agency))


def receipt(case: Case, facts: Mapping[str, Any], today: date, lang: str, at: datetime | None = None) -> Slip:
    """The receipt of a payment, from the facts of its notice. ``at``: the instant, where the payment has one."""
    when = _when(facts, at, lang)
    lines = [_came(case, facts, when, lang)]
    skip = 0
    reason = apart(facts)
    if reason and not facts["parts"]:
        lines.append(words.text(lang, f"receipt.kept.{reason}"))
    elif reason:
        lines += [_parts(case, facts, facts["left_ore"], lang), _rest(facts, lang)]
        skip = 1
    elif facts.get("kept"):
        lines.append(_over(facts, lang))
    elif facts["left_ore"] > 0:
        lines.append(_still(case, facts, today, lang))
    elif not facts["parts"]:
        lines.append(_over(facts, lang))
    else:
        lines += [_parts(case, facts, 0, lang), *_ending(case, facts, lang)]
        skip = 1
    return Slip("\n".join(lines), _card(case, facts, when, lang, skip))


def _parts(case: Case, facts: Mapping[str, Any], left: Ore, lang: str) -> str:
    """What it settled, and what is left."""
    parts = words.capital(", ".join(part_list(case, facts["parts"], lang)))
    return words.text(
        lang, "pay.done.parts", parts=parts, left=words.money(left, lang) if left else words.kronor(0, lang)
    )


def _rest(facts: Mapping[str, Any], lang: str) -> str:
    """What does not count of a payment that was more than what nobody objects to."""
    return words.text(lang, "receipt.kept.rest", amount=words.money(facts["over_ore"], lang))


def _came(case: Case, facts: Mapping[str, Any], when: str, lang: str) -> str:
    """How the money came, or that it was held until now; what the creditor got, it has told us of."""
    values = {"amount": words.money(facts["amount_ore"], lang), "when": when, "receipt": facts["receipt"]}
    creditor = case.creditor.short_name
    if facts.get("released"):
        return words.text(lang, "pay.done.released", first=facts["released"], **values)
    if facts["way"] == "direct":
        return words.text(lang, "pay.done.direct", creditor=creditor, **values)
    return words.text(lang, "pay.done", method=words.text(lang, METHODS[facts["way"]], creditor=creditor), **values)


def apart(facts: Mapping[str, Any]) -> str:
    """Why a payment is kept apart until a person decides, if it is; what came for a closed case just goes back."""
    kept = str(facts.get("kept") or "")
    return "" if kept == "closed" else kept


def _when(facts: Mapping[str, Any], at: datetime | None, lang: str) -> str:
    """A Swish payment has its minute; a bank transfer is booked on a day."""
    if at is not None and facts["way"] == "swish":
        return words.moment(at, lang)
    return words.day_year(date.fromisoformat(facts["paid_on"]), lang)


def _still(case: Case, facts: Mapping[str, Any], today: date, lang: str) -> str:
    if facts.get("barred"):
        return words.text(lang, "case.barred")
    left, per_day = words.money(facts["left_ore"], lang), words.per_day(facts["per_day_ore"], lang)
    if planned := plan.standing_line(case, today, lang):
        return words.text(lang, "pay.part.done.plan", left=left, planned=planned)
    if open_holds(case):
        return words.text(lang, "pay.part.done.held", left=left)
    due = date.fromisoformat(facts["deadline"]) if facts["deadline"] else None
    if due and due >= today:
        last = words.deadline(due, today, lang)
        return words.text(lang, "pay.part.done", left=left, per_day=per_day, deadline=last)
    day = words.day(quiet_until(case, today), lang)
    return words.text(lang, "pay.part.done.open", left=left, per_day=per_day, day=day)


def _ending(case: Case, facts: Mapping[str, Any], lang: str) -> list[str]:
    said = []
    if facts["rounding_ore"] > 0:
        said.append(words.text(lang, "pay.done.rounding", amount=words.per_day(facts["rounding_ore"], lang)))
    if facts["over_ore"]:
        said.append(_over(facts, lang))
    asks = facts["over_ore"] and facts["way"] == "bank"
    ended = "pay.done.closed.over" if asks else "pay.done.closed"
    return [*said, words.text(lang, ended, creditor=case.creditor.short_name)]


def _over(facts: Mapping[str, Any], lang: str) -> str:
    """Of a payment on a case that was settled before, this is all there is to say."""
    return words.text(lang, "pay.done.over", amount=words.money(facts["over_ore"], lang))


def _card(case: Case, facts: Mapping[str, Any], when: str, lang: str, skip: int) -> dict[str, Any]:
    sums = [(op, words.text(lang, key), ore) for op, key, ore in _sums(facts)]
    return {
        "kind": "receipt",
        "lead": 1,
        "skip": skip,
        "title": "",
        "number": facts["receipt"],
        "when": when,
        "rows": [{"op": op, "what": what, "why": "", "amount": words.amount(ore, lang)} for op, what, ore in sums],
        "total": {
            "what": words.text(lang, "slip.total.barred" if facts.get("barred") else "slip.left"),
            "amount": words.amount(facts["left_ore"], lang),
        },
        "code": facts.get("code", ""),
    }


def _sums(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, Ore]]:
    """The rows of a receipt: they add up to what is left."""
    parts: Mapping[str, Ore] = facts["parts"]
    settled = [(kind, parts[kind]) for kind in SETTLED if parts.get(kind)]
    if facts["left_ore"] > 0:
        yield "", "slip.total.barred" if facts.get("barred") else "slip.owed", sum(parts.values()) + facts["left_ore"]
        yield from (("-", f"slip.{kind}.settled", ore) for kind, ore in reversed(settled))
        return
    yield from (("+" if number else "", f"slip.{kind}", ore) for number, (kind, ore) in enumerate(settled))
    yield "-", "slip.paid", facts["amount_ore"]
    if facts["over_ore"]:
        yield "+", "slip.kept" if apart(facts) else "slip.over", facts["over_ore"]
    if facts["rounding_ore"] < 0:
        yield "+", "slip.rounding", -facts["rounding_ore"]
