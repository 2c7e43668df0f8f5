"""Damage rulebooks at random and hold what `check` says of them against what it promises.

    python tests/soak/mutate_rulebooks.py [--count 20000] [--budget SECONDS] [--seed 1] [BOOK ...]

Promised: every diagnostic has a code, a place and words in both languages without a gap; a rulebook without an error
is usable; nothing is raised; nothing takes longer than a second of processor time. The first damaged text that breaks
a promise is printed and the exit status is 1. `--budget` ends the run early after that many seconds.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from pathlib import Path

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader
from communityrules.diagnostics.message import Language
from communityrules.diagnostics.source import Source

ROOT = Path(__file__).parents[2]
BOOKS = sorted(ROOT.glob("examples/**/*.rules"))
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_GAP = re.compile(r"\{[a-z_]+\}")
_SIGNS = "\x00\t\n\"'()|/#.,;:“「」,。:()\U0001f600\ud7ff\u200b\u0301"
_LANGUAGES: tuple[Language, ...] = ("en", "zh")
SLOW = 1.0


def damage(text: str, tokens: list[str], chance: random.Random) -> str:
    """One to eight small accidents: lost, doubled, moved, turned round, foreign."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        text = text or " "
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.choice((1, 2, 5, 20, 200)))
        kind = chance.randrange(8)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:start] + chance.choice(tokens) + text[start:]
        elif kind == 2:
            text = text[:start] + text[start:end] * 2 + text[end:]
        elif kind == 3:
            sign = chance.choice(_SIGNS) if chance.random() < 0.7 else chr(chance.randrange(32, 0x3000))
            text = text[:start] + sign + text[start:]
        elif kind == 4:
            lines = text.split("\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
        elif kind == 5:
            found = _TOKEN.findall(text)
            found[chance.randrange(len(found))] = chance.choice(tokens)
            text = "".join(found)
        elif kind == 6:
            text = text[:start] + chance.choice("0123456789") * chance.choice((1, 5, 30, 400)) + text[start:]
        else:
            text = text[:start] + text[start:end][::-1] + text[end:]
    return text


def broken_promise(path: Path, text: str) -> str | None:
    """What is not as promised about one text, or None."""
    begun = time.process_time()
    try:
        result = check(Source(path.name, text), read=folder_reader(path.parent))
    except Exception as error:  # noqa: BLE001  # any exception at all is the finding
        return f"raised {type(error).__name__}: {error}"
    taken = time.process_time() - begun
    if taken > SLOW:
        return f"took {taken:.2f} s"
    if result.rulebook is None and all(one.severity != "error" for one in result.diagnostics):
        return "no rulebook and no error"
    for one in result.diagnostics:
        if not re.fullmatch(r"CR\d{3}", one.code):
            return f"odd code {one.code}"
        if one.span is None:
            return f"{one.code} has no place"
        if not 0 <= one.span.start <= one.span.end <= len(one.span.source.text):
            return f"{one.code} points outside the text"
        for language in _LANGUAGES:
            words = one.text(language) + one.hint(language)
            if not one.text(language) or (_GAP.search(words) and not _GAP.search(text)):
                return f"{one.code} has a gap in its words: {words}"
    return None


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("books", nargs="*", type=Path, default=BOOKS)
    asked.add_argument("--count", type=int, default=20_000)
    asked.add_argument("--budget", type=float, default=3600.0, help="seconds after which to stop")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    texts = {path: path.read_text(encoding="utf-8") for path in given.books}
    tokens = [token for text in texts.values() for token in _TOKEN.findall(text)]
    chance = random.Random(given.seed)
    stop = time.monotonic() + given.budget
    for path, text in texts.items():
        check(Source(path.name, text), read=folder_reader(path.parent))  # what is loaded once is not one text's time
    done = 0
    for done in range(1, given.count + 1):
        path = chance.choice(given.books)
        text = damage(texts[path], tokens, chance)
        finding = broken_promise(path, text)
        if finding:
            print(f"{path}, number {done} of seed {given.seed}: {finding}\n{text}")
            return 1
        if time.monotonic() > stop:
            break
    print(f"{done} damaged rulebooks: every promise kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
