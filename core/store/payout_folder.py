"""Where payment files lie for the bank: each is there whole, or not at all, for its owner's eyes alone."""

import os
from pathlib import Path


def put(path: Path, body: bytes) -> Path:
    """Write a file in place of what was there under its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return path
