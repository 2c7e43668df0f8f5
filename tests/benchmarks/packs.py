"""How well the packs tell what they are for from clean messages.

    python tests/benchmarks/packs.py [FOLDER] [--pack NAME ...] [--half tune|report|all] [--markdown] [--pages]

FOLDER holds labelled sets as JSON Lines (`.jsonl` or `.jsonl.gz`), one object a line with `text` and `label`; without
it the shared sets are taken where they stand beside the project. Clean labels are those of `CLEAN`, all others are to
be found. Every message is judged as the first one of a new member, by a rulebook that does nothing but use the packs.
The messages are parted in two halves by a hash of their text: word lists may be mended with one in view (`tune`),
figures are told of the other (`report`). Near copies share a half: the hash is of the first twelve letters.

Printed for each set and for each pack, and for `ads`, `fraud` and `insults` together: how many were to be found and
how many were (recall), how many clean ones were taken (also per 1,000), and the precision.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared" / "data" / "labelled"
CLEAN = frozenset({"ham", "normal", "safe"})
#: What each pack is meant to find, by set; of other sets only its false positives are told.
MEANT = {
    "ads": ("en_ru_telegram_spam", "en_sms_spam", "en_youtube_spam", "zh_telegram_spam"),
    "fraud": ("zh_telecom_fraud",),
    "insults": ("en_reddit_removed", "zh_cold_offensive", "zh_review_variation"),
}
PAGES = Path(__file__).parents[2] / "docs" / "packs"
_BEGIN = "<!-- Made by `python tests/benchmarks/packs.py --pages`. -->"
_END = "<!-- end -->"
TOGETHER = ("ads", "fraud", "insults")


@dataclass(frozen=True)
class Labelled:
    """One message that people have labelled."""

    set: str
    text: str
    label: str

    @property
    def clean(self) -> bool:
        return self.label in CLEAN

    @property
    def half(self) -> str:
        letters = [one for one in unicodedata.normalize("NFKC", self.text).lower() if one.isalpha()][:12]
        return "tune" if hashlib.sha256("".join(letters).encode("utf-8", "replace")).digest()[0] % 2 else "report"


def labelled(folder: Path) -> Iterator[Labelled]:
    """Every message of every set in a folder, in the order of the files."""
    for file in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for line in data.decode("utf-8").split("\n"):
            if line.strip():
                one = json.loads(line)
                yield Labelled(file.name.partition(".")[0], one["text"], one["label"])


def judged(packs: Iterable[str], messages: list[Labelled]) -> list[tuple[str, ...]]:
    """For each message, the rules that answered to it."""
    from communityrules import Engine, loads

    text = 'rulebook "measured"\n  timezone Asia/Shanghai\n' + "".join(f'use "pack:{one}"\n' for one in packs)
    found: list[tuple[str, ...]] = []
    with Engine(loads(text)) as engine:
        for number, message in enumerate(messages):
            event = {
                "id": f"e{number}",
                "ts": (BEGIN + timedelta(seconds=number)).isoformat(),
                "community": "measured",
                "author": f"a{number}",
                "type": "message",
                "text": message.text,
            }
            decision = engine.judge(event)
            found.append(tuple(one.rule for one in decision.outcomes))
    return found


@dataclass
class Figures:
    """What was to be found and what was."""

    meant: int = 0
    hit: int = 0
    clean: int = 0
    wrong: int = 0

    def add(self, message: Labelled, found: bool) -> None:
        if message.clean:
            self.clean += 1
            self.wrong += found
        else:
            self.meant += 1
            self.hit += found

    @property
    def cells(self) -> list[str]:
        recall = f"{self.hit / self.meant:.3f}" if self.meant else "–"
        precision = f"{self.hit / (self.hit + self.wrong):.3f}" if self.meant and self.hit + self.wrong else "–"
        per_thousand = f"{1000 * self.wrong / self.clean:.1f}" if self.clean else "–"
        return [str(self.meant), str(self.hit), recall, str(self.clean), str(self.wrong), per_thousand, precision]


#: When the first message is sent; one follows each second.
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HEAD = ["set", "to find", "found", "recall", "clean", "taken", "per 1,000", "precision"]


def table(messages: list[Labelled], found: list[bool], packs: tuple[str, ...]) -> list[list[str]]:
    """A row for each set, for each label of sets with several, and for all."""
    by_set: dict[str, Figures] = defaultdict(Figures)
    labels: dict[tuple[str, str], Figures] = defaultdict(Figures)
    whole, chinese = Figures(), Figures()
    wanted = {one for pack in packs for one in MEANT.get(pack, ())}
    for message, hit in zip(messages, found, strict=True):
        if not message.clean and message.set not in wanted:
            continue
        by_set[message.set].add(message, hit)
        whole.add(message, hit)
        if not message.clean:
            labels[message.set, message.label].add(message, hit)
        if message.set in ("zh_telegram_spam", "zh_telecom_fraud"):
            chinese.add(message, hit)
    rows: list[list[str]] = []
    for name, figures in sorted(by_set.items()):
        rows.append([name, *figures.cells])
        parts = [(label, one) for (set_, label), one in sorted(labels.items()) if set_ == name]
        if len(parts) > 1:
            rows += [[f"  {label}", *one.cells[:3], "", "", "", ""] for label, one in parts]
    if packs == TOGETHER:
        rows.append(["Chinese advertising and fraud", *chinese.cells])
    return [*rows, ["all", *whole.cells]]


def markdown(rows: list[list[str]]) -> str:
    """The rows as a table of Markdown."""
    lines = [[row[0].replace("  ", "&nbsp;&nbsp;"), *row[1:]] for row in [HEAD, ["---", *["---:"] * 7], *rows]]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def printed(title: str, rows: list[list[str]], as_markdown: bool) -> str:
    if as_markdown:
        return f"**{title}**\n\n{markdown(rows)}"
    widths = [max(len(row[place]) for row in [HEAD, *rows]) for place in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in [HEAD, *rows])
    ]
    return f"== {title}\n" + "\n".join(lines) + "\n"


def _write(page: Path, rows: list[list[str]]) -> None:
    """Puts a table between the two marks of a page."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    page.write_text(f"{before}{_BEGIN}\n{markdown(rows)}{_END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Precision and recall of the packs.")
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--pack", action="append", help="only these packs; together where there are several")
    parser.add_argument("--half", choices=["tune", "report", "all"], default="report")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--pages", action="store_true", help="write the figures into docs/packs")
    parser.add_argument("--missed", type=int, default=0, help="print so many missed and wrongly taken messages a set")
    chosen = parser.parse_args()
    if not chosen.folder.is_dir():
        sys.exit(f"{chosen.folder}: there is no such folder of labelled messages")
    messages = [one for one in labelled(chosen.folder) if chosen.half in ("all", one.half)]
    if not messages:
        sys.exit(f"{chosen.folder}: no labelled messages")
    from communityrules.checker.packs import pack_names

    runs = [tuple(chosen.pack)] if chosen.pack else [*((one,) for one in pack_names()), TOGETHER]
    for packs in runs:
        rules = judged(packs, messages)
        found = [bool(one) for one in rules]
        rows = table(messages, found, packs)
        sys.stdout.write(printed(" + ".join(packs), rows, chosen.markdown) + "\n")
        if chosen.pages:
            _write(PAGES / ("index.md" if packs == TOGETHER else f"{packs[0]}.md"), rows)
        if chosen.missed:
            _examples(messages, rules, packs, chosen.missed)
    return 0


def _examples(messages: list[Labelled], rules: list[tuple[str, ...]], packs: tuple[str, ...], most: int) -> None:
    wanted = {one for pack in packs for one in MEANT.get(pack, ())}
    shown: dict[tuple[str, str], int] = defaultdict(int)
    for message, hit in zip(messages, rules, strict=True):
        if message.clean == bool(hit) and (message.clean or message.set in wanted):
            key = message.set, message.label
            shown[key] += 1
            if shown[key] <= most:
                kind = "TAKEN" if message.clean else "MISSED"
                text = " ".join(message.text.split())[:300]
                sys.stdout.write(f"{kind} {message.set} {message.label} {','.join(hit)}: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
