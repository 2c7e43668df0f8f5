"""`communityrules test`: the tests that stand in rulebooks, and what none of them reaches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from communityrules.checker.files import folder_reader
from communityrules.cli.books import STDIN, check_book, folder
from communityrules.cli.counts import EXPECTATIONS, TESTS
from communityrules.cli.messages import STDIN_TWICE, cannot
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.cli.phrases import Phrases
from communityrules.cli.progress import Bar
from communityrules.cli.screen import Screen
from communityrules.cli.story import Story
from communityrules.cli.unwatched import Survivors, is_reached, unnoticed, unreached
from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.formats import to_json
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.text import Part, StyledLine, styled, summary
from communityrules.diagnostics.width import visible
from communityrules.library.registry import standard_library
from communityrules.model.zones import zone
from communityrules.wire.events import decision_to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communityrules.checker.check import CheckResult
    from communityrules.checker.checked import Rulebook
    from communityrules.language import tree
    from communityrules.workbench.coverage import Coverage
    from communityrules.workbench.mutants import Mutant, Mutants
    from communityrules.workbench.testing import Broken, TestResult, TestRun, Unmet
    from communityrules.workbench.whynot import WhyNot


_ABOUT: Final = Bilingual(
    "Run the tests that stand in rulebooks. For a failed expectation it shows what happened instead; at the end, which "
    "rules and conditions no test reaches. Exit status 0 when all pass, 1 when one fails, 2 when it could not run.",
    "运行规则手册中的测试。预期落空时显示实际发生了什么;最后列出没有测试触及的规则和条件。"
    "全部通过时退出码为 0,有失败为 1,无法运行为 2。",
)
_COVERAGE: Final = Bilingual("Whether to say what no test reaches.", "是否列出没有测试触及的内容。")
_MUTANTS: Final = Bilingual(
    "Change the rules a little, again and again, and say which changes no test notices.",
    "对规则逐一作小改动,列出没有测试察觉的改动。",
)
_BUDGET: Final = Bilingual(
    "How many changes are tried of each rulebook at most, at equal distances where there are more. Usually 2,000, "
    "fewer of a large rulebook.",
    "每部规则手册最多尝试多少处改动;更多时等距选取。通常为 2000,大的规则手册较少。",
)
_SPELLINGS: Final[tuple[Language, ...]] = ("en", "zh")
_CHANGING: Final = Bilingual("Changing rules", "改动规则中")
_EXPECTED: Final = Bilingual("expected: {expected}", "预期:{expected}")
_MISSING: Final = Bilingual("missing:  {missing}", "缺少:{missing}")
_ELSEWHERE: Final = Bilingual(
    "missing:  {missing} under {rule}; it came under another rule", "缺少:依据 {rule} 的 {missing};它出自另一条规则"
)
_UNWANTED: Final = Bilingual("not wanted: {missing}", "不应有:{missing}")
_INSTEAD: Final = Bilingual("happened:", "实际:")
_NOTHING: Final = Bilingual("nothing happened", "什么也没有发生")
_WHY_NOT: Final = {
    "unknown": Bilingual("there is no rule {rule}", "没有规则 {rule}"),
    "not_in_force": Bilingual("rule {rule} is not in force on that day", "规则 {rule} 当天未生效"),
    "not_on": Bilingual("rule {rule} is not on {event} events", "规则 {rule} 不针对{event}事件"),
    "not_for": Bilingual("rule {rule} does not apply to {member} there", "规则 {rule} 在此不适用于 {member}"),
    "condition": Bilingual("rule {rule} does not match: {why}", "规则 {rule} 不成立:{why}"),
    "quiet": Bilingual(
        "rule {rule} matches, but was kept quiet: a cooldown, a silenced sender, or an earlier row of its table",
        "规则 {rule} 成立,但未作处理:处于冷却期、发送者被禁言,或表中前面的行已命中",
    ),
}
_PASSED: Final = Bilingual(
    "{book}: {tests}, {passed} passed, {failed} failed; {expectations}",
    "{book}:{tests},通过 {passed},失败 {failed};共 {expectations}",
)
_NO_TESTS: Final = Bilingual("{book}: there are no tests", "{book}:没有测试")


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def test(
        context: click.Context, /, books: tuple[str, ...], coverage: bool, mutants: bool, budget: int | None, form: str
    ) -> int:
        return _Run(screen(context), coverage, mutants, budget, form == "json").all(books)

    return Command(
        language,
        name="test",
        help=word(_ABOUT, language),
        callback=test,
        params=[
            click.Argument(["books"], nargs=-1, required=True, metavar="BOOK..."),
            click.Option(["--coverage/--no-coverage"], default=True, show_default=True, help=word(_COVERAGE, language)),
            click.Option(["--mutants"], is_flag=True, help=word(_MUTANTS, language)),
            click.Option(["--budget"], type=click.IntRange(min=1), metavar="N", help=word(_BUDGET, language)),
            format_option(language),
        ],
    )


class _Run:
    """One run of the command."""

    def __init__(self, out: Screen, coverage: bool, mutants: bool, budget: int | None, as_json: bool) -> None:
        self._out = out
        self._mutants = mutants
        self._budget = budget
        self._coverage = coverage
        self._json = as_json
        self._reports: list[dict[str, Any]] = []

    def all(self, books: tuple[str, ...]) -> int:
        if books.count(STDIN) > 1:
            raise cannot(STDIN_TWICE)
        good = [self._book(book) for book in books]
        if self._json:
            self._out.raw(json.dumps({"books": self._reports}, ensure_ascii=False, default=str) + "\n")
        return 0 if all(good) else 1

    def _book(self, book: str) -> bool:
        """Whether every test of one rulebook passes."""
        from communityrules.workbench.testing import run_tests

        result = check_book(book)
        if not self._json:
            self._out.err([line for one in result.diagnostics for line in styled(one, self._out.language)])
        rulebook = result.rulebook
        if rulebook is None:
            if self._json:
                found = [to_json(one, self._out.language) for one in result.diagnostics]
                self._reports.append({"book": book, "passed": False, "diagnostics": found})
            else:
                self._out.note(f"{book}: {summary(result.diagnostics, self._out.language)}")
            return False
        run = run_tests(rulebook, standard_library())
        # Of tests that fail already, nothing can be learnt by making more of them fail.
        mutants = self._survivors(book, result) if self._mutants and run.results and not run.failed else None
        if self._json:
            self._reports.append(_report(book, rulebook, run, mutants, self._out.language))
        else:
            own = (*rulebook.lists, *rulebook.patterns)
            phrases = Phrases(self._out.language, zone(rulebook.timezone), standard_library(), own)
            self._out.out(_Sheet(book, run, Story(phrases, self._out.width), self._coverage, mutants).lines())
        return run.failed == 0

    def _survivors(self, book: str, result: CheckResult) -> Survivors:
        from communityrules.workbench.mutants import Mutants

        mutants = Mutants(result.files[0], standard_library(), folder_reader(folder(book)), self._budget)
        done = 0

        def count(items: Iterable[Mutant]) -> Iterator[Mutant]:
            nonlocal done
            for one in items:
                yield one
                done += 1

        what = _CHANGING.fill(self._out.language, {})
        with Bar(self._out, what, len(mutants.chosen), lambda: done, every=1) as bar:
            return Survivors(mutants, mutants.run(lambda made: count(bar.through(made))))


class _Sheet:
    """The results of one rulebook, laid out."""

    def __init__(self, book: str, run: TestRun, story: Story, coverage: bool, mutants: Survivors | None) -> None:
        self._mutants = mutants
        self._book = book
        self._run = run
        self._story = story
        self._coverage = coverage
        self._text = story.text

    def lines(self) -> list[StyledLine]:
        run = self._run
        found: list[StyledLine] = []
        for result in run.results:
            found += self._test(result)
        if not run.results:
            found.append([Part(self._text(_NO_TESTS, book=self._book), "warning")])
        else:
            passed = len(run.results) - run.failed
            language = self._story.say.language
            said = self._text(
                _PASSED, book=self._book, tests=TESTS.words(len(run.results), language), passed=str(passed),
                failed=str(run.failed),
                expectations=EXPECTATIONS.words(sum(one.expectations for one in run.results), language),
            )  # fmt: skip
            found.append([Part(said, "error" if run.failed else "good")])
        if self._coverage:
            found += unreached(run.coverage, self._story)
        if self._mutants is not None:
            found += unnoticed(self._mutants, run.coverage, self._story)
        return [*found, []]

    def _test(self, result: TestResult) -> list[StyledLine]:
        from communityrules.workbench.testing import Unmet

        name = visible(result.test.name.value)
        if result.passed:
            return [[Part("✓ ", "good"), Part(name)]]
        found: list[StyledLine] = [[Part("✗ ", "error"), Part(name, "strong")]]
        for one in result.failures:
            found += self._where(one)
            if isinstance(one, Unmet):
                found += self._unmet(one)
            else:
                found.append([Part(f"    [{one.diagnostic.code}] {one.diagnostic.text(self._story.say.language)}")])
            found.append([])
        return found

    def _where(self, one: Unmet | Broken) -> list[StyledLine]:
        span = one.step.span
        line = span.source.line(span.line).strip()
        return [[Part(f"    {span.source.name}:{span.line}: ", "place"), Part(visible(line), "faint")]]

    def _unmet(self, one: Unmet) -> list[StyledLine]:
        indent = " " * 6
        # Without the word `expect`, which the line above shows.
        expected = visible(one.expect.span.text.split(maxsplit=1)[-1])
        found: list[StyledLine] = [[Part(f"{indent}{self._text(_EXPECTED, expected=expected)}", "strong")]]
        rules = dict(one.expect.rules())
        for heading, items in (
            (_ELSEWHERE if one.missing.elsewhere else _MISSING, [item for item in one.missing.items if _wanted(item)]),
            (_UNWANTED, [item for item in one.missing.items if item.absent and item.what is not None]),
        ):
            if items:
                # The rule stands in the sentence, or in the line above.
                missing = ", ".join(visible(item.what.span.text) for item in items if item.what is not None)
                under = next((rule.text for item in items if (rule := rules[item]) is not None), "")
                said = self._text(heading, missing=missing, rule=visible(under))
                found.append([Part(f"{indent}{said}", "error")])
        if one.why_not is not None:
            room = self._story.width - len(indent)
            said = self._why_not(one.why_not, one)
            found += [[Part(f"{indent}{line}", "hint")] for line in wrap(said, room)]
        found.append([Part(f"{indent}{self._text(_INSTEAD)}", "strong")])
        if not one.decisions:
            found.append([Part(f"{indent}  {self._text(_NOTHING)}")])
        for decision in one.decisions:
            event = one.event if isinstance(decision.event, str) else None
            found += [[Part("  " + indent), *line] for line in self._story.decision(decision, event)]
        return found

    def _why_not(self, reason: WhyNot, one: Unmet) -> str:
        say = self._story.say
        member = one.event.member.id if one.event is not None and one.event.member is not None else "—"
        return self._text(
            _WHY_NOT[reason.kind],
            rule=visible(reason.rule),
            event=say.event(one.event.type) if one.event is not None else "",
            member=visible(member),
            why=say.evidences(reason.evidence),
        )


# --- for programs --------------------------------------------------------------------------------------------


def _report(
    book: str, rulebook: Rulebook, run: TestRun, mutants: Survivors | None, language: Language
) -> dict[str, Any]:
    coverage = run.coverage
    return {
        "book": book,
        "passed": run.failed == 0,
        "tests": [_result(one, rulebook, language) for one in run.results],
        "coverage": {
            "rules": {"reached": sum(reached for _, reached in coverage.rules), "all": len(coverage.rules)},
            "parts": {"reached": sum(reached for _, reached in coverage.parts), "all": len(coverage.parts)},
            "unreached_rules": [rule.id for rule in coverage.unreached_rules],
            "unreached_parts": [
                {"rule": part.rule, "definition": part.definition, "text": part.text}
                for part in coverage.unreached_parts
            ],
        },
        "mutants": _mutants(mutants, coverage) if mutants is not None else None,
    }


def _mutants(found: Survivors, coverage: Coverage) -> dict[str, Any]:
    tried = found.tried
    return {
        "all": tried.tried,
        "killed": tried.killed,
        "survived": len(tried.survivors),
        "left_out": tried.left_out,
        "survivors": [_survivor(one, found.mutants, coverage) for one in tried.survivors],
    }


def _survivor(one: Mutant, mutants: Mutants, coverage: Coverage) -> dict[str, Any]:
    said = {language: mutants.words(one, language) for language in _SPELLINGS}
    return {
        "file": one.file,
        "line": one.line,
        "rule": one.rule,
        "change": one.change.kind,
        "reached": is_reached(one, coverage),
        "before": {language: words[0] for language, words in said.items()},
        "after": {language: words[1] for language, words in said.items()},
    }


def _result(one: TestResult, rulebook: Rulebook, language: Language) -> dict[str, Any]:
    return {
        "name": one.test.name.value,
        "line": one.test.span.line,
        "passed": one.passed,
        "expectations": one.expectations,
        "failures": [_failure(failure, rulebook, language) for failure in one.failures],
    }


def _wanted(item: tree.Expected) -> bool:
    """Whether it was to happen, in place of not to."""
    return item.what is not None and not item.absent


def _failure(one: Unmet | Broken, rulebook: Rulebook, language: Language) -> dict[str, Any]:
    from communityrules.workbench.testing import Broken

    where = {"file": one.step.span.source.name, "line": one.step.span.line}
    if isinstance(one, Broken):
        return {**where, "error": to_json(one.diagnostic, language)}
    why = one.why_not
    return {
        **where,
        "expected": one.expect.span.text,
        "missing": [item.what.span.text for item in one.missing.items if item.what is not None and not item.absent],
        "unwanted": [item.what.span.text for item in one.missing.items if item.what is not None and item.absent],
        "under_another_rule": one.missing.elsewhere,
        "why_not": {"rule": why.rule, "kind": why.kind, "evidence": [dict(e) for e in why.evidence]} if why else None,
        "happened": [decision_to_wire(decision, zone(rulebook.timezone)) for decision in one.decisions],
    }
