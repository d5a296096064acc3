"""Vouchers as a SIE file of type 4I, which any Swedish bookkeeping program reads (SIE format 4B).

The file is in code page 437. What that has no sign for is written otherwise, so that a legal paragraph or an amount
in euro never breaks an export. ``#KSUMMA`` is the CRC-32 over labels and fields between its two records (4B, 10.15).
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.bookkeeping import Voucher
from core.money import Ore

ENCODING: Final = "cp437"
SUFFIX: Final = ".si"
PROGRAM: Final = "Schysst"
#: Of what we write, not of the program: a newer program writes the same file of the same days.
VERSION: Final = "1"
_INSTEAD: Final = {
    "§": "par.",
    "€": "EUR",
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "…": "...",
    "’": "'",
    "‘": "'",
    "”": '"',
    "“": '"',
    "„": '"',
    "×": "x",
    "\u00a0": " ",
    "\u202f": " ",
}
_TEXT_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Company:
    """Whose books these are: name, organisation number as ten digits, and the day that the file is made of."""

    name: str
    number: str
    made_on: date


def write(company: Company, accounts: Mapping[str, str], vouchers: Sequence[Voucher], series: str) -> bytes:
    """The file. ``accounts`` are the numbers and names that the vouchers use."""
    records = [*_head(company), *([("#KONTO"), number, _quoted(name)] for number, name in accounts.items())]
    lines, crc = ["#FLAGGA 0", "#KSUMMA"], 0
    for record in records:
        lines.append(" ".join(record))
        crc = _sum(crc, record)
    for voucher in vouchers:
        for line, record in _voucher(voucher, series):
            lines.append(line)
            crc = _sum(crc, record)
    lines.append(f"#KSUMMA {crc}")
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING)


def plain(text: str) -> str:
    """The text in signs that code page 437 has, on one line."""
    shown = "".join(_INSTEAD.get(sign, sign) for sign in text)
    return re.sub(r"\s+", " ", "".join(_sign(sign) for sign in shown)).strip()[:_TEXT_MAX]


def _sign(sign: str) -> str:
    if unicodedata.category(sign).startswith("C"):
        return " "
    try:
        sign.encode(ENCODING)
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"
    return sign


def _head(company: Company) -> list[list[str]]:
    number = company.number
    return [
        ["#PROGRAM", _quoted(PROGRAM), VERSION],
        ["#FORMAT", "PC8"],
        ["#GEN", _day(company.made_on)],
        ["#SIETYP", "4"],
        ["#ORGNR", f"{number[:6]}-{number[6:]}" if re.fullmatch(r"\d{10}", number) else number],
        ["#FNAMN", _quoted(company.name)],
    ]


def _voucher(voucher: Voucher, series: str) -> Iterator[tuple[str, list[str]]]:
    """Each line, and the fields of it that count in the sum."""
    record = ["#VER", _quoted(series), str(voucher.number), _day(voucher.on), _quoted(voucher.text)]
    yield " ".join(record), record
    yield "{", []
    for account, ore in voucher.rows:
        yield f"#TRANS {account} {{}} {_amount(ore)}", ["#TRANS", account, _amount(ore)]
    yield "}", []


def _quoted(text: str) -> str:
    escaped = plain(text).replace("\\", "/").replace('"', '\\"')
    return f'"{escaped}"'


def _sum(crc: int, record: Sequence[str]) -> int:
    """Goes on with the sum. A quote within a text counts, those around it do not."""
    fields = (field[1:-1].replace('\\"', '"') if field.startswith('"') else field for field in record)
    return zlib.crc32("".join(fields).encode(ENCODING), crc)


def _amount(ore: Ore) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"
