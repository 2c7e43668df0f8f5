"""Workbooks whose bytes tell nothing of when they were written."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: Where a workbook says when it was made and last saved.
_PROPERTIES: Final = "docProps/core.xml"
_MOMENT: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
#: The first day that a file in such an archive can have.
_FIRST: Final = (1980, 1, 1, 0, 0, 0)
_FIRST_TEXT: Final = rb"\g<1>1980-01-01T00:00:00Z\g<3>"


def timeless(data: bytes) -> bytes:
    """The same workbook, so that the same cells give the same bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for one in before.infolist():
            inside = before.read(one)
            if one.filename == _PROPERTIES:
                inside = _MOMENT.sub(_FIRST_TEXT, inside)
            entry = ZipInfo(one.filename, _FIRST)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            # What `ZipInfo` takes from the system that it runs on.
            entry.create_system = 3
            after.writestr(entry, inside)
    return out.getvalue()
