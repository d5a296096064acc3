"""Codes that people read from paper and type: eight characters in two groups, ``K7Q4-M2XD``.

Two kinds look alike. A verification code shows that a message is ours; anybody may ask about it. A one-time code from
a letter proves who one is, once. Neither holds 0, O, 1, I or L, which paper and eyes mix up, and each has both
letters and digits, so that no word and no amount is taken for one.
"""

import hashlib
import hmac
import json
import re
from datetime import date

from core.money import Ore

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
#: A personal link stands on paper and is typed by hand: ten signs, some 50 bits, and it opens no case.
LINK_LENGTH = 10
#: Enough randomness that the remainder by the number of codes is even for all practical purposes.
RANDOM_BYTES = 16
#: Our addresses that end in what opens something.
_LINKS = re.compile(r"(https?://[^\s/]+/(?:c|pay|bankid|stop)/)[\w-]{10,}")


def verification_code(
    key: bytes,
    *,
    notice: str,
    receiver: str,
    amount_ore: Ore | None,
    account: str,
    on: date,
    attempt: int = 0,
) -> str:
    """The code of a message, bound to its receiver, amount, payee account and date by a secret key (HMAC-SHA256).

    ``receiver`` is an id, never a name. A pointer that names no amount has None. ``attempt`` counts up in the rare
    case that another message has the code already: they are 10 to the 12 and must be unique.
    """
    bound = json.dumps([notice, receiver, amount_ore, account, on.isoformat(), attempt])
    return _code(hmac.new(key, bound.encode(), hashlib.sha256).digest())


def one_time_code(randomness: bytes) -> str:
    """The code of a letter, from at least 16 random bytes. Store only a keyed hash of its `normalise`d form."""
    if len(randomness) < RANDOM_BYTES:
        raise ValueError(f"a one-time code takes {RANDOM_BYTES} random bytes")
    return _code(hashlib.sha256(randomness).digest())


def link_token(randomness: bytes) -> str:
    """The end of a personal link, from at least 16 random bytes: small letters and digits, quick to type."""
    if len(randomness) < RANDOM_BYTES:
        raise ValueError(f"a link takes {RANDOM_BYTES} random bytes")
    return _signs(hashlib.sha256(b"link" + randomness).digest(), LINK_LENGTH).lower()


def without_tokens(text: str) -> str:
    """A text as it may be kept once it has been said: its links open nothing."""
    return _LINKS.sub(r"\1…", text)


def normalise(typed: str) -> str:
    """What was typed, as codes are compared: capitals without dashes, spaces and signs. Never longer than 64."""
    return "".join(sign for sign in typed[:64].upper() if sign.isascii() and sign.isalnum())


def looks_like_code(typed: str) -> bool:
    """Whether it can be a code of ours at all; ordinary words and amounts of eight signs cannot."""
    code = normalise(typed)
    return len(code) == LENGTH and all(sign in ALPHABET for sign in code) and _is_mixed(code)


def _code(digest: bytes) -> str:
    """Eight signs from a digest, hashed on until they hold both a letter and a digit."""
    signs = _signs(digest, LENGTH)
    return f"{signs[:4]}-{signs[4:]}" if _is_mixed(signs) else _code(hashlib.sha256(digest).digest())


def _signs(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest) % len(ALPHABET) ** length
    signs = ""
    for _ in range(length):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return signs


def _is_mixed(signs: str) -> bool:
    return not signs.isalpha() and not signs.isdigit()
