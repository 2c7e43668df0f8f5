"""How much of rules written as prose is understood, and everything that was drafted of it beside its words.

    python tests/benchmarks/drafting.py [FILE ...] [--list]

Without files, those of the shared rule texts are taken where they stand beside the project. Printed for each file and
for all: how many rules there are, and the shares of them with at least one clause that acts by itself, judged by people
only, and left as `todo` wholly or in part. `--list` prints each rule's words and what was drafted of them, for a person
to read: no clause may say what the words do not.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.drafting.draft import Drafted
from communityrules.tables.drafting.prose import draft_prose
from communityrules.tables.making import NOWHERE

SHARED = Path(__file__).parents[3] / "shared" / "data" / "rule_texts"


def acting(row: Drafted) -> bool:
    return any(one.kind not in ("found", "todo") for one in row.clauses)


def judged(row: Drafted) -> bool:
    return any(one.kind == "found" for one in row.clauses)


def shown(rule: tree.Rule) -> str:
    text = format_file(tree.File((rule,), (), NOWHERE, "en"), LibraryNames(), "en")
    return "\n".join(f"    {line}" for line in text.splitlines()[1:] if not line.lstrip().startswith(("content", "#")))


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("files", nargs="*", type=Path)
    given.add_argument("--list", action="store_true")
    wishes = given.parse_args()
    files = wishes.files or sorted(SHARED.glob("*.*"))
    total: Counter[str] = Counter()
    for file in files:
        draft = draft_prose(file.read_text(encoding="utf-8"))
        text = format_file(draft.file, LibraryNames(), draft.file.spelling)
        errors = [
            one
            for one in check(Source(file.name, text), library=standard_library()).diagnostics
            if one.severity == "error"
        ]
        counts: Counter[str] = Counter(rules=len(draft.rows), errors=len(errors))
        for row in draft.rows:
            counts["acting"] += acting(row)
            counts["people only"] += judged(row) and not acting(row)
            counts["todo only"] += row.outcome == "todo"
            counts["any todo"] += bool(row.todos)
            if wishes.list:
                content = next(one.text.value for one in row.rule.clauses if isinstance(one, tree.Content))
                name = row.rule.name.value if row.rule.name else ""
                print(f"--- {file.name} {row.rule.id.text} [{row.outcome}] {name}: {content}")
                for rule in row.rules:
                    print(shown(rule), "\n")
        total += counts
        line(file.name, counts)
        for error in errors:
            print("   ", error.text("en"))
    line("all", total)


def line(name: str, counts: Counter[str]) -> None:
    rules = counts["rules"] or 1
    shares = "  ".join(
        f"{kind} {counts[kind]} ({counts[kind] / rules:.0%})"
        for kind in ("acting", "people only", "todo only", "any todo")
    )
    print(f"{name:36} rules {counts['rules']:4}  {shares}  errors {counts['errors']}")


if __name__ == "__main__":
    main()
