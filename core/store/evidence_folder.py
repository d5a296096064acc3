"""The folder of evidence on disk: every body encrypted under the installation's keys, whole or not at all.

A file's name is its key, and the key is bound into what is encrypted: a body in another's place does not open.
"""

import asyncio
import os
import re
from pathlib import Path
from uuid import uuid4

from core.store.secrets import Secrets

_KEY = re.compile(r"[0-9a-f]{64}")


class EvidenceDisk:
    """Implements `core.evidence_port.EvidenceFolder` below a folder that only the house may read."""

    def __init__(self, root: Path, keys: Secrets) -> None:
        self._root = root
        self._keys = keys

    async def put(self, key: str, body: bytes) -> None:
        await asyncio.to_thread(self._put, self._path(key), key, body)

    async def get(self, key: str) -> bytes:
        return await asyncio.to_thread(self._get, self._path(key), key)

    async def remove(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def reencrypt(self) -> int:
        """Move every body to the newest key; how many were moved."""
        return await asyncio.to_thread(self._reencrypt)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("no key of the evidence folder")
        return self._root / key[:2] / key[2:4] / key

    def _put(self, path: Path, key: str, body: bytes) -> None:
        if not path.exists():
            self._write(path, key, body)

    def _get(self, path: Path, key: str) -> bytes:
        return self._keys.decrypt_octets(path.read_bytes(), _purpose(key))

    def _reencrypt(self) -> int:
        moved = 0
        for path in sorted(self._root.glob("??/??/*")):
            if _KEY.fullmatch(path.name) and not self._keys.is_newest(path.read_bytes()):
                self._write(path, path.name, self._get(path, path.name))
                moved += 1
        return moved

    def _write(self, path: Path, key: str, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_name(f"{uuid4().hex}.new")
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(self._keys.encrypt_octets(body, _purpose(key)))
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        _sync(path.parent)


def _purpose(key: str) -> str:
    return f"evidence:{key}"


def _sync(folder: Path) -> None:
    """The name of a new file is safe only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
