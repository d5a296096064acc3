"""Where what people send is kept. A port, as in `core.ports`."""

from typing import Protocol


class EvidenceFolder(Protocol):
    """Where pictures and documents lie that people sent. A key is 64 hexadecimal signs and belongs to one row."""

    async def put(self, key: str, body: bytes) -> None:
        """Keep a body under its key; the same key again is the same body."""

    async def get(self, key: str) -> bytes:
        """Raises FileNotFoundError when it was erased."""

    async def remove(self, key: str) -> None:
        """Erase it; nothing if it is gone already."""
