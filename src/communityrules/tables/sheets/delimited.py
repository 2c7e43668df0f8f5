"""Reading `.csv` and `.tsv`, whatever separates their columns."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from communityrules.tables.sheets.limits import LAST_COLUMN, Meter
from communityrules.tables.sheets.model import Cell, Row

_DELIMITERS: Final = (",", "\t", ";", "|", "\uff0c")
#: Lines that say what separates the columns.
_SAMPLE: Final = 40
_DECLARED: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def delimiter_of(text: str, file: str, *, tabs: bool = False) -> str:
    """What separates the columns: what divides most lines in the same number of parts.

    `tabs`: the name of the file says that tabs do.
    """
    if (declared := _DECLARED.match(text)) is not None:
        return declared.group(1)
    best, found = 0.0, "\t" if tabs else ","
    for one in ("\t", *_DELIMITERS) if tabs else _DELIMITERS:
        records = _sample(text, one, file)
        counts = Counter(len(record) for record in records if any(field.strip() for field in record))
        several = {width: number for width, number in counts.items() if width > 1}
        if not several:
            continue
        width, number = max(several.items(), key=lambda item: (item[1], item[0]))
        score = number / sum(counts.values()) * (1 + min(width, 10) / 10)
        if score > best + 1e-9:
            best, found = score, one
    return found


def is_table(text: str, file: str) -> bool:
    """Whether a text of an unknown kind has columns at all."""
    records = [one for one in _sample(text, delimiter_of(text, file), file) if any(field.strip() for field in one)]
    return len(records) >= 2 and sum(len(one) > 1 for one in records) * 2 > len(records)


def _sample(text: str, delimiter: str, file: str) -> list[list[str]]:
    found: list[list[str]] = []
    for record in _records(text[:200_000], delimiter, Meter(file)):
        found.append(record)
        if len(found) >= _SAMPLE:
            break
    return found


def read_rows(text: str, delimiter: str, meter: Meter) -> list[Row]:
    """The rows that hold something, numbered as a spreadsheet numbers them: a record is a row."""
    rows: list[Row] = []
    if (declared := _DECLARED.match(text)) is not None:
        text = text[declared.end() :]
    for number, record in enumerate(_records(text, delimiter, meter), start=1):
        meter.row()
        cells: dict[int, Cell] = {}
        for column, field in enumerate(record, start=1):
            if field:
                meter.cell(field)
                cells[column] = Cell(number, column, field, field)
        if cells:
            rows.append(Row(number, cells))
    return rows


class _Records:
    """Cuts a text into records. A quote that is never closed is an ordinary sign, and so are all after it."""

    def __init__(self, text: str, delimiter: str, meter: Meter) -> None:
        self._text, self._meter = text, meter
        sign = re.escape(delimiter)
        self._quoted = re.compile(rf'[ \t]*"((?:[^"]|"")*+)"[ \t]*(?={sign}|\n|\Z)' if delimiter != "\t" else
                                  rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?={sign}|\n|\Z)')  # fmt: skip
        self._plain = re.compile(rf"[^\n{sign}]*")
        self._delimiter = delimiter
        # What was looked through in vain; a file made of such signs must not be read again and again.
        self._wasted = 0

    def __iter__(self) -> _Records:
        self._at = 0
        return self

    def __next__(self) -> list[str]:
        text, end = self._text, len(self._text)
        if self._at >= end:
            raise StopIteration
        fields: list[str] = []
        while True:
            fields.append(self._field())
            if len(fields) > LAST_COLUMN:
                raise self._meter.over("column")
            if self._at >= end:
                return fields
            sign = text[self._at]
            self._at += 1
            if sign == "\n":
                return fields

    def _field(self) -> str:
        text, start = self._text, self._at
        if self._wasted <= len(text):
            first = start
            while first < len(text) and text[first] == " ":
                first += 1
            if text.startswith('"', first):
                found = self._quoted.match(text, start)
                if found is not None:
                    self._at = found.end()
                    return found.group(1).replace('""', '"')
                close = text.find('"', first + 1)
                self._wasted += (close if close >= 0 else len(text)) - first
                if close < 0:
                    self._wasted = len(text) + 1
        found = self._plain.match(text, start)
        self._at = found.end() if found is not None else start
        return text[start : self._at]


def _records(text: str, delimiter: str, meter: Meter) -> _Records:
    return _Records(text, delimiter, meter)
