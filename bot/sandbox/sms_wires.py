"""How 46elks and Twilio speak: their fields, their ids, their refusals, their lists, and how Twilio signs."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar, Protocol

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.sandbox.sms_checks import segments, wrong_with
from core.ports import SmsState

_LISTED_MAX = 100


class Message(Protocol):
    """An SMS as the gateway holds it."""

    @property
    def id(self) -> str: ...
    @property
    def incoming(self) -> bool: ...
    @property
    def text(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def receiver(self) -> str: ...
    @property
    def created(self) -> datetime: ...
    @property
    def state(self) -> SmsState: ...


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What one wants sent."""

    sender: str
    to: str
    text: str
    report_url: str


class Refused(Exception):
    """Not taken. ``code`` is ours: auth, from, to, empty, long, dead, stopped."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wire:
    """One gateway's way of speaking, for an account. ``stops``: it keeps a list of its own of who said STOP."""

    path = ""
    stops = False

    def __init__(self, user: str, secret: str) -> None:
        self._user = user
        self._secret = secret

    def knows(self, request: web.Request) -> bool:
        """Whether the account's name and password are right."""
        told = aiohttp.encode_basic_auth(self._user, self._secret)
        return request.headers.get("Authorization", "") == told

    def asked(self, form: dict[str, str], ours: str) -> Asked:
        """Read what is to be sent. Raises Refused."""
        asked = self._read(form)
        wrong = wrong_with(asked.sender, asked.to, asked.text, ours)
        if wrong:
            raise Refused(wrong)
        return asked

    def _read(self, form: dict[str, str]) -> Asked:
        raise NotImplementedError

    def new_id(self) -> str:
        raise NotImplementedError

    def refusal(self, refused: Refused) -> web.Response:
        raise NotImplementedError

    def taken(self, said: Message) -> web.Response:
        raise NotImplementedError

    def listed(self, said: Sequence[Message], request: web.Request) -> web.Response:
        """``said`` comes from new to old."""
        raise NotImplementedError

    def brings(self, said: Message) -> dict[str, str]:
        """What somebody wrote, as we are called with it."""
        raise NotImplementedError

    def report(self, said: Message, state: SmsState) -> dict[str, str]:
        raise NotImplementedError

    def reply(self, answer: str) -> str:
        """The words that an answer to an incoming message would send back."""
        raise NotImplementedError

    def signed(self, url: str, form: dict[str, str]) -> dict[str, str]:
        """Headers that show who calls."""
        raise NotImplementedError


class ElksWire(Wire):
    """46elks: form in, JSON out, sentences for refusals, no signature."""

    path = "/sandbox/46elks/a1/sms"
    _REFUSALS: ClassVar = {
        "auth": (401, "API access requires Basic HTTP authentication"),
        "from": (403, "Invalid from"),
        "to": (403, "Invalid to number"),
        "dead": (403, "Invalid to number"),
        "empty": (403, "Missing key message"),
        "long": (403, "Message is too long"),
    }

    def _read(self, form: dict[str, str]) -> Asked:
        return Asked(form.get("from", ""), form.get("to", ""), form.get("message", ""), form.get("whendelivered", ""))

    def new_id(self) -> str:
        return f"s{secrets.token_hex(16)}"

    def refusal(self, refused: Refused) -> web.Response:
        status, text = self._REFUSALS[refused.code]
        return web.Response(status=status, text=text)

    def taken(self, said: Message) -> web.Response:
        return web.json_response(self._told(said) | {"status": "created"})

    def listed(self, said: Sequence[Message], request: web.Request) -> web.Response:
        query = request.query
        found = [
            one
            for one in said
            if query.get("to", one.receiver) == one.receiver
            and query.get("end", "") < _elks_instant(one.created) < query.get("start", "9")
        ]
        most = min(int(query.get("limit", _LISTED_MAX)), _LISTED_MAX)
        page = found[:most]
        more = {"next": _elks_instant(page[-1].created)} if len(found) > most else {}
        return web.json_response({"data": [self._told(one) for one in page], **more})

    def _told(self, said: Message) -> dict[str, Any]:
        parts = segments(said.text)
        return {
            "id": said.id,
            "direction": "incoming" if said.incoming else "outgoing",
            "from": said.sender,
            "to": said.receiver,
            "message": said.text,
            "created": _elks_instant(said.created),
            "status": str(said.state),
            "parts": parts,
            "cost": parts * 5_200,
        }

    def brings(self, said: Message) -> dict[str, str]:
        told = {"direction": "incoming", "id": said.id, "from": said.sender, "to": said.receiver}
        return told | {"created": _elks_instant(said.created), "message": said.text}

    def report(self, said: Message, state: SmsState) -> dict[str, str]:
        delivered = {"delivered": _elks_instant(said.created)} if state is SmsState.DELIVERED else {}
        return {"id": said.id, "status": str(state), **delivered}

    def reply(self, answer: str) -> str:
        return answer

    def signed(self, url: str, form: dict[str, str]) -> dict[str, str]:
        return {}


