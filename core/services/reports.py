"""Reports for staff about everything, and for a creditor about its own cases."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from core import words
from core.documents import plots
from core.documents import report as paper
from core.errors import NotAllowed, Refusal
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.report import Report, report
from core.services.house import House
from core.store import audit, people, reports

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A report with whose it is; ``name`` begins the names of its files."""

    report: Report
    whose: str
    name: str


async def latest(house: House, actor: Actor, creditor_id: int | None = None) -> Told:
    """The last twelve whole weeks up to yesterday. Raises as `of`."""
    through = house.clock.today() - timedelta(days=1)
    return await of(house, actor, through - timedelta(days=7 * WEEKS - 1), through, creditor_id)


async def of(house: House, actor: Actor, from_on: date, through_on: date, creditor_id: int | None = None) -> Told:
    """A report of a period; a creditor's people get their own whatever they ask for.

    Raises NotAllowed for all but staff and creditors, Refusal ``report_period`` for days that are not over.
    """
    if actor.role not in STAFF | CREDITOR_SIDE and actor.role is not Role.SYSTEM:
        raise NotAllowed
    if not from_on <= through_on < house.clock.today():
        raise Refusal("report_period")
    whose = actor.creditor_id if actor.role in CREDITOR_SIDE else creditor_id
    counted = await reports.read(house.reader, from_on, through_on, whose)
    creditor = await people.load_creditor(whose) if whose is not None else None
    seen = {"from": from_on.isoformat(), "through": through_on.isoformat(), "creditor": whose}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "report.seen", seen)
    told = report(counted, from_on, through_on)
    number = f"-{creditor.number}" if creditor else ""
    name = f"report{number}-{from_on:%Y%m%d}-{through_on:%Y%m%d}"
    return Told(told, creditor.name if creditor else "", name)


async def pdf(house: House, told: Told, lang: str) -> bytes:
    """The report as PDF with its plots."""
    whose = told.whose or words.text(lang, "report.all")
    return await asyncio.to_thread(paper.render, house.agency, told.report, whose, lang, house.clock.today())


def drawn(told: Told, lang: str) -> dict[str, str]:
    """Each plot as SVG, by its figure."""
    return {figure.key: plots.svg(paper.plot(figure, lang)) for figure in told.report.plotted()}
