"""A backup as one file: a zip whose entries are hashed, and whose last entry says what must be in it.

Written beside its place and renamed when it is whole. Nothing of it is believed before all of it has been read once:
half a file, an altered byte, an entry too many or too few are found before anything is restored.
"""

import hashlib
import json
import os
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from core.errors import Refusal
from core.store.dialect import dump_json
from core.store.secrets import Secrets, SecretsMissing

FORMAT: Final = "schysst.backup/1"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.seal"
CHUNK: Final = 1 << 20
#: A little compression: what is large here, pictures and PDFs, is compressed or encrypted already.
LEVEL: Final = 1
_KEY_CHECK: Final = "backup"
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


class Writer:
    """An archive that is being written. Entries come one after the other."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.entries: dict[str, dict[str, Any]] = {}

    @contextmanager
    def entry(self, name: str) -> "Iterator[Sink]":
        """Write one entry; its hash is kept for the manifest."""
        with self._archive.open(name, "w", force_zip64=True) as into:
            sink = Sink(into)
            yield sink
        self.entries[name] = {"sha256": sink.sha256, "size": sink.size}

    def finish(self, manifest: Mapping[str, Any], secrets: Secrets) -> None:
        """The last entries: what there is, and our seal over it."""
        text = dump_json({"format": FORMAT, **manifest, "entries": self.entries})
        self._archive.writestr(MANIFEST, text)
        self._archive.writestr(SEAL, secrets.seal(text))


class Sink:
    """Where an entry's bytes go, counted and hashed."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into, self._hash, self.size = into, hashlib.sha256(), 0

    def write(self, octets: bytes) -> None:
        self._hash.update(octets)
        self.size += len(octets)
        self._into.write(octets)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Unwritable(Exception):
    """No file can be made there; ``why`` is the system's word."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(str(path))
        self.path, self.why = path, why


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, in place once it is whole, for its owner's eyes alone.

    Raises Refusal ``backup_exists``, Unwritable.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        if path.exists():
            raise Refusal("backup_exists")
        handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Unwritable(path, error.strerror or type(error).__name__) from error
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """An archive whose every byte has been looked at."""

    archive: zipfile.ZipFile
    manifest: Mapping[str, Any]

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def below(self, folder: str) -> list[str]:
        """The entries of a folder."""
        return [name for name in self.manifest["entries"] if name.startswith(f"{folder}/")]


@contextmanager
def reading(path: Path, secrets: Secrets) -> Iterator[Reader]:
    """An archive of ours, checked whole.

    Raises Refusal ``backup_unreadable``, ``backup_damaged``, ``backup_newer`` or ``backup_keys``.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refusal("backup_unreadable") from error
    with file:
        try:
            archive = zipfile.ZipFile(file)
            manifest = json.loads(archive.read(MANIFEST))
            seal = archive.read(SEAL).decode()
        except _BROKEN as error:
            raise Refusal("backup_damaged") from error
        if manifest.get("format") != FORMAT:
            raise Refusal("backup_newer")
        check_keys(manifest, secrets)
        if not secrets.seal_holds(dump_json(manifest), seal):
            raise Refusal("backup_damaged")
        _check(archive, manifest)
        with archive:
            yield Reader(archive, manifest)


def check_keys(manifest: Mapping[str, Any], secrets: Secrets) -> None:
    """Every key under which something may have been sealed opens what it sealed. Raises Refusal ``backup_keys``."""
    for name, sealed in manifest.get("keys", {}).items():
        try:
            secrets.decrypt(b64decode(sealed), _KEY_CHECK)
        except SecretsMissing as missing:
            raise Refusal("backup_keys", name=name) from missing


def key_checks(secrets: Secrets) -> dict[str, str]:
    """A word sealed under each key, by which a restore knows that it has the right ones. The keys are never here."""
    return {key.name: b64encode(Secrets((key,)).encrypt(FORMAT, _KEY_CHECK)).decode() for key in secrets.keys}


def _check(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    """Read everything once."""
    wanted = manifest["entries"]
    names = archive.namelist()
    if sorted(names) != sorted([*wanted, MANIFEST, SEAL]) or not all(map(_is_safe, names)):
        raise Refusal("backup_damaged")
    for name, entry in wanted.items():
        seen = hashlib.sha256()
        try:
            with archive.open(name) as body:
                while piece := body.read(CHUNK):
                    seen.update(piece)
        except _BROKEN as error:
            raise Refusal("backup_damaged") from error
        if seen.hexdigest() != entry["sha256"]:
            raise Refusal("backup_damaged")


def _is_safe(name: str) -> bool:
    """A name that stays below the folder it is put into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and str(path) == name
