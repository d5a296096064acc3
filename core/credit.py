"""A credit (kreditering): the creditor takes back all of a claim or a part, as if it had never been asked for."""

from datetime import date

from core.books import books, rebook
from core.case import Case, Decision
from core.errors import Refusal
from core.facts import Closed, Credited, Fact
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.objections import Parts
from core.payment import REFUND_WITHIN_DAYS
from core.steps import pull_back, task


def all_of(case: Case, today: date) -> Decision:
    """The whole claim is taken back: principal, interest and costs; what was paid is owed back, and the case ends.

    Raises Refusal ``closed``.
    """
    return _credited(case, (), whole=True, today=today)


def part_of(case: Case, parts: Parts, today: date) -> Decision:
    """So much principal of these claims is taken back, with the interest on it since the due date.

    ``parts`` are pairs of claim and öre. Raises Refusal ``closed``, ``credit_amount`` for nothing or more than is left.
    """
    left = {state.claim.id: state.principal_left for state in books(case, today).claims}
    if not parts or any(not 0 < ore <= left.get(claim, 0) for claim, ore in parts):
        raise Refusal("credit_amount", most_ore=sum(left.values()))
    if sum(ore for _, ore in parts) == sum(left.values()) and not any(True for _ in case.all(Credited)):
        whole = all(state.principal_left == state.claim.principal for state in books(case, today).claims)
        if whole:
            return all_of(case, today)
    return _credited(case, parts, whole=False, today=today)


def _credited(case: Case, parts: Parts, whole: bool, today: date) -> Decision:
    if case.closed:
        raise Refusal("closed")
    number = sum(1 for _ in case.all(Credited)) + 1
    due = min(claim.due_date for claim in case.claims if whole or claim.id in dict(parts))
    fact = Credited(on=min(due, today), recorded_on=today, parts=parts, number=number, whole=whole)
    pulled = pull_back(case, "credited", today)
    facts: tuple[Fact, ...] = (*pulled, fact)
    source = f"{case.ocr}:credit:{number}"
    transfers = rebook(case, facts, today, "credit", source)
    after = case.with_facts(facts)
    over = books(after, today).overpaid - books(case, today).overpaid
    notices: list[Notice] = []
    if over > 0:
        due_on = case.rules.calendar.add(today, REFUND_WITHIN_DAYS)
        notices.append(task(case, f"refund:credit:{number}", "refund", due_on, amount_ore=over))
    if books(after, today).total <= 0:
        facts = (*facts, Closed(on=today, recorded_on=today, why="credited" if whole else "paid"))
    told = {"number": f"{case.ocr}-K{number}", "ore": credited_ore(after, today) - credited_ore(case, today)}
    told |= {"left_ore": max(books(after, today).total, 0), "over_ore": max(over, 0)}
    notices.append(Notice(f"{source}:debtor", "credited", Receiver.DEBTOR, Form.CHAT, today, told))
    return Decision(facts, transfers, tuple(notices))


def credited_ore(case: Case, on: date) -> Ore:
    """How much principal of the case has been taken back by a day, in öre."""
    return sum(state.credited for state in books(case, on).claims)
