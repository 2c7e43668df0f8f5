"""Fenced blocks of the documentation, and what their info strings mean.

```rules             a whole rulebook
```rules fragment    declarations, put beside those of `preamble.rules` (a name declared in both is the fragment's)
```rules condition   one condition on each line
```rules broken CR201   a whole rulebook (or a fragment) that reports this code
```json event        an event, or several one below the other
```json decision     a decision
```python            runs; blocks of one page run one after another

An HTML comment on the line before a block tells a walkthrough what to do with it: `<!-- file: NAME -->` writes it to
a file, `<!-- append: NAME -->` adds it to one, `<!-- exit: 1 -->` says how a command ends, `<!-- output -->` says that
the lines of the block are among what the last command printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
_PREAMBLE = (Path(__file__).parent / "preamble.rules").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(.*)$")
_MARK = re.compile(r"^<!-- (.+?) -->$")


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    #: The words behind the opening fence.
    info: tuple[str, ...]
    text: str
    #: The HTML comment before it, or "".
    mark: str

    @property
    def kind(self) -> str:
        return self.info[0] if self.info else ""

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def written_pages() -> list[Path]:
    """Every page of the documentation that is written by hand, and the READMEs."""
    return [*READMES, *sorted(DOCS.rglob("*.md"))]


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    inside: tuple[int, tuple[str, ...], str] | None = None
    body: list[str] = []
    before = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        fence = _FENCE.match(line)
        if inside is not None:
            if fence:
                found.append(Block(page, inside[0], inside[1], "\n".join(body) + "\n", inside[2]))
                inside = None
            else:
                body.append(line)
        elif fence:
            mark = _MARK.match(before)
            inside = (number, tuple(fence.group(1).split()), mark.group(1) if mark else "")
            body = []
        before = line
    return found


def all_blocks(kind: str) -> list[Block]:
    """Blocks of a kind on every page, but for those of diagnostics, which have tests of their own."""
    return [
        one
        for page in written_pages()
        if page.parent.name != "diagnostics"
        for one in blocks_of(page)
        if one.kind == kind
    ]


def rulebook_of(block: Block) -> str:
    """A rules block as a whole rulebook."""
    text = block.text
    if "condition" in block.info:
        lines = [line for line in text.split("\n") if line.strip()]
        text = "\n".join(f"define documented_{number} as {line}" for number, line in enumerate(lines, 1))
    elif re.search(r"^\s*(rulebook|规则手册)\b", text, re.MULTILINE):
        return text
    kept = []
    for declaration in _PREAMBLE.strip().split("\n\n"):
        first = re.match(r"(\w+) (\S+)", declaration)
        assert first is not None, declaration
        if not re.search(rf"^\s*{first.group(1)} {re.escape(first.group(2))}\b", text, re.MULTILINE):
            kept.append(declaration)
    # Before the fragment, so that the lines of the fragment keep their order; the line numbers do not matter.
    return "\n\n".join([*kept, text])
