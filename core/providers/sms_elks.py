"""46elks: SMS through a Swedish gateway, and what its webhooks bring.

Its refusals are sentences, not codes, and a report says no more than that a message did not arrive.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.ports import ProviderDown, ProviderError, ProviderRefused, ProviderUnknown, SmsArrived, SmsReport, SmsState
from core.providers import sms
from core.providers.sms import DEAD, SmsParty

NAME = "elks"
PRODUCTION_URL = "https://api.46elks.com/"

_PAGE = 100
_PAGES_MAX = 10
_STATES = {"sent": SmsState.SENT, "delivered": SmsState.DELIVERED, "failed": SmsState.FAILED}
#: "Invalid to number", "The to number is not valid" and the like; there is no list of them.
_BAD_RECEIVER = re.compile(
    r"\b(?:invalid|not valid|not a valid|incorrect)\b.*\bto\b|\bto\b.*\b(?:invalid|not)\b", re.I | re.S
)
#: What is wrong with our account, in few words and without what the sentence may quote.
_ACCOUNT = ((re.compile(r"credits?|balance", re.I), "no_credits"), (re.compile(r"\bfrom\b|sender", re.I), "from"))


class ElksClient(SmsParty):
    """`SmsGateway` over 46elks' API."""

    name = NAME

    async def send(self, to: str, text: str) -> str:
        """Hand one message over. Raises `ProviderError`."""
        account = self._account
        form = {"from": account.number, "to": to, "message": text, "whendelivered": account.report_url}
        answer = await self._ask("POST", data=form)
        return sms.reference_of(sms.object_of(answer).get("id"))

    async def sent_before(self, to: str, text: str, since: datetime) -> str | None:
        """The newest message with these words to this number, not older than ``since``. Raises `ProviderError`."""
        # 46elks lists from new to old: "end" is the older edge, "start" the newer one.
        query = {"to": to, "limit": str(_PAGE), "end": _instant(since - timedelta(seconds=3))}
        for _ in range(_PAGES_MAX):
            listed = sms.object_of(await self._ask("GET", params=query))
            for one in _messages(listed):
                if one.get("to") == to and sms.same_text(text, one.get("message")) and _is_ours(one, since):
                    return sms.reference_of(one.get("id"))
            if not listed.get("next"):
                return None
            query["start"] = str(listed["next"])
        raise ProviderUnknown("the list has no end")

    async def _ask(self, method: str, **request: Any) -> str:
        url = f"{self._account.base_url}a1/sms"
        status, headers, answer = await self._send(method, url, headers=self._basic, **request)
        if status == 200:
            return answer
        raise _failure(status, headers, answer)


def _messages(listed: dict[str, Any]) -> list[dict[str, Any]]:
    found = listed.get("data")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ProviderUnknown("answer not understood")
    return found


def _is_ours(one: dict[str, Any], since: datetime) -> bool:
    if one.get("direction") != "outgoing":
        return False
    try:
        created = datetime.fromisoformat(str(one["created"]))
    except (KeyError, ValueError) as error:
        raise ProviderUnknown("answer not understood") from error
    return sms.is_since(created if created.tzinfo else created.replace(tzinfo=UTC), since)


def _instant(moment: datetime) -> str:
    """46elks writes instants in UTC and leaves that unsaid."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _failure(status: int, headers: Mapping[str, str], answer: str) -> ProviderError:
    if status in {400, 402, 403, 404, 422}:
        if _BAD_RECEIVER.search(answer):
            return ProviderRefused(DEAD)
        for words, code in _ACCOUNT:
            if words.search(answer):
                return ProviderDown(code)
    return sms.failure(status, headers, "")


def arrived(form: Mapping[str, str]) -> SmsArrived:
    """An SMS to our number. Raises ValueError for anything else."""
    if form.get("direction", "incoming") != "incoming":
        raise ValueError("direction")
    return SmsArrived(
        NAME,
        reference=sms.reference(form, "id"),
        sender=sms.number(form, "from"),
        receiver=sms.number(form, "to"),
        text=form.get("message", ""),
    )


def report(form: Mapping[str, str]) -> SmsReport | None:
    """How far a message of ours has come; None where that is no news. Raises ValueError for what is no report.

    46elks never says why one failed, so no number is known to be dead by it.
    """
    told = sms.reference(form, "id")
    state = _STATES.get(sms.field(form, "status"))
    return SmsReport(NAME, told, state) if state else None
