"""The agency (inkassobolag): what every letter, page and receipt says of us, and when a person answers."""

from dataclasses import dataclass
from datetime import datetime, time

from core import words
from core.calendar import ONE_DAY, Calendar
from core.words import HERE


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of banking days in which a person answers, in local time."""

    opens: time = time(9)
    closes: time = time(16)

    def open_at(self, now: datetime, calendar: Calendar) -> bool:
        local = now.astimezone(HERE)
        return calendar.is_banking_day(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, now: datetime, calendar: Calendar) -> datetime:
        """The instant at which a person answers again: now, while it is open."""
        if self.open_at(now, calendar):
            return now
        local = now.astimezone(HERE)
        day = local.date() if local.time() < self.opens else local.date() + ONE_DAY
        return datetime.combine(calendar.on_or_after(day), self.opens, HERE)


@dataclass(frozen=True, slots=True)
class Agency:
    """Who we are. Numbers as digits, addresses of the web without a slash at the end.

    ``payee`` is the holder of the account as banks show it; ``licence`` the sentence on our permit (inkassolagen 2 §).
    ``supervised``: whether Finansinspektionen watches over us, as it does over whoever has that permit (13 §).
    ``own_account`` is where our own share goes, as ``kind:number`` (empty: it stays); ``payout_format`` the version of
    the payment file and ``bank_profile`` how our bank wants it written (`core.files.pain001`).
    ``f_tax``: whether we are approved for F-tax (skatteförfarandelagen 9 kap.), as our invoices say.
    """

    name: str
    payee: str
    number: str
    vat: str
    address: str
    phone: str
    email: str
    complaint_email: str
    licence: str
    bankgiro: str
    swish: str
    iban: str
    bic: str
    public_url: str
    hours: Hours = Hours()
    supervised: bool = True
    f_tax: bool = True
    own_account: str = ""
    payout_format: str = "001.001.03"
    bank_profile: str = "common"

    @property
    def verify_url(self) -> str:
        """Where anybody can ask whether a message is genuine."""
        return f"{self.public_url}/verify"

    def supervision(self, lang: str) -> str:
        """Who watches over us, as one more sentence of a text; nothing where it is nobody."""
        return f" {words.text(lang, 'agency.supervised')}" if self.supervised else ""

    @property
    def privacy_url(self) -> str:
        return f"{self.public_url}/privacy"

    @property
    def accounts(self) -> frozenset[str]:
        """Every account that is ours, as bare letters and digits: whatever else a message names is not."""
        return frozenset({self.bankgiro, self.swish, self.iban.upper()})
