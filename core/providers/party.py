"""A third party over HTTP: one session that opens when first needed, and every failure as a `ProviderError`."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp

from core.ports import ProviderDown, ProviderUnknown


class HttpParty:
    """A client that opens its connections when first asked; close it at the end. `_connect` says how they are made."""

    def __init__(self) -> None:
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

    def _connect(self) -> aiohttp.ClientSession:
        raise NotImplementedError

    async def _send(self, method: str, url: str, **request: Any) -> tuple[int, Mapping[str, str], str]:
        """One question, asked once: status, headers and text. Raises ProviderDown when it surely was not heard,
        ProviderUnknown when it may have been.
        """
        if self._session is None or self._session.closed:
            self._session = self._connect()
        try:
            async with self._session.request(method, url, allow_redirects=False, **request) as response:
                return response.status, response.headers, await response.text(errors="replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ProviderDown(type(error).__name__) from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ProviderUnknown(type(error).__name__) from error


async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A broken line is an unknown outcome. Left alone, aiohttp sends a PUT or a GET again by itself: what was taken
    the first time would be done twice, or refused as known with its answer gone.

    In TLS 1.3 a certificate that the party does not accept looks the same: we learn of it only after we began to speak.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ProviderUnknown(type(error).__name__) from error
