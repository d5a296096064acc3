"""Claims files: CSV as creditors' programs write it. Bad rows are named by line, column and reason; good rows stay.

UTF-8 or Latin-1 (as Windows writes it), comma, semicolon or tab, quoted cells over several lines. The columns are in
``claim_columns.py``, what a row must satisfy in ``claim_row.py``.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from core.files.claim_columns import COLUMNS, REQUIRED, column_named
from core.files.claim_row import ClaimRow, RowError, read_row

BYTES_MAX = 20_000_000
ROWS_MAX = 100_000
#: Names of columns that nobody knows may stand beside ours, but not so many.
HEADER_LENGTH_MAX = 20_000
#: A quoted cell may hold line breaks; a row over more lines than this is a quote that was never closed.
LINES_PER_ROW_MAX = 8

_BOM = b"\xef\xbb\xbf"
_BEGINNING = 1_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """What a file holds: the good rows, the errors in order of line, and columns that we do not know and left out."""

    rows: tuple[ClaimRow, ...]
    errors: tuple[RowError, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """The number of rows that were refused, each of them whole."""
        return len({error.line for error in self.errors})


@dataclass(frozen=True, slots=True)
class _Record:
    """A row of cells and the physical line on which it begins; ``code`` says why it could not be read."""

    line: int
    cells: tuple[str, ...] = ()
    code: str | None = None


def read_claims(data: bytes, today: date) -> ClaimFile:
    """Read a claims file. Never raises: what is wrong is an error with line, column and code."""
    if len(data) > BYTES_MAX:
        return _refused("file_too_large", limit=str(BYTES_MAX // 1_000_000))
    if b"\0" in data[:_BEGINNING]:
        # Text has no such byte; "Unicode text" of a spreadsheet is UTF-16, in which every second one is.
        return _refused("utf16" if data.startswith(_UTF16) else "no_text")
    lines = _lines(data)
    start = next((at for at, line in enumerate(lines) if line is None or not _is_preamble(line)), None)
    if start is None:
        return _refused("empty_file")
    header, height, delimiter = _header(lines, start)
    columns = tuple(column_named(cell) for cell in header.cells)
    problems = _header_problems(header, columns)
    if problems:
        return ClaimFile((), problems)
    rows, errors = _read_rows(_records(lines, start + height, delimiter), header.cells, columns, today)
    ignored = tuple(cell for cell, name in zip(header.cells, columns, strict=True) if name is None and cell)
    return ClaimFile(rows, errors, ignored)


def _read_rows(
    records: Iterator[_Record], header: Sequence[str], columns: Sequence[str | None], today: date
) -> tuple[tuple[ClaimRow, ...], tuple[RowError, ...]]:
    rows: list[ClaimRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, str], int] = {}
    headers = {name: cell for name, cell in zip(columns, header, strict=True) if name}
    for number, record in enumerate(records):
        if number >= ROWS_MAX:
            errors.append(RowError(record.line, None, "too_many_rows", {"limit": str(ROWS_MAX)}))
            break
        answer = _read_record(record, columns, headers, today)
        if isinstance(answer, ClaimRow):
            first = seen.setdefault(answer.key, answer.line)
            if first == answer.line:
                rows.append(answer)
                continue
            answer = (RowError(answer.line, headers["invoice_no"], "duplicate_row", {"first_line": str(first)}),)
        errors.extend(answer)
    return tuple(rows), tuple(errors)


def _read_record(
    record: _Record, columns: Sequence[str | None], headers: dict[str, str], today: date
) -> ClaimRow | tuple[RowError, ...]:
    if record.code:
        return (RowError(record.line, None, record.code),)
    values = {"cells": str(len(record.cells)), "columns": str(len(columns))}
    if any(cell.strip() for cell in record.cells[len(columns) :]):
        return (RowError(record.line, None, "too_many_cells", values),)
    if len(record.cells) <= max(columns.index(name) for name in REQUIRED):
        return (RowError(record.line, None, "too_few_cells", values),)
    cells = {name: cell.strip() for name, cell in zip(columns, record.cells, strict=False) if name}
    return read_row(record.line, cells, headers, today)


def _lines(data: bytes) -> list[str | None]:
    """The physical lines as text; None for one that cannot be read.

    A file is UTF-8 or Latin-1, but exports glued together are both, so each line is read by itself. The mark at the
    beginning promises UTF-8: there, a line that is not is an error rather than a guess.
    """
    promised = data.startswith(_BOM)
    raw = re.split(rb"\r\n|\n|\r", data.removeprefix(_BOM))
    if raw and not raw[-1]:
        raw.pop()
    return [_text(line, promised) for line in raw]


def _text(line: bytes, utf8_only: bool) -> str | None:
    encodings = ("utf-8",) if utf8_only else ("utf-8", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_preamble(line: str) -> bool:
    """Blank, or the line by which spreadsheets tell each other the delimiter."""
    return not line.strip() or re.fullmatch(r"(?i)\"?sep=.\"?", line.strip()) is not None


def _header(lines: Sequence[str | None], start: int) -> tuple[_Record, int, str]:
    """The header row, its height, and the delimiter by which most of its cells are columns of ours."""

    def known(delimiter: str) -> int:
        return sum(column_named(cell) is not None for cell in _record(lines, start, delimiter)[0].cells)

    if len(lines[start] or "") > HEADER_LENGTH_MAX:
        return _Record(start + 1, code="no_header"), 1, _DELIMITERS[0]
    delimiter = max(_DELIMITERS, key=known)
    record, height = _record(lines, start, delimiter)
    return _Record(record.line, tuple(cell.strip() for cell in record.cells), record.code), height, delimiter


def _header_problems(header: _Record, columns: Sequence[str | None]) -> tuple[RowError, ...]:
    if header.code:
        return (RowError(header.line, None, header.code),)
    if not any(columns):
        return (RowError(header.line, None, "no_header"),)
    missing = [RowError(header.line, name, "missing_column") for name in REQUIRED if name not in columns]
    twice = [column.name for column in COLUMNS if columns.count(column.name) > 1]
    return (*missing, *(RowError(header.line, name, "duplicate_column") for name in twice))


def _records(lines: Sequence[str | None], at: int, delimiter: str) -> Iterator[_Record]:
    """The rows from a line on, without blank ones."""
    while at < len(lines):
        record, height = _record(lines, at, delimiter)
        if record.code or any(cell.strip() for cell in record.cells):
            yield record
        at += height


def _record(lines: Sequence[str | None], at: int, delimiter: str) -> tuple[_Record, int]:
    """The row that begins at a line, and over how many lines it goes. A row that cannot be read costs one line."""
    if lines[at] is None:
        return _Record(at + 1, code="encoding"), 1
    readable = takewhile(lambda line: line is not None, lines[at : at + LINES_PER_ROW_MAX])
    reader = csv.reader((f"{line}\n" for line in readable), delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return _Record(at + 1, code="bad_quotes"), 1
    return _Record(at + 1, tuple(cells)), reader.line_num


def _refused(code: str, **values: str) -> ClaimFile:
    return ClaimFile((), (RowError(1, None, code, values),))
