"""One decision told to a person: what happened, which rules answered and why, what follows."""

from __future__ import annotations

from typing import Final

from communityrules.cli.counts import Counted
from communityrules.cli.phrases import Phrases
from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part, Style, StyledLine
from communityrules.diagnostics.width import cells, cut, pad, visible
from communityrules.model.decision import Decision, Outcome, Timer
from communityrules.model.event import Event

VERDICTS: Final = {
    "allow": Bilingual("allow", "放行"),
    "flag": Bilingual("flag", "标记"),
    "hold": Bilingual("hold", "送审"),
    "block": Bilingual("block", "拦截"),
}
#: The reserved rule under which what silenced members send is blocked.
MUTE: Final = "mute"
MUTED: Final = Bilingual("silenced", "禁言中")
RULE: Final = Bilingual("rule {id}", "规则 {id}")
_STYLE: Final[dict[str, Style]] = {"allow": "good", "flag": "warning", "hold": "warning", "block": "error"}
_TIMER: Final = {
    "duty": Bilingual("a deadline passed", "期限已到"),
    "reminder": Bilingual("a deadline is near", "期限临近"),
    "case": Bilingual("a case's deadline passed", "案件期限已到"),
    "sanction": Bilingual("a sanction ended", "处分到期"),
    "label": Bilingual("a label ended", "标签到期"),
    "state": Bilingual("a state ended", "状态到期"),
    "period": Bilingual("a period ended", "一个周期结束"),
    "breaker": Bilingual("a breaker lets sanctions pass again", "熔断解除"),
}
_TRIAL: Final = Bilingual("on trial: only recorded", "试行:只记录")
_OVERRIDDEN: Final = Bilingual("overridden by rule {id}", "被规则 {id} 取代")
_LATE: Final = Bilingual("came late", "迟到的事件")
_FAILED: Final = Bilingual(
    "rule {id} failed at {place} and was skipped: {error}", "规则 {id} 在 {place} 运行出错,已跳过:{error}"
)
_TO: Final = Bilingual("tell {to}: {words}", "告知 {to}:{words}")
_POINTS: Final = Counted(
    Bilingual("{member}: {n} point, now {balance}", "{member}:积分 {n},现为 {balance}"),
    Bilingual("{member}: {n} points, now {balance}", "{member}:积分 {n},现为 {balance}"),
)
_LABELLED: Final = Bilingual("{on}: label {label}", "{on}:贴标签 {label}")
_UNLABELLED: Final = Bilingual("{on}: label {label} taken off", "{on}:摘标签 {label}")
#: Cells before what happened: the clock and the verdict.
_MARGIN: Final = 15


class Story:
    """Tells decisions, in one reader's words and within a width in cells."""

    def __init__(self, phrases: Phrases, width: int) -> None:
        self.say = phrases
        self.width = width

    def text(self, words: Bilingual, /, **values: str) -> str:
        """A text in the reader's language."""
        return words.fill(self.say.language, values)

    def decision(self, decision: Decision, event: Event | None, *, community: bool = False) -> list[StyledLine]:
        """One decision; the first line says what it answers. `community`: say where."""
        clock = self.say.time(decision.time, decision.time)
        timed = isinstance(decision.event, Timer)
        verdict = "" if timed else self.text(VERDICTS[decision.verdict])
        found: list[StyledLine] = [
            [
                Part(f"{pad(clock, 8)} ", "faint"),
                Part(pad(verdict, 6), _STYLE[decision.verdict]),
                Part(self._happening(decision, event, community), "plain" if timed else "strong"),
            ]
        ]
        return found + self.answers(decision, " " * _MARGIN)

    def answers(self, decision: Decision, indent: str) -> list[StyledLine]:
        """The outcomes of a decision and what follows from them."""
        found: list[StyledLine] = []
        for one in decision.outcomes:
            found += self._outcome(one, indent)
        room = self.width - len(indent) - 2
        for text in self._consequences(decision):
            found.append([Part(f"{indent}{cut('• ' + text, room)}")])
        for failure in decision.errors:
            place = f"{visible(failure.file)}:{failure.line}"
            text = self.text(_FAILED, id=failure.rule, place=place, error=visible(failure.error))
            found.append([Part(f"{indent}! {text}", "error")])
        return found

    def _happening(self, decision: Decision, event: Event | None, community: bool) -> str:
        where = f"[{visible(decision.community)}] " if community else ""
        late = f" ({self.text(_LATE)})" if decision.late else ""
        if isinstance(decision.event, Timer):
            what = _TIMER.get(decision.event.what)
            return where + (self.text(what) if what else visible(decision.event.what))
        if event is None:
            return f"{where}{visible(decision.event)}{late}"
        who = visible(event.member.id) if event.member is not None else "—"
        text = f"{where}{who} {self.say.event(event.type)}{late}"
        if event.target.member is not None:
            text += f" → {visible(event.target.member)}"
        if event.message is not None and event.message.text:
            room = self.width - _MARGIN - cells(text) - 3
            excerpt = visible(event.message.text[: self.width])
            text += " " + cut(f"「{excerpt}」" if self.say.language == "zh" else f"“{excerpt}”", max(room, 20))
        return text

    def _outcome(self, one: Outcome, indent: str) -> list[StyledLine]:
        number = self.text(MUTED) if one.rule == MUTE else self.text(RULE, id=visible(one.rule))
        title = f"{number} {visible(one.name)}" if one.name else number
        aside = ""
        if one.trial:
            aside = f" ({self.text(_TRIAL)})"
        elif one.overridden_by is not None:
            aside = f" ({self.text(_OVERRIDDEN, id=visible(one.overridden_by))})"
        found: list[StyledLine] = [[Part(f"{indent}{title}", "hint"), Part(aside, "warning")]]
        room = self.width - len(indent) - 2
        found += [[Part(f"{indent}  {line}", "faint")] for line in wrap(self.say.why(one), room)]
        if one.actions:
            acted = ("、" if self.say.language == "zh" else ", ").join(map(self.say.acted, one.actions))
            style: Style = "faint" if aside else "plain"
            found += [[Part(f"{indent}  → {cut(acted, room - 2)}", style)]]
        return found

    def _consequences(self, decision: Decision) -> list[str]:
        now = decision.time
        found = [self.say.sanction(one, now) for one in decision.sanctions]
        # A late duty is what its outcome tells.
        told = {piece.get("duty") for one in decision.outcomes for piece in one.evidence}
        found += [self.say.duty(one, now) for one in decision.duties if one.status != "late" or one.id not in told]
        found += [self.say.case(one, now) for one in decision.cases]
        for notice in decision.notices:
            words = notice.texts.get(self.say.language) or next(iter(notice.texts.values()), "")
            to = visible(next(iter(notice.to.values()), "—"))
            if words:
                found.append(self.text(_TO, to=to, words=self.say.quote(words)))
        for move in decision.points:
            text = _POINTS.one if abs(move.change) == 1 else _POINTS.many
            found.append(self.text(text, member=visible(move.member), n=f"{move.change:+d}", balance=str(move.balance)))
        for label in decision.labels:
            on = visible(next(iter(label.on.values()), "—"))
            found.append(self.text(_UNLABELLED if label.removed else _LABELLED, on=on, label=label.label))
        return found
