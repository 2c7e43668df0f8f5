"""What the tests of a rulebook do not watch: rules and parts that none reaches, changes that none notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from communityrules.cli.counts import Counted
from communityrules.cli.story import RULE, Story
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part, StyledLine
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.checker import checked
    from communityrules.diagnostics.text import Style
    from communityrules.workbench.coverage import Coverage
    from communityrules.workbench.coverage import Part as ConditionPart
    from communityrules.workbench.mutants import Mutant, Mutants, Tried


@dataclass(frozen=True, slots=True)
class Survivors:
    """What became of the mutants of a rulebook, and who can tell their words."""

    mutants: Mutants
    tried: Tried


_REACHED: Final = Bilingual(
    "Reached: {rules} of {all_rules}, {parts} of {all_parts}",
    "触及:规则 {rules}/{all_rules},条件的组成部分 {parts}/{all_parts}",
)
_RULES: Final = Counted(Bilingual("{n} rule", "{n}"), Bilingual("{n} rules", "{n}"))
_PARTS: Final = Counted(Bilingual("{n} part of conditions", "{n}"), Bilingual("{n} parts of conditions", "{n}"))
_UNREACHED: Final = Bilingual("No test reaches:", "没有测试触及:")
_IN_RULE: Final = Bilingual("rule {id}, this part: {part}", "规则 {id} 的条件:{part}")
_IN_DEFINITION: Final = Bilingual("define {id}, this part: {part}", "定义 {id} 的条件:{part}")
_FROM: Final = Bilingual("{rule} (from {day})", "{rule}(自 {day})")
_NOTICED: Final = Bilingual("Changes noticed: {noticed} of {all} ({share}%)", "察觉到的改动:{noticed}/{all}({share}%)")
_LEFT_OUT: Final = Bilingual(
    "Not tried, because there were more than the budget: {changes}", "超出预算而未尝试的改动:{changes}"
)
_UNNOTICED: Final = Bilingual("No test notices, in rules that tests reach:", "在测试触及的规则中,没有测试察觉:")
_TAKEN_AWAY: Final = Bilingual("(taken away)", "(删去)")


def unreached(coverage: Coverage, story: Story) -> list[StyledLine]:
    """How much the tests reach, and what they do not."""
    numbers = {
        "rules": str(sum(reached for _, reached in coverage.rules)),
        "all_rules": _RULES.words(len(coverage.rules), story.say.language),
        "parts": str(sum(reached for _, reached in coverage.parts)),
        "all_parts": _PARTS.words(len(coverage.parts), story.say.language),
    }
    found: list[StyledLine] = [[Part(story.text(_REACHED, **numbers))]]
    rules = [rule for rule, _ in coverage.rules]
    missing = [_rule(rule, rules, story) for rule in coverage.unreached_rules]
    silent = {rule.id for rule in coverage.unreached_rules}
    # The parts of a rule that never answered are not worth a line each.
    missing += [_part(part, story) for part in coverage.unreached_parts if part.rule not in silent]
    if missing:
        found.append([Part(story.text(_UNREACHED), "strong")])
        found += [[Part(f"  {line}", "warning")] for line in missing]
    return found


def _rule(rule: checked.Rule, rules: Sequence[checked.Rule], story: Story) -> str:
    said = story.text(RULE, id=visible(rule.id)) + (f" {visible(rule.name)}" if rule.name else "")
    if rule.start is not None and sum(one.id == rule.id for one in rules) > 1:
        return story.text(_FROM, rule=said, day=story.say.time(rule.start)[:10])
    return said


def _part(part: ConditionPart, story: Story) -> str:
    if part.rule is not None:
        return story.text(_IN_RULE, id=visible(part.rule), part=visible(part.text))
    return story.text(_IN_DEFINITION, id=visible(part.definition or ""), part=visible(part.text))


def unnoticed(found: Survivors, coverage: Coverage, story: Story) -> list[StyledLine]:
    """How many changes the tests notice, and the sentences in which they should notice one but do not."""
    tried = found.tried
    share = 100 * tried.killed // tried.tried if tried.tried else 100
    said = {"noticed": str(tried.killed), "all": str(tried.tried), "share": str(share)}
    lines: list[StyledLine] = [[Part(story.text(_NOTICED, **said))]]
    if tried.left_out:
        lines.append([Part(story.text(_LEFT_OUT, changes=str(tried.left_out)), "hint")])
    alive = [one for one in tried.survivors if is_reached(one, coverage)]
    if alive:
        lines.append([Part(story.text(_UNNOTICED), "strong")])
    for one in alive:
        before, after = found.mutants.words(one)
        rule = f"{story.text(RULE, id=visible(one.rule))}: " if one.rule is not None else ""
        lines.append([Part(f"  {visible(one.file)}:{one.line}: ", "place"), Part(rule), *_flat(before, "warning")])
        changed = _flat(after, "warning") if after is not None else [Part(story.text(_TAKEN_AWAY), "warning")]
        lines.append([Part("    → ", "faint"), *changed])
    return lines


def _flat(text: str, style: Style) -> list[Part]:
    return [Part(visible(" ".join(text.split())), style)]


def is_reached(one: Mutant, coverage: Coverage) -> bool:
    """Whether a mutant changes what some test reaches: of the rest, coverage has told already."""
    if one.rule is None:
        return True
    return any(reached for rule, reached in coverage.rules if rule.id == one.rule)
