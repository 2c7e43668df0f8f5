"""Workbooks made for tests, byte by byte, so that odd and hostile ones can be made too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Part = str | bytes | Iterable[str | bytes]


def packed(parts: dict[str, Part], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            with archive.open(name, "w", force_zip64=False) as member:
                for piece in [part] if isinstance(part, (str, bytes)) else part:
                    member.write(piece.encode() if isinstance(piece, str) else piece)
    return out.getvalue()


def sheet_xml(rows: str, *, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx(
    sheets: dict[str, Part],
    *,
    strings: Part | None = None,
    styles: str | None = None,
    hidden: Sequence[str] = (),
    properties: str = "",
    extra: dict[str, Part] | None = None,
) -> bytes:
    """A workbook of the XML of its sheets."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{index}" r:id="rId{index}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for index, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{index}" Type="{REL}/worksheet" Target="worksheets/sheet{index}.xml"/>'
        for index in range(1, len(sheets) + 1)
    )
    relations += f'<Relationship Id="rIdS" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
    relations += f'<Relationship Id="rIdT" Type="{REL}/styles" Target="styles.xml"/>'
    parts: dict[str, Part] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{properties}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    for index, part in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{index}.xml"] = part
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
    if styles is not None:
        parts["xl/styles.xml"] = styles
    return packed({**parts, **(extra or {})})


def rows_xml(rows: Iterable[Sequence[str | int | float | None]], first: int = 1) -> str:
    """Rows of texts and numbers; None is a cell that is not there."""
    return "".join(row_xml(number, row) for number, row in enumerate(rows, start=first))


def row_xml(number: int, row: Sequence[str | int | float | None], attributes: str = "") -> str:
    cells = "".join(
        cell_xml(f"{chr(64 + column)}{number}", value) for column, value in enumerate(row, start=1) if value is not None
    )
    return f'<row r="{number}"{attributes}>{cells}</row>'


def cell_xml(place: str, value: str | int | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def table(rows: Iterable[Sequence[str | int | float | None]], name: str = "规则", after: str = "") -> bytes:
    """A workbook of one sheet."""
    return xlsx({name: sheet_xml(rows_xml(rows), after=after)})


def ods(content: str, styles: str = "", extra: dict[str, Part] | None = None) -> bytes:
    spaces = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text", "style")
    )
    body = (
        f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": body, **(extra or {})})


def claiming(data: bytes, member: str, size: int) -> bytes:
    """The archive with another size of one member in its list, as if it unpacked to that."""
    name = member.encode()
    at = data.rindex(name, 0, data.rindex(b"PK\x05\x06"))
    # The name stands 46 bytes after the beginning of the entry, the size 24.
    entry = at - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    return data[: entry + 24] + size.to_bytes(4, "little") + data[entry + 28 :]
