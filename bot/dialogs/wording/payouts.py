"""What staff and creditors read of payouts: what is due, a run, its payments, an account."""

from collections.abc import Sequence
from typing import Final

from core import payout, words
from core.money import Ore
from core.party import SYSTEM, CreditorTerms
from core.rules.se import payee
from core.services.payout_look import Balance, Line, Outlook, RunView, Waits
from core.services.settlement_notes import Fate
from core.store.payouts import CANCELLED, FAILED, RunRow

#: So many names stand in one line; who else there is stands on the screen with all of them.
NAMED: Final = 3
#: Why creditors are not paid, in the order in which it is told; who is not due yet is no news.
REASONS: Final = (
    payout.COMING,
    payout.SHORT,
    payout.NO_ACCOUNT,
    payout.UNCONFIRMED,
    payout.ACCOUNT_REFUSED,
    payout.LEAST,
    payout.NEGATIVE,
)
#: Reasons of the bank (ISO 20022) that we have words for, and our own for what came back to the account.
CODES: Final = frozenset(
    {"AC01", "AC03", "AC04", "AC06", "AG01", "AM04", "BE05", "DT01", "MD07", "MS03", "RC01", "RJCT", "CANC", "returned"}
)
SHORTEST_MONTH: Final = 28
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def outlook_text(found: Outlook, lang: str, none: str = "payouts.none") -> str:
    """What could be paid today, ``none`` where nothing is, and what stands in the way of the rest."""
    lines = [_due(found.due, lang, none)]
    if found.missing_ore:
        lines.append(words.text(lang, "payouts.missing", missing=words.money(found.missing_ore, lang)))
    if found.refunds:
        total = words.money(found.refunds_ore, lang)
        lines.append(words.plural(lang, "payouts.refunds", found.refunds, total=total))
    for why in REASONS:
        if those := [each for each in found.waits if why in (each.why, each.blocked)]:
            lines.append(_because(why, those, lang))
    if later := waiting_for_their_day(found):
        total = words.money(sum(each.payable_ore for each in later), lang)
        first = words.weekday_day(min(each.next_on for each in later), lang)
        lines.append(words.plural(lang, "payouts.later", len(later), total=total, day=first))
    if found.share_ore:
        lines.append(words.text(lang, "payouts.share", share=words.money(found.share_ore, lang)))
    return "\n".join(lines)


def waiting_for_their_day(found: Outlook) -> list[Waits]:
    """The creditors that are paid as soon as somebody wants it: nothing but their day stands in the way."""
    return [each for each in found.waits if each.why == "not_due" and each.payable_ore > 0 and not each.blocked]


def _due(due: Sequence[Waits], lang: str, none: str) -> str:
    if not due:
        return words.text(lang, none)
    largest = max(due, key=lambda each: each.payable_ore)
    total = words.money(sum(each.payable_ore for each in due), lang)
    values = {"total": total, "name": largest.name, "largest": words.money(largest.payable_ore, lang)}
    return words.plural(lang, "payouts.due", len(due), **values)


def _because(why: str, those: Sequence[Waits], lang: str) -> str:
    named = [f"{each.name} {words.money(each.payable_ore, lang)}" for each in those[:NAMED]]
    more = len(those) - len(named)
    text = words.text(lang, f"payouts.why.{why}", names=words.listed(named, lang))
    return f"{text} {words.plural(lang, 'payouts.more', more)}" if more > 0 else text


def waiting_text(view: RunView, lang: str, *, yours: bool) -> str:
    """The run that waits, in a line. ``yours``: the reader may approve it."""
    total = words.money(view.row.total_ore, lang)
    first = words.text(lang, "payouts.waits.yours" if yours else "payouts.waits", run=view.row.id, total=total)
    return f"{first} {_prepared(view, lang)}"


def _prepared(view: RunView, lang: str) -> str:
    if view.row.prepared_by == SYSTEM.label:
        return words.text(lang, "payouts.prepared_by_command")
    return words.text(lang, "payouts.prepared_by", who=view.prepared_by)


def run_text(view: RunView, lang: str) -> str:
    """The figures of a run: how many, how much, the largest, what is carried forward, and where it stands."""
    row, largest = view.row, view.largest
    total, day = words.money(row.total_ore, lang), words.weekday_day(row.pay_on, lang)
    lines = [words.plural(lang, "payouts.run", row.number, run=row.id, total=total, day=day)]
    if largest:
        lines.append(words.text(lang, "payouts.largest", name=largest.name, largest=words.money(largest.ore, lang)))
    if view.notes:
        lines.append(words.plural(lang, "payouts.notes", view.notes))
    if view.carried_ore:
        lines.append(words.text(lang, "payouts.carried", carried=words.money(view.carried_ore, lang)))
    if view.townless:
        names = [*view.townless[:NAMED]]
        more = len(view.townless) - len(names)
        text = words.text(lang, "payouts.townless", names=words.listed(names, lang))
        lines.append(f"{text} {words.plural(lang, 'payouts.more', more)}" if more > 0 else text)
    lines.append(_prepared(view, lang))
    if view.approved_by:
        lines.append(words.text(lang, "payouts.approved_by", who=view.approved_by))
    lines.append(words.text(lang, f"payouts.state.{row.state}"))
    if failed := [line for line in view.lines if line.state == "failed"]:
        amount = words.money(sum(line.ore for line in failed), lang)
        lines.append(words.plural(lang, "payouts.failed", len(failed), total=amount))
    return "\n".join(lines)


