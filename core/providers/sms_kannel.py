"""Kannel's sendsms interface, for an SMS centre of one's own, and what its two URLs bring.

Kannel gives no id of what it takes, so each message goes out under one of ours, which stands in its ``dlr-url``.
Incoming messages come by a service of its configuration, which must not answer by itself, and smsbox must be told to
try again when we do not answer::

    group = smsbox
    http-request-retry = 100
    http-queue-delay = 60

    group = sms-service
    keyword = default
    catch-all = true
    concatenation = true
    omit-empty = true
    max-messages = 0
    get-url = "…"

``schysst sms-hook`` prints that address. ``%b`` is the text as it came, in the alphabet that ``%C`` names; a hook reads
the query as Latin-1, octet by octet.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime

from core import gsm
from core.ports import ProviderDown, ProviderRefused, ProviderUnknown, SmsArrived, SmsReport, SmsState
from core.providers import sms
from core.providers.sms import CANNOT_BE_ASKED, SmsParty

NAME = "kannel"

#: Delivered, failed, given to the SMS centre, refused by it: the sum of their numbers.
_DLR_MASK = 1 + 2 + 8 + 16
_STATES = {
    "1": SmsState.DELIVERED,
    "2": SmsState.FAILED,
    "8": SmsState.SENT,
    "16": SmsState.FAILED,
}
#: How texts come; 8-BIT is no text.
_ALPHABETS = {"UTF-8": "utf-8", "UTF-16BE": "utf-16-be", "ISO-8859-1": "latin-1"}
#: What Kannel is to put behind the address of an incoming message.
ARRIVED_QUERY = "?id=%I&from=%p&to=%P&charset=%C&text=%b"
_GSM, _UCS2 = "0", "2"
#: "0: Accepted for delivery" and "3: Queued for later delivery".
_TAKEN = re.compile(r"\s*(?:0|3):")
#: SMPP's ESME_RINVDSTADR, "invalid destination address" (SMPP 3.4, 5.1.3), as Kannel words a refusal.
_NO_SUCH_NUMBER = "0x0000000b"
_NACK = re.compile(r"NACK/(\w{1,20})")


class KannelClient(SmsParty):
    """`SmsGateway` over Kannel's smsbox. It cannot be asked what it has sent."""

    name = NAME

    async def send(self, to: str, text: str) -> str:
        """Hand one message over. Raises `ProviderError`."""
        account, ours = self._account, uuid.uuid4().hex
        query = {
            "username": account.user,
            "password": account.secret.reveal(),
            "from": account.number,
            "to": to,
            "text": text,
            "charset": "UTF-8",
            "coding": _GSM if gsm.size(text).gsm else _UCS2,
            "dlr-mask": str(_DLR_MASK),
            "dlr-url": f"{account.report_url}?id={ours}&type=%d&answer=%A",
        }
        url = f"{account.base_url}cgi-bin/sendsms"
        status, headers, answer = await self._send("GET", url, params=query)
        if status == 403 and answer.startswith("Authorization failed"):
            raise ProviderDown("authorization")
        if status not in {200, 202}:
            raise sms.failure(status, headers, "")
        if not _TAKEN.match(answer):
            raise ProviderUnknown("answer not understood")
        return ours

    async def sent_before(self, to: str, text: str, since: datetime) -> str | None:
        """Raises `ProviderRefused`, always: Kannel keeps no list."""
        raise ProviderRefused(CANNOT_BE_ASKED)


def arrived(query: Mapping[str, str]) -> SmsArrived:
    """An SMS to our number, its query read as Latin-1. Raises ValueError for anything else."""
    alphabet = _ALPHABETS.get(query.get("charset", "UTF-8").upper())
    if alphabet is None:
        raise ValueError("charset")
    return SmsArrived(
        NAME,
        reference=sms.reference(query, "id"),
        sender=sms.number(query, "from"),
        receiver=sms.number(query, "to"),
        text=query.get("text", "").encode("latin-1").decode(alphabet),
    )


def report(query: Mapping[str, str]) -> SmsReport | None:
    """How far a message of ours has come; None where that is no news. Raises ValueError for what is no report.

    Of the SMS centre's answer only the code is taken: it may quote number and text.
    """
    told, kind = sms.reference(query, "id"), sms.field(query, "type")
    state = _STATES.get(kind)
    if state is None:
        return None
    if state is not SmsState.FAILED:
        return SmsReport(NAME, told, state)
    nack = _NACK.match(query.get("answer", ""))
    code = nack.group(1) if nack else ""
    return SmsReport(NAME, told, state, code=code or kind, dead=code.lower() == _NO_SUCH_NUMBER)
