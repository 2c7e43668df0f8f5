"""Files that mean harm or are damaged: each is refused with its code, soon and in little memory."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from made_workbooks import claiming, ods, packed, rows_xml, sheet_xml, table, xlsx

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.opening import read_workbook
from communityrules.tables.sheets.reading import read_tables

MB = b" " * 1_000_000
TEXT = '<row><c t="inlineStr"><is><t>%s</t></is></c></row>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def sheet(*parts: str | bytes) -> bytes:
    return xlsx({"S": ["<worksheet><sheetData>", *parts, "</sheetData></worksheet>"]})


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a gigabyte of spaces": ("CR780", lambda: claiming(sheet(MB), "xl/worksheets/sheet1.xml", 10**9)),
    "a gigabyte beside the sheets": (
        "CR780",
        lambda: claiming(xlsx({"S": sheet_xml("")}, extra={"xl/media/a.bin": MB}), "xl/media/a.bin", 10**9),
    ),
    "a hundred megabytes of spaces": ("CR780", lambda: sheet(*[MB] * 100)),
    "four million rows": ("CR780", lambda: sheet(*["<row><c><v>1</v></c></row>" * 10_000] * 400)),
    "five million shared texts": (
        "CR780",
        lambda: xlsx({"S": sheet_xml("")}, strings=["<sst>", *["<si><t>a</t></si>" * 10_000] * 500, "</sst>"]),
    ),
    "many shared texts, few claimed": (
        "CR780",
        lambda: xlsx(
            {"S": sheet_xml("")}, strings=['<sst uniqueCount="1">', *["<si><t>a</t></si>" * 10_000] * 30, "</sst>"]
        ),
    ),
    "entities that unfold": ("CR784", lambda: xlsx({"S": LAUGHS + sheet_xml(TEXT % "&i;")})),
    "entities from outside": (
        "CR784",
        lambda: xlsx({"S": OUTSIDE + sheet_xml(TEXT % "&a;")}),
    ),
    "a document type from outside": (
        "CR784",
        lambda: xlsx({"S": '<!DOCTYPE x SYSTEM "http://x.example/a">' + sheet_xml("")}),
    ),
    "deep nesting": ("CR780", lambda: sheet(*["<r>" * 10_000] * 100)),
    "names without end": ("CR780", lambda: sheet(*("".join(f"<a{i}_{j}/>" for j in range(1000)) for i in range(50)))),
    "one tag without end": ("CR780", lambda: xlsx({"S": ['<worksheet a="', *[b"x" * 1_000_000] * 20]})),
    "one text without end": ("CR780", lambda: sheet('<row><c t="inlineStr"><is><t>', *[b"x" * 1_000_000] * 20)),
    "cells without number": (
        "CR780",
        lambda: sheet(*["<row>" + '<c t="inlineStr"><is><t>a</t></is></c>' * 1000 + "</row>"] * 300),
    ),
    "styled cells without number": ("CR780", lambda: sheet(*["<row>" + '<c s="1"/>' * 1000 + "</row>"] * 1500)),
    "merged cells over everything": (
        "CR780",
        lambda: xlsx(
            {
                "S": sheet_xml(
                    "<row><c><v>1</v></c></row>" * 40_000,
                    after="<mergeCells>"
                    + "".join(f'<mergeCell ref="A{i}:XFD1048576"/>' for i in range(1, 10_000))
                    + "</mergeCells>",
                )
            }
        ),
    ),
    "one sheet under many names": (
        "CR780",
        lambda: packed(
            {
                "xl/workbook.xml": '<workbook xmlns:r="r"><sheets>'
                + '<sheet name="S" r:id="a"/>' * 499
                + "</sheets></workbook>",
                "xl/_rels/workbook.xml.rels": '<R><Relationship Id="a" Type="/worksheet" Target="a.xml"/></R>',
                "xl/a.xml": sheet_xml("<row><c><v>1</v></c></row>" * 5_000),
            }
        ),
    ),
    "members without number": ("CR780", lambda: packed({f"xl/{i}.xml": b"" for i in range(5_000)})),
    "a cell far away": ("CR780", lambda: xlsx({"S": sheet_xml('<row r="9999999"><c><v>1</v></c></row>')})),
    "a sheet of one cell repeated": (
        "CR780",
        lambda: ods(
            '<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
            "</table:table-row></table:table>"
        ),
    ),
    "rows of text without number": ("CR780", lambda: b"1,2\n" * 3_000_000),
    "columns of text without number": ("CR780", lambda: b"," * 10_000_000),
    "quotes that never close": ("CR780", lambda: b'"a,' * 1_000_000),
    "a cell of text without end": ("CR780", lambda: b"1," + b"x" * 10_000_000),
    "more than may lie there": ("CR780", lambda: b"1,2\n" * 5_000_000),
}
OTHERS: dict[str, tuple[str, str, bytes]] = {
    "a locked workbook": ("CR781", "a.xlsx", OLD + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "a Word document": (
        "CR783",
        "a.xlsx",
        packed({"word/document.xml": "<document/>", "[Content_Types].xml": "<Types/>"}),
    ),
    "slides": ("CR783", "a.xlsx", packed({"ppt/presentation.xml": "<p/>"})),
    "an archive": ("CR783", "a.xlsx", packed({"readme.txt": "hello"})),
    "a binary workbook": ("CR783", "a.xlsx", packed({"xl/workbook.bin": b"\x00"})),
    "an OpenDocument text": (
        "CR783",
        "a.ods",
        packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
    ),
    "an empty archive": ("CR782", "a.xlsx", packed({})),
    "a web page": ("CR783", "a.xls", b"\xef\xbb\xbf\n<html xmlns:x='urn:x'><table><tr><td>1</td></tr></table></html>"),
    "a page saved as one file": ("CR783", "a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n"),
    "the XML form of 2003": (
        "CR783",
        "a.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ),
    "a PDF": ("CR783", "a.csv", b"%PDF-1.7\n"),
    "a picture": ("CR783", "a.xlsx", b"\x89PNG\r\n\x1a\n"),
    "JSON": ("CR783", "a.csv", b'{"rules": []}'),
    "nothing": ("CR783", "a.csv", b"  \n"),
    "prose under a workbook's name": ("CR783", "a.xlsx", b"Please be kind to each other.\nThank you.\n"),
    "half a workbook": ("CR782", "a.xlsx", table([["1", "a"]] * 50)[:900]),
    "an old document that is no workbook": (
        "CR783",
        "a.xls",
        OLD + bytes(600) + "WordDocument".encode("utf-16-le"),
    ),
    "a broken old workbook": ("CR782", "a.xls", OLD + bytes(600) + "Workbook".encode("utf-16-le")),
    "no list of sheets": ("CR782", "a.xlsx", packed({"xl/styles.xml": "<a/>"})),
    "more than it claims": ("CR782", "a.xlsx", claiming(sheet(MB), "xl/worksheets/sheet1.xml", 1000)),
    "a sheet that is not there": (
        "CR782",
        "a.xlsx",
        packed({"xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>'}),
    ),
    "markup that does not close": ("CR782", "a.xlsx", xlsx({"S": "<worksheet><sheetData><row>"})),
}
NAMES = {"a sheet of one cell repeated": "a.ods"} | dict.fromkeys(
    [one for one in HOSTILE if "text without" in one or "quotes" in one or "lie there" in one], "a.csv"
)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_asks_for_too_much_is_refused_soon(what: str) -> None:
    code, make = HOSTILE[what]
    data = make()
    before = time.process_time()
    with pytest.raises(Refused) as caught:
        read_workbook(data, NAMES.get(what, "a.xlsx"))
    # Two seconds are promised; a machine that is busy with other things takes longer.
    assert time.process_time() - before < 6
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.text("zh") != found.text("en")


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_damaged_or_no_table_has_its_own_code(what: str) -> None:
    code, name, data = OTHERS[what]
    with pytest.raises(Refused) as caught:
        read_tables(data, name)
    assert [one.code for one in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("kind", [b"\x0c\x00", b"\x0e\x00", b"\x63\x00"])
def test_members_packed_in_unusual_ways_are_not_unpacked(kind: bytes) -> None:
    data = table([["1", "a"]])
    # The method stands eight bytes after the beginning of a member, and ten after that of its entry.
    for beginning, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(beginning)
        while at >= 0:
            data = data[: at + offset] + kind + data[at + offset + 2 :]
            at = data.find(beginning, at + 1)
    with pytest.raises(Refused, match="CR782"):
        read_workbook(data, "a.xlsx")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"No.,Content\n1,Be kind.\n2,No adverts.\n", "a.xls", "csv"),
        (b"No.,Content\n1,Be kind.\n2,No adverts.\n", "a.xlsx", "csv"),
        (table([["No.", "Content"], ["1", "Be kind."]]), "a.xls", "xlsx"),
        (table([["No.", "Content"], ["1", "Be kind."]]), "a.csv", "xlsx"),
    ],
)
def test_a_table_under_another_name_is_read_with_a_warning(data: bytes, name: str, kind: str) -> None:
    tables = read_tables(data, name)
    assert tables.workbook.kind == kind
    assert [one.code for one in tables.diagnostics] == ["CR785"]
    assert tables.tables[0].rows


RUN = """
import sys
sys.path.insert(0, sys.argv[2])
data = open(sys.argv[1], "rb").read()
from communityrules.tables.reading import Refused
from communityrules.tables.sheets.opening import read_workbook
try:
    read_workbook(data, sys.argv[1])