def line_text(line: Line, lang: str) -> str:
    """One payment: to whom, how much, where, and how far it has come."""
    key = f"payouts.line.{line.kind}"
    state = words.text(lang, f"payouts.line.state.{line.state}")
    if line.state == "failed" and line.code:
        state = words.text(lang, "payouts.because", state=state, why=code_text(line.code, lang))
    amount = words.money(line.ore, lang)
    return words.text(lang, key, name=line.name, amount=amount, account=payee.show(line.account), state=state)


def run_lines(view: RunView, lang: str) -> list[str]:
    """Each payment of a run, and then whose notes carry something forward."""
    carried = [
        words.text(lang, "payouts.line.carried", name=name, carried=words.money(ore, lang))
        for name, ore in view.carried
    ]
    return [*(line_text(line, lang) for line in view.lines), *carried]


def code_text(code: str, lang: str) -> str:
    """Why the bank did not pay, in words; a code (ISO 20022) that we have no words for as it is."""
    return words.text(lang, f"payouts.code.{code}") if code in CODES else words.text(lang, "payouts.code", code=code)


def row_label(row: RunRow, lang: str) -> str:
    """A run as a button."""
    return words.text(lang, "btn.payouts.run", run=row.id)


def row_text(row: RunRow, lang: str) -> str:
    """A run as a line of the history."""
    state = words.text(lang, f"payouts.short.{row.state}")
    if row.failed:
        why, some = code_text(row.failed_code, lang), "" if row.failed == row.number else "_some"
        state = words.plural(lang, f"payouts.short.failed{some}", row.failed, of=row.number, state=state, why=why)
    total, day = words.money(row.total_ore, lang), words.day(row.pay_on, lang)
    return words.text(lang, "payouts.row", run=row.id, day=day, total=total, state=state)


def note_paid_text(payout_ore: Ore, fate: Fate | None, lang: str) -> str:
    """What of a note was paid, and how far that has come: a payout that came back is no longer paid."""
    amount = words.money(payout_ore, lang)
    if fate is None or fate.on is None or fate.state == CANCELLED:
        return words.text(lang, "creditor.note.paid", amount=amount)
    day = words.day_year(fate.on, lang)
    if fate.state != FAILED:
        return words.text(lang, f"creditor.note.paid.{fate.state}", amount=amount, day=day)
    key = "creditor.note.paid.again" if fate.again else "creditor.note.paid.failed"
    return words.text(lang, key, amount=amount, day=day, why=code_text(fate.code, lang), number=fate.again)


def balance_text(found: Balance, lang: str) -> str:
    """What a creditor's people read: what is theirs now, when it comes, what is on its way, and where to."""
    amount, day = words.money(found.payable_ore, lang), words.weekday_day(found.next_on, lang)
    if found.payable_ore > 0:
        held = "creditor.balance.least" if found.blocked == payout.LEAST else "creditor.balance.held"
        lines = [words.text(lang, held if found.blocked else "creditor.balance", amount=amount, day=day)]
    elif found.payable_ore:
        lines = [words.text(lang, "creditor.balance.owed", amount=words.money(-found.payable_ore, lang))]
    else:
        lines = [words.text(lang, "creditor.balance.none")]
    for ore, on in found.under_way:
        sent = words.weekday_day(on, lang) if on else ""
        lines.append(words.text(lang, "creditor.balance.under_way", amount=words.money(ore, lang), day=sent))
    if found.account:
        lines.append(words.text(lang, "creditor.balance.account", account=payee.show(found.account)))
    else:
        lines.append(words.text(lang, "creditor.balance.no_account"))
    if found.asked and found.asked == found.account:
        lines.append(words.text(lang, "creditor.balance.account_refused"))
    elif found.asked:
        lines.append(words.text(lang, "creditor.balance.asked", account=payee.show(found.asked)))
    return "\n".join(lines)


def schedule_text(terms: CreditorTerms, lang: str) -> str:
    """On which days a creditor is paid, as a sentence."""
    day = ""
    if terms.payout == payout.WEEKLY:
        day = words.text(lang, f"payouts.weekday.{WEEKDAYS[terms.payout_day]}")
    elif terms.payout == payout.MONTHLY:
        day = str(terms.payout_day)
    ends = "_end" if terms.payout == payout.MONTHLY and terms.payout_day > SHORTEST_MONTH else ""
    text = words.text(lang, f"creditor.schedule.{terms.payout}{ends}", day=day)
    if terms.payout in payout.DAYS:
        text = f"{text} {words.text(lang, 'creditor.schedule.closed')}"
    if not terms.payout_least_ore:
        return text
    least = words.money(terms.payout_least_ore, lang)
    return f"{text} {words.text(lang, 'creditor.schedule.least', least=least)}"
