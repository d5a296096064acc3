"""A register of companies that knows who may sign for one. The contract is ours; a register is adapted to it.

``POST {base}organisations/{number}/may-sign`` with ``{"person": "YYYYMMDDNNNN"}`` and a bearer token answers
``{"alone": true}``, ``{"alone": false}``, or ``{"alone": null}`` where several sign together or the register cannot
tell; 404 is an organisation that it does not know. The person travels in the body: addresses are logged on the way.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from core.party import Hidden
from core.ports import ProviderDown, ProviderRefused, ProviderUnknown
from core.providers.party import HttpParty


class NoRegister:
    """`SignatoryRegister` for an installation without one: it can never tell, so that staff confirm."""

    async def may_sign(self, organisation: str, number: Hidden) -> bool | None:
        return None


@dataclass(frozen=True, slots=True, repr=False)
class RegisterSettings:
    """Where the register is, and the token that lets us in."""

    base_url: str
    token: Hidden | None = None
    timeout_s: float = 10.0
    connect_timeout_s: float = 5.0
    sandbox: bool = False

    def __post_init__(self) -> None:
        if not self.sandbox and urlsplit(self.base_url).scheme != "https":
            raise ValueError("the register is reached over https only")


class RegisterClient(HttpParty):
    """`SignatoryRegister` over HTTP. It opens its connections when first asked; close it at the end."""

    def __init__(self, settings: RegisterSettings) -> None:
        super().__init__()
        self._settings = settings

    async def may_sign(self, organisation: str, number: Hidden) -> bool | None:
        """Asking changes nothing, so after any error it may be asked again."""
        url = f"{self._settings.base_url}organisations/{organisation}/may-sign"
        status, _, text = await self._send("POST", url, json={"person": number.reveal()})
        return answer_of(status, text)

    def _connect(self) -> aiohttp.ClientSession:
        settings = self._settings
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_timeout_s),
            headers={"Authorization": f"Bearer {settings.token.reveal()}"} if settings.token else {},
        )


def answer_of(status: int, text: str) -> bool | None:
    """What the register's answer means. Anything but a plain yes or no is never read as a yes."""
    if status == 404:
        return None
    if status in {429, 503}:
        raise ProviderDown(f"HTTP{status}")
    if 400 <= status < 500:
        raise ProviderRefused(f"HTTP{status}")
    try:
        alone = json.loads(text)["alone"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProviderUnknown("answer not understood") from error
    if status != 200 or not (alone is None or isinstance(alone, bool)):
        raise ProviderUnknown(f"HTTP{status}")
    return alone
