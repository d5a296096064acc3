"""Keys of the installation: what is encrypted at rest, found by keyed hash, or sealed.

A key has a name; values carry it, so that keys can be changed while old values are still read. From each key three
are derived (HKDF): one encrypts, one finds, one seals. Keys come from the environment (``SCHYSST_KEYS``:
``name:base64``, the newest first, separated by commas) or, outside production, from a file of the installation that
only its owner may read.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VARIABLE = "SCHYSST_KEYS"
KEY_BYTES = 32
NONCE_BYTES = 12


class SecretsMissing(Exception):
    """There are no keys, or not the one that a value names: start with the right ``SCHYSST_KEYS``."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """One key under its name. Never printed."""

    name: str
    encrypts: AESGCM
    finds: bytes
    seals: bytes

    @classmethod
    def derive(cls, name: str, master: bytes) -> "Key":
        if len(master) < KEY_BYTES or not name.isascii() or not 0 < len(name) < 32 or ":" in name:
            raise ValueError("a key has a short ASCII name and at least 32 bytes")

        def part(purpose: bytes) -> bytes:
            return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"schysst " + purpose).derive(master)

        return cls(name, AESGCM(part(b"encrypt")), part(b"find"), part(b"seal"))


class Secrets:
    """The installation's keys, the newest first. The newest writes, all of them read.

    Keys from a file are looked at again when the file is another: another process may have put a new key before them,
    and what it encrypted and hashed is to be read and found here without a restart.
    """

    def __init__(self, keys: tuple[Key, ...], file: Path | None = None) -> None:
        self._keys, self._file = keys, file
        self._read_as: tuple[int, int] | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        stamp = _stamp(self._file) if self._file else None
        if self._file and stamp and stamp != self._read_as:
            self._keys, self._read_as = _read(self._file), stamp
        return self._keys

    def encrypt(self, text: str, purpose: str) -> bytes:
        """AES-GCM; ``purpose`` is bound in, so that a value cannot be read as something else."""
        return self.encrypt_octets(text.encode(), purpose)

    def decrypt(self, sealed: bytes, purpose: str) -> str:
        """Raises SecretsMissing when the key is unknown or the value was altered."""
        return self.decrypt_octets(sealed, purpose).decode()

    def encrypt_octets(self, octets: bytes, purpose: str) -> bytes:
        """The same for what is no text."""
        key = self.keys[0]
        nonce = os.urandom(NONCE_BYTES)
        return key.name.encode() + b":" + nonce + key.encrypts.encrypt(nonce, octets, purpose.encode())

    def decrypt_octets(self, sealed: bytes, purpose: str) -> bytes:
        """Raises SecretsMissing when the key is unknown or the value was altered."""
        name, _, rest = bytes(sealed).partition(b":")
        key = next((key for key in self.keys if key.name.encode() == name), None)
        if key is None:
            raise SecretsMissing(f"no key named {name.decode('ascii', 'replace')[:32]}")
        try:
            return key.encrypts.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], purpose.encode())
        except InvalidTag as error:
            raise SecretsMissing(f"a value under key {key.name} does not open") from error

    def find_by(self, text: str, purpose: str) -> str:
        """The keyed hash under which a value is stored now."""
        return _keyed(self.keys[0].finds, text, purpose)

    def find_any(self, text: str, purpose: str) -> tuple[str, ...]:
        """The keyed hashes under which it may have been stored while an older key was the newest."""
        return tuple(_keyed(key.finds, text, purpose) for key in self.keys)

    def seal(self, text: str) -> str:
        """``name:mac`` over a text that is kept outside the database."""
        return f"{self.keys[0].name}:{_keyed(self.keys[0].seals, text, 'seal')}"

    def seal_holds(self, text: str, seal: str) -> bool:
        name = seal.partition(":")[0]
        return any(
            hmac.compare_digest(seal, f"{key.name}:{_keyed(key.seals, text, 'seal')}")
            for key in self.keys
            if key.name == name
        )

    def is_newest(self, sealed: bytes) -> bool:
        return bytes(sealed).startswith(self.keys[0].name.encode() + b":")


def load_secrets(home: Path, environment: Mapping[str, str], *, production: bool) -> Secrets:
    """The keys from the environment; outside production else from ``home/keys.json``, made when it is missing.

    Raises SecretsMissing in production without ``SCHYSST_KEYS``.
    """
    if text := environment.get(VARIABLE, "").strip():
        return parse(text)
    if production:
        raise SecretsMissing(f"production needs {VARIABLE}")
    path = home / "keys.json"
    if not path.exists():
        _write(path, new_key("k1"))
    return Secrets(_read(path), path)


def parse(text: str) -> Secrets:
    """``k2:base64,k1:base64``, the newest first."""
    keys = []
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        keys.append(Key.derive(name, base64.b64decode(encoded, validate=True)))
    if len({key.name for key in keys}) != len(keys):
        raise ValueError("two keys of one name")
    return Secrets(tuple(keys))


def new_key(name: str) -> str:
    """A fresh key as ``SCHYSST_KEYS`` wants it."""
    return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def rotate_file(home: Path) -> Secrets:
    """Put a new key before those of the demo's key file; `people.reencrypt` then moves the values to it."""
    path = home / "keys.json"
    text = json.loads(path.read_text())["keys"]
    number = max(int(part.split(":")[0].strip().removeprefix("k") or 0) for part in text.split(",")) + 1
    _write(path, f"{new_key(f'k{number}')},{text}")
    return Secrets(_read(path), path)


def new_token(octets: int = 24) -> str:
    """An unguessable token for links and invitations, safe in a URL."""
    return random.token_urlsafe(octets)


def salted(text: str, salt: str) -> str:
    """The hash of a person's own words in facts and audit; without the salt, erased with them, it says nothing."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def _keyed(key: bytes, text: str, purpose: str) -> str:
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def _read(path: Path) -> tuple[Key, ...]:
    return parse(json.loads(path.read_text())["keys"]).keys


def _stamp(file: Path) -> tuple[int, int] | None:
    """What tells a file from the one that took its place; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _write(path: Path, keys: str) -> None:
    """Whole or not at all, and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"keys": keys}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
