"""From the bytes of a file to a workbook, whatever kind of file it is."""

from __future__ import annotations

from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic
from communityrules.tables.sheets.kinds import kind_of, misnamed
from communityrules.tables.sheets.limits import MAX_BYTES, Meter
from communityrules.tables.sheets.model import Workbook


#: A file is looked at twice, as an export of ours and as a stranger's table, and nobody changes what was read.
@lru_cache(maxsize=1)
def read_workbook(data: bytes, name: str) -> tuple[Workbook, tuple[Diagnostic, ...]]:
    """The workbook in a file, with warnings about the file. `name` is for messages and hints at the kind of a text.

    `Refused` carries the coded reason why it cannot be read. Nothing outside the bytes is ever looked at.
    """
    meter = Meter(name)
    if len(data) > MAX_BYTES:
        raise meter.too_large(MAX_BYTES, unpacked=False)
    kind = kind_of(data, name, meter)
    warnings = misnamed(kind, name)
    # Each reader is loaded when a file asks for it.
    if kind == "xlsx":
        from communityrules.tables.sheets.xlsx import read_xlsx

        return read_xlsx(data, name, meter), warnings
    if kind == "ods":
        from communityrules.tables.sheets.ods import read_ods

        return read_ods(data, name, meter), warnings
    if kind == "xls":
        from communityrules.tables.sheets.xls import read_xls

        return read_xls(data, name, meter), warnings
    from communityrules.tables.sheets.plain import read_plain

    return read_plain(data, name, meter, warnings), warnings