class TwilioWire(Wire):
    """Twilio: form in, JSON out, codes for refusals; each call is signed with the account's token."""

    path = "/sandbox/twilio/2010-04-01/Accounts/{sid}/Messages.json"
    stops = True
    _REFUSALS: ClassVar = {
        "auth": (401, 20003),
        "from": (400, 21212),
        "to": (400, 21211),
        "dead": (400, 21614),
        "empty": (400, 21602),
        "long": (400, 21617),
        "stopped": (400, 21610),
    }
    _STATES: ClassVar = {SmsState.SENT: "sent", SmsState.DELIVERED: "delivered", SmsState.FAILED: "undelivered"}

    def knows(self, request: web.Request) -> bool:
        return super().knows(request) and request.match_info["sid"] == self._user

    def _read(self, form: dict[str, str]) -> Asked:
        return Asked(form.get("From", ""), form.get("To", ""), form.get("Body", ""), form.get("StatusCallback", ""))

    def new_id(self) -> str:
        return f"SM{secrets.token_hex(16)}"

    def refusal(self, refused: Refused) -> web.Response:
        status, code = self._REFUSALS[refused.code]
        more = f"https://www.twilio.com/docs/errors/{code}"
        return web.json_response(
            {"code": code, "message": "sandbox", "more_info": more, "status": status}, status=status
        )

    def taken(self, said: Message) -> web.Response:
        return web.json_response(self._told(said) | {"status": "queued"}, status=201)

    def listed(self, said: Sequence[Message], request: web.Request) -> web.Response:
        wanted = request.query.get("To")
        found = [self._told(one) for one in said]
        found = [one for one in found if wanted in {None, one["to"]}]
        return web.json_response({"messages": found[: int(request.query.get("PageSize", 50))], "next_page_uri": None})

    def _told(self, said: Message) -> dict[str, Any]:
        created = format_datetime(said.created.astimezone(UTC))
        return {
            "sid": said.id,
            "account_sid": self._user,
            "direction": "inbound" if said.incoming else "outbound-api",
            "from": said.sender,
            "to": said.receiver,
            "body": said.text,
            "num_segments": str(segments(said.text)),
            "status": self._STATES[said.state],
            "date_created": created,
            "date_sent": created,
            "error_code": None,
        }

    def brings(self, said: Message) -> dict[str, str]:
        told = {"MessageSid": said.id, "SmsSid": said.id, "AccountSid": self._user, "NumMedia": "0", "FromCity": ""}
        parts = {"NumSegments": str(segments(said.text))}
        return told | parts | {"From": said.sender, "To": said.receiver, "Body": said.text}

    def report(self, said: Message, state: SmsState) -> dict[str, str]:
        told = {"MessageSid": said.id, "SmsSid": said.id, "AccountSid": self._user, "From": said.sender}
        failed = {"ErrorCode": "30005"} if state is SmsState.FAILED else {}
        return told | {"To": said.receiver, "MessageStatus": self._STATES[state], **failed}

    def reply(self, answer: str) -> str:
        found = re.search(r"<Message[^>]*>(.*?)</Message>", answer, re.DOTALL)
        return found[1] if found else ""

    def signed(self, url: str, form: dict[str, str]) -> dict[str, str]:
        return {"X-Twilio-Signature": RequestValidator(self._secret).compute_signature(url, form)}


def _elks_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
