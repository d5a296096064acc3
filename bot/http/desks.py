"""Where pages meet services: what the pay page and Swish's callback ask, answered by the house."""

from collections.abc import Callable

from bot.http.pay import PayStage, PayView
from core import pay_codes
from core.case import Case
from core.errors import Refusal
from core.money import Ore
from core.party import SYSTEM
from core.ports import PaymentStatus, ProviderDown, ProviderUnknown
from core.services import booking, doors, payments, swish_refunds
from core.services.house import House
from core.store import chats
from core.store import payment_requests as requests
from core.store.payment_requests import RequestRow

_NOTES = {
    PaymentStatus.DECLINED: "declined",
    PaymentStatus.CANCELLED: "cancelled",
    PaymentStatus.ERROR: "timeout",
}


class PaymentDesk:
    """`bot.http.pay.PayDesk`: the case behind a pay link, and its latest Swish request."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def view(self, token: str) -> PayView | None:
        """None for a link that is unknown or no longer valid."""
        case = await self._case(token)
        if case is None:
            return None
        request = await requests.last_of_case(case.id)
        if request and request.open:
            await payments.swish_status(self._house, SYSTEM, request.instruction_id)
            request = await requests.get(request.instruction_id)
            case = await self._house.book.load(case.id)
        return await self._seen(token, case, request)

    async def start(self, token: str, amount_ore: Ore | None) -> None:
        """Ask for a payment; while one is open, pressing again makes no second. Raises `ProviderError`."""
        case = await self._case(token)
        if case is None:
            return
        try:
            await payments.start_swish(self._house, SYSTEM, case.id, amount_ore, None)
        except Refusal as refusal:
            if refusal.code == "provider_down":
                raise ProviderDown from refusal
            if refusal.code == "payment_unknown":
                raise ProviderUnknown from refusal
            # Paid, closed or changed meanwhile: the page, shown anew, says so.

    async def stop(self, token: str) -> None:
        case = await self._case(token)
        for request in await requests.open_of_case(case.id) if case else ():
            await payments.cancel_swish(self._house, SYSTEM, request.instruction_id)

    async def _case(self, token: str) -> Case | None:
        try:
            return await self._house.book.load(await doors.case_to_pay(self._house, token))
        except Refusal:
            return None

    async def _seen(self, token: str, case: Case, request: RequestRow | None) -> PayView:
        today = self._house.clock.today()
        until = case.rules.calendar.add(today, case.policy.quote_days)
        if request and request.state == requests.UNKNOWN:
            return PayView(PayStage.UNKNOWN, case.ocr, request.amount_ore, until)
        if request and request.open and request.token:
            return self._waiting(token, case, request)
        if request and request.state == PaymentStatus.PAID:
            receipt, _ = await booking.of_reference(self._house, case, f"swish:{request.instruction_id}")
            if receipt:
                return PayView(PayStage.DONE, case.ocr, request.amount_ore, until, receipt=receipt)
        owed = (await booking.owed(self._house, case)).total
        if case.closed or owed <= 0:
            return PayView(PayStage.CLOSED, case.ocr, 0, until)
        note = _NOTES.get(PaymentStatus(request.state)) if request and request.state in _ENDED else None
        chosen = await doors.chosen_to_pay(self._house, token)
        part = chosen if chosen is not None and 0 < chosen < owed else None
        return PayView(PayStage.OPEN, case.ocr, owed, until, note=note, chosen_ore=part)

    def _waiting(self, token: str, case: Case, request: RequestRow) -> PayView:
        assert request.token
        until = case.rules.calendar.add(self._house.clock.today(), case.policy.quote_days)
        back = f"{self._house.public_url}/pay/{token}"
        return PayView(
            PayStage.WAITING,
            case.ocr,
            request.amount_ore,
            until,
            app_link=pay_codes.swish_app_link(request.token, back, self._house.swish_app),
            qr_text=pay_codes.swish_token_qr(request.token),
        )


_ENDED = frozenset(str(status) for status in _NOTES)


class Callbacks:
    """`bot.http.pay.SwishCallbacks`. ``wake`` has the outbox looked at, so that the receipt leaves at once."""

    def __init__(self, house: House, wake: Callable[[], None]) -> None:
        self._house = house
        self._wake = wake

    async def identifier(self, instruction_id: str) -> str | None:
        of_payment = await payments.callback_identifier(instruction_id)
        return of_payment or await swish_refunds.callback_identifier(self._house, instruction_id)

    async def confirm(self, instruction_id: str) -> None:
        await payments.confirm(self._house, instruction_id)
        await swish_refunds.confirm(self._house, instruction_id)
        self._wake()

    async def keep_stray(self, instruction_id: str) -> None:
        now = self._house.clock.now()
        if not await chats.seen("swish:stray", instruction_id, now):
            await chats.mark_done("swish:stray", instruction_id, now, "unknown")
