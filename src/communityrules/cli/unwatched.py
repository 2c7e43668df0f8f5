"""What the tests of a rulebook do not watch: rules and parts that none reaches, changes that none notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from communityrules.cli.counts import Counted
from communityrules.cli.story import RULE, Story
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part, StyledLine
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.checker import checked
    from communityrules.workbench.coverage import Coverage
    from communityrules.workbench.coverage import Part as ConditionPart
    from communityrules.workbench.mutants import Mutant

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
_NOTICED: Final = Bilingual("Changes noticed: {noticed} of {all}", "察觉到的改动:{noticed}/{all}")
_UNNOTICED: Final = Bilingual("No test notices, in rules that tests reach:", "在测试触及的规则中,没有测试察觉:")
_CHANGES: Final = {
    "removed": Bilingual("{rule} taken away", "删去{rule}"),
    "limit": Bilingual("{rule}, another limit: {what}", "{rule} 改动界限:{what}"),
    "boundary": Bilingual("{rule}, exactly at the limit: {what}", "{rule} 恰在界限上:{what}"),
    "part": Bilingual("{rule}, without this part: {what}", "{rule} 去掉条件:{what}"),
    "action": Bilingual("{rule}, without doing: {what}", "{rule} 不做:{what}"),
    "duty": Bilingual("{rule}, without asking for: {what}", "{rule} 不要求:{what}"),
}


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


def unnoticed(number: int, alive: Sequence[Mutant], coverage: Coverage, story: Story) -> list[StyledLine]:
    """How many changes the tests notice, and which they should but do not."""
    said = {"noticed": str(number - len(alive)), "all": str(number)}
    found: list[StyledLine] = [[Part(story.text(_NOTICED, **said))]]
    lines = dict.fromkeys(_change(one, story) for one in reachable(alive, coverage))
    if lines:
        found.append([Part(story.text(_UNNOTICED), "strong")])
        found += [[Part(f"  {line}", "warning")] for line in lines]
    return found


def reachable(alive: Sequence[Mutant], coverage: Coverage) -> list[Mutant]:
    """The mutants of what some test reaches: of the rest, coverage has told already."""
    silent = {(rule.id, rule.start) for rule in coverage.unreached_rules}
    parts = {part.text for part in coverage.unreached_parts}
    return [
        one
        for one in alive
        if (one.rule.id, one.rule.start) not in silent and parts.isdisjoint((one.what, *one.within))
    ]


def _change(one: Mutant, story: Story) -> str:
    what = visible(one.what)
    if one.change == "action":
        what = story.say.action(one.what)
    elif one.change == "duty":
        what = story.say.event(one.what)
    return story.text(_CHANGES[one.change], rule=story.text(RULE, id=visible(one.rule.id)), what=what)
