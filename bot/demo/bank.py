"""The demo's bank around the clock: what it is told to do, and the files that it sends us.

A transfer is told at once (camt.054). In the morning come yesterday's statement (camt.053) and the answers to our
payment orders (pain.002): the same files by the same door as from a real bank.
"""

from datetime import date
from io import BytesIO

from bot.sandbox.bank import BankSandbox, Line
from bot.sandbox.swish import SwishSandbox
from core.calendar import ONE_DAY
from core.files import pain002
from core.money import Ore
from core.party import SYSTEM
from core.ports import PaymentStatus
from core.refund_port import RefundStatus
from core.rules.se.identifiers import check_ocr
from core.services import bank_files, payout_status, payouts
from core.services.house import House


class DemoBank:
    """The pretend bank and our house, side by side."""

    def __init__(self, house: House, bank: BankSandbox, swish: SwishSandbox | None = None) -> None:
        self._house = house
        self.bank = bank
        self.swish = swish
        self._ended: date | None = None

    async def transfer(self, reference: str, ore: Ore, day: date, *, name: str = "", account: str = "") -> None:
        """Somebody pays by bank; what is no OCR goes as a message, as banks let it."""
        ocr = reference if check_ocr(reference) is None else ""
        text = "" if ocr else reference
        await self._moved([self.bank.pay_in(ore, day, ocr=ocr, text=text, name=name, account=account)])

    async def take_back(self, line: Line) -> None:
        """The payer's bank takes a payment back, and we are told at once."""
        await self._moved([self.bank.take_back(line, self._house.clock.today())])

    async def close_day(self) -> None:
        """The bank's day ends now: what is ordered is carried out, and the statement comes.

        Whatever is still done on that day makes a new statement: its balance is another one.
        """
        self._ended = self._house.clock.today()
        await self._until(self._ended, self._ended)

    async def morning(self, today: date) -> None:
        """What happened until yesterday: Swish's money, our orders, and the statement of the last day."""
        await self._until(today - ONE_DAY, today)

    async def _until(self, day: date, today: date) -> None:
        self._take_swish(day)
        for order in await payouts.history_files(self._house):  # handed in twice, they are paid once
            answer = self.bank.ordered(order)
            await payout_status.take_statuses(self._house, SYSTEM, list(pain002.read(BytesIO(answer))))
        done = self.bank.execute(today)
        if done:
            await self._tell(done)
        await self._state(day)

    async def _state(self, day: date) -> None:
        if any(line.on == day for line in self.bank.lines):
            await self._bring(self.bank.statement(day, self._created()), f"camt053-{day:%Y%m%d}.xml")

    def _take_swish(self, day: date) -> None:
        if self.swish is None:
            return
        known = {line.end_to_end for line in self.bank.lines}
        for made in self.swish.requests.values():
            reference = made.payment_reference
            if made.status is PaymentStatus.PAID and reference and reference not in known:
                self.bank.swish_in(made.amount_ore, day, reference, made.body.get("message", ""))
        for back in self.swish.refunds.made.values():
            if back.status is RefundStatus.PAID and back.id not in known:
                self.bank.swish_out(back.amount_ore, day, back.id, back.body.get("message", ""))

    async def _moved(self, lines: list[Line]) -> None:
        """We are told at once; where the day's statement has come already, with a new one."""
        await self._tell(lines)
        if self._ended == lines[0].on:
            await self._state(self._ended)

    async def _tell(self, lines: list[Line]) -> None:
        await self._bring(self.bank.told(lines, self._created()), f"camt054-{lines[0].ref}.xml")

    async def _bring(self, body: bytes, name: str) -> None:
        await bank_files.import_file(self._house, SYSTEM, BytesIO(body), name)

    def _created(self) -> str:
        return self._house.clock.now().isoformat(timespec="seconds")
