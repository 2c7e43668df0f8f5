"""Decisions in words: why a rule answered, what it asked for, what began or ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from typing import Any, Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.width import visible
from communityrules.library.declare import Library
from communityrules.model.decision import ActionTaken, Case, Duty, Outcome, Sanction
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND
from communityrules.model.zones import format_instant, parse_instant

#: Code points of a quoted text.
_QUOTED: Final = 40
_OPERATORS: Final = {"is": "=", "is_not": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_BETWEEN: Final = Bilingual("{what} is {value}, between {low} and {high}", "{what} 为 {value},在 {low} 与 {high} 之间")
_OUTSIDE: Final = Bilingual("{what} is {value}, outside {low} to {high}", "{what} 为 {value},不在 {low} 至 {high} 之内")
_RANGES: Final = {"between": _BETWEEN, "outside": _OUTSIDE}
_EVIDENCE: Final[Mapping[str, Bilingual]] = {
    "match": Bilingual("{what}: {text} in {field}", "{field} 中有 {text}({what})"),
    "literal": Bilingual("{text} in {field}", "{field} 中有 {text}"),
    "count": Bilingual("{what} is {value} (limit {limit})", "{what} 为 {value}(界限 {limit})"),
    "at_least": Bilingual("{what} is at least {value} (limit {limit})", "{what} 至少为 {value}(界限 {limit})"),
    "like": Bilingual(
        "{what} is {value} (limit {limit}), last like {like}", "{what} 为 {value}(界限 {limit}),最近与 {like} 近似"
    ),
    "compare": Bilingual("{what} is {value}, {operator} {limit}", "{what} 为 {value},{operator} {limit}"),
    "fact": Bilingual("{what} is {value}", "{what} 为 {value}"),
    "covered": Bilingual("{what}: confidential", "{what}:保密"),
    "tally": Bilingual("counted: {counted}", "计分:{counted}"),
    "no_tally": Bilingual("nothing counted", "无一项计分"),
    "score": Bilingual("{what} is {value} by {model} {version}", "{what} 为 {value}(模型 {model} {version})"),
    "one_of": Bilingual("{what} is {value}, one of those listed", "{what} 为 {value},在所列之中"),
    "not_one_of": Bilingual("{what} is {value}, none of those listed", "{what} 为 {value},不在所列之中"),
    "empty": Bilingual("{what} is empty", "{what} 为空"),
    "present": Bilingual("{what} is not empty", "{what} 不为空"),
    "absent": Bilingual("{what} is not known", "{what} 未知"),
    "no_match": Bilingual("nothing of {what} in {field}", "{field} 中没有 {what}"),
    "member": Bilingual("{member} is in {what}", "{member} 属于 {what}"),
    "group": Bilingual("it is about {what} as a group", "关乎 {what} 整组"),
    "not_member": Bilingual("{member} is not in {what}", "{member} 不属于 {what}"),
    "finding": Bilingual("found by {member}", "由 {member} 认定"),
    "noted": Bilingual("found by {member}: {text}", "由 {member} 认定:{text}"),
    "event": Bilingual("the rule is for every {what}", "凡{what}都适用"),
    "late": Bilingual("no {on} from {responsible} in time", "{responsible} 未按时{on}"),
    "due": Bilingual("still owed by {responsible}: {on}", "{responsible} 尚未{on}"),
    "sanction": Bilingual("a {imposed} under rule {rules} is in force", "依规则 {rules} 的 {imposed} 仍有效"),
    "case": Bilingual("votes: {votes}", "表决:{votes}"),
    "no_votes": Bilingual("nobody voted", "无人表决"),
    "appeal": Bilingual("an appeal against {sanction}", "对 {sanction} 的申诉"),
    "within_power": Bilingual("within the power of {group}", "在 {group} 的权限之内"),
    "above_power": Bilingual("above the power of {group}: held for {decides}", "超出 {group} 的权限:由 {decides} 决定"),
    "too_much": Bilingual("above the power of {group}, and nobody may do more", "超出 {group} 的权限,且无人可批准"),
    "without_power": Bilingual("{member} has no power to {action}", "{member} 无权{action}"),
    "cap": Bilingual(
        "{penalty} has struck {value} times within {within}, so a warning takes the place of {instead_of}",
        "{penalty} 最近{within}内已处罚 {value} 次,改{instead_of}为警告",
    ),
    "breaker": Bilingual(
        "members sanctioned within {within}: {value}, so a warning takes the place of {instead_of}",
        "最近{within}内已处分 {value} 人,改{instead_of}为警告",
    ),
    "tripped": Bilingual(
        "members sanctioned within {within}: {value} of {known}; automatic sanctions stop",
        "最近{within}内 {known} 人中已处分 {value} 人:停止自动处分",
    ),
    "allowance": Bilingual(
        "{value} of {limit} points were given before in this period, so {given} of {asked} are given",
        "本期此前已计 {value} 分,上限 {limit} 分,故 {asked} 分中计 {given} 分",
    ),
    "leaderboard": Bilingual("{board}: {rows}", "{board}:{rows}"),
    "review": Bilingual("due for review on {due}", "应于 {due} 复审"),
    "grace": Bilingual("the new text only reminds until {until}", "新文本在 {until} 之前只提醒"),
    "recovered": Bilingual(
        "members sanctioned within {within}: {value}; automatic sanctions go on",
        "最近{within}内已处分 {value} 人:恢复自动处分",
    ),
}
_SANCTION: Final[Mapping[str, Bilingual]] = {
    "until": Bilingual("{member}: {kind} until {end}", "{member}:{kind}至 {end}"),
    "forever": Bilingual("{member}: {kind} for good", "{member}:{kind},永久"),
    "once": Bilingual("{member}: {kind}", "{member}:{kind}"),
    "ended": Bilingual("{member}: {kind} is over", "{member}:{kind}到期"),
    "reversed": Bilingual("{member}: {kind} is taken back", "{member}:{kind}撤销"),
    "pending": Bilingual("{member}: {kind} waits for confirmation", "{member}:{kind}待确认"),
}
_STEP: Final = Bilingual("{text} ({penalty}, step {step})", "{text}({penalty},第 {step} 档)")
_DUTY: Final[Mapping[str, Bilingual]] = {
    "open": Bilingual("duty of {responsible}: {on} by {due}", "{responsible} 的职责:{due} 前{on}"),
    "timeless": Bilingual("duty of {responsible}: {on}", "{responsible} 的职责:{on}"),
    "met": Bilingual("duty of {responsible} met: {on}", "{responsible} 的职责已完成:{on}"),
    "late": Bilingual("duty of {responsible} late: {on} was due {due}", "{responsible} 的职责逾期:应在 {due} 前{on}"),
    "cancelled": Bilingual("duty of {responsible} cancelled: {on}", "{responsible} 的职责取消:{on}"),
}
_CASE: Final[Mapping[str, Bilingual]] = {
    "open": Bilingual("waits for {group} until {due}", "待 {group} 在 {due} 前决定"),
    "timeless": Bilingual("waits for {group}", "待 {group} 决定"),
    "approved": Bilingual("approved by {group}", "{group} 已通过"),
    "rejected": Bilingual("rejected by {group}", "{group} 已驳回"),
    "expired": Bilingual("not decided by {group} in time", "{group} 未按时决定"),
}
_QUORUM: Final = Bilingual("{text} ({votes} of {quorum} votes)", "{text}({votes}/{quorum} 票)")
_UNITS: Final = (
    (DAY, Bilingual("{n} days", "{n}天"), Bilingual("1 day", "1天")),
    (HOUR, Bilingual("{n} hours", "{n}小时"), Bilingual("1 hour", "1小时")),
    (MINUTE, Bilingual("{n} minutes", "{n}分钟"), Bilingual("1 minute", "1分钟")),
    (SECOND, Bilingual("{n} seconds", "{n}秒"), Bilingual("1 second", "1秒")),
)
_FOREVER: Final = Bilingual("for good", "永久")
#: How arguments are introduced, in the words of the language.
_SLOTS: Final = {
    "for": Bilingual("for", "持续"),
    "within": Bilingual("within", "限时"),
    "quorum": Bilingual("quorum", "票数"),
    "priority": Bilingual("priority", "优先级"),
    "set_by": Bilingual("set by", "裁量"),
    "to_range": Bilingual("to", "至"),
    "as": Bilingual("as", "为"),
    "to": Bilingual("to", "向"),
}
_POINTS: Final = Bilingual("points", "分")
_POINT: Final = Bilingual("point", "分")
_LENGTHS: Final = frozenset({"duration", "for", "within", "up_to"})
#: Arguments that are told elsewhere, or are ids that only programs need.
_UNTOLD: Final = frozenset(
    {"case", "sanction", "penalty_step", "step", "unit", "calendar", "at_most", "per", "instead_of", "confidential"}
)


class Phrases:
    """Words for one reader and one rulebook's zone. What the rulebook itself names (`own`) is never translated."""

    def __init__(self, language: Language, zone: tzinfo, library: Library, own: Collection[str] = ()) -> None:
        self.language = language
        self._zone = zone
        self._actions = library.actions
        self._events = library.events
        self._detectors = {name: one for name, one in library.detectors.items() if name not in own}
        self._values = library.values

    # --- small things ----------------------------------------------------------------------------------------

    def time(self, moment: int, near: int | None = None) -> str:
        """`2024-10-08 12:00`, seconds only where there are some; without the day when `near` is on the same one."""
        text = format_instant(moment, self._zone)
        day, clock = text[:10], text[11:19].removesuffix(":00")
        same = near is not None and format_instant(near, self._zone)[:10] == day
        return clock if same else f"{day} {clock}"

    def length(self, microseconds: int) -> str:
        """A length of time in its largest whole unit."""
        for size, many, one in _UNITS:
            if microseconds % size == 0 and (microseconds or size == SECOND):
                number = microseconds // size
                return (one if number == 1 else many).fill(self.language, {"n": str(number)})
        return _UNITS[-1][1].fill(self.language, {"n": f"{microseconds / SECOND:g}"})

    def action(self, name: str) -> str:
        """An action in the reader's spelling."""
        return self._name(self._actions.get(name), name)

    def event(self, name: str) -> str:
        """An event type in the reader's spelling."""
        return self._name(self._events.get(name), name)

    def _name(self, declared: Any, name: str) -> str:
        if declared is None:
            return visible(name)
        return str(declared.names.zh if self.language == "zh" else declared.names.en)

    def quote(self, text: str) -> str:
        """A text between quotes, on one line and not too long."""
        text = visible(text[: _QUOTED + 1])
        text = text if len(text) <= _QUOTED else text[:_QUOTED] + "…"
        return f"「{text}」" if self.language == "zh" else f"“{text}”"

    def _value(self, value: Any) -> str:
        match value:
            case None:
                return "—"
            case bool():
                return (
                    Bilingual("true", "是").fill(self.language, {})
                    if value
                    else Bilingual("false", "否").fill(self.language, {})
                )
            case str():
                return visible(value[:80])
            case list() | tuple():
                return (
                    "、".join(map(self._value, value)) if self.language == "zh" else ", ".join(map(self._value, value))
                )
            case _:
                return str(value)

    # --- evidence --------------------------------------------------------------------------------------------

    def evidence(self, one: Mapping[str, Any]) -> str:
        """One piece of evidence as a clause."""
        if one.get("confidential") is True:
            what = one.get("field", one.get("what", one.get("kind", "")))
            return _EVIDENCE["covered"].fill(self.language, {"what": self._value(what)})
        said = {name: self._value(value) for name, value in one.items() if name != "confidential"}
        kind = one.get("kind", "")
        if kind in ("match", "no_match") and one.get("what") in self._detectors:
            said["what"] = self._name(self._detectors[one["what"]], one["what"])
        if "text" in one:
            said["text"] = self.quote(str(one["text"]))
        if kind == "time" and isinstance(one.get("value"), str):
            moment = parse_instant(one["value"])
            said["value"] = self.time(moment) if moment is not None else said["value"]
        if "operator" in one:
            said["operator"] = _OPERATORS.get(str(one["operator"]), said["operator"])
        if "on" in one:
            said["on"] = self.event(str(one["on"]))
        if kind == "tally":
            counted = [
                f"{self._value(part['what'])} ({self._value(part['weight'])})" for part in one.get("counted", [])
            ]
            said["counted"] = self._value(counted)
        if kind == "leaderboard":
            said["rows"] = self._value([f"{_joined(key)} {self._value(value)}" for key, value in one.get("rows", [])])
        text: Bilingual | None
        if "low" in one:
            text = _RANGES.get(str(one.get("operator")))
        elif kind == "tally":
            text = _EVIDENCE["tally" if one.get("counted") else "no_tally"]
        elif kind == "count" and "like" in one and one.get("operator", ">") in (">", ">="):
            text = _EVIDENCE["like"]
        elif kind == "count" and one.get("at_least"):
            text = _EVIDENCE["at_least"]
        elif kind in ("count", "time", "state", "compare") and "operator" in one:
            text = _EVIDENCE["fact" if one["operator"] == "is" else "compare"]
        elif kind == "state":
            said["what"] = said.get("state", "")
            text = _EVIDENCE["fact"]
        elif kind == "match" and one.get("what") == one.get("text"):
            text = _EVIDENCE["literal"]
        elif kind == "member" and one.get("member") is None:
            text = _EVIDENCE["group"]
        elif kind == "finding" and "text" in one:
            text = _EVIDENCE["noted"]
        elif kind == "case":
            votes = [f"{vote['member']} {self.event(str(vote['vote']))}" for vote in one.get("votes", [])]
            said["votes"] = self._value(votes)
            text = _EVIDENCE["case" if votes else "no_votes"]
        elif kind == "power":
            judged = "too_much" if one["judged"] == "above" and "decides" not in one else f"{one['judged']}_power"
            text = _EVIDENCE[judged]
        elif kind == "breaker" and "tripped" in one:
            text = _EVIDENCE["tripped" if one["tripped"] else "recovered"]
        else:
            text = _EVIDENCE.get(str(kind))
        said.update({name: self.length(one[name]) for name in ("within",) if kind in ("cap", "breaker")})
        said.update({name: self.action(str(one[name])) for name in ("action", "instead_of") if name in one})
        if kind == "event":
            said["what"] = self.event(str(one.get("what")))
        if "imposed" in one:
            said["imposed"] = self.action(str(one["imposed"]))
        if text is None:
            return " ".join(f"{name}={value}" for name, value in said.items())
        return text.fill(self.language, said)

    def why(self, outcome: Outcome) -> str:
        """All the evidence of one outcome."""
        return self.evidences(outcome.evidence)

    def evidences(self, pieces: Iterable[Mapping[str, Any]]) -> str:
        """Several pieces of evidence in one sentence."""
        return (";" if self.language == "zh" else "; ").join(map(self.evidence, pieces))

    # --- consequences ----------------------------------------------------------------------------------------

    def acted(self, one: ActionTaken) -> str:
        """One action with what it was given: `mute 1 day`, `escalate managers`."""
        words = [self.action(one.do)]
        declared = self._actions.get(one.do)
        slots = {parameter.name: parameter.slot for parameter in declared.parameters} if declared is not None else {}
        particle = declared.particle if declared is not None and self.language == "en" else ""
        told = dict(one.arguments)
        if declared is not None and declared.falls_on == "community" and "member" in one.on:
            # Of what falls on the community, the member is whom it names: `assign to sue`.
            told = {"member": one.on["member"], **told}
        for name, value in told.items():
            if name in _UNTOLD or value is None or (name == "penalty" and one.do != "penalty"):
                continue
            if particle:
                words.append(particle)
                particle = ""
            slot = "to_range" if name == "up_to" else slots.get(name, "")
            if slot in _SLOTS:
                words.append(_SLOTS[slot].fill(self.language, {}))
            if name in _LENGTHS and isinstance(value, int):
                words.append(self.length(value))
            elif value == "forever":
                words.append(_FOREVER.fill(self.language, {}))
            elif slot == "priority":
                words.append(self._name(self._values.get(str(value)), str(value)))
            else:
                words.append(self._value(value))
        if "points" in one.arguments:
            words.append((_POINT if one.arguments["points"] == 1 else _POINTS).fill(self.language, {}))
        return " ".join(words)

    def sanction(self, one: Sanction, now: int) -> str:
        """What became of a sanction."""
        if one.status != "in_force":
            text = _SANCTION[one.status]
        elif one.end is None:
            text = _SANCTION["forever"]
        else:
            text = _SANCTION["once" if one.end <= one.start else "until"]
        end = self.time(one.end, now) if one.end is not None else ""
        said = text.fill(self.language, {"member": visible(one.member), "kind": self.action(one.kind), "end": end})
        if one.penalty is None or one.step is None or one.status != "in_force":
            return said
        return _STEP.fill(self.language, {"text": said, "penalty": one.penalty, "step": str(one.step)})

    def duty(self, one: Duty, now: int) -> str:
        """What became of a duty."""
        text = _DUTY["timeless" if one.status == "open" and one.due is None else one.status]
        return text.fill(
            self.language,
            {
                "responsible": visible(one.responsible or "—"),
                "on": self.event(one.what),
                "due": self.time(one.due, now) if one.due is not None else "—",
            },
        )

    def case(self, one: Case, now: int) -> str:
        """What became of a case."""
        text = _CASE["timeless" if one.status == "open" and one.due is None else one.status]
        said = text.fill(
            self.language, {"group": visible(one.group), "due": self.time(one.due, now) if one.due is not None else "—"}
        )
        if one.quorum < 2 or one.status != "open":
            return said
        votes = {"text": said, "votes": str(len(one.votes)), "quorum": str(one.quorum)}
        return _QUORUM.fill(self.language, votes)


def _joined(key: str | Iterable[str]) -> str:
    return visible(key if isinstance(key, str) else " / ".join(key))
