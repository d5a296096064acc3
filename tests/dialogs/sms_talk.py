"""A person with an old phone: what they write reaches us by a gateway, and what we say is what it was given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bot.channels.intake import Intake
from bot.channels.sms import SmsChat
from core import gsm
from core.ports import ProviderError, SmsArrived
from core.services.house import House
from core.store import chats
from tests.dialogs.talk import dispatcher

OURS = "+46766861001"
#: A number that is kept for fiction (PTS).
THEIRS = "+46701740605"
_REFERENCES = count(1)


@dataclass
class FakeGateway:
    """Takes everything at once; ``fails`` may raise for a message instead."""

    name: str = "fake"
    per_second: float = 1_000.0
    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: Callable[[str, str], ProviderError | None] = lambda _to, _text: None

    async def send(self, to: str, text: str) -> str:
        if error := self.fails(to, text):
            raise error
        self.sent.append((to, text))
        return f"s{len(self.sent)}"

    async def sent_before(self, to: str, text: str, since: datetime) -> str | None:
        found = [f"s{n}" for n, one in enumerate(self.sent, 1) if one == (to, text)]
        return found[-1] if found else None

    async def close(self) -> None:
        """Nothing is open."""


def with_sms(house: House, gateway: FakeGateway) -> House:
    return replace(house, sms=gateway, sms_number=OURS)


@dataclass
class SmsTalk:
    """One person who writes SMS; ``house`` has a `FakeGateway`."""

    house: House
    gateway: FakeGateway
    chat: SmsChat
    chat_id: int
    number: str = THEIRS

    @classmethod
    async def begin(cls, house: House, lang: str = "sv", number: str = THEIRS) -> "SmsTalk":
        gateway = house.sms
        assert isinstance(gateway, FakeGateway)
        opened = await chats.open_chat("sms", number, house.clock.now(), language=lang)
        sms = SmsChat(Intake(dispatcher(house, {2: "sms"})), house)
        return cls(house, gateway, sms, opened.id, number)

    async def say(self, text: str) -> str:
        """Write an SMS; the one SMS that we answer, or nothing."""
        before = len(self.gateway.sent)
        await self.chat.arrived(SmsArrived("fake", f"in{next(_REFERENCES)}", self.number, OURS, text))
        self.house.clock.wait(20)  # type: ignore[attr-defined]  # a person takes their time; the pace is another test's
        answers = self.gateway.sent[before:]
        assert len(answers) <= 1, answers
        return answers[0][1] if answers else ""

    @property
    def segments(self) -> int:
        """Of our last SMS."""
        return gsm.size(self.gateway.sent[-1][1]).segments
