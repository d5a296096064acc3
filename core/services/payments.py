"""Paying: Swish on request, a bank transfer by quote, and what was seen on the bank account."""

from dataclasses import dataclass
from datetime import date, datetime

from core import pay_codes, payment, plan_life
from core.books import Settled, books
from core.case import Case
from core.dunning import barred
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import Quoted
from core.money import Ore
from core.party import CREDITOR_SIDE, STAFF, Actor, Role, require
from core.ports import PaymentState, PaymentStatus, ProviderError
from core.rules.se.identifiers import show_bankgiro
from core.services import booking, swish
from core.services.cases import find, open_case
from core.services.house import House
from core.services.swish import confirm, reconcile
from core.store import payment_requests as requests
from core.store.payment_requests import RequestRow

__all__ = ["confirm", "reconcile"]


@dataclass(frozen=True, slots=True)
class SwishStart:
    """A payment request that waits for the payer. Its token opens it in the app; without one it is still on its way."""

    instruction_id: str
    amount_ore: Ore
    token: str | None
    app_link: str | None
    qr_text: str | None
    expires: datetime


@dataclass(frozen=True, slots=True)
class BankQuote:
    """What to pay by bank transfer, and the last day on which that settles."""

    amount_ore: Ore
    until: date
    bankgiro: str
    ocr: str
    payee: str
    qr_text: str


@dataclass(frozen=True, slots=True)
class PartTransfer:
    """A bank transfer of a part. ``until``: the last day on which this sum settles all, where we have promised it."""

    ocr: str
    until: date | None
    qr_text: str


@dataclass(frozen=True, slots=True)
class TransferCheck:
    """A bank transfer before it is booked. ``number``: it would be so many-th of its amount and day in the case."""

    case: Case
    owed_ore: Ore
    left_ore: Ore
    over_ore: Ore
    number: int


@dataclass(frozen=True, slots=True)
class BookedTransfer:
    """A bank transfer that was booked; ``receipt`` is None when it was in the case already and nothing changed."""

    case: Case
    receipt: str | None
    left_ore: Ore
    over_ore: Ore


async def start_swish(
    house: House, actor: Actor, case_id: int, amount_ore: Ore | None, chat_id: int | None
) -> SwishStart:
    """Ask for a payment of the whole sum today (None) or of a part; an open request of that amount is given again.

    Raises Refusal ``closed``, ``time_barred``, ``nothing_to_pay``, ``part_too_small``, ``part_too_large``, and those of
    `swish.ask`.
    """
    case = await _payable(house, actor, case_id)
    about = await booking.owed(house, case)
    amount = about.total if amount_ore is None else amount_ore
    if about.on_plan:
        booking.check_part(about, amount)
    elif amount == about.total:
        await _quote(house, actor, case_id, "swish")
    else:
        payment.part_payment(case, amount, house.clock.today())
    return _started(house, await swish.ask(house, case, amount, chat_id))


async def swish_status(house: House, actor: Actor, instruction_id: str) -> PaymentState:
    """How far a request has come; a payment that turns up is booked. Raises NotFound for one of somebody else's."""
    row = await _own(house, actor, instruction_id)
    if row.open:
        try:
            await confirm(house, instruction_id)
        except ProviderError:
            return _told(house, row)
        row = await _own(house, actor, instruction_id)
    return _told(house, row)


async def cancel_swish(house: House, actor: Actor, instruction_id: str) -> PaymentState:
    """Take a request back. Nothing happens if it was answered meanwhile; a payment then counts."""
    row = await _own(house, actor, instruction_id)
    if row.open:
        await swish.take_back(house, row)
        row = await _own(house, actor, instruction_id)
    return _told(house, row)


async def callback_identifier(instruction_id: str) -> str | None:
    """The secret that a callback about this request must carry; None if we never made it."""
    row = await requests.get(instruction_id)
    return row.callback_identifier if row else None


async def bank_quote(house: House, actor: Actor, case_id: int) -> BankQuote:
    """Promise that today's sum settles for three banking days more; while it runs, the next step waits.

    Raises Refusal ``closed``, ``time_barred`` or ``nothing_to_pay``.
    """
    await _payable(house, actor, case_id)
    case = await _quote(house, actor, case_id, "bank")
    quoted = next(fact for fact in reversed(case.facts) if isinstance(fact, Quoted) and fact.way == "bank")
    agency = house.agency
    code = pay_codes.InvoiceQr(agency.payee, agency.number, agency.bankgiro, case.ocr, quoted.total, quoted.until)
    return BankQuote(quoted.total, quoted.until, show_bankgiro(agency.bankgiro), case.ocr, agency.payee, code.text())


async def part_transfer(house: House, actor: Actor, case_id: int, amount_ore: Ore) -> PartTransfer:
    """What a bank app needs to pay a part, and the last day on which that part settles all, if it does.

    For a running plan it names the case that bears the plan's fee. Raises Refusal ``closed``, ``time_barred``,
    ``nothing_to_pay``, ``part_too_small`` or ``part_too_large``.
    """
    case, today, agency = await _payable(house, actor, case_id), house.clock.today(), house.agency
    about, until, due = await booking.owed(house, case), None, today
    if about.on_plan:
        booking.check_part(about, amount_ore)
        case, due = about.cases[0], plan_life.together(about.cases, today).next_due or today
    else:
        payment.part_payment(case, amount_ore, today)
        lowest = payment.lowest_settling(case, today)
        until = lowest.until if lowest and lowest.amount == amount_ore else None
    code = pay_codes.InvoiceQr(
        agency.payee, agency.number, agency.bankgiro, case.ocr, amount_ore, until or max(due, today)
    )
    return PartTransfer(case.ocr, until, code.text())


