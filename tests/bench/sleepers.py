"""Copies of cases that are not due: they fill tables and indexes, and the night run never opens them."""

from dataclasses import dataclass
from datetime import date

from core.store import database
from core.store.book import reserve
from core.store.database import Database


@dataclass(frozen=True)
class Sleepers:
    """Copies the cases ``first`` to ``first + number - 1``, which have one debtor and one claim each, in order."""

    db: Database
    first: int
    first_debtor: int
    first_claim: int
    number: int

    async def add(self, count: int, until: date) -> None:
        """So many copies that nothing happens to before a day."""
        if not count:
            return
        case = (await reserve("cases", count))[0]
        debtor = (await reserve("debtors", count))[0]
        claim = (await reserve("claims", count))[0]
        ocr = f"CAST(100000 + {case} + n.i AS TEXT) || '00'"
        day = f"DATE '{until}'" if self.db.dialect.name == "postgres" else f"'{until}'"
        this_case, this_debtor = f"{case} + n.i", f"{debtor} + n.i"
        model, its_debtor, its_claim = (
            f"{start} + n.i % {self.number}" for start in (self.first, self.first_debtor, self.first_claim)
        )
        await self._copy(
            count, "debtors", f"t.id = {its_debtor}", id=this_debtor, number_hash=f"'copy-' || ({this_debtor})"
        )
        await self._copy(count, "cases", f"t.id = {model}", id=this_case, ocr=ocr, debtor_id=this_debtor, next_on=day)
        reference = f"'B' || ({claim} + n.i)"
        await self._copy(
            count, "claims", f"t.id = {its_claim}", id=f"{claim} + n.i", case_id=this_case, reference=reference
        )
        registered = f"('{{\"claims\":[' || ({claim} + n.i) || ']}}')"
        if self.db.dialect.name == "postgres":
            registered += "::jsonb"
        data = f"CASE WHEN t.kind = 'registered' THEN {registered} ELSE t.data END"
        await self._copy(count, "facts", f"t.case_id = {model}", case_id=this_case, data=data)
        source = f"{ocr} || substr(t.source, 9)"
        its_own = f"CASE WHEN t.claim_id = 0 THEN 0 ELSE {claim} + n.i END"
        await self._copy(count, "transfers", f"t.case_id = {model}", case_id=this_case, source=source, claim_id=its_own)
        key = f"{ocr} || substr(t.key, 9)"
        await self._copy(count, "notices", f"t.case_id = {model}", case_id=this_case, key=key, state="'sent'")
        chain = f"'case:' || ({this_case})"
        await self._copy(count, "audit", f"t.chain = 'case:' || ({model})", chain=chain)

    async def _copy(self, count: int, table: str, model: str, **own: str) -> None:
        """Copy a table's rows of each model; ``own`` are the columns that a copy has for itself."""
        [row] = await database.rows(f"SELECT * FROM {table} LIMIT 1")
        names = [name for name in row if name != "id" or "id" in own]
        values = ", ".join(own.get(name, f"t.{name}") for name in names)
        await database.execute(
            f"INSERT INTO {table} ({', '.join(names)})"
            f" WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
            f" SELECT {values} FROM n JOIN {table} t ON {model}"
        )
