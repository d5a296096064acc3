"""Filling an empty installation: the creditors hand over their claims day by day, and people do what they do."""

import logging

from bot.demo import people
from bot.demo.bank import DemoBank
from bot.demo.travel import Progress, Travel
from core.calendar import ONE_DAY
from core.errors import Refusal
from core.money import parse_kronor
from core.party import SYSTEM, Actor, Role
from core.services import (
    creditors,
    disputes,
    holds,
    intake,
    member_mail,
    payments,
    payout_accounts,
    payouts,
    settlement_notes,
)
from core.services.house import House
from core.statement import statement
from core.store import settings
from core.store.database import rows

log = logging.getLogger(__name__)

BEGUN, DONE = "demo.begun", "demo.filled"
#: What a person in the demo writes when they object.
WORDS = "Bromsarna tar fortfarande inte."


async def is_needed() -> bool:
    """Whether the installation is empty, or a filling was cut off and goes on where it stood."""
    return not await settings.get(DONE, False) and (await settings.get(BEGUN, False) or await _is_empty())


async def _is_empty() -> bool:
    return not await rows("SELECT 1 AS one FROM cases LIMIT 1")


async def seed(house: House, travel: Travel, bank: DemoBank | None, progress: Progress | None = None) -> None:
    """Live from the demo's first day to the one on which it opens. What was done already is not done twice."""
    if not await settings.get(BEGUN, False):
        await travel.begin(people.BEGINS_ON)
        await settings.put(BEGUN, True)
    files = people.handed_over()
    while house.clock.today() <= people.OPENS_ON:
        today = house.clock.today()
        if today in files:
            await _hand_over(house, files[today])
        for reference, acts in people.ACTS.items():
            for act in acts:
                if act.on == today:
                    await _perform(house, bank, reference, act)
        if today == people.MAILED_FROM:
            creditor = await creditors.by_number(house, SYSTEM, people.NORRHJUL[0])
            await member_mail.bind(house, SYSTEM, Role.MEMBER, creditor.id, *people.MAILED_TO)
        await _pay_out(house)
        if today == people.OPENS_ON:
            break
        await travel.until(today + ONE_DAY, progress)
    await settings.put(DONE, True)


async def _hand_over(house: House, data: bytes) -> None:
    result = await intake.import_claims(house, SYSTEM, data)
    assert not result.errors, f"the demo's own claims: {result.errors}"
    for number, terms in people.TERMS.items():
        if await rows("SELECT 1 AS one FROM creditors WHERE number = ?", number.replace("-", "")):
            await creditors.set_terms(house, SYSTEM, number, terms)
            creditor = await creditors.by_number(house, SYSTEM, number)
            await payout_accounts.ask(house, SYSTEM, creditor.id, people.PAID_TO[number])
            await settlement_notes.set_details(house, SYSTEM, creditor.id, people.DETAILS[number])


async def _pay_out(house: House) -> None:
    """What is due is put together by one of us, and approved by another."""
    clerk, supervisor = Actor(Role.CLERK), Actor(Role.SUPERVISOR)
    try:
        run = await payouts.prepare(house, clerk)
    except Refusal:
        return  # nothing is due today
    await payouts.approve(house, supervisor, run.row.id)


async def _perform(house: House, bank: DemoBank | None, reference: str, act: people.Act) -> None:
    [row] = await rows("SELECT case_id FROM claims WHERE reference = ?", reference)
    case = await house.book.load(row["case_id"])
    match act.what:
        case "pay":
            owed = statement(case, act.on).total
            amount = parse_kronor(act.kronor) if act.kronor else owed
            if bank is None:
                await payments.register_bank(house, SYSTEM, case.ocr, amount, act.on)
            else:
                await bank.transfer(case.ocr, amount, act.on, name=case.debtor.name, account=people.ACCOUNT)
        case "object":
            debtor = Actor(Role.DEBTOR, case.debtor.id)
            await disputes.raise_dispute(house, debtor, case.id, act.detail, WORDS)
        case "hold":
            await holds.place(house, Actor(Role.CLERK), case.id, act.detail, None, None)
        case unknown:
            raise ValueError(unknown)
