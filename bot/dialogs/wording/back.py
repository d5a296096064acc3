"""Money that goes back to somebody, in words: how much, where to, and whether that can still be changed."""

from collections.abc import Iterator

from core import brief, words
from core.money import Ore
from core.services import refund_accounts
from core.services.kept_wishes import Apart
from core.services.refund_accounts import Asked
from core.services.refunds import Account


def back_lines(asked: Asked, lang: str, *, whole: bool = False) -> Iterator[str]:
    """A line for each place that money goes to. ``whole``: with the account's whole number, which its owner checks."""
    if asked.unsaid_ore:
        yield words.text(lang, "refund.main", amount=words.money(asked.unsaid_ore, lang))
    for account, ore in asked.known:
        yield said("refund.known", ore, account, lang, whole=whole)
    for account, ore in asked.left:
        yield said("refund.left", ore, account, lang, whole=whole)
    if asked.swish_ore:
        yield words.text(lang, "refund.by_swish", amount=words.money(asked.swish_ore, lang))


def said(key: str, ore: Ore, account: Account, lang: str, *, whole: bool) -> str:
    """One sum and its account, of which only the end is shown where nobody has to check it."""
    kind = words.text(lang, f"refund.kind.{'account' if account.kind == 'iban' else account.kind}")
    number = refund_accounts.shown(account) if whole else f"…\N{WORD JOINER}{account.last_four}"
    return words.text(lang, key, amount=words.money(ore, lang), kind=kind, account=number)


def back_short(asked: Asked, lang: str) -> Iterator[str]:
    """The same by SMS, without accounts."""
    if asked.unsaid_ore:
        yield words.text(lang, "sms.notice.refund.ask", amount=brief.money(asked.unsaid_ore, lang))
    if known := sum(ore for _, ore in asked.known):
        yield words.text(lang, "sms.case.back.known", amount=brief.money(known, lang))
    if left := sum(ore for _, ore in asked.left):
        yield words.text(lang, "sms.case.back.left", amount=brief.money(left, lang))
    if asked.swish_ore:
        yield words.text(lang, "refund.sent.swish", amount=brief.money(asked.swish_ore, lang))


def kept_line(look: Apart, lang: str) -> str:
    """That money is kept apart, and why."""
    said = words.text(lang, "refund.kept", amount=words.money(look.ore, lang))
    return f"{said} {words.text(lang, f'owe.kept.{look.why}')}"


def kept_lines(look: Apart, lang: str) -> Iterator[str]:
    """The same, and what may be done about it."""
    yield kept_line(look, lang)
    yield words.text(lang, "refund.kept.choose" if look.may_count else "refund.kept.choose.back")


def kept_count_check(look: Apart, lang: str) -> Iterator[str]:
    """What it does to what is owed that the money counts."""
    left, after = words.money(look.left, lang), words.money(look.left_after, lang)
    yield words.text(lang, "refund.kept.count", amount=words.money(look.ore, lang), left=left, after=after)
    if look.over_after:
        yield words.text(lang, "refund.kept.over", amount=words.money(look.over_after, lang))
