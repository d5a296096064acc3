"""Twilio's REST API for SMS, and what its webhooks bring. Its refusals have codes."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from core.ports import (
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderRefused,
    ProviderUnknown,
    SmsArrived,
    SmsReport,
    SmsState,
)
from core.providers import sms
from core.providers.sms import DEAD, STOPPED, SmsParty

NAME = "twilio"
PRODUCTION_URL = "https://api.twilio.com/"
#: A long number of theirs takes one message a second.
PER_SECOND = 1.0

#: 21211 is no number, 21614 no mobile.
_DEAD = frozenset({"21211", "21614"})
#: They have answered STOP to this number of ours, and Twilio itself lets nothing more through.
_STOPPED = frozenset({"21610"})
#: Our account is closed or has no right to its number as sender (20003 and 401 say the same of a password).
_ACCOUNT = frozenset({"20003", "20005", "21212", "21603", "21606", "21659", "21660"})
#: Their queue of our number is full.
_BUSY = frozenset({"20429", "21611"})
#: Of reports: 30005 unknown receiver, 30006 a fixed line. (30003, a phone that is off, passes.)
_DEAD_LATER = _DEAD | {"30005", "30006"}
_STATES = {
    "sent": SmsState.SENT,
    "delivered": SmsState.DELIVERED,
    "read": SmsState.DELIVERED,
    "undelivered": SmsState.FAILED,
    "failed": SmsState.FAILED,
    "canceled": SmsState.FAILED,
}
_PAGE = 100


class TwilioClient(SmsParty):
    """`SmsGateway` over Twilio's API. The user is the account's SID."""

    name = NAME

    async def send(self, to: str, text: str) -> str:
        """Hand one message over. Raises `ProviderError`."""
        account = self._account
        form = {"From": account.number, "To": to, "Body": text, "StatusCallback": account.report_url}
        return sms.reference_of(sms.object_of(await self._ask("POST", expected=201, data=form)).get("sid"))

    async def sent_before(self, to: str, text: str, since: datetime) -> str | None:
        """The newest message with these words to this number, not older than ``since``. Raises `ProviderError`."""
        # Their filter by day leaves out what still waits in their queue; the newest hundred to one person do.
        listed = sms.object_of(await self._ask("GET", params={"To": to, "PageSize": str(_PAGE)})).get("messages")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise ProviderUnknown("answer not understood")
        for one in listed:
            if one.get("to") == to and sms.same_text(text, one.get("body")) and _is_ours(one, since):
                return sms.reference_of(one.get("sid"))
        return None

    async def _ask(self, method: str, *, expected: int = 200, **request: Any) -> str:
        account = self._account
        url = f"{account.base_url}2010-04-01/Accounts/{account.user}/Messages.json"
        status, headers, answer = await self._send(method, url, headers=self._basic, **request)
        if status == expected:
            return answer
        raise _failure(status, headers, answer)


def _is_ours(one: dict[str, Any], since: datetime) -> bool:
    if not str(one.get("direction", "")).startswith("outbound"):
        return False
    try:
        return sms.is_since(parsedate_to_datetime(str(one["date_created"])), since)
    except (KeyError, ValueError, TypeError) as error:
        raise ProviderUnknown("answer not understood") from error


def _failure(status: int, headers: Mapping[str, str], answer: str) -> ProviderError:
    try:
        told = sms.object_of(answer).get("code")
    except ProviderUnknown:
        told = None
    code = str(told) if isinstance(told, int) else ""
    if 400 <= status < 500 and code in _DEAD:
        return ProviderRefused(DEAD)
    if 400 <= status < 500 and code in _STOPPED:
        return ProviderRefused(STOPPED)
    if 400 <= status < 500 and code in _ACCOUNT:
        return ProviderDown(code)
    if 400 <= status < 500 and code in _BUSY:
        return ProviderBusy(code, sms.retry_after_s(headers))
    return sms.failure(status, headers, code)


def arrived(form: Mapping[str, str]) -> SmsArrived:
    """An SMS to our number. Raises ValueError for anything else."""
    return SmsArrived(
        NAME,
        reference=sms.reference(form, "MessageSid"),
        sender=sms.number(form, "From"),
        receiver=sms.number(form, "To"),
        text=form.get("Body", ""),
    )


def report(form: Mapping[str, str]) -> SmsReport | None:
    """How far a message of ours has come; None where that is no news. Raises ValueError for what is no report."""
    told = sms.reference(form, "MessageSid")
    state = _STATES.get(sms.field(form, "MessageStatus"))
    if state is None:
        return None
    code = form.get("ErrorCode", "")
    if state is not SmsState.FAILED or not code.isdecimal():
        return SmsReport(NAME, told, state)
    return SmsReport(NAME, told, state, code=code[:10], dead=code in _DEAD_LATER)
