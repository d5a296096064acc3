"""A case (inkassoärende): one debtor, one creditor, one OCR number, one or more claims. Everything else is concluded.

`Case` is what a decision reads and `Decision` what it answers: facts, transfers and notices to add.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from core.claim import Claim
from core.errors import NotFound
from core.facts import (
    ChannelBound,
    ChannelUnbound,
    Closed,
    Fact,
    PaymentReceived,
    PaymentReversed,
    Registered,
    Reopened,
)
from core.ledger import Transfer
from core.notice import Notice
from core.party import CREDITOR_SIDE, STAFF, Actor, Creditor, CreditorTerms, Debtor, Role
from core.policy import Policy
from core.rules.pack import Rules

F = TypeVar("F", bound=Fact)
T = TypeVar("T")
P = ParamSpec("P")
CaseId = int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision adds. Nothing is ever changed or taken away."""

    facts: tuple[Fact, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.transfers or self.notices)


NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Case:
    """``facts`` stand in the order in which they were recorded; ``person`` holds the debtor's own facts.

    ``_cache`` keeps what was concluded from claims, creditor and facts alone (`once`); never from person or transfers.
    """

    id: CaseId
    ocr: str
    creditor: Creditor
    debtor: Debtor
    claims: tuple[Claim, ...]
    rules: Rules
    policy_name: str
    facts: tuple[Fact, ...] = ()
    person: tuple[Fact, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    version: int = 0
    _cache: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def policy(self) -> Policy:
        return self.rules.policies[self.policy_name]

    @property
    def registered_on(self) -> date:
        return next(self.all(Registered)).on

    @property
    def due_date(self) -> date:
        """The latest due date: every claim in the case is due (förfallen) before the first step."""
        return max([claim.due_date for claim in self.claims])

    @property
    def closed(self) -> Closed | None:
        """How the case ended, if it has and was not opened again."""
        return self.once(_closed) if self.last(Reopened) else self.last(Closed)

    @property
    def money_terms(self) -> Registered | CreditorTerms:
        """What counts for this case of the creditor's terms on money: as they were when it was registered."""
        first = next(self.all(Registered), None)
        return first if first and first.allocation else self.creditor.terms

    @property
    def reversed(self) -> frozenset[str]:
        """The references of payments that were taken back, and do not count."""
        return self.once(_reversed)

    def payments(self) -> Iterator[PaymentReceived]:
        """The payments that count, in the order in which we learned of them."""
        return (fact for fact in self.all(PaymentReceived) if fact.reference not in self.reversed)

    def all(self, kind: type[F]) -> Iterator[F]:
        """The case's facts of one kind, oldest first."""
        return iter((self._cache.get(_KINDS) or self.once(_by_kind)).get(kind, ()))

    def last(self, kind: type[F]) -> F | None:
        found = (self._cache.get(_KINDS) or self.once(_by_kind)).get(kind)
        return found[-1] if found else None

    def once(self, conclude: Callable[Concatenate["Case", P], T], *args: P.args, **none: P.kwargs) -> T:
        """``conclude(case, *args)``, worked out once: a decision asks the same things of a case many times."""
        key = (conclude, args)
        found: T
        try:
            found = self._cache[key]
        except KeyError:
            found = self._cache[key] = conclude(self, *args, **none)
        return found

    def unmoved(
        self, after: "Case", conclude: Callable[Concatenate["Case", P], T], *args: P.args, **none: P.kwargs
    ) -> None:
        """What is concluded of this case holds ``after`` too, which has more facts that do not bear on it."""
        after._cache.setdefault((conclude, args), self.once(conclude, *args, **none))

    def adding(self, decision: Decision) -> "Case":
        """The case as it stands after a decision."""
        after = self.with_facts(decision.facts)
        if not decision.transfers:
            return after
        return Case(
            after.id,
            after.ocr,
            after.creditor,
            after.debtor,
            after.claims,
            after.rules,
            after.policy_name,
            after.facts,
            after.person,
            after.transfers + decision.transfers,
            after.version,
            after._cache,
        )

    def with_facts(self, facts: Iterable[Fact]) -> "Case":
        """The case with more facts; asked again with the same ones, it knows what was concluded from them before."""
        more = tuple(facts)
        if not more:
            return self
        # Written out: `replace` would cost more than the conclusions that are saved.
        return Case(
            self.id,
            self.ocr,
            self.creditor,
            self.debtor,
            self.claims,
            self.rules,
            self.policy_name,
            self.facts + more,
            self.person,
            self.transfers,
            self.version,
            self._cache.setdefault(more, {}),
        )

    def step_by_step(self, facts: tuple[Fact, ...], after: "Case") -> None:
        """``after`` is the case with these facts, added in several steps: added at once, its conclusions hold too."""
        self._cache.setdefault(facts, after._cache)

    def known_on(self, day: date) -> "Case":
        """The case as far as it was known on a day."""
        return replace(
            self,
            facts=tuple(fact for fact in self.facts if fact.recorded_on <= day),
            person=tuple(fact for fact in self.person if fact.recorded_on <= day),
            transfers=tuple(row for row in self.transfers if row.booked_on <= day),
            _cache={},
        )

    def up_to(self, count: int) -> "Case":
        """The case with its first ``count`` facts alone; its transfers are left as they are."""
        return replace(self, facts=self.facts[:count], _cache={})

    def open_to(self, actor: Actor) -> "Case":
        """The case itself, if the actor may see it. Raises NotFound otherwise, in the same words as for no case."""
        allowed = (
            actor.role is Role.SYSTEM
            or actor.role in STAFF
            or (actor.role in CREDITOR_SIDE and actor.creditor_id == self.creditor.id)
            or (
                actor.role is Role.DEBTOR and actor.id == self.debtor.id and (not actor.cases or self.id in actor.cases)
            )
        )
        if not allowed:
            raise NotFound("case")
        return self

    def ringing_channel(self) -> str | None:
        """The channel that can announce a document to this person, if any (design 4, Form)."""
        bound: dict[tuple[str, int], bool] = {}
        for fact in self.person:
            if isinstance(fact, ChannelBound):
                bound[fact.channel, fact.chat] = True
            elif isinstance(fact, ChannelUnbound):
                bound.pop((fact.channel, fact.chat), None)
        return next((channel for channel, _ in bound if channel in RINGING), None)

    def next_receipt(self) -> int:
        """The running number of the next receipt: ``10000180-1`` is case and number."""
        numbers = [getattr(fact, "receipt", 0) for fact in self.facts]
        return max(numbers, default=0) + 1


def _closed(case: Case) -> Closed | None:
    last = next((fact for fact in reversed(case.facts) if isinstance(fact, Closed | Reopened)), None)
    return last if isinstance(last, Closed) else None


def _reversed(case: Case) -> frozenset[str]:
    return frozenset(fact.reference for fact in case.all(PaymentReversed))


def _by_kind(case: Case) -> dict[type[Fact], list[Any]]:
    found: dict[type[Fact], list[Any]] = {}
    for fact in case.facts:
        found.setdefault(type(fact), []).append(fact)
    return found


#: Asked for so often that it is written out.
_KINDS: Final = (_by_kind, ())
#: Channels whose announcement reaches a pocket. Web chat alone does not.
RINGING = frozenset({"telegram", "sms", "email"})
