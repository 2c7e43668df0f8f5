"""Rule tables: the head names the clauses, each row is a rule."""

from __future__ import annotations

from typing import Any, cast

from communityrules.diagnostics.message import Bilingual, Fix
from communityrules.diagnostics.source import Span
from communityrules.language import messages
from communityrules.language.building.declarations import DeclarationBuilder
from communityrules.language.expected import choice
from communityrules.language.keywords import Keyword
from communityrules.language.limits import MAX_COLUMNS
from communityrules.language.scan import LINE_MARK
from communityrules.language.suggest import nearest
from communityrules.language.token import Token
from communityrules.language.tree import Clause, Column, Row, RuleId, Table, Text

#: Clauses that may head a column, in the order in which they are suggested.
_CLAUSES = (
    "content", "applies_to", "in", "responsible", "effective", "review_by", "on", "every", "if", "then", "require",
    "cooldown", "overrides", "trial", "todo",
)  # fmt: skip

#: What people call columns whose heads are other words.
_HABITS = {
    "when": "if", "condition": "if", "action": "then", "actions": "then", "consequence": "then",
    "deadline": "require", "duty": "require", "event": "on", "number": "rule", "id": "rule", "title": "name",
    "conditions": "if", "trigger": "on", "do": "then", "标题": "名称", "规则名": "名称", "执行": "则", "后果": "则",
    "条件": "若", "情形": "若", "处置": "则", "处理": "则", "动作": "则", "措施": "则", "时限": "要求",
    "响应时间": "要求", "事件": "当", "序号": "规则",
}  # fmt: skip


class TableBuilder(DeclarationBuilder):
    def table(self, children: list[Any]) -> Table:
        rows = [one for one in children if isinstance(one, Token) and one.type == "ROW"]
        clauses = tuple(one for one in children if not isinstance(one, Token))
        first_match = any(isinstance(one, Token) and one.type == "FIRST_MATCH" for one in children)
        columns: tuple[Column | None, ...] = ()
        built: list[Row] = []
        if rows:
            columns = self._columns(rows[0])
            built = [row for token in rows[1:] if (row := self._row(token, columns)) is not None]
        known = tuple(one for one in columns if one is not None)
        return Table(
            self.declared(children[1]), clauses, first_match, known, tuple(built), self.span(children),
            self.layout(children),
        )  # fmt: skip

    def column(self, heading: str) -> Column | None:
        """The column that a heading names."""
        found = self.keywords.meaning("columns", heading)
        if found is None:
            found = self.keywords.meaning("clauses", heading)
            if found not in _CLAUSES:
                return None
        return cast(Column, found)

    def _headings(self) -> list[Keyword]:
        """What may head a column."""
        heads = self.keywords.section("columns")
        return [*heads[:2], *(self.keywords.entry("clauses", one) for one in _CLAUSES), *heads[2:]]

    def _columns(self, token: Token) -> tuple[Column | None, ...]:
        columns: list[Column | None] = []
        strange: list[tuple[Span, str]] = []
        for start, end in self._cells(token)[:MAX_COLUMNS]:
            heading = self.scan.text[start:end]
            column = self.column(heading)
            span = Span(self.scan.source, start, max(end, start + 1))
            if column is None:
                strange.append((span, heading))
            elif column in columns:
                self.report(messages.REPEATED, span, {"found": heading})
            columns.append(column)
        # Where no head is known the row is no head at all, and one report says so.
        meant = sum(_HABITS.get(heading.lower()) is not None for _, heading in strange)
        for span, heading in strange if len(strange) < len(columns) or meant > 1 else strange[:1]:
            self._unknown_column(span, heading)
        if "rule" not in columns and None not in columns:
            what = Bilingual("no column is named `rule`", "没有名为 `规则` 的列")
            self.report(messages.NO_RULE_COLUMN, self.token_span(token), {"what": what})
        return tuple(columns)

    def _unknown_column(self, span: Span, heading: str) -> None:
        headings = self._headings()
        usual = _HABITS.get(heading.lower())
        near = usual or nearest(heading, [spelling for one in headings for spelling in (*one.en, *one.zh)])
        expected = choice([one.en[0] for one in headings], [one.zh[0] for one in headings])
        fix = Fix(span, near) if near else None
        self.report(messages.BAD_COLUMN, span, {"found": span.text[:40], "expected": expected}, fix)

    def _row(self, token: Token, columns: tuple[Column | None, ...]) -> Row | None:
        cells = self._cells(token)
        if all(set(self.scan.text[start:end]) <= set("-: ") and start < end for start, end in cells):
            return None  # the rule under a head, as in Markdown
        span = self.token_span(token)
        if len(cells) != len(columns):
            self.report(messages.BAD_ROW, span, {"count": str(len(cells)), "columns": str(len(columns))})
            return None
        rule: RuleId | None = None
        name: Text | None = None
        found: list[Clause | None] = []
        for column, (start, end) in zip(columns, cells, strict=True):
            content = None if start >= end else self.parse_cell(column, start, end)
            if column == "rule":
                rule = content
            elif column == "name":
                name = content
            elif column is not None:
                found.append(content)
        if rule is None:
            if "rule" in columns:
                start, end = cells[columns.index("rule")]
                if start >= end:
                    place = Span(self.scan.source, start, start + 1)
                    self.report(messages.NO_RULE_COLUMN, place, {"what": Bilingual("this row has none", "这一行没有")})
            return None
        return Row(rule, name, tuple(found), span, self.layouts.take(self.start(token)))

    def parse_cell(self, column: Column | None, start: int, end: int) -> Any:
        """What a cell says, read as the clause that its column names. None when it cannot be read."""
        raise NotImplementedError  # the parser gives the method

    def _cells(self, token: Token) -> list[tuple[int, int]]:
        """Where the contents of the cells of a row begin and end, without the spaces around them."""
        text = self.scan.text
        begin, stop = token.start_pos + 1, token.end_pos
        while stop > begin and text[stop - 1] in " \t" + LINE_MARK:
            stop -= 1
        if stop > begin and text[stop - 1] == "|":
            stop -= 1
        cells = []
        while True:
            bar = text.find("|", begin, stop)
            end = stop if bar < 0 else bar
            start, last = begin, end
            while start < last and text[start] in " \t":
                start += 1
            while last > start and text[last - 1] in " \t":
                last -= 1
            cells.append((start, last))
            if bar < 0:
                return cells
            begin = bar + 1
