"""Swish requests from beginning to end. Nobody is asked here who may pay: `payments` does that.

A request is stored before Swish is asked, under an id of ours. What a callback claims is never believed: the request
is read again, compared with what was asked for, and booked once under ``swish:<id>``. While an outcome is unknown no
second request is made.
"""

import logging
from datetime import date, timedelta

from core.case import Case, Decision
from core.errors import Refusal
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM
from core.ports import (
    PaymentOrder,
    PaymentState,
    PaymentStatus,
    ProviderError,
    ProviderRefused,
    ProviderUnknown,
)
from core.providers.swish import NO_SUCH_REQUEST, new_callback_identifier, new_instruction_id
from core.services import booking
from core.services.house import House
from core.store import outbox, tasks
from core.store import payment_requests as requests
from core.store.database import transaction
from core.store.payment_requests import RequestRow
from core.words import HERE

log = logging.getLogger(__name__)

#: The payer has three minutes; after that Swish has closed the request, and it is ours to ask what became of it.
PAYER_HAS = timedelta(minutes=3)
#: While the question is on the line; longer than the client waits for an answer.
ON_THE_LINE = timedelta(seconds=20)
#: A payment whose day Swish names is taken by that day if it is this recent; anything else is a clock gone astray.
DAYS_BACK_MAX = 7


async def ask(house: House, case: Case, amount: Ore, chat_id: int | None) -> RequestRow:
    """The request for this amount: one that is open already, or a new one.

    Raises Refusal ``payment_unknown`` while an earlier one has no known end, ``paid_meanwhile`` when it turns out to
    be paid, ``provider_down`` when nothing happened (``refused``: Swish answered, and said no).
    """
    for earlier in await requests.open_of_case(case.id):
        if earlier.amount_ore == amount and _goes_on(house, earlier):
            return earlier
        await settle(house, earlier)
    order = PaymentOrder(
        instruction_id=new_instruction_id(),
        case_ocr=case.ocr,
        amount_ore=amount,
        message=case.ocr,
        payee_alias=house.agency.swish,
        callback_identifier=new_callback_identifier(),
    )
    row = await requests.keep_alone(
        order.instruction_id, case.id, amount, order.callback_identifier, chat_id, house.clock.machine_now()
    )
    if row.instruction_id != order.instruction_id:
        return row  # somebody was faster, in another window: one request is enough
    return await _start(house, order)


def _goes_on(house: House, row: RequestRow) -> bool:
    age = house.clock.machine_now() - row.created_at
    return age < (PAYER_HAS if row.token else ON_THE_LINE) and row.state != requests.UNKNOWN


async def _start(house: House, order: PaymentOrder) -> RequestRow:
    try:
        started = await house.swish.start(order)
    except ProviderUnknown as error:
        # Nobody can pay a request whose token was lost: it is taken back, if it came into being at all.
        await requests.set_state(order.instruction_id, requests.UNKNOWN, house.clock.machine_now())
        await settle(house, await _row(order.instruction_id))
        raise Refusal("provider_down") from error
    except ProviderError as error:
        await _never_came(house, order.instruction_id, error)
        raise Refusal("provider_down", refused=isinstance(error, ProviderRefused)) from error
    await requests.taken(order.instruction_id, started.token, started.location)
    return await _row(order.instruction_id)


async def settle(house: House, row: RequestRow) -> None:
    """Bring a request to its end before a new one is made. Raises Refusal as `ask` does."""
    try:
        state = await _taken_back(house, row)
    except ProviderError as error:
        await requests.set_state(row.instruction_id, requests.UNKNOWN, house.clock.machine_now())
        raise Refusal("payment_unknown") from error
    if state is None:
        return
    await take_in(house, row, state)
    if state.status is PaymentStatus.PAID:
        raise Refusal("paid_meanwhile")
    if state.status in (PaymentStatus.UNKNOWN, PaymentStatus.CREATED):
        raise Refusal("payment_unknown")


async def take_back(house: House, row: RequestRow) -> None:
    """Take a request back; if it was answered meanwhile, that counts. Unanswered questions leave it unknown."""
    try:
        state = await _taken_back(house, row)
    except ProviderError:
        await requests.set_state(row.instruction_id, requests.UNKNOWN, house.clock.machine_now())
        return
    if state is not None:
        await take_in(house, row, state)


async def _taken_back(house: House, row: RequestRow) -> PaymentState | None:
    """The state after an attempt to take a request back; None once it is certain that Swish never took it."""
    try:
        return await house.swish.cancel(row.instruction_id)
    except ProviderRefused:
        return await read(house, row)


