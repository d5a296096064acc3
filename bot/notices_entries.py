"""What a creditor's people are told of what debtors paid: to us, or to themselves as one of them has registered."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from bot.told import Told, Worded, plain, see_case
from core import payout, words
from core.rules.se import payee
from core.services.creditor_share import Share


def _values(told: Told) -> dict[str, str]:
    day = words.day_year(date.fromisoformat(told.facts["paid_on"]), told.lang)
    return {"debtor": told.about.debtor.name, "ocr": told.about.ocr, "amount": told.money("amount_ore"), "day": day}


def _paid(told: Told) -> Worded:
    """All is paid: their part of it, what it covers of what they owe us, and when money comes."""
    owing = told.facts["payout_ore"] < 0 or (told.share is not None and told.share.before < 0)
    key = "creditor.paid.share" if owing else "creditor.paid"
    first = told.t(
        key,
        payout=told.money("payout_ore"),
        **_made_of(told),
        **_values(told),
    )
    if told.facts["payout_ore"] <= 0:
        return plain("\n".join([first, *_lower(told)]), see_case(told))
    if told.share is None:
        lines = [_coming(told, date.fromisoformat(told.facts["payout_on"]))]
    else:
        lines = list(_comes(told, told.share))
    return plain("\n".join([first, *lines]), see_case(told))


def _part_paid(told: Told) -> Worded:
    """A part is paid: what is left, and where their part of it is known, the same of that."""
    values = {**_values(told), "left": told.money("left_ore")}
    if told.share is None or told.share.ore == 0:
        return plain(told.t("creditor.paid.part", **values), see_case(told))
    if told.share.ore < 0:
        share = words.money(told.share.ore, told.lang)
        first = told.t("creditor.paid.part.less", share=share, **_made_of(told), **values)
        return plain("\n".join([first, *_lower(told)]), see_case(told))
    first = told.t("creditor.paid.part.share", share=words.money(told.share.ore, told.lang), **values)
    return plain("\n".join([first, *_comes(told, told.share)]), see_case(told))


def _made_of(told: Told) -> dict[str, str]:
    """Their part of a payment: principal less VAT on our fees."""
    return {
        name: told.amount(f"{key}_ore") for name, key in (("principal", "entrusted"), ("vat", "vat"), ("fees", "fees"))
    }


def _lower(told: Told) -> Iterator[str]:
    """Where nothing of a payment is theirs but VAT on what it paid of our fees: what that leaves of their balance."""
    if told.share is not None and told.share.ore < 0:
        left = told.share.after
        key = "creditor.balance.owed" if left < 0 else "creditor.balance.held" if left else "creditor.balance.none"
        yield told.t(key, amount=words.money(abs(left), told.lang))
    yield told.t("creditor.paid.nothing")


def _comes(told: Told, share: Share) -> Iterator[str]:
    """What they owe us is covered first; then when the rest comes, or why it waits."""
    after = words.money(share.after, told.lang)
    if share.before < 0:
        key = "creditor.paid.minus" if share.after <= 0 else "creditor.paid.minus.over"
        yield told.t(key, before=words.money(-share.before, told.lang), after=words.money(abs(share.after), told.lang))
    if share.after <= 0:
        return
    match share.blocked:
        case payout.LEAST:
            yield told.t("creditor.balance.least", amount=after)
        case payout.NO_ACCOUNT:
            yield told.t("creditor.balance.no_account")
        case payout.ACCOUNT_REFUSED:
            yield told.t("creditor.balance.account_refused")
        case payout.UNCONFIRMED:
            yield told.t("creditor.balance.asked", account=payee.show(share.asked))
        case _:
            yield _coming(told, share.next_on)


def _coming(told: Told, on: date) -> str:
    return told.t("creditor.paid.payout", payout_on=words.weekday_day(on, told.lang))


def reversed_lines(told: Told) -> Iterator[str]:
    """Of a payment that was taken back: whether their part of it was paid out, and their balance then."""
    if told.share is None or told.share.ore >= 0:
        return
    share, after = words.money(-told.share.ore, told.lang), words.money(told.share.after, told.lang)
    key = "creditor.payment_reversed.noted" if told.share.note else "creditor.payment_reversed.unpaid"
    yield told.t(key, share=share, number=told.share.note, after=after)


def _direct(told: Told) -> Worded:
    """Money that they got themselves: what is left, and what it changes in their balance."""
    lines = [told.t("creditor.direct", left=told.money("left_ore"), **_values(told))]
    if told.facts["payout_ore"]:
        lines.append(told.t("creditor.direct.payout", amount=told.money("payout_ore")))
    return plain("\n".join(lines), see_case(told))


ENTRY_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "creditor.paid": _paid,
    "creditor.part_paid": _part_paid,
    "creditor.direct": _direct,
}
