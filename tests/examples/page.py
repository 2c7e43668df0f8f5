"""The page that lists the cookbook: `python tests/examples/page.py > docs/how-to/cookbook.md` writes it anew."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from deciding import COOKBOOK, ROOT

PAGE: Final = ROOT / "docs" / "how-to" / "cookbook.md"

#: The command that writes the page.
AGAIN: Final = "python tests/examples/page.py > docs/how-to/cookbook.md"
_TOP: Final = f"""# Cookbook

<!-- Made by `{AGAIN}` from the first lines of the rulebooks. Do not edit. -->

Sixty systems that communities describe when they write down their rules, each as a small rulebook that you can copy: it
checks without a finding and carries its own tests, what must happen and what must not. Each has a Chinese twin, which
`communityrules fmt --to zh` makes.

```sh
communityrules test examples/cookbook/04-feedback-deadlines.rules
```

| | what it shows | it is made of | |
|---|---|---|---|
"""
#: Words that open a declaration or a clause and say what a rulebook is made of; what nearly all have is not here.
_WORDS: Final = (
    "use", "labels", "place", "pattern", "parameter", "metric", "state", "calendar", "penalty", "power", "breaker",
    "template", "leaderboard", "table", "amend", "repeal", "review by", "trial", "every", "require", "cooldown",
    "overrides", "found by",
)  # fmt: skip
#: What a `then` of interest asks for.
_ACTIONS: Final = (
    "hold", "refer to", "mask", "reply", "award", "deduct", "take back", "label", "alert", "escalate", "assign",
    "release", "set", "notify", "publish",
)  # fmt: skip


def page(books: Iterable[Path]) -> str:
    """The page about some rulebooks, in their order."""
    return _TOP + "".join(_row(book) for book in books)


def _row(book: Path) -> str:
    text = book.read_text("utf-8")
    number, shown = _comment(text)
    at = f"../../{book.relative_to(ROOT).as_posix()}"
    made = ", ".join(f"`{word}`" for word in _made_of(text))
    return f"| {number} | {shown} | {made} | [rules]({at}) · [中文]({at.removesuffix('.rules')}.zh.rules) |\n"


def _comment(text: str) -> tuple[str, str]:
    """The number of the system, and what the comment at the top says of it."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    number, _, words = " ".join(lines).partition(". ")
    return number, words.replace("|", "\\|")


def _made_of(text: str) -> list[str]:
    rules = text.partition("\ntest ")[0]
    opening = [word for word in _WORDS if re.search(rf"^ *{word}\b", rules, re.MULTILINE) or f"| {word} " in rules]
    asked = " ".join(re.findall(r"^ *(?:then|require|breaker) .*|^ *\| .*\|$", rules, re.MULTILINE))
    return opening + [word for word in _ACTIONS if re.search(rf"(?:then|,|\||late) *{word}\b(?! within)", asked)]


if __name__ == "__main__":
    sys.stdout.write(page(sorted(one for one in COOKBOOK.glob("*.rules") if not one.name.endswith(".zh.rules"))))
