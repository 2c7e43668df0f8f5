"""How long tables take to read, and how much memory: `python tests/benchmarks/sheets.py [FOLDER]`.

Three parts: every workbook of the folder (`../shared/data/xlsx` when it is there), each in a process of its own; a
table of 5,000 rows as `.xlsx`, `.ods`, `.csv` and Markdown; and hostile files with the code that refuses them.
Memory is the most that the process had, Python itself included.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tables" / "sheets"))

from made_workbooks import ods, sheet_xml, table, xlsx  # noqa: E402  # it stands beside the tests

DATA: Final = ROOT.parent / "shared" / "data" / "xlsx"
ROWS: Final = 5_000
_MB: Final = b" " * 1_000_000
_ONE: Final = """
import resource, sys, time
data = open(sys.argv[1], "rb").read()
before = time.perf_counter()
from communityrules.tables.reading import Refused
from communityrules.tables.sheets.reading import read_tables
try:
    found = read_tables(data, sys.argv[1])
    rows = {(sheet.name, row.number) for sheet in found.workbook.sheets for row in sheet.rows}
    lost = len(rows - found.accounted())
    taken = sum(len(one.rows) + (len(one.matrix.cells) if one.matrix else 0) for one in found.tables)
    said = f"{len(rows)} rows: {taken} taken, {len(found.skipped)} skipped, {lost} lost"
except Refused as error:
    said = f"{error.diagnostic.code}: {error.diagnostic.text('en')[:90]}"
spent = time.perf_counter() - before
print(f"{spent:.2f} s  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:4} MB  {said}")
"""


def measure(path: Path) -> str:
    """Seconds (loading the program included), megabytes, and what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", _ONE, str(path)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    return done.stdout.strip().replace(f"{path}", path.name)


def rules() -> list[list[str]]:
    heads = ["规则编号", "规则名称", "规则内容", "适用对象", "实施时间", "处罚", "责任人", "备注"]
    return [heads] + [
        [
            f"{i:04}",
            f"规则{i}",
            f"第{i}条规则:每天发言不超过{i % 7 + 1}次,违者先警告。",
            "全体成员",
            "2024年10月4日起",
            "警告",
            "管理员",
            "",
        ]
        for i in range(1, ROWS + 1)
    ]


def same_table() -> Iterator[tuple[str, bytes]]:
    """A table of 5,000 rows in each kind of file."""
    rows = rules()
    yield "rules.xlsx", table(rows)
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    yield "rules.ods", ods(f'<table:table table:name="S">{body}</table:table>')
    yield "rules.csv", "\n".join(",".join(row) for row in rows).encode("gb18030")
    lines = ["|" + "|".join(row) + "|" for row in rows]
    yield "rules.md", "\n".join([lines[0], "|---" * 8 + "|", *lines[1:]]).encode()


def _sheet(*parts: str | bytes) -> bytes:
    return xlsx({"S": ["<worksheet><sheetData>", *parts, "</sheetData></worksheet>"]})


HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    "1 GB of spaces.xlsx": lambda: _sheet(*[_MB] * 1000),
    "4 million rows.xlsx": lambda: _sheet(*["<row><c><v>1</v></c></row>" * 10_000] * 400),
    "4 million empty rows.xlsx": lambda: _sheet(*["<row/>" * 10_000] * 400),
    "5 million shared texts.xlsx": lambda: xlsx(
        {"S": sheet_xml("")}, strings=["<sst>", *["<si><t>a</t></si>" * 10_000] * 500, "</sst>"]
    ),
    "5 million empty shared texts.xlsx": lambda: xlsx(
        {"S": sheet_xml("")}, strings=["<sst>", *["<si/>" * 10_000] * 500, "</sst>"]
    ),
    "billion laughs.xlsx": lambda: xlsx(
        {"S": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + sheet_xml("<row/>")}
    ),
    "deep nesting.xlsx": lambda: _sheet(*["<r>" * 100_000] * 20),
    "cells without end.xlsx": lambda: _sheet(
        *["<row>" + '<c t="inlineStr"><is><t>a</t></is></c>' * 1000 + "</row>"] * 1000
    ),
    "styled cells without end.xlsx": lambda: _sheet(*["<row>" + '<c s="1"/>' * 1000 + "</row>"] * 5000),
    "4 million rows.csv": lambda: b"1,2\n" * 4_000_000,
    "4 million rows.md": lambda: b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 2_000_000,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    folder = parser.parse_args().folder
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            print(f"{path.name[:44]:44}  {measure(path)}")
    with tempfile.TemporaryDirectory() as place:
        for name, data in same_table():
            path = Path(place) / name
            path.write_bytes(data)
            print(f"{f'{ROWS:,} rows, {name}':44}  {measure(path)}")
        for name, make in HOSTILE.items():
            path = Path(place) / name
            path.write_bytes(make())
            print(f"{name:44}  {measure(path)}")
            path.unlink()


if __name__ == "__main__":
    main()
