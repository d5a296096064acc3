"""A register of companies that knows who may sign for one. The contract is ours; a register is adapted to it.

``POST {base}organisations/{number}/may-sign`` with ``{"person": "YYYYMMDDNNNN"}`` and a bearer token answers
``{"alone": true}``, ``{"alone": false}``, or ``{"alone": null}`` where several sign together or the register cannot
tell; 404 is an organisation that it does not know. The person travels in the body: addresses are logged on the way.
"""

import json
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from core.party import Hidden
from core.ports import ProviderDown, ProviderRefused, ProviderUnknown


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


class RegisterClient:
    """`SignatoryRegister` over HTTP. It opens its connections when first asked; close it at the end."""

    def __init__(self, settings: RegisterSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections; the client opens new ones if it is used again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def may_sign(self, organisation: str, number: Hidden) -> bool | None:
        """Asking changes nothing, so after any error it may be asked again."""
        url = f"{self._settings.base_url}organisations/{organisation}/may-sign"
        try:
            async with self._open().post(url, json={"person": number.reveal()}, allow_redirects=False) as response:
                text = await response.text()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ProviderDown(type(error).__name__) from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ProviderUnknown(type(error).__name__) from error
        return answer_of(response.status, text)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            settings = self._settings
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_timeout_s),
                headers={"Authorization": f"Bearer {settings.token.reveal()}"} if settings.token else {},
            )
        return self._session


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
