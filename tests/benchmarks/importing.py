"""How long `import` takes for 5,000 rows of prose that all differ: `python tests/benchmarks/importing.py`.

For each language a sheet is made, and imported by a process of its own, starting included; then once more in this
process, with the share of each stage. Seconds are those of one processor.
"""

from __future__ import annotations

import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from communityrules.cli import main as command
from communityrules.tables import tabled, writing

ROOT: Final = Path(__file__).parents[2]
ROWS: Final = 5_000
_HEADS: Final = {
    "zh": ["规则编号", "规则名称", "规则内容", "适用对象", "实施时间"],
    "en": ["Rule number", "Rule name", "Content", "Applies to", "Effective"],
}
_STAGES: Final = (
    (tabled, "read_tables"), (tabled, "draft_table"), (writing, "format_file"), (writing, "representatives"),
    (writing, "check"),
)  # fmt: skip


def chinese(dice: random.Random) -> list[str]:
    topic = dice.choice(["活动", "资料", "二手物品", "组队", "作业", "快递", "读书笔记", "车位", "投票", "会议"])
    bad = "、".join(dice.sample(["广告", "刷屏", "辱骂他人", "泄露个人信息", "外链", "二维码", "谣言", "挖苦新人"], 3))
    number = dice.randint
    return [
        f"每人每{dice.choice('天周')}发布{topic}信息不超过{number(1, 20)}条", f"严禁发布{bad}",
        f"收到投诉后{number(1, 72)}小时内回复,{number(3, 14)}天内解决", f"{topic}的讨论请到第{number(1, 99)}号楼",
        f"首次警告,第二次禁言{number(1, 7)}天,第三次移出", f"发布{topic}通知前须经管理员审核",
        f"发言请避开{number(21, 23)}:00至次日{number(6, 9)}:00的休息时段", f"{topic}内容以公告第{number(1, 400)}号为准",
    ]  # fmt: skip


def english(dice: random.Random) -> list[str]:
    topic = dice.choice(["job offers", "photos", "events", "trades", "questions", "memes", "polls", "notes"])
    bad = ", ".join(dice.sample(["advertising", "insults", "spam", "scams", "links to other groups", "gossip"], 3))
    number = dice.randint
    return [
        f"At most {number(1, 20)} posts a {dice.choice(['day', 'week'])}", f"No {bad}",
        f"Complaints are answered within {number(1, 72)} hours", f"Talk of {topic} belongs in room {number(1, 400)}",
        f"The second offence is a mute of {number(1, 9)} days", f"All {topic} are reviewed before they are posted",
        f"Keep quiet from {number(9, 11)} pm to {number(6, 9)} am", f"Be kind where {topic} get heated",
    ]  # fmt: skip


def rows(language: str) -> Iterator[list[str]]:
    dice = random.Random(5)  # the same rows each time
    seen: set[str] = set()
    while len(seen) < ROWS:
        said = dice.sample((chinese if language == "zh" else english)(dice), dice.randint(1, 3))
        content = "。".join(said) if language == "zh" else ". ".join(said)
        if content not in seen:
            seen.add(content)
            yield [str(len(seen)), "", content, "", ""]


def timed(spent: dict[str, float], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def measured(*given: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return work(*given, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - before

    return measured


def main() -> None:
    gc.disable()
    with tempfile.TemporaryDirectory() as place:
        for language, heads in _HEADS.items():
            sheet, book = Path(place) / f"{language}.xlsx", Path(place) / f"{language}.rules"
            made = Workbook(write_only=True)
            page = made.create_sheet("rules")
            for row in (heads, *rows(language)):
                page.append(row)
            made.save(sheet)
            arguments = ["import", str(sheet), "-o", str(book), "--show", "0"]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, "-m", "communityrules.cli.main", *arguments], check=True, capture_output=True,
                env={"PYTHONPATH": str(ROOT / "src")},
            )  # fmt: skip
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            spent: dict[str, float] = {}
            kept = {name: getattr(module, name) for module, name in _STAGES}
            for module, name in _STAGES:
                setattr(module, name, timed(spent, name, kept[name]))
            book.unlink()
            began = time.process_time()
            command.run(arguments)
            all_of_it = time.process_time() - began
            for module, name in _STAGES:
                setattr(module, name, kept[name])
            shares = "  ".join(f"{name} {seconds / all_of_it:.0%}" for name, seconds in spent.items())
            print(f"{language}: {ROWS:,} rows  whole process {whole:.2f} s  in one process {all_of_it:.2f} s: {shares}")


if __name__ == "__main__":
    main()
