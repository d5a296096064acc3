"""What every SMS gateway over HTTP shares: how we reach it, and what its refusals to answer mean."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from core.party import Hidden
from core.phone import e164
from core.ports import ProviderBusy, ProviderDown, ProviderError, ProviderRefused, ProviderUnknown
from core.providers.party import HttpParty, once

#: The receiver takes no SMS at all: no such number, no mobile, barred.
DEAD = "dead"
#: The receiver has told the gateway itself that we must stop; it sends nothing more there.
STOPPED = "stopped"
#: The gateway keeps no list that we could look into.
CANNOT_BE_ASKED = "cannot_be_asked"

#: What a gateway asks us to wait is believed up to a day; after that one may as well ask again.
_WAIT_S_MAX = 86_400.0
_REFERENCE = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class SmsAccount:
    """Our account with a gateway. ``number`` is our own, ``report_url`` where delivery reports are to come."""

    base_url: str
    user: str
    secret: Hidden
    number: str
    report_url: str
    per_second: float = 10.0
    timeout_s: float = 10.0
    connect_timeout_s: float = 5.0

    def __post_init__(self) -> None:
        """Who else would read along knows numbers and words of our debtors: TLS, or not leaving the machine."""
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not is_here(parts.hostname or ""):
            raise ValueError("an SMS gateway is reached over https, or on this machine")


def is_here(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmsParty(HttpParty):
    """A gateway's client, but for what it says on the wire."""

    def __init__(self, account: SmsAccount) -> None:
        super().__init__()
        self._account = account

    @property
    def per_second(self) -> float:
        return self._account.per_second

    def _connect(self) -> aiohttp.ClientSession:
        account = self._account
        return aiohttp.ClientSession(
            # A fresh connection each time: one that went stale while it was kept would look like a lost answer.
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=account.timeout_s, sock_connect=account.connect_timeout_s),
            middlewares=(once,),
        )

    @property
    def _basic(self) -> dict[str, str]:
        """The header that shows who we are."""
        account = self._account
        return {"Authorization": aiohttp.encode_basic_auth(account.user, account.secret.reveal())}


def failure(status: int, headers: Mapping[str, str], code: str) -> ProviderError:
    """What an answer other than the hoped-for one means. ``code`` is how the gateway names it, or empty.

    What ails our account (a wrong password, no money) ails no message: it can go out when that is mended.
    """
    name = code or f"HTTP{status}"
    if status in {401, 402}:
        return ProviderDown(name)
    if status in {429, 503}:
        return ProviderBusy(name, retry_after_s(headers))
    if 400 <= status < 500 and status != 408:
        return ProviderRefused(name)
    return ProviderUnknown(name)


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds of the header Retry-After (RFC 9110 10.2.3), which is a number or a date; 0 when it names none.

    A date is counted from the answer's own Date, so that no two clocks need to agree.
    """
    told = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", told, re.ASCII):
        return min(float(told), _WAIT_S_MAX)
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return 0.0
    return min(max(wait.total_seconds(), 0.0), _WAIT_S_MAX)


def object_of(text: str) -> dict[str, Any]:
    """A JSON object. Anything else is no answer: `ProviderUnknown`."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise ProviderUnknown("answer not understood") from error
    if not isinstance(told, dict):
        raise ProviderUnknown("answer not understood")
    return told


def reference_of(told: object) -> str:
    """The gateway's id of a message that it took; without one nothing is known."""
    if not isinstance(told, str) or not _REFERENCE.fullmatch(told):
        raise ProviderUnknown("answer not understood")
    return told


def same_text(ours: str, theirs: object) -> bool:
    """Gateways may change how lines end and drop the white around a text, and nothing else."""
    return isinstance(theirs, str) and ours.split() == theirs.split()


def is_since(created: datetime, since: datetime) -> bool:
    """Gateways tell whole seconds, and their clock may be a little behind ours."""
    return (since - created).total_seconds() < 3


# What webhooks bring. Readers raise ValueError for what is nothing of the kind.


def field(form: Mapping[str, str], name: str) -> str:
    """A field that must be there."""
    told = form.get(name)
    if not isinstance(told, str) or not told:
        raise ValueError(name)
    return told


def reference(form: Mapping[str, str], name: str) -> str:
    """The gateway's id of a message."""
    told = field(form, name)
    if not _REFERENCE.fullmatch(told):
        raise ValueError(name)
    return told


def number(form: Mapping[str, str], name: str) -> str:
    """A number in E.164. Names ("Telia") and short numbers are none: nobody there can be answered."""
    told = field(form, name).strip()
    read = told if _E164.fullmatch(told) else e164(told)
    if read is None:
        raise ValueError(name)
    return read
