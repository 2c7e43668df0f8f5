"""Damage files of other tools at random and hold what importing them gives against what it promises.

    python tests/soak/mutate_imports.py [--count 5000] [--budget SECONDS] [--seed 1] [FILE ...]

Promised: a file is refused with a coded message, or gives a rulebook that `check` accepts and that prints the same
after it is read again; every key of every part that could be read is in the account; nothing is raised; nothing takes
longer than three seconds of processor time. The first damaged text that breaks a promise is printed and the exit status
is 1. `--budget` ends the run early after that many seconds.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from pathlib import Path

from mutate_rulebooks import damage

from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.automoderator.documents import Document, Mapping, read_documents
from communityrules.tables.reading import Refused
from communityrules.tables.sources import Wishes, import_data
from communityrules.tables.writing import write

SLOW = 3.0
_TOKEN = re.compile(r"[\w+#~-]+|\s+|[^\w\s]")

AUTOMODERATOR = """---
# No sales
type: submission
title+body (includes-word, regex): ["sal(e|es)", '(?i)free\\s+kittens', "\\\\bcheap\\\\b"]
~domain: [shop.example, "deals.example"]
author:
    account_age: < 3 days
    comment_karma: "< 5"
    satisfy_any_threshold: true
    ~name (starts-with): [bob, amy]
    is_contributor: false
action: filter
action_reason: "No sales [{{match}}]"
moderators_exempt: false
priority: 5
---
type: comment
body (full-text, case-sensitive): [hello, "good bye"]
is_top_level: true
parent_submission:
    id: [abc, def]
    set_flair: Seen
comment: |
    Dear {{author}},

    not here.
set_locked: true
---
reports: 2
action: remove
modmail_subject: Reports
modmail: Look at {{permalink}}
---
standard: video hosting sites
set_flair: {text: Video, template_id: 12ab}
body_longer_than: 20
is_edited: false
---
base: &words [one, two]
url: *words
action: report
"""
WORDS = '加微信 12\n刷单、兼职\n# remark\nfree kittens\n"quoted",\n'
PATTERNS = '/加.?微/i\n^早+$\n[a-z]{3,}\n(哈|呵){2,}\n<item enabled="true">r=刷[单單]</item>\n'
DOMAINS = "evil.example\n*.bad.org\n||worse.net^\n0.0.0.0 worst.io\nhttps://a.example/b\n"


def broken_promise(text: str, file: str, kind: str | None, chance: random.Random) -> str | None:
    """What an import did that it should not, or None."""
    language, host = chance.choice(("en", "zh")), chance.choice(("forum", "chat"))
    wishes = Wishes(language, "damaged", chance.choice(("flag", "hold", "delete", "nothing")), host)
    try:
        taken, imported = import_data(text.encode(), file, wishes, kind)
    except Refused as refused:
        return None if all(one.code for one in refused.diagnostics) else "a refusal without a code"
    written = write(imported, language, file)
    if errors := [one for one in written.diagnostics if one.severity == "error"]:
        return f"check refuses it: {errors[0].code} {errors[0].text('en')}"
    again, diagnostics = parse(Source("again", written.text))
    if diagnostics or format_file(again, LibraryNames(), language) != written.text:
        return "it does not print the same when it is read again"
    if taken == "automoderator":
        told = {one.line for one in imported.account.items}
        for part in read_documents(text):
            if isinstance(part, Document) and isinstance(part.value, Mapping):
                for entry in part.value.entries:
                    if entry.line not in told and not isinstance(entry.value, Mapping):
                        return f"`{entry.key}` of line {entry.line} is not in the account"
    return None


def run(seeds: list[tuple[str, str, str | None]], count: int, budget: float | None, seed: int) -> int:
    chance = random.Random(seed)
    end = None if budget is None else time.monotonic() + budget
    done = 0
    for _ in range(count):
        if end is not None and time.monotonic() > end:
            break
        file, text, kind = chance.choice(seeds)
        damaged = damage(text, _TOKEN.findall(text), chance)
        begun = time.process_time()
        try:
            trouble = broken_promise(damaged, file, kind, chance)
        except Exception as error:  # noqa: BLE001  # whatever is raised breaks the promise
            trouble = f"{type(error).__name__}: {error}"
        if trouble is None and time.process_time() - begun > SLOW:
            trouble = f"it took {time.process_time() - begun:.1f} s"
        if trouble is not None:
            print(damaged)
            print(f"--- {file}, seed {seed}, number {done}: {trouble}")
            return 1
        done += 1
    print(f"{done} damaged files, every promise kept")
    return 0


SEEDS: list[tuple[str, str, str | None]] = [
    ("automod.yaml", AUTOMODERATOR, None), ("automod.yaml", AUTOMODERATOR, None), ("words.txt", WORDS, "words"),
    ("patterns.txt", PATTERNS, "patterns"), ("domains.txt", DOMAINS, "domains"), ("any.txt", AUTOMODERATOR, None),
    ("words.txt", WORDS, None),
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--budget", type=float)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    seeds = [(one.name, one.read_text(encoding="utf-8"), None) for one in given.files] or SEEDS
    return run(seeds, given.count, given.budget, given.seed)


if __name__ == "__main__":
    sys.exit(main())
