"""The agency of an installation, as a JSON file describes it (``docs/agency.example.json``), its numbers checked."""

import json
from collections.abc import Callable, Container, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from stdnum import iban
from stdnum.exceptions import ValidationError

from bot.config import BadSettings
from core import words
from core.agency import Agency
from core.files import pain001, postal
from core.rules.se import identifiers as ids
from core.rules.se import payee

#: What has a check digit, and how it is read: a wrong number would send people's money to somebody else.
NUMBERS: Mapping[str, Callable[[str], str]] = {
    "number": ids.organisation_number,
    "vat": ids.vat_number,
    "bankgiro": ids.bankgiro_number,
    "swish": ids.swish_number,
    "iban": iban.validate,
}
OPTIONAL = frozenset({"licence"})
#: How payouts leave; a file that does not say has the defaults.
PAYOUTS: Mapping[str, Callable[[str], str]] = {
    "own_account": payee.read,
    "payout_format": lambda text: _one_of(text, pain001.VERSIONS),
    "bank_profile": lambda text: _one_of(text, pain001.PROFILES),
}
_ELSEWHERE = frozenset({"hours", "public_url", "supervised", "f_tax", "own_account", "payout_format", "bank_profile"})


def read_agency(path: Path, public_url: str) -> Agency:
    """The agency that a file describes. Raises BadSettings that names what is missing or wrong.

    Without a ``licence`` it collects its own claims, which needs none (inkassolagen 2 §), and says so. ``f_tax`` is
    true unless the file says false. A bank that wants everybody's town wants ours too: ``address`` must end in it.
    """
    given = _object(path)
    names = {field.name for field in fields(Agency)} - _ELSEWHERE
    described: dict[str, Any] = {name: str(given.get(name) or "").strip() for name in names}
    if missing := sorted(name for name in names - OPTIONAL if not described[name]):
        raise BadSettings("agency_lacks", fields=", ".join(missing))
    if wrong := [name for name, read in NUMBERS.items() if not _is_right(described[name], read)]:
        raise BadSettings("agency_wrong", fields=", ".join(wrong))
    described |= {name: read(described[name]) for name, read in NUMBERS.items()}
    supervised = bool(described["licence"])
    described["licence"] = described["licence"] or words.text(words.ORIGINAL, "agency.own_claims")
    described |= _payouts(given)
    if (
        pain001.PROFILES[described.get("bank_profile", "common")].towns
        and postal.in_parts(described["address"]) is None
    ):
        raise BadSettings("agency_wrong", fields="address")
    return Agency(**described, public_url=public_url, supervised=supervised, f_tax=given.get("f_tax") is not False)


def _payouts(given: Mapping[str, Any]) -> dict[str, str]:
    """Where our own share goes, and how our bank takes payments; what the file does not name has its default."""
    named = {name: str(given[name]).strip() for name in PAYOUTS if given.get(name)}
    if wrong := [name for name, text in named.items() if not _is_right(text, PAYOUTS[name])]:
        raise BadSettings("agency_wrong", fields=", ".join(wrong))
    return {name: PAYOUTS[name](text) for name, text in named.items()}


def _one_of(text: str, known: Container[str]) -> str:
    if text not in known:
        raise ids.BadIdentifier("kind")
    return text


def _object(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings("agency_unreadable") from error
    if not isinstance(given, dict):
        raise BadSettings("agency_unreadable")
    return given


def _is_right(text: str, read: Callable[[str], str]) -> bool:
    try:
        read(text)
    except (ids.BadIdentifier, ValidationError):
        return False
    return True
