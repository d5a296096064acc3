"""The book: the only writer of cases. Every use case loads, decides and saves through it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from core.case import NOTHING, Case, CaseId, Decision
from core.claim import Claim
from core.errors import NotFound, Refusal
from core.party import Actor, Creditor, Debtor
from core.ports import Clock
from core.store import audit, database, saving
from core.store.loading import Loaded, RulesOf, load_many
from core.store.saving import Change
from core.store.secrets import Secrets

Decide = Callable[[Case], Decision]
DecideMany = Callable[[Mapping[CaseId, Case]], Mapping[CaseId, Decision]]
#: Decides about claims that are handed over: the case with them in it, and their ids.
DecideClaims = Callable[[Case, tuple[int, ...]], Decision]

#: Somebody makes progress each time that we lose a race; so often in a row is no race any more.
TRIES_MAX: Final = 25


class TooBusy(Exception):
    """A case was changed by others each time that we tried. Nothing was written; the same may be asked again."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Claims of one creditor on one debtor that become a case of their own. The claims' ids are given here."""

    creditor: Creditor
    debtor: Debtor
    claims: tuple[Claim, ...]
    policy: str
    country: str = "SE"


@dataclass(frozen=True, slots=True)
class Book:
    """Loads cases, and adds to them what was decided, in one transaction with its audit row."""

    clock: Clock
    rules_of: RulesOf
    secrets: Secrets

    async def load(self, case_id: CaseId) -> Case:
        """Raises NotFound."""
        return (await self._read([case_id]))[case_id].case

    async def find(self, ocr: str) -> Case:
        """The case with an OCR reference. Raises NotFound."""
        found = await database.rows("SELECT id FROM cases WHERE ocr = ?", ocr)
        if not found:
            raise NotFound("case")
        return await self.load(found[0]["id"])

    async def of_debtor(self, debtor_id: int) -> tuple[Case, ...]:
        """Every case of a person, the oldest first."""
        found = await database.rows("SELECT id FROM cases WHERE debtor_id = ? ORDER BY id", debtor_id)
        return tuple((await self.load_many(row["id"] for row in found)).values())

    async def load_many(self, ids: Iterable[CaseId]) -> dict[CaseId, Case]:
        """The cases that there are among ``ids``, in order of id."""
        found = await self.read(ids)
        return {case_id: found[case_id].case for case_id in sorted(found)}

    async def read(self, ids: Iterable[CaseId], using: BaseDBAsyncClient | None = None) -> dict[CaseId, Loaded]:
        """Cases with what their rows say beside them; ``using`` a reader for long work."""
        return await load_many(ids, self.rules_of, self.secrets, using)

    async def change(self, case_id: CaseId, decide: Decide, actor: Actor, *, action: str = "") -> Case:
        """Load, decide, save; anew when somebody was quicker. A decision that adds nothing writes nothing.

        Raises NotFound, whatever ``decide`` refuses, and Refusal ``already_booked``.
        """

        def decide_all(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
            return {case_id: decide(cases[case_id])}

        return (await self.change_many([case_id], decide_all, actor, action=action))[case_id]

    async def change_many(
        self, ids: Sequence[CaseId], decide: DecideMany, actor: Actor, *, action: str = ""
    ) -> dict[CaseId, Case]:
        """One decision over several cases: all of it is written, or none, each case still as it was read.

        ``decide`` gets every case of ``ids`` and answers for those that change. Raises as `change` does.
        """
        for _ in range(TRIES_MAX):
            loaded = await self._read(ids)
            decisions = decide({case_id: loaded[case_id].case for case_id in loaded})
            changes = [
                Change(loaded[case_id], decision, actor.label, action)
                for case_id, decision in decisions.items()
                if decision
            ]
            saved = await self._save_all(changes, [loaded[case_id] for case_id in ids])
            if saved is not None:
                return {case_id: saved.get(case_id, loaded[case_id].case) for case_id in ids}
        raise TooBusy(f"{len(ids)} cases, {TRIES_MAX} tries")

    async def register(
        self, handovers: Sequence[Handover], decide: DecideClaims, ocr_of: Callable[[CaseId], str], actor: Actor
    ) -> tuple[Case, ...]:
        """Open a case for each handover, all of them or none.

        Raises Refusal ``claim_known`` when a creditor's reference is in the book already, and what ``decide`` refuses.
        """
        ids = await reserve("cases", len(handovers))
        claim_ids = iter(await reserve("claims", sum(len(handover.claims) for handover in handovers)))
        changes = []
        for case_id, handover in zip(ids, handovers, strict=True):
            claims = tuple(replace(claim, id=next(claim_ids)) for claim in handover.claims)
            case = Case(
                id=case_id,
                ocr=ocr_of(case_id),
                creditor=handover.creditor,
                debtor=handover.debtor,
                claims=claims,
                rules=self.rules_of(handover.country),
                policy_name=handover.policy,
            )
            added = tuple(claim.id for claim in claims)
            decision = decide(case, added)
            changes.append(Change(Loaded(case, None), decision, actor.label, "registered", new=True, claims=added))
        saved = await self._save_claims(changes)
        return tuple(saved[case_id] for case_id in ids)

    async def join(self, case_id: CaseId, claims: Sequence[Claim], decide: DecideClaims, actor: Actor) -> Case:
        """Add claims to a case that has not begun (design 4, One letter). Raises as `register` does."""
        added = tuple(await reserve("claims", len(claims)))
        numbered = tuple(replace(claim, id=number) for claim, number in zip(claims, added, strict=True))
        for _ in range(TRIES_MAX):
            loaded = (await self._read([case_id]))[case_id]
            case = replace(loaded.case, claims=loaded.case.claims + numbered, _cache={})
            change = Change(replace(loaded, case=case), decide(case, added), actor.label, "joined", claims=added)
            saved = await self._save_claims([change])
            if saved:
                return saved[case_id]
        raise TooBusy(f"case {case_id}, {TRIES_MAX} tries")

    async def note(self, case_id: CaseId, actor: Actor, action: str, **data: object) -> None:
        """A line in a case's audit chain that changes nothing: who looked, who printed. Codes and ids only."""
        async with database.transaction():
            lock = database.dialect().for_update
            ends = await database.rows(f"SELECT audit_seq, audit_head FROM cases WHERE id = ? {lock}", case_id)  # noqa: S608
            if not ends:
                raise NotFound("case")
            end = (ends[0]["audit_seq"], ends[0]["audit_head"])
            entry = audit.entry(audit.case_chain(case_id), end, self.clock.now(), actor.label, action, data)
            await database.execute_many(audit.INSERT, [entry.row(database.dialect())])
            await database.execute(
                "UPDATE cases SET audit_seq = ?, audit_head = ?, version = version + 1 WHERE id = ?",
                entry.seq,
                entry.hash,
                case_id,
            )

    async def save(self, changes: Sequence[Change], *, inside: bool = False) -> dict[CaseId, Case]:
        """Write what was decided about cases read before; those that have changed since are left out.

        ``inside`` the caller's transaction, or in one of its own.
        """
        return await saving.save(changes, self.clock.now(), self.clock.today(), inside=inside)

    async def _read(self, ids: Sequence[CaseId]) -> dict[CaseId, Loaded]:
        found = await self.read(ids)
        if any(case_id not in found for case_id in ids):
            raise NotFound("case")
        return found

    async def _save_all(self, changes: list[Change], read: list[Loaded]) -> dict[CaseId, Case] | None:
        """All or nothing; None when one of the cases read has changed meanwhile."""
        if not changes:
            return {}
        deciding = {change.loaded.case.id for change in changes}
        # Cases that were only read to decide are checked with the rest; nothing of theirs is new.
        others = [Change(loaded, NOTHING, "") for loaded in read if loaded.case.id not in deciding]
        try:
            return await saving.save([*changes, *others], self.clock.now(), self.clock.today(), whole=True)
        except saving.Stale:
            return None
        except IntegrityError as error:
            if await _booked_already(changes):
                raise Refusal("already_booked") from error
            raise

    async def _save_claims(self, changes: list[Change]) -> dict[CaseId, Case]:
        try:
            return await self.save(changes)
        except IntegrityError as error:
            for change in changes:
                case = change.loaded.case
                new = [claim.reference for claim in case.claims if claim.id in change.claims]
                if known := await known_references(case.creditor.id, new):
                    raise Refusal("claim_known", reference=min(known)) from error
            raise


async def reserve(table: str, count: int) -> list[int]:
    """The next ids of a table; nobody else gets them, whether they are used or not."""
    if not count:
        return []
    if database.dialect().name == "postgres":
        numbers = await database.rows(
            "SELECT nextval(pg_get_serial_sequence(?, 'id')) AS id FROM generate_series(1, ?::int)", table, count
        )
        return [row["id"] for row in numbers]
    async with database.transaction():
        moved = await database.rows(
            "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ? RETURNING seq", count, table
        )
        last = moved[0]["seq"] if moved else count
        if not moved:
            await database.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, count)
    return list(range(last - count + 1, last + 1))


async def known_references(creditor_id: int, references: Iterable[str]) -> set[str]:
    """Which of a creditor's references are in the book already."""
    known: set[str] = set()
    for reference in references:
        if await database.rows(
            "SELECT 1 AS one FROM claims WHERE creditor_id = ? AND reference = ?", creditor_id, reference
        ):
            known.add(reference)
    return known


async def _booked_already(changes: Iterable[Change]) -> bool:
    for change in changes:
        for row in change.decision.transfers:
            if await database.rows(
                "SELECT 1 AS one FROM transfers WHERE source = ? AND line = ?", row.source, row.line
            ):
                return True
    return False
