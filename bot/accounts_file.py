"""The chart of accounts of an installation, as ``accounts.json`` of the home describes it, its numbers checked.

What it leaves out is as BAS has it (`core.bookkeeping.Accounts`). ``series`` names the vouchers, ``year_starts`` is the
first month of the financial year, ``every`` how often a file is written: ``day``, ``month`` or ``never``.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from bot.config import BadSettings
from core.bookkeeping import NUMBERED, Accounts, Every

FILE = "accounts.json"


def read_accounts(home: Path) -> Accounts:
    """The accounts of a home; as BAS has them where there is no file. Raises BadSettings."""
    path = home / FILE
    if not path.exists():
        return Accounts()
    try:
        given = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings("accounts_unreadable") from error
    if not isinstance(given, dict):
        raise BadSettings("accounts_unreadable")
    if wrong := [name for name, value in given.items() if not _is_right(name, value)]:
        raise BadSettings("accounts_wrong", fields=", ".join(sorted(wrong)))
    described: Mapping[str, Any] = {name: str(value) if name in NUMBERED else value for name, value in given.items()}
    return Accounts(**described)


def _is_right(name: str, value: object) -> bool:
    if name in NUMBERED:
        return re.fullmatch(r"[1-8]\d{3}", str(value), re.ASCII) is not None
    match name:
        case "series":
            return re.fullmatch(r"[A-Z]{1,2}", str(value), re.ASCII) is not None
        case "year_starts":
            return isinstance(value, int) and 1 <= value <= 12
        case "every":
            return value in get_args(Every)
        case _:
            return False
