"""What a creditor's people are told of payouts and of the account that they go to; the notes speak for themselves."""

from collections.abc import Callable
from typing import Final

from bot.dialogs.wording.payouts import code_text
from bot.told import Told, Worded, plain
from core.rules.se import payee


def _failed(told: Told) -> Worded:
    """Why the bank did not pay, and when it is paid again: not before a doubted account is confirmed."""
    key = "creditor.payout_failed.account" if told.facts["doubted"] else "creditor.payout_failed"
    why = code_text(told.facts["code"], told.lang)
    return plain(told.t(key, amount=told.money("amount_ore"), why=why), _balance(told))


def _missing(told: Told) -> Worded:
    return plain(told.t("creditor.account_missing", amount=told.money("amount_ore")), _balance(told))


def _account(told: Told) -> Worded:
    state, by_us = told.kind.rpartition("_")[2], ".ours" if told.facts.get("ours") else ""
    return plain(
        told.t(f"creditor.account_told.{state}{by_us}", account=payee.show(told.facts["account"])), _balance(told)
    )


def _balance(told: Told) -> tuple[tuple[str, str], ...]:
    return ((told.t("btn.balance.see"), "balance:"),)


PAYOUT_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {
    "creditor.payout_failed": _failed,
    "creditor.account_missing": _missing,
    "creditor.account_asked": _account,
    "creditor.account_confirmed": _account,
    "creditor.account_refused": _account,
}
