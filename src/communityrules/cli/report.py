"""What happened in a run of `judge`, for people: each decision that did something, then what each rule did.

Holds the first decisions up to a bound and counts the rest, so that a run over millions of events fits in memory and on
a screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from communityrules.checker.checked import Rulebook
from communityrules.cli.story import MUTE, MUTED, VERDICTS, Story
from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part, StyledLine
from communityrules.diagnostics.width import cells, cut, pad, visible
from communityrules.model.decision import Decision
from communityrules.model.event import Event

_MORE: Final = Bilingual(
    "… and {number} more; `--show all` shows every one, `-o FILE` keeps all decisions.",
    "……另有 {number} 项;`--show all` 全部显示,`-o 文件` 保存所有判定。",
)
_NOTHING: Final = Bilingual(
    "Every event was let pass; no rule had anything to say.", "所有事件都已放行,没有规则需要处理。"
)
_NO_EVENTS: Final = Bilingual("There was no event to judge.", "没有可以评判的事件。")
_BY_RULE: Final = Bilingual("Rules", "各条规则")
_HEAD: Final = (
    Bilingual("rule", "规则"),
    Bilingual("name", "名称"),
    Bilingual("answered", "触发"),
    Bilingual("blocked", "拦截"),
    Bilingual("held", "送审"),
    Bilingual("flagged", "标记"),
    Bilingual("trial", "试行"),
)
_SILENT: Final = Bilingual("Never answered: {rules}", "从未触发:{rules}")
_VERDICTS_LINE: Final = Bilingual(
    "Verdicts: {allow} allow, {flag} flag, {hold} hold, {block} block",
    "判定:放行 {allow},标记 {flag},送审 {hold},拦截 {block}",
)
_COUNTS: Final = Bilingual(
    "Events: {read} read = {judged} judged + {duplicate} seen before + {quarantined} refused; {late} came late",
    "事件:读入 {read} = 评判 {judged} + 重复 {duplicate} + 拒收 {quarantined};其中迟到 {late}",
)


class Report:
    """Collects decisions and lays them out."""

    def __init__(self, story: Story, rulebook: Rulebook, most: int | None) -> None:
        self._story = story
        #: How many decisions are shown; None: all.
        self._most = most
        self._kept: list[tuple[Decision, Event | None]] = []
        self._untold = 0
        self._verdicts: Counter[str] = Counter()
        self._rules: dict[str, Counter[str]] = {}
        self._names: dict[str, str | None] = {one.id: one.name for one in rulebook.rules}
        self._communities: set[str] = set()

    def add(self, decision: Decision, event: Event | None) -> None:
        """Take note of one decision and the event that it answers."""
        if isinstance(decision.event, str):
            self._verdicts[decision.verdict] += 1
        for one in decision.outcomes:
            counter = self._rules.setdefault(one.rule, Counter())
            counter["answered"] += 1
            if one.trial:
                counter["trial"] += 1
            elif one.overridden_by is None:
                counter[one.verdict] += 1
            self._names.setdefault(one.rule, self._story.text(MUTED) if one.rule == MUTE else one.name)
        if not _worth_telling(decision):
            return
        if self._most is None or len(self._kept) < self._most:
            self._kept.append((decision, event))
            self._communities.add(decision.community)
        else:
            self._untold += 1

    def lines(self) -> list[StyledLine]:
        """Everything that is to be shown, except the counts of events."""
        found: list[StyledLine] = []
        day = ""
        for decision, event in self._kept:
            date = self._story.say.time(decision.time)[:10]
            if date != day:
                found.append([Part(f"── {date} " + "─" * max(0, self._story.width - 14), "place")])
                day = date
            found += self._story.decision(decision, event, community=len(self._communities) > 1)
        if self._untold:
            found += [[], [Part(self._story.text(_MORE, number=str(self._untold)), "strong")]]
        if not self._kept and not self._untold:
            found.append([Part(self._story.text(_NOTHING if self._verdicts else _NO_EVENTS))])
        return [*found, [], *self._summary()]

    def counts(self, read: int, judged: int, duplicate: int, quarantined: int, late: int) -> StyledLine:
        """The line that accounts for every event."""
        said = {"read": read, "judged": judged, "duplicate": duplicate, "quarantined": quarantined, "late": late}
        return [Part(self._story.text(_COUNTS, **{name: str(number) for name, number in said.items()}))]

    def _summary(self) -> list[StyledLine]:
        found: list[StyledLine] = []
        text = self._story.text
        answered = [one for one in self._names if one in self._rules]
        if answered:
            rows = [tuple(text(one) for one in _HEAD)]
            for rule in answered:
                counter = self._rules[rule]
                numbers = [counter[name] for name in ("answered", "block", "hold", "flag", "trial")]
                name = cut(visible(self._names[rule] or ""), 36)
                # What has no rule of its own is called as tests call it.
                called = self._story.say.action(MUTE) if rule == MUTE else visible(rule)
                rows.append((called, name, *(str(number) if number else "·" for number in numbers)))
            found += [[Part(text(_BY_RULE), "strong")], *_columns(rows), []]
        silent = [visible(one) for one in self._names if one not in self._rules]
        if silent:
            said = text(_SILENT, rules=("、" if self._story.say.language == "zh" else ", ").join(silent))
            found += [[Part(line, "faint")] for line in wrap(said, self._story.width)]
        found.append([Part(text(_VERDICTS_LINE, **{name: str(self._verdicts[name]) for name in VERDICTS}))])
        return found


def _worth_telling(decision: Decision) -> bool:
    return bool(
        decision.outcomes or decision.sanctions or decision.duties or decision.cases or decision.notices
        or decision.points or decision.labels or decision.errors
    )  # fmt: skip


def _columns(rows: Sequence[tuple[str, ...]]) -> list[StyledLine]:
    """Rows under each other; numbers, all but the first two columns, to the right."""
    widths = [max(cells(row[index]) for row in rows) for index in range(len(rows[0]))]
    found: list[StyledLine] = []
    for number, row in enumerate(rows):
        parts = [
            pad(text, width) if index < 2 else " " * (width - cells(text)) + text
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        found.append([Part("  " + "  ".join(parts), "faint" if number == 0 else "plain")])
    return found
