"""`communityrules effects`: what each rule has done, from the decisions that `judge` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import click

from communityrules.cli.books import STDIN, open_book
from communityrules.cli.messages import NOT_DECISIONS, STDIN_TWICE, cannot
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.cli.screen import Screen
from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.text import Part, StyledLine
from communityrules.diagnostics.width import cells, cut, pad, visible

if TYPE_CHECKING:
    from communityrules.workbench.effects import Effect, Effects

_ABOUT: Final = Bilingual(
    "What each rule of a rulebook has done: how often it answered, to how many members, what came of it and what was "
    "taken back, month by month, and which rules never did anything. DECISIONS are files that `judge -o` wrote, plain "
    "or gzip. Exit status 0; 1 when some lines are no decisions; 2 when it could not run.",
    "规则手册中每条规则起了什么作用:触发多少次、涉及多少成员、结果如何、撤销多少,按月列出,并指出从未起作用的规则。"
    "判定是 `judge -o` 写下的文件,可用 gzip 压缩。退出码为 0;有的行不是判定则为 1;无法运行为 2。",
)
_HEAD: Final = (
    Bilingual("rule", "规则"),
    Bilingual("name", "名称"),
    Bilingual("times", "次数"),
    Bilingual("members", "成员"),
    Bilingual("blocked", "拦截"),
    Bilingual("held", "送审"),
    Bilingual("flagged", "标记"),
    Bilingual("sanctions", "处分"),
    Bilingual("taken back", "撤销"),
    Bilingual("appeals", "申诉"),
    Bilingual("duties met", "履职"),
    Bilingual("late", "逾期"),
    Bilingual("trial", "试行"),
)
_RULES: Final = Bilingual("What each rule did", "各条规则的作用")
_BY_MONTH: Final = Bilingual("Answers by month", "逐月触发次数")
_EARLIER: Final = Bilingual("earlier", "更早")
_ACTIONS: Final = Bilingual("What they asked for", "各自的处置")
_SILENT: Final = Bilingual("Never did anything: {rules}", "从未起作用:{rules}")
_ALL_SPOKE: Final = Bilingual("Every rule did something.", "每条规则都起过作用。")
_LINE: Final = Bilingual(
    "Decisions: {events} of events, {timers} of timers, from {first} to {last}",
    "判定:事件 {events} 项,定时 {timers} 项,自 {first} 至 {last}",
)
_NOTHING: Final = Bilingual("There was no decision to count.", "没有可以统计的判定。")
_OTHERS: Final = Bilingual(
    "{number} of them were made by another text of the rules.", "其中 {number} 项出自另一版本的规则。"
)
_MONTHS: Final = 12


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def effects(context: click.Context, /, book: str, decisions: tuple[str, ...], form: str) -> int:
        return _run(screen(context), book, decisions, form)

    return Command(
        language,
        name="effects",
        help=word(_ABOUT, language),
        callback=effects,
        params=[
            click.Argument(["book"], metavar="BOOK"),
            click.Argument(["decisions"], metavar="DECISIONS...", nargs=-1, required=True),
            format_option(language),
        ],
    )


def _run(out: Screen, book: str, files: Sequence[str], form: str) -> int:
    if [book, *files].count(STDIN) > 1:
        raise cannot(STDIN_TWICE)
    rulebook = open_book(book)
    from communityrules.wire.decision_lines import read_decisions
    from communityrules.workbench.effects import Effects

    effects = Effects(rulebook.checked)
    refused: list[Diagnostic] = []
    for file in files:
        bad, first = 0, 0
        for line in read_decisions(file):
            if line.decision is not None:
                effects.add(line.decision)
            else:
                bad += 1
                first = first or line.number
        if bad:
            refused.append(Diagnostic(NOT_DECISIONS, None, {"file": file, "number": str(bad), "line": str(first)}))
    if form == "json":
        told = {"rulebook": {"name": rulebook.checked.name, "version": rulebook.checked.version}, **effects.to_json()}
        out.raw(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        out.out(list(_lines(effects, out.language, out.width)))
    out.diagnostics(refused)
    return 1 if refused else 0


def _lines(effects: Effects, language: Language, width: int) -> Iterable[StyledLine]:
    if not effects.first or not effects.last:
        yield [Part(word(_NOTHING, language))]
        return
    busy = [one for one in effects.rules if one.did_something or one.errors]
    if busy:
        yield [Part(word(_RULES, language), "strong")]
        yield from _columns([tuple(word(one, language) for one in _HEAD), *(_row(one, language) for one in busy)])
        yield []
        yield [Part(word(_ACTIONS, language), "strong")]
        yield from _actions(busy, language, width)
        yield []
        yield [Part(word(_BY_MONTH, language), "strong")]
        yield from _columns(_by_month(busy, effects.months, language))
        yield []
    between = "、" if language == "zh" else ", "
    said = word(_SILENT, language, rules=between.join(map(visible, effects.silent))) if effects.silent else ""
    for line in wrap(said or word(_ALL_SPOKE, language), width):
        yield [Part(line, "warning" if effects.silent else "good")]
    numbers = {
        "events": effects.events,
        "timers": effects.timers,
        "first": effects.first[:10],
        "last": effects.last[:10],
    }
    yield [Part(word(_LINE, language, **{name: str(one) for name, one in numbers.items()}))]
    if effects.others:
        yield [Part(word(_OTHERS, language, number=str(effects.others)), "warning")]


def _called(one: Effect, language: Language) -> str:
    """A rule's number; what the engine itself answers under is called as in rules."""
    from communityrules.library.words import RESERVED_RULES

    reserved = None if one.known else RESERVED_RULES.get(one.rule)
    return visible(one.rule) if reserved is None else reserved.zh if language == "zh" else reserved.en


