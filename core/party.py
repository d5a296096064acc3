"""The people around a case: debtor (gäldenär), creditor (borgenär), and whoever acts."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed


class Hidden(str):
    """A text that hides itself when printed: identity numbers, tokens, codes. Use ``reveal()`` on purpose."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Hidden(…)"

    def __str__(self) -> str:
        return "…"

    def __format__(self, spec: str) -> str:
        return "…"

    def reveal(self) -> str:
        return str.__str__(str.join("", self))


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; ``street`` may hold several lines."""

    street: str
    postcode: str
    city: str
    country: str = "SE"


@dataclass(frozen=True, slots=True, repr=False)
class Debtor:
    """The one who is asked to pay (gäldenär). ``number`` is a personal or organisation number, hidden when printed."""

    id: int
    kind: PartyKind
    name: str
    number: Hidden
    address: Address
    language: str = "sv"
    email: str | None = None
    phone: str | None = None
    protected: bool = False

    def __repr__(self) -> str:
        return f"Debtor({self.id})"


@dataclass(frozen=True, slots=True)
class CreditorTerms:
    """What a creditor has chosen; kept with the creditor, dated by the audit log.

    ``plan_months`` is the longest plan without asking (0: none), ``more_time_days`` the longest wait, so many times.
    ``payout`` is one of `core.payout.SCHEDULES`; ``payout_day`` the weekday (0: Monday) or the day of the month that it
    names, ``payout_least_ore`` what must have come together. ``costs_on_credit``: costs that the debtor does not pay
    because of a credit are charged to the creditor. ``vat_on_interest`` is about interest that stays with us, and so
    about none where ``interest_to_creditor``.
    """

    reminder: bool = True
    reminder_after_days: int = 1
    letters_first: bool = False
    allocation: str = "cost_interest_principal"
    interest_to_creditor: bool = False
    vat_on_interest: bool = False
    plan_months: int = 0
    more_time_days: int = 30
    more_time_times: int = 1
    payout: str = "weekly"
    payout_day: int = 0
    payout_least_ore: int = 0
    costs_on_credit: bool = False


#: The terms that stand in a case's first fact: a new choice counts in cases that are registered from then on.
MONEY_TERMS = frozenset({"allocation", "interest_to_creditor", "vat_on_interest"})


@dataclass(frozen=True, slots=True)
class Creditor:
    """The one who is owed (borgenär). ``short_name`` is how we speak of them: "Norrhjul"."""

    id: int
    name: str
    short_name: str
    number: str
    terms: CreditorTerms = CreditorTerms()


class Role(StrEnum):
    STRANGER = "stranger"
    DEBTOR = "debtor"
    MEMBER = "member"
    CREDITOR_ADMIN = "creditor_admin"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


STAFF = frozenset({Role.CLERK, Role.SUPERVISOR})
CREDITOR_SIDE = frozenset({Role.MEMBER, Role.CREDITOR_ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a change. ``id`` is the debtor's or member's, ``cases`` what a letter's code opened (none: all).

    A representative (ombud) acts as the debtor under ``represents``, the id of the right, with these ``rights`` only:
    ``see``, ``pay``, ``talk``, ``agree``. No rights named: all of them.
    """

    role: Role
    id: int = 0
    creditor_id: int | None = None
    cases: frozenset[int] = frozenset()
    represents: int | None = None
    rights: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """For the audit log: a role and an id, never a name."""
        return f"representative:{self.represents}" if self.represents else f"{self.role}:{self.id}"


#: What nobody but the debtor may do: choose representatives, ask for or erase their data, choose channels.
OWN = "own"


def require(actor: Actor, right: str) -> None:
    """Raises NotAllowed for a representative: ``representative_own`` for what nobody can be given, else
    ``representative_right`` where they were not given this right.
    """
    if actor.represents is not None and right not in actor.rights:
        raise NotAllowed("representative_own" if right == OWN else "representative_right")


SYSTEM = Actor(Role.SYSTEM)
