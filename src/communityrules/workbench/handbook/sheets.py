"""A handbook as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from communityrules.diagnostics.width import visible
from communityrules.tables.workbook.grid import Sheet, SheetKind, Workbook
from communityrules.tables.workbook.xlsx import write_xlsx
from communityrules.workbench.handbook.parts import Handbook
from communityrules.workbench.handbook.wording import WORDS


def write_sheets(handbook: Handbook) -> bytes:
    """The bytes of an `.xlsx` file: every cell a text, never a formula. RulesError for what the format cannot hold."""
    return write_xlsx(_Sheets(handbook).workbook())


class _Sheets:
    def __init__(self, handbook: Handbook) -> None:
        self.book = handbook

    def say(self, what: str, **values: str) -> str:
        return WORDS[what].fill(self.book.language, values)

    def workbook(self) -> Workbook:
        made = (
            self._rules(), self._about(), self._penalties(), self._duties(), self._parameters(), self._terms(),
            self._history(),
        )  # fmt: skip
        return Workbook([one for one in made if one.rows or one.kind == "table"], [], [])

    def _sheet(self, kind: SheetKind, title: str, heads: dict[str, str], rows: Sequence[Sequence[str]]) -> Sheet:
        """`heads`: the columns as sheets know them, for their widths, and what stands above each."""
        kept = [place for place in range(len(heads)) if place == 0 or any(row[place] for row in rows)]
        columns, named = list(heads), list(heads.values())
        return Sheet(
            kind,
            self.say(title),
            [columns[place] for place in kept],
            [self.say(named[place]) for place in kept],
            [[_cell(row[place]) for place in kept] for row in rows],
        )

    def _rules(self) -> Sheet:
        heads = {
            "rule": "number", "name": "name", "content": "says", "applies_to": "applies_to", "in": "where",
            "effective": "since", "from": "text_since", "modality": "modality", "trial": "status", "then": "then",
            "if": "particulars", "review_by": "review_by",
        }  # fmt: skip
        rows = []
        for one in self.book.rules:
            since, text_since, review = one.since, one.text_since, one.review_by
            consequences, particulars = (
                "\n".join(f"{line.label}: {line.text}" for line in lines)
                for lines in (one.consequences, () if one.described else one.particulars)
            )
            rows.append([
                one.id, one.name, one.content, one.applies_to, one.places,
                since.isoformat() if since else self.say("always"),
                text_since.isoformat() if text_since is not None and text_since != since else "",
                one.modality, "\n".join(one.marks), consequences, particulars, review.isoformat() if review else "",
            ])  # fmt: skip
        # Not `rules`: nobody is to choose from lists here.
        return self._sheet("table", "rules", heads, rows)

    def _about(self) -> Sheet:
        book = self.book
        rows = [[self.say("name"), book.name], [self.say("says"), book.purpose]]
        rows = [row for row in rows if row[1]]
        if book.day is not None:
            rows.append([self.say("as_of", day="").strip(), book.day.isoformat()])
        if book.version:
            rows.append([self.say("version", version="").strip(), book.version])
        if book.published is not None:
            rows.append([self.say("published", day="").strip(), book.published.isoformat()])
        if book.review is not None:
            day, rules = book.review
            rows.append([self.say("review_by"), self.say("review", day=day.isoformat(), rules=", ".join(rules))])
        rows += [[self.say("digest"), book.digest], *([self.say("powers"), one] for one in book.powers)]
        return self._sheet("about", "about", {"what": "item", "value": "value"}, rows)

    def _penalties(self) -> Sheet:
        rows = []
        for one in self.book.penalties:
            notes = "\n".join(filter(None, (one.over, *one.notes)))
            for place, step in enumerate(one.steps):
                rows.append([one.name, step.label, step.text, notes if place == 0 else ""])
            if not one.steps:
                rows.append([one.name, "", "", notes])
        heads = {"name": "penalty", "when": "offence", "then": "cost", "notes": "notes"}
        return self._sheet("penalties", "penalties", heads, rows)

    def _duties(self) -> Sheet:
        heads = {
            "rule": "rule", "who": "who", "what": "what", "occasion": "when", "more": "more", "late": "if_late",
        }  # fmt: skip
        rows = [
            [one.rule, one.who, one.what, one.when, "\n".join(one.more), one.if_late] for one in self.book.duties
        ]  # fmt: skip
        return self._sheet("declarations", "duties", heads, rows)

    def _parameters(self) -> Sheet:
        rows = []
        for one in self.book.parameters:
            for day, value in one.all or ((None, self.say("not_yet")),):
                rows.append([one.name, value, day.isoformat() if day is not None else ""])
        heads = {"name": "parameter", "value": "value", "from": "since"}
        return self._sheet("parameters", "parameters", heads, rows)

    def _terms(self) -> Sheet:
        rows = [[one.name, one.kind, one.meaning] for one in self.book.terms]
        return self._sheet("declarations", "terms", {"name": "name", "kind": "kind", "text": "meaning"}, rows)

    def _history(self) -> Sheet:
        rows: list[list[str]] = []
        for day in self.book.history:
            when = f"{day.day.isoformat()}\n{self.say('coming')}" if day.coming else day.day.isoformat()
            for change in day.changes:
                notes = "\n".join(change.notes)
                for place, one in enumerate(change.differences or (None,)):
                    what = change.what if one is None else f"{change.what}\n{one.label}"
                    before, after = (one.before or "", one.after or "") if one is not None else ("", "")
                    rows.append([when, change.rule, what, before, after, notes if place == 0 else ""])
        heads = {
            "date": "date", "rule": "rule", "what": "change", "before": "before", "after": "after", "notes": "notes",
        }  # fmt: skip
        return self._sheet("history", "history", heads, rows)


def _cell(text: str) -> str:
    return "\n".join(map(visible, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
