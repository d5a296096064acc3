"""Swish's callbacks as Swish sends them, and as somebody sends them who is not Swish."""

from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.house import secret_for
from core.store.secrets import load_secrets
from tests.e2e.program import asked


@dataclass(frozen=True)
class Callback:
    """One callback about a request, with the two secrets that let it in."""

    url: str
    instruction_id: str
    identifier: str

    @classmethod
    def of_last_request(cls, url: str, home: Path) -> "Callback":
        [(instruction_id, identifier)] = asked(
            home, "SELECT instruction_id, callback_identifier FROM payment_requests ORDER BY created_at DESC LIMIT 1"
        )
        path = secret_for(load_secrets(home, {}, production=False), "swish callback")[:43]
        return cls(f"{url}/hooks/swish/{path}", instruction_id, identifier)

    async def post(self, *, status: str = "PAID", amount: float = 1.0) -> int:
        """Call back; the answer's status. What the body claims beyond the id is never believed."""
        body = {"id": self.instruction_id, "status": status, "amount": amount, "currency": "SEK"}
        headers = {"callbackIdentifier": self.identifier}
        async with aiohttp.ClientSession() as http, http.post(self.url, json=body, headers=headers) as answer:
            return answer.status


async def misbehave(url: str, **faults: str) -> None:
    """Set the sandbox's switches; what is not named is off."""
    async with aiohttp.ClientSession() as http, http.post(f"{url}/sandbox/faults", data=faults) as answer:
        assert answer.status == 200
