"""What a file is, decided by what it holds and not by its name."""

from __future__ import annotations

import re
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import ENCRYPTED, MISNAMED, NOT_A_TABLE
from communityrules.tables.sheets.limits import Meter
from communityrules.tables.sheets.packed import Package

#: `text` is `.csv`, `.tsv` or Markdown: its own words decide further on.
Kind = Literal["xlsx", "xls", "ods", "text"]

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"

#: Other kinds of files by their first bytes.
_OTHERS: Final[tuple[tuple[bytes, Bilingual], ...]] = (
    (b"%PDF", Bilingual("a PDF document", "PDF 文档")),
    (b"{\\rtf", Bilingual("a rich text document", "RTF 文档")),
    (b"\x89PNG", Bilingual("a picture", "图片")),
    (b"\xff\xd8\xff", Bilingual("a picture", "图片")),
    (b"GIF8", Bilingual("a picture", "图片")),
    (b"BM6", Bilingual("a picture", "图片")),
    (b"7z\xbc\xaf\x27\x1c", Bilingual("a packed archive", "压缩包")),
    (b"Rar!", Bilingual("a packed archive", "压缩包")),
    (b"\xfd7zXZ", Bilingual("a packed archive", "压缩包")),
    (b"\x1f\x8b", Bilingual("a packed file", "压缩文件")),
    (b"BZh", Bilingual("a packed file", "压缩文件")),
    (b"SQLite format 3", Bilingual("a database", "数据库")),
    (b"MZ", Bilingual("a program", "程序")),
    (b"\x7fELF", Bilingual("a program", "程序")),
)
#: Archives that are workbooks of other kinds, or no workbooks.
XLSX_OTHER: Final[dict[str, Bilingual]] = {
    "xlsb": Bilingual("a binary workbook (`.xlsb`)", "二进制工作簿(`.xlsb`)"),
    "word": Bilingual("a Word document", "Word 文档"),
    "slides": Bilingual("a presentation", "演示文稿"),
    "numbers": Bilingual("an Apple document", "Apple 文档"),
    "odf": Bilingual("an OpenDocument file that is no spreadsheet", "不是电子表格的 OpenDocument 文件"),
    "zip": Bilingual("a packed archive", "压缩包"),
}
_OLE_OTHER: Final = Bilingual("an old Office document that is no workbook", "不是工作簿的旧版 Office 文档")
_WEB_PAGE: Final = Bilingual("a web page", "网页")
_XML_TABLE: Final = Bilingual("a workbook in the XML form of 2003", "2003 年的 XML 格式工作簿")
_FLAT: Final = Bilingual("a flat OpenDocument file", "单文件 OpenDocument")
_XML: Final = Bilingual("an XML file", "XML 文件")
_JSON: Final = Bilingual("JSON", "JSON")
_EMPTY: Final = Bilingual("empty", "空文件")

_NAMES: Final[dict[str, tuple[Kind, ...]]] = {
    ".xlsx": ("xlsx",), ".xlsm": ("xlsx",), ".xltx": ("xlsx",), ".xls": ("xls",), ".et": ("xls", "xlsx"),
    ".ods": ("ods",), ".ots": ("ods",), ".csv": ("text",), ".tsv": ("text",), ".tab": ("text",), ".txt": ("text",),
    ".md": ("text",), ".markdown": ("text",),
}  # fmt: skip
_SAID: Final[dict[Kind, Bilingual]] = {
    "xlsx": Bilingual("an `.xlsx` workbook", "`.xlsx` 工作簿"),
    "xls": Bilingual("an `.xls` workbook", "`.xls` 工作簿"),
    "ods": Bilingual("an `.ods` workbook", "`.ods` 工作簿"),
    "text": Bilingual("a table in plain text", "纯文本表格"),
}


def kind_of(data: bytes, name: str, meter: Meter) -> Kind:
    """What a file is. `Refused` when it is no table or locked."""
    if data.startswith(_ZIP):
        return _of_zip(Package(data, meter), name)
    if data.startswith(_OLE):
        return _of_ole(data, name)
    if not data.strip():
        raise refused(NOT_A_TABLE, file=name, kind=_EMPTY)
    for beginning, said in _OTHERS:
        if data.startswith(beginning):
            raise refused(NOT_A_TABLE, file=name, kind=said)
    if (other := _markup(data)) is not None:
        raise refused(NOT_A_TABLE, file=name, kind=other)
    return "text"


def misnamed(kind: Kind, name: str) -> tuple[Diagnostic, ...]:
    """A warning when the name of the file says something else."""
    expected = _NAMES.get(extension(name))
    if expected is None or kind in expected:
        return ()
    return (Diagnostic(MISNAMED, None, {"file": name, "kind": _SAID[kind]}),)


def extension(name: str) -> str:
    """`.csv` of `Rules.CSV`; empty when there is none."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > max(name.rfind("/"), name.rfind("\\")) else ""


def _of_zip(package: Package, name: str) -> Kind:
    names = package.names()
    if "xl/workbook.bin" in package:
        other = "xlsb"
    elif any(one.startswith("xl/") and one.endswith(".xml") for one in names):
        return "xlsx"
    elif "content.xml" in package and "mimetype" in package:
        said = package.beginning("mimetype", 200).decode("latin-1").strip()
        if said.startswith(_ODS):
            return "ods"
        other = "odf"
    elif any(one.startswith("word/") for one in names):
        other = "word"
    elif any(one.startswith("ppt/") for one in names):
        other = "slides"
    elif any(one.startswith("index/") or one.endswith(".iwa") for one in names):
        other = "numbers"
    else:
        if not names:
            raise package.meter.broken("it is an archive of nothing", "压缩包为空")
        other = "zip"
    raise refused(NOT_A_TABLE, file=name, kind=XLSX_OTHER[other])


def _of_ole(data: bytes, name: str) -> Kind:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise refused(ENCRYPTED, file=name)
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise refused(NOT_A_TABLE, file=name, kind=_OLE_OTHER)


_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|div|style|script)\b", re.IGNORECASE)


def _markup(data: bytes) -> Bilingual | None:
    """Pages and other markup, by how they begin; None for anything else."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    text = text.lstrip()
    if text[:13].lower() == "mime-version:":
        return _WEB_PAGE
    if text.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text and "<html" not in text.lower():
            return _XML_TABLE
        if _HTML.match(text) or (text.startswith("<!--") and _HTML.search(text)):
            return _WEB_PAGE
        if text.startswith("<?xml"):
            if _HTML.search(text):
                return _WEB_PAGE
            return _FLAT if "office:document" in text else _XML
    if (text.startswith("{") and re.match(r'\{\s*"', text)) or re.match(r'\[\s*[\[{]\s*["\]}]', text):
        return _JSON
    return None
