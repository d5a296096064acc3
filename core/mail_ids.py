"""The Message-ID of a mail of ours: it bears our key of the mail and a keyed hash, so that an answer names what it
answers, and nobody can make us take another mail for one of ours.
"""

import re
from typing import Final

#: A key as a mail may have one; a colon in it travels as ``=``, which an id may hold.
KEY: Final = re.compile(r"[A-Za-z0-9_:-]{1,64}", re.ASCII)
#: So many hexadecimal signs of the keyed hash stand in the id: 96 bits.
MAC_LENGTH: Final = 24
#: What the hash is made for.
PURPOSE: Final = "mail.id"

_OURS: Final = re.compile(rf"<?([A-Za-z0-9_=-]{{1,64}})\.([0-9a-f]{{{MAC_LENGTH}}})@[^\s<>@]{{1,255}}>?", re.ASCII)


def message_id(key: str, mac: str, domain: str) -> str:
    """``<key.mac@domain>``. ``mac`` is the keyed hash of the key, ``domain`` ours. Raises ValueError for an odd key."""
    if not KEY.fullmatch(key):
        raise ValueError("a mail's key is letters, digits, colons and dashes")
    return f"<{key.replace(':', '=')}.{mac[:MAC_LENGTH]}@{domain}>"


def read(text: str) -> tuple[tuple[str, str], ...]:
    """Keys and keyed hashes of every id in a text that looks like ours, in their order; the caller checks the hash."""
    return tuple((found[1].replace("=", ":"), found[2]) for found in _OURS.finditer(text[:20_000]))


def read_anywhere(text: str) -> tuple[tuple[str, str], ...]:
    """The same wherever in a whole mail they stand, as in one that was returned; at most twenty."""
    found = (match for _, match in zip(range(20), _OURS.finditer(text), strict=False))
    return tuple((match[1].replace("=", ":"), match[2]) for match in found)
