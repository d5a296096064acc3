"""A strict reader of SIE 4I, written from the format's description and apart from the program's writer.

It knows nothing of what the writer does: bytes in, values out, and an assertion that names the line for anything that
the format forbids. The sum is computed by the table of the specification's own example (4B, section 10.15).
"""

import re
from dataclasses import dataclass, field
from datetime import date

ORDER = ("#FLAGGA", "#KSUMMA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#ORGNR", "#FNAMN", "#KONTO", "#VER")
_FIELD = re.compile(r'\s*(?:"((?:[^"\\]|\\")*)"|(\{[^{}]*\})|([^\s"{}]+))')


@dataclass
class ReadVoucher:
    series: str
    number: int
    on: date
    text: str
    rows: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Read:
    company: str = ""
    number: str = ""
    made_on: date = date.min
    accounts: dict[str, str] = field(default_factory=dict)
    vouchers: list[ReadVoucher] = field(default_factory=list)


def parse(body: bytes) -> Read:
    """What the file says. AssertionError with the line that is wrong."""
    assert not set(body) & (set(range(32)) - {10, 13, 9}), "control characters"
    lines = body.decode("cp437").split("\r\n")
    assert lines.pop() == "", "the last line has no end"
    read, seen, crc, inside = Read(), 0, 0xFFFFFFFF, False
    for number, line in enumerate(lines, start=1):
        where = f"line {number}: {line}"
        if line in ("{", "}"):
            assert inside == (line == "}"), where
            inside = line == "{"
            if not inside:
                assert sum(ore for _, ore in read.vouchers[-1].rows) == 0, where
            continue
        label, *fields = _fields(line, where)
        if label == "#TRANS":
            assert inside, where
            account, objects, amount = fields
            assert objects == "{}", where
            assert re.fullmatch(r"\d{4}", account), where
            assert account in read.accounts, where
            read.vouchers[-1].rows.append((account, _ore(amount, where)))
        else:
            last = label == "#KSUMMA" and seen > ORDER.index("#KSUMMA")
            assert not inside, where
            assert last or ORDER.index(label) >= seen, where
            seen = max(seen, ORDER.index(label))
            _take(read, label, fields)
            if last:
                assert number == len(lines), where
                assert int(fields[0]) == crc ^ 0xFFFFFFFF, where
                return read
        if number > 2:
            crc = _crc(crc, "".join([label, *(one for one in fields if one != "{}")]).encode("cp437"))
    raise AssertionError("no sum at the end")


def _take(read: Read, label: str, fields: list[str]) -> None:
    match label:
        case "#FLAGGA":
            assert fields == ["0"]
        case "#FORMAT":
            assert fields == ["PC8"]
        case "#SIETYP":
            assert fields == ["4"]
        case "#GEN":
            read.made_on = _day(fields[0])
        case "#ORGNR":
            assert re.fullmatch(r"\d{6}-\d{4}", fields[0])
            read.number = fields[0]
        case "#FNAMN":
            [read.company] = fields
        case "#KONTO":
            assert fields[0] not in read.accounts
            read.accounts[fields[0]] = fields[1]
        case "#VER":
            series, number, day, text = fields
            if read.vouchers:
                assert int(number) == read.vouchers[-1].number + 1
                assert _day(day) >= read.vouchers[-1].on
            read.vouchers.append(ReadVoucher(series, int(number), _day(day), text))


def _fields(line: str, where: str) -> list[str]:
    found, at = [], 0
    while at < len(line):
        match = _FIELD.match(line, at)
        assert match, where
        quoted, objects, bare = match.groups()
        found.append(quoted.replace('\\"', '"') if quoted is not None else objects or bare)
        at = match.end()
    return found


def _ore(amount: str, where: str) -> int:
    found = re.fullmatch(r"(-?)(\d+)(?:\.(\d{1,2}))?", amount)
    assert found, where
    return int(f"{found[1]}{found[2]}{(found[3] or '').ljust(2, '0')}")


def _day(text: str) -> date:
    assert re.fullmatch(r"\d{8}", text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _crc(crc: int, octets: bytes) -> int:
    for octet in octets:
        entry = (crc ^ octet) & 0xFF
        for _ in range(8):
            entry = (entry >> 1) ^ 0xEDB88320 if entry & 1 else entry >> 1
        crc = (crc >> 8) ^ entry
    return crc
