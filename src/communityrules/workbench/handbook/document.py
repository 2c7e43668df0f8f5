"""A handbook as a Markdown document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from communityrules.diagnostics.width import visible
from communityrules.tables.workbook.markdown import escaped
from communityrules.workbench.handbook.markup import element
from communityrules.workbench.handbook.parts import Change, Difference, Handbook, Line, RuleText
from communityrules.workbench.handbook.wording import WORDS

#: What would begin a list, a quotation, a heading or a line across at the beginning of a line.
_OPENING: Final = re.compile(r"\A(\d{1,9}(?=[.)])|(?=[-+>=]))")


def write_document(handbook: Handbook) -> bytes:
    """The document in UTF-8, headings and tables as GitHub has them. What the rulebook says is never markup."""
    return _Document(handbook).whole().encode("utf-8")


class _Document:
    def __init__(self, handbook: Handbook) -> None:
        self.book = handbook
        self.parts: list[str] = []

    def say(self, what: str, **values: str) -> str:
        return WORDS[what].fill(self.book.language, values)

    def whole(self) -> str:
        book = self.book
        self._put(f"# {_inline(book.name)}")
        if book.purpose:
            self._put(_block(book.purpose))
        self._put("\n".join(f"- {one}" for one in self._facts()))
        self._rules()
        self._texts()
        self._penalties()
        self._duties()
        if book.powers:
            self._head("powers")
            self._put("\n".join(f"- {_inline(one)}" for one in book.powers))
        self._parameters()
        if book.terms:
            self._head("terms")
            self._table(("name", "kind", "meaning"), [(one.name, one.kind, one.meaning) for one in book.terms])
        self._history()
        self._put(f"{self.say('digest')} `{book.digest}`")
        return "\n\n".join(self.parts) + "\n"

    def _put(self, part: str) -> None:
        self.parts.append(part)

    def _head(self, what: str) -> None:
        self._put(f"## {self.say(what)}")

    def _facts(self) -> Iterable[str]:
        book = self.book
        if book.day is not None:
            yield f"**{self.say('as_of', day=book.day.isoformat())}**"
        if book.version:
            yield _inline(self.say("version", version=book.version))
        if book.published is not None:
            yield self.say("published", day=book.published.isoformat())
        if book.review is not None:
            day, rules = book.review
            listed = ("、" if book.language == "zh" else ", ").join(rules)
            yield _inline(self.say("review", day=day.isoformat(), rules=listed))
        else:
            yield self.say("no_review")
        if book.day is not None:
            yield _inline(self.say("zone", zone=book.timezone))

    # --- rules -------------------------------------------------------------------------------------------------

    def _rules(self) -> None:
        self._head("rules")
        if not self.book.rules:
            self._put(self.say("no_rules"))
            return
        self._table(
            ("number", "name", "says", "applies_to", "where", "since", "status"),
            [
                (one.id, one.name, one.content, one.applies_to, one.places, self._since(one), "\n".join(one.marks))
                for one in self.book.rules
            ],
        )

    def _since(self, one: RuleText) -> str:
        return one.since.isoformat() if one.since is not None else self.say("always")

    def _texts(self) -> None:
        if self.book.rules:
            self._head("texts")
        for one in self.book.rules:
            # A place to link to that does not hang on how whoever shows the document makes them.
            self._put(element("a", id=one.anchor))
            self._put(f"### {_inline(f'{one.id} {one.name}'.strip())}")
            marks = [f"**{one.modality}**"] if one.modality else []
            if marks or one.marks:
                self._put(" · ".join([*marks, *map(_inline, one.marks)]))
            self._put(_block(one.content))
            lines = [Line(self.say("applies_to"), one.applies_to), Line(self.say("where"), one.places)]
            lines.append(Line(self.say("since"), self._since(one)))
            if one.text_since is not None and one.text_since != one.since:
                lines.append(Line(self.say("text_since"), one.text_since.isoformat()))
            lines += one.consequences
            if one.review_by is not None:
                lines.append(Line(self.say("review_by"), one.review_by.isoformat()))
            if not one.described:
                lines += one.particulars
            self._list(lines)

    def _penalties(self) -> None:
        if self.book.penalties:
            self._head("penalties")
        for one in self.book.penalties:
            self._put(f"### {_inline(one.name)}")
            if one.over:
                self._put(_inline(one.over))
            self._list(one.steps)
            if one.notes:
                self._put("\n".join(f"- {_inline(note)}" for note in one.notes))

    def _duties(self) -> None:
        if self.book.duties:
            self._head("duties")
            self._table(
                ("rule", "who", "what", "when", "more", "if_late"),
                [(one.rule, one.who, one.what, one.when, "\n".join(one.more), one.if_late) for one in self.book.duties],
            )

    def _parameters(self) -> None:
        if not self.book.parameters:
            return
        self._head("parameters")
        rows = []
        for one in self.book.parameters:
            dated = [
                self.say("value_from", value=value, day=day.isoformat()) if day is not None else value
                for day, value in one.all
            ]
            rows.append((one.name, one.now or self.say("not_yet"), "\n".join(dated)))
        self._table(("parameter", "value", "by_date"), rows)

    # --- history -----------------------------------------------------------------------------------------------

    def _history(self) -> None:
        if self.book.history:
            self._head("history")
        for day in self.book.history:
            coming = f" ({self.say('coming')})" if day.coming else ""
            self._put(f"### {day.day.isoformat()}{coming}")
            for one in day.changes:
                self._change(one)

    def _change(self, one: Change) -> None:
        rule = f"{self.say('rule')} {_inline(one.rule)} · " if one.rule else ""
        self._put("  \n".join([f"{rule}**{_inline(one.what)}**", *map(_inline, one.notes)]))
        if one.differences:
            self._table(("change", "before", "after"), [_sides(each) for each in one.differences])

    # --- tables and lists --------------------------------------------------------------------------------------

    def _list(self, lines: Iterable[Line]) -> None:
        colon = "\uff1a" if self.book.language == "zh" else ": "
        self._put("\n".join(f"- {_inline(one.label)}{colon}{_inline(one.text)}" for one in lines))

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        kept = [place for place in range(len(heads)) if place == 0 or any(row[place] for row in rows)]
        lines = [[self.say(heads[place]) for place in kept], ["---"] * len(kept)]
        lines += [[_inline(row[place]) for place in kept] for row in rows]
        self._put("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _sides(one: Difference) -> tuple[str, str, str]:
    return one.label, one.before or "—", one.after or "—"


def _inline(text: str) -> str:
    """A text within a line or a cell."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    return "<br>".join(escaped(visible(line).strip()) for line in lines)


def _block(text: str) -> str:
    """A text as a paragraph of its own."""
    return _OPENING.sub(lambda found: f"{found.group(1)}\\", _inline(text))