def _row(one: Effect, language: Language) -> tuple[str, ...]:
    members = f"{len(one.members)}+" if one.at_least else str(len(one.members))
    numbers = [
        one.verdicts["block"], one.verdicts["hold"], one.verdicts["flag"], one.sanctions.total(), one.reversed,
        one.appeals["opened"], one.duties["met"], one.duties["late"], one.trial,
    ]  # fmt: skip
    return (
        _called(one, language), cut(visible(one.name or ""), 28), str(one.times), members,
        *(str(number) if number else "·" for number in numbers),
    )  # fmt: skip


def _actions(effects: Sequence[Effect], language: Language, width: int) -> Iterable[StyledLine]:
    from communityrules.library.registry import standard_library

    library = standard_library()
    first = max(cells(_called(one, language)) for one in effects)
    for one in effects:
        kinds = []
        for name, number in sorted(one.actions.items(), key=lambda counted: (-counted[1], counted[0])):
            declared = library.actions.get(name)
            shown = name if declared is None else declared.names.zh if language == "zh" else declared.names.en
            kinds.append(f"{visible(shown).replace('_', ' ')} {number}")
        text = ("、" if language == "zh" else ", ").join(kinds) or "·"
        for number, line in enumerate(wrap(text, max(20, width - first - 4))):
            yield [Part(f"  {pad(_called(one, language) if number == 0 else '', first)}  {line}")]


def _by_month(effects: Sequence[Effect], months: Sequence[str], language: Language) -> list[tuple[str, ...]]:
    """A row for each rule; the last twelve months, and all before in one column."""
    shown = months[-_MONTHS:]
    earlier = months[: -len(shown)] if len(months) > len(shown) else []
    head = (word(_HEAD[0], language), "", *([word(_EARLIER, language)] if earlier else []), *shown)
    rows = [head]
    for one in effects:
        numbers = [*([sum(one.months[month] for month in earlier)] if earlier else []), *(one.months[m] for m in shown)]
        rows.append((_called(one, language), "", *(str(number) if number else "·" for number in numbers)))
    return rows


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterable[StyledLine]:
    """Rows under each other; numbers, all but the first two columns, to the right. Columns without anything go."""
    kept = [
        index for index in range(len(rows[0]))
        if index == 0 or index == 2 or any(row[index] not in ("", "·") for row in rows[1:])
    ]  # fmt: skip
    widths = {index: max(cells(row[index]) for row in rows) for index in kept}
    for number, row in enumerate(rows):
        parts = [
            pad(row[index], widths[index]) if index < 2 else " " * (widths[index] - cells(row[index])) + row[index]
            for index in kept
        ]
        yield [Part("  " + "  ".join(parts).rstrip(), "faint" if number == 0 else "plain")]