except Refused as error:
    # Not `getrusage`: that of a new process begins with what its parent had.
    (peak,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print(error.diagnostics[0].code, int(peak) // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from `/proc`")
@pytest.mark.parametrize(
    "what",
    ["a hundred megabytes of spaces", "four million rows", "five million shared texts", "entities that unfold",
     "deep nesting",
     "cells without number", "rows of text without number"],
)  # fmt: skip
def test_refusing_takes_little_memory(what: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES.get(what, "a.xlsx")
    path.write_bytes(HOSTILE[what][1]())
    source = str(Path(__file__).parents[3] / "src")
    done = subprocess.run([sys.executable, "-c", RUN, str(path), source], capture_output=True, text=True, check=True)
    code, megabytes = done.stdout.split()
    assert code == HOSTILE[what][0]
    assert int(megabytes) < 200


# --- damage --------------------------------------------------------------------------------------------------


def sample(kind: str) -> tuple[bytes, str]:
    rows = [["编号", "规则内容", "实施时间"], *([str(i), f"第{i}条规则的内容", 45569 + i] for i in range(1, 30))]
    match kind:
        case "xlsx":
            merges = '<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'
            return xlsx(
                {"规则": sheet_xml(rows_xml(rows), after=merges)}, strings="<sst><si><t>a</t></si></sst>"
            ), "a.xlsx"
        case "stored":
            whole = table(rows)
            import io
            import zipfile

            with zipfile.ZipFile(io.BytesIO(whole)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
            return packed(parts, zipfile.ZIP_STORED), "a.xlsx"
        case "ods":
            body = "".join(
                "<table:table-row>" + "".join(
                    f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                    for cell in row
                ) + "</table:table-row>" for row in rows
            )  # fmt: skip
            return ods(f'<table:table table:name="S">{body}</table:table>'), "a.ods"
        case "xls":
            xlwt = pytest.importorskip("xlwt")
            return old_workbook(xlwt, rows), "a.xls"
        case _:
            return "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030"), "a.csv"


def old_workbook(xlwt: object, rows: list[list[str | int]]) -> bytes:
    import io
    from typing import Any

    module: Any = xlwt
    book = module.Workbook(encoding="utf-8")
    sheet = book.add_sheet("规则")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data: bytes, name: str) -> str:
    """The code that refuses a file; empty when it is read."""
    try:
        read_tables(data, name)
    except Refused as error:
        return error.diagnostic.code
    return ""


@pytest.mark.parametrize("kind", ["xlsx", "stored", "ods", "xls", "csv"])
def test_damage_is_never_a_traceback(kind: str) -> None:
    data, name = sample(kind)
    assert read_tables(data, name).tables
    chance = random.Random(4)
    for _ in range(250):
        hurt = bytearray(data)
        match chance.randrange(4):
            case 0:
                hurt = hurt[: chance.randrange(len(hurt))]
            case 1:
                at = chance.randrange(len(hurt))
                del hurt[at : at + chance.randrange(1, 60)]
            case _:
                for _ in range(chance.randrange(1, 12)):
                    hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        assert refusal(bytes(hurt), name)[:4] in ("", "CR78")
