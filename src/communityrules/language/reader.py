"""The parser of one source: it takes tokens until the end, and goes on after errors."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import Any

from communityrules.collecting import without_collector
from communityrules.diagnostics.message import Diagnostic, Message
from communityrules.diagnostics.source import Source, Span
from communityrules.language import messages, shapes
from communityrules.language.grammar import Values, load_grammar
from communityrules.language.keywords import keyword_table
from communityrules.language.layout import Layouts
from communityrules.language.limits import MAX_ERRORS
from communityrules.language.remembering import Remembering
from communityrules.language.run import END, Run, TracedRun, opening_words, openings
from communityrules.language.scan import LINE_MARK, QUOTES, Scan, scan
from communityrules.language.survey import refuse, survey
from communityrules.language.token import Token, make_token
from communityrules.language.tree import Column, File
from communityrules.language.trouble.checks import diagnose, misread
from communityrules.language.trouble.glued import seems_glued
from communityrules.language.trouble.numerals import seems_a_number
from communityrules.language.trouble.patterns import unclosed_pattern
from communityrules.language.trouble.place import Finding
from communityrules.language.trouble.taken import seems_a_slip

#: The start symbol of a column that holds no clause.
_CELLS = {"rule": "cell_id", "name": "cell_name"}
#: Names looked at twice, which costs about a millisecond: a file of nothing else must not take long.
_MAX_LOOKS = 1000
_NAMES = frozenset({"NAME", "RULE_ID"})
_DECLARATIONS = frozenset(one.token for one in keyword_table().section("declarations"))
#: After these an action stands, and one of the actions is called `penalty`.
_BEFORE_ACTIONS = frozenset({"THEN", "COMMA", "IF_LATE", "COLON", "THEN_ON", "ALWAYS", "ORDINAL", "EXPECT"})


class Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._problems: list[Diagnostic] = []
        self._looks = 0
        #: Words that would have made a difference anywhere in the text; None when not all were looked for.
        self.asked: frozenset[str] | None = None
        #: Names that need no second look.
        self._harmless: set[str] = set()

    def read(self) -> tuple[File, list[Diagnostic]]:
        refusal = refuse(self._source)
        if refusal is not None:
            return File((), (), Span(self._source, 0, len(self._source.text))), [refusal]
        scanned = scan(self._source)
        self._problems.extend(survey(scanned))
        self._report_unclosed(scanned)
        if not scanned.firsts:
            comments = Layouts(scanned).trailing
            return File((), comments, Span(self._source, 0, len(self._source.text))), _sorted(self._problems)
        self._scan = scanned
        self._grammar = load_grammar()
        with self._grammar.lock, without_collector():
            builder = self._grammar.builder
            before = list(self._problems)
            builder.begin(scanned, self._cell)
            file = self._by_shapes() if not before else None
            if file is None:
                self._problems = before
                builder.begin(scanned, self._cell)
                file = self._finish(Run(self._grammar, scanned.text, "file", 0, len(scanned.text)))
            self._problems.extend(builder.problems)
            if not self._problems:
                file = builder.layouts.place_rest(file)
            builder.forget()
        self.asked = frozenset(scanned.asked) if self._looks < _MAX_LOOKS else None
        return file, _sorted(self._problems)

    def _report_unclosed(self, scanned: Scan) -> None:
        for start, end in scanned.unclosed:
            quote = QUOTES[self._source.text[start]]
            self._report(messages.UNCLOSED_TEXT, start, start + 1, {"quote": f"`{quote}`"}, (end, quote))
        for start, end in scanned.unclosed_regexes:
            self._problems.append(unclosed_pattern(self._source, start, end))

    def _report(self, message: Message, start: int, end: int, values: dict[str, str], fix: tuple[int, str]) -> None:
        from communityrules.diagnostics.message import Fix

        place = Span(self._source, fix[0], fix[0])
        self._problems.append(Diagnostic(message, Span(self._source, start, end), values, Fix(place, fix[1])))

    # --- the loop --------------------------------------------------------------------------------------------

    def _finish(self, run: Run) -> File:
        file = self._parse(run, recover=True)
        assert isinstance(file, File)  # the start symbol of the grammar
        return file

    def _parse(self, run: Run, *, recover: bool) -> Any:
        """What the grammar recognises; None when it cannot and is not to recover."""
        words = opening_words()
        while True:
            token = run.next_token()
            finding = None
            if token is None:
                start = self._skip_space(run)
            else:
                opens = token.type in _NAMES and token in words and self._opens(run, token)
                start = token.start_pos
                finding = None if opens or token.type not in _NAMES else self._misread(run, token)
                if finding is None and not opens and run.take(token):
                    if token.type == END:
                        return run.values[-1]
                    continue
            if len(self._problems) >= MAX_ERRORS:
                self._give_up(run, start)
                recover = True
            elif not self._go_on(run, start, finding) and not recover:
                return None

    def _opens(self, run: Run, token: Token) -> bool:
        """Whether a word of the language at the beginning of a line opens an item where a name could stand too."""
        start, previous = token.start_pos, run.previous
        if not self._scan.is_first(start) or previous is None:
            return False
        opening = run.opening_at(start)
        if opening is None:
            return False
        if opening.type not in _DECLARATIONS:
            return True
        if opening.type == "PENALTY" and previous.type in _BEFORE_ACTIONS:
            return False
        after = run.text[opening.end_pos : opening.end_pos + 40].lstrip(" \t")
        return bool(after) and (after[0].isalnum() or after[0] in "\ue000(")

    def _skip_space(self, run: Run) -> int:
        position = run.position
        while position < run.end and run.text[position] in " \t\n\r\f\v\x02":
            position += 1
        return position

    def _misread(self, run: Run, token: Token) -> Finding | None:
        """What is wrong with a name that the parser could take; rarely is there a reason to look."""
        first = run.text[token.start_pos - 1 : token.start_pos] == LINE_MARK
        previous = run.previous
        if not first and token in self._harmless and (previous is None or previous.type != "NUMBER"):
            return None
        if not first and self._is_harmless(token, previous):
            return None
        if self._looks >= _MAX_LOOKS:
            return None
        self._looks += 1
        return misread(run, self._scan, token.start_pos, first=first)

    def _is_harmless(self, token: Token, previous: Token | None = None) -> bool:
        """A quick look at a name, which is remembered."""
        if seems_a_number(token) or seems_a_slip(token, previous) or seems_glued(token, self._scan):
            return False
        self._harmless.add(str(token))
        return True

    def _is_harmless_name(self, word: str) -> bool:
        """The same of a name with no number before it."""
        return word in self._harmless or self._is_harmless(make_token("NAME", word, 0, len(word)))

    def _go_on(self, run: Run, start: int, finding: Finding | None = None) -> bool:
        """Report the trouble at a place and mend it, or drop the item. False when the item was dropped."""
        finding = finding or diagnose(run, self._scan, start)
        self._problems.append(finding.diagnostic)
        repair = finding.repair
        if repair is not None:
            for token in repair.tokens:
                if not run.take(token):
                    break
            else:
                run.position = max(run.position, repair.position)
                if finding.diagnostic.message is messages.FORGOTTEN:
                    run.mended = start
                return True
        self._drop_item(run, start)
        return False

    # --- declarations like others ----------------------------------------------------------------------------

    def _by_shapes(self) -> File | None:
        """The tree, read declaration by declaration; None when there is anything to report."""
        text, grammar = self._scan.text, self._grammar
        known = grammar.shapes
        if known is None:
            return None
        starts = shapes.heads(text)
        if len(starts) < 2 or starts[0] != self._scan.firsts[0]:
            return None
        read = Values()
        remembering = Remembering(self._scan, grammar.builder, known, self._is_harmless_name)
        position, last = starts[0], starts[-1]
        for start, end in pairwise(starts):
            if start != position:
                # Within the declaration before: a word of the language that is none there.
                continue
            position = end
            node = remembering.whole(start, end)
            if node is None:
                run = TracedRun(grammar, text, "file", start, len(text))
                position = self._read_one(run, remembering)
                if position < 0:
                    return None
                node = run.values[0][0]
                if position == end:
                    remembering.keep(start, end, run.tokens[:-1], node)
            if grammar.builder.problems or self._problems:
                return None
            read.append(node)
        if position > last:
            return None
        return self._finish(Run(grammar, text, "file", last, len(text), read))

    def _read_one(self, run: TracedRun, remembering: Remembering) -> int:
        """Reads one declaration and the first word of the next; where that stands, -1 when there was any trouble."""
        words = opening_words()
        remembering.begin()
        while True:
            if remembering.put_operand(run):
                continue
            token = run.next_token()
            if token is None or token.type == END:
                return -1
            if token.type in _NAMES and (
                (token in words and self._opens(run, token)) or self._misread(run, token) is not None
            ):
                return -1
            remembering.complete(run, token)
            if remembering.put_clause(run, token):
                continue
            if not run.take(token):
                return -1
            if run.finished:
                return token.start_pos

    # --- going on at the next item ---------------------------------------------------------------------------

    def _drop_item(self, run: Run, start: int) -> None:
        """Forget the item that cannot be read and stand before the next one that can."""
        firsts = self._scan.firsts
        cuts = self._cuts(run, start)
        for position in firsts[bisect_left(firsts, start) :]:
            if position >= run.end:
                break
            opening = run.opening_at(position)
            if opening is None:
                continue
            for cut in cuts:
                stack = run.stack(cut)
                token = run.token_at(position, stack)
                if token is not None and token.type in openings() and run.can_take(token.type, stack):
                    if cut is not None:
                        run.cut(cut)
                    run.position = position
                    run.previous = None
                    return
        self._give_up(run, run.end)

    def _cuts(self, run: Run, start: int) -> list[int | None]:
        """Where the stacks may be cut: before each item that has begun, the innermost first."""
        cuts: list[int | None] = [
            index
            for index in range(len(run.values) - 1, -1, -1)
            if isinstance(run.values[index], Token) and run.values[index].type in openings()
        ]
        return [None, *cuts] if self._scan.is_first(start) else cuts

    def _give_up(self, run: Run, start: int) -> None:
        """Read no further: the file ends here."""
        if len(self._problems) >= MAX_ERRORS and start < run.end:
            span = Span(self._source, start, min(start + 1, run.end))
            self._problems.append(Diagnostic(messages.TOO_MANY, span, {"limit": str(MAX_ERRORS)}))
        for cut in [None, *(index for index in range(len(run.values) - 1, -1, -1))]:
            if run.can_take(END, run.stack(cut)):
                if cut is not None:
                    run.cut(cut)
                break
        run.position = run.end

    # --- cells of tables -------------------------------------------------------------------------------------

    def _cell(self, column: Column | None, start: int, end: int) -> Any:
        """What one cell of a table says; None when it cannot be read."""
        if column is None:
            return None
        run = Run(self._grammar, self._scan.text, _CELLS.get(column, "cell"), start, end)
        if column not in _CELLS and column != "modality":
            run.take(make_token(column.upper(), "", start, start))
            run.previous = None
        return self._parse(run, recover=False)


#: After these the rest of the line is not what its writer meant.
_SPOILING = frozenset({messages.UNCLOSED_TEXT.code, messages.BAD_REGEX.code})


def _sorted(problems: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the text; one for each place, and nothing that only follows from a quote left open."""
    spoilt = {one.span.line for one in problems if one.code in _SPOILING and one.span}
    found: list[Diagnostic] = []
    for one in sorted(problems, key=lambda one: (one.span.start if one.span else 0, one.code)):
        if found and one.span and found[-1].span and found[-1].span.start == one.span.start:
            continue
        if one.span and one.code not in _SPOILING and one.span.line in spoilt:
            continue
        found.append(one)
    return found