async def _quote(house: House, actor: Actor, case_id: int, way: str) -> Case:
    require(actor, "pay")
    today = house.clock.today()
    return await house.book.change(
        case_id, lambda case: payment.quote(case.open_to(actor), way, today), actor, action="payment.quote"
    )


async def part_preview(house: House, actor: Actor, case_id: int, amount_ore: Ore) -> Settled:
    """What a part paid today would settle, and what would be left. Nothing is booked.

    Raises Refusal ``closed``, ``part_too_small`` or ``part_too_large``.
    """
    case = await open_case(house, actor, case_id)
    return payment.part_payment(case, amount_ore, house.clock.today())


async def check_part(house: House, actor: Actor, case_id: int, amount_ore: Ore) -> None:
    """Whether a part can be paid: of a case less than all, of a running plan up to all that is left.

    Raises Refusal ``closed``, ``part_too_small`` or ``part_too_large``.
    """
    case = await open_case(house, actor, case_id)
    about = await booking.owed(house, case)
    if about.on_plan:
        booking.check_part(about, amount_ore)
    else:
        payment.part_payment(case, amount_ore, house.clock.today())


async def check_transfer(house: House, actor: Actor, ocr: str, amount_ore: Ore, on: date) -> TransferCheck:
    """Everything that booking a bank transfer would do or refuse, before it is done.

    Raises NotAllowed for all but staff, NotFound, Refusal ``payment_amount``, ``payment_date``, ``payment_before``.
    """
    _staff_only(actor)
    case, today = await find(house, actor, ocr), house.clock.today()
    after, about = payment.with_payment(case, amount_ore, "bank", on, today), await booking.owed(house, case)
    left, over = max(books(after, today).payable, 0), payment.settled_by(after, payment.PREVIEWED, today).over
    if len(about.cases) > 1:
        left, over = max(about.total - amount_ore, 0), max(amount_ore - about.total, 0)
    number = await booking.alike(house, case, amount_ore, on) + 1
    return TransferCheck(case=case, owed_ore=about.total, left_ore=left, over_ore=over, number=number)


async def book_transfer(house: House, actor: Actor, ocr: str, amount_ore: Ore, on: date, number: int) -> BookedTransfer:
    """Book a bank transfer seen on the account, the ``number``-th of its amount and day (`check_transfer`).

    Asked twice for the same number, it is booked once. Refuses as `check_transfer`.
    """
    _staff_only(actor)
    before = await find(house, actor, ocr)
    if await booking.alike(house, before, amount_ore, on) >= number:
        return BookedTransfer(before, None, (await booking.owed(house, before)).total, 0)
    reference = _reference(amount_ore, on) + (f":{number}" if number > 1 else "")
    case = await register_bank(house, actor, ocr, amount_ore, on, reference)
    receipt, over = await booking.of_reference(house, case, f"bank:{case.ocr}:{reference}")
    return BookedTransfer(case, receipt, (await booking.owed(house, case)).total, over)


async def register_bank(
    house: House, actor: Actor, ocr: str, amount_ore: Ore, on: date, reference: str | None = None
) -> Case:
    """A bank transfer was seen on the account. The same reference is the same payment; without one, the same amount
    on the same day is.

    Raises NotAllowed for all but staff, Refusal ``payment_amount``, ``payment_date`` or ``payment_before``.
    """
    _staff_only(actor)
    case = await find(house, actor, ocr)
    source = f"bank:{case.ocr}:{reference or _reference(amount_ore, on)}"
    return await booking.receive(house, actor, case.id, amount_ore, "bank", source, on, "payment.bank")


def _reference(amount_ore: Ore, on: date) -> str:
    return f"{on:%Y%m%d}:{amount_ore}"


def _staff_only(actor: Actor) -> None:
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed


async def _payable(house: House, actor: Actor, case_id: int) -> Case:
    """The case, if the actor may pay it, and something is owed that is not too old to be asked for."""
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, "pay")
    case = await open_case(house, actor, case_id)
    if case.closed:
        raise Refusal("closed")
    if barred(case, house.clock.today()):
        raise Refusal("time_barred")
    if books(case, house.clock.today()).payable <= 0:
        raise Refusal("nothing_to_pay")
    return case


async def _own(house: House, actor: Actor, instruction_id: str) -> RequestRow:
    row = await requests.get(instruction_id)
    if row is None:
        raise NotFound("case")
    await open_case(house, actor, row.case_id)
    return row


def _started(house: House, row: RequestRow) -> SwishStart:
    token = row.token
    return SwishStart(
        instruction_id=row.instruction_id,
        amount_ore=row.amount_ore,
        token=token,
        app_link=pay_codes.swish_app_link(token, house.public_url, house.swish_app) if token else None,
        qr_text=pay_codes.swish_token_qr(token) if token else None,
        expires=row.created_at + swish.PAYER_HAS,
    )


def _told(house: House, row: RequestRow) -> PaymentState:
    """What we know of a request, in the provider's terms."""
    status = PaymentStatus.CREATED if row.state == requests.NEW else PaymentStatus(row.state)
    return PaymentState(
        row.instruction_id, status, row.amount_ore, house.agency.swish, "SEK", error_code=row.error_code
    )