async def read(house: House, row: RequestRow) -> PaymentState | None:
    """Ask about a request; None once it is certain that Swish never took it. Raises `ProviderError`."""
    try:
        return await house.swish.read(row.instruction_id)
    except ProviderRefused as refused:
        if refused.code != NO_SUCH_REQUEST:
            raise
        await _never_came(house, row.instruction_id, refused)
        return None


async def confirm(house: House, instruction_id: str) -> None:
    """Something was said about a request: read it, compare it with what was asked for, book it once.

    However often and however many at a time. Raises `ProviderError` when it cannot be read now.
    """
    row = await requests.get(instruction_id)
    if row is None or row.state == PaymentStatus.PAID:
        return
    state = await read(house, row)
    if state is None:
        return
    await take_in(house, row, state)
    if row.open and state.status in (PaymentStatus.DECLINED, PaymentStatus.ERROR):
        await _say_unpaid(house, row)


async def _say_unpaid(house: House, row: RequestRow) -> None:
    """Whoever waits in the chat is told once that no money was taken; one who took it back has seen that already."""
    key = f"swish:{row.instruction_id}:unpaid"
    if row.chat_id is None or await outbox.by_key(key):
        return
    facts = {"chat": row.chat_id}
    notice = Notice(key, "payment.declined", Receiver.DEBTOR, Form.CHAT, house.clock.today(), facts)
    await house.book.change(row.case_id, lambda _: Decision((), (), (notice,)), SYSTEM, action="payment.unpaid")


async def reconcile(house: House) -> int:
    """Ask what became of requests that have had their three minutes; how many came to an end.

    One whose case was closed meanwhile is taken back at once: nobody is asked for money that is not owed. What stays
    unknown is a task for staff, once a request: the person was promised an answer by the next noon.
    """
    ended, old = 0, await requests.open_since_before(house.clock.machine_now() - PAYER_HAS)
    for row in {row.instruction_id: row for row in (*old, *await requests.open_of_closed())}.values():
        await take_back(house, row)
        now = await _row(row.instruction_id)
        ended += not now.open
        unpaid = now.state in (PaymentStatus.CANCELLED, PaymentStatus.DECLINED, PaymentStatus.ERROR)
        if unpaid and (await house.book.load(row.case_id)).closed is None:
            await _say_unpaid(house, now)
        if now.state == requests.UNKNOWN:
            log.warning("swish request of case %s: still unknown", row.case_id)
            await _look_at_it(house, now, "payment_unknown")
    return ended


async def take_in(house: House, row: RequestRow, state: PaymentState) -> None:
    """Believe what Swish says of a request; book it if it is paid and is what was asked for."""
    machine, today = house.clock.machine_now(), house.clock.today()
    if state.status is not PaymentStatus.PAID:
        await requests.set_state(row.instruction_id, state.status, machine, error_code=state.error_code)
        return
    if not state.answers(_asked(house, row)):
        log.error("swish request of case %s: amount or payee differs", row.case_id)
        await requests.set_state(row.instruction_id, PaymentStatus.ERROR, machine, error_code="MISMATCH")
        await _look_at_it(house, row, "payment_mismatch")
        return
    reference, on = f"swish:{row.instruction_id}", _booked_on(state, today)
    async with transaction():
        await booking.receive(house, SYSTEM, row.case_id, row.amount_ore, "swish", reference, on, "payment.swish")
        await requests.set_state(row.instruction_id, PaymentStatus.PAID, machine, reference=state.payment_reference)


def _asked(house: House, row: RequestRow) -> PaymentOrder:
    return PaymentOrder(row.instruction_id, "", row.amount_ore, "", house.agency.swish, row.callback_identifier)


def _booked_on(state: PaymentState, today: date) -> date:
    """The day on which the money was there: the one that Swish names, which may be yesterday around midnight."""
    paid = state.paid_at.astimezone(HERE).date() if state.paid_at else today
    return paid if timedelta(0) <= today - paid <= timedelta(days=DAYS_BACK_MAX) else today


async def _look_at_it(house: House, row: RequestRow, kind: str) -> None:
    """Nothing is booked by guess: a person looks at the account, by the next banking day."""
    today = house.clock.today()
    case = await house.book.load(row.case_id)
    due = case.rules.calendar.add(today, 1)
    data = {"asked_ore": row.amount_ore, "ocr": case.ocr}
    await tasks.add(f"swish:{row.instruction_id}:{kind}", f"task.{kind}", data, today, due, case_id=row.case_id)


async def _never_came(house: House, instruction_id: str, error: ProviderError) -> None:
    code = error.code if isinstance(error, ProviderRefused) else type(error).__name__
    await requests.set_state(instruction_id, PaymentStatus.ERROR, house.clock.machine_now(), error_code=code[:40])


async def _row(instruction_id: str) -> RequestRow:
    found = await requests.get(instruction_id)
    assert found is not None
    return found
