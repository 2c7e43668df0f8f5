"""Whether a drafted table of the six common rows acts on events as its words say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final

from communityrules import Engine
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.tables.drafting.tabling import Draft, Row, draft_table

ROWS: Final = ("posting", "topic", "feedback", "review", "spam", "privacy")
_NAMES: Final = {
    "zh": ("发布频率", "内容相关性", "问题反馈", "信息审核", "垃圾与滥用", "隐私保护"),
    "en": ("Posting", "Relevance", "Feedback", "Review", "Spam and abuse", "Privacy"),
}
_SCOPES: Final = {"zh": ("全体成员", "信息发布人员"), "en": ("All members", "Information publishers")}
_HARMLESS: Final = ("今天大家辛苦了", "see you at the meeting", "早上好", "that was a good talk")
_BAD: Final = {
    "adverts": ("加微信兼职日结,一天300", "buy now, 50% off at https://shop.example/sale"),
    "promotion": ("本店新品上市,欢迎选购", "check out my store, limited time offer"),
    "insults": ("你这个白痴", "shut up you moron"),
}


@dataclass(frozen=True)
class Table:
    """One set of `cases/drafting/paraphrases.toml`, drafted."""

    data: dict[str, Any]

    @cached_property
    def draft(self) -> Draft:
        language = self.data["language"]
        everyone, publishers = self.data.get("scopes", _SCOPES[language])
        rows = [
            Row(f"00{number}", name, self.data[key], publishers if key == "review" else everyone)
            for number, (key, name) in enumerate(zip(ROWS, self.data.get("names", _NAMES[language]), strict=True), 1)
        ]
        return draft_table(rows, timezone="Asia/Shanghai")

    @cached_property
    def text(self) -> str:
        return format_file(self.draft.file, LibraryNames(), self.data["language"])

    @property
    def left(self) -> list[str]:
        """The rows that have a `todo`."""
        return [key for key, row in zip(ROWS, self.draft.rows, strict=True) if row.todos]

    def faults(self) -> list[str]:
        """What does not act as meant, a line each."""
        report = check(Source("drafted.rules", self.text), library=standard_library())
        errors = [one.text("en") for one in report.diagnostics if one.severity == "error"]
        if errors:
            return errors
        found: list[str] = []
        engine = Engine(loads(self.text))
        for row in ROWS:
            found += [f"{row}: {one}" for one in getattr(self, f"_{row}")(_Community(engine, row))]
        community = _Community(engine, "other")
        for number, words in enumerate(_HARMLESS):
            if community.send(f"2024-10-08T{number + 9:02}:00:00", "message", f"m{number}", text=words).outcomes:
                found.append(f"harmless words are acted on: {words}")
        return found

    def _posting(self, community: _Community) -> list[str]:
        found = [
            f"message {number + 1} of a day is acted on"
            for number in range(3)
            if community.send(f"2024-10-08T{number + 10}:00:00", "message", "amy", text=f"{number}").outcomes
        ]
        fourth = community.send("2024-10-08T15:00:00", "message", "amy", text="once more")
        if _does(fourth, "001") != ["remind"] or fourth.verdict != "allow":
            found.append(f"the fourth of a day: {_does(fourth, '001')} {fourth.verdict}")
        if "quiet" in self.data:
            start, end = self.data["quiet"]
            first = datetime.fromisoformat(f"2024-10-09T{start}:00")
            last = datetime.fromisoformat(f"2024-10-10T{end}:00")
            if last - first > timedelta(days=1):
                last -= timedelta(days=1)
            minute = timedelta(minutes=1)
            for time, member, meant in (
                (first - minute, "bob", []), (first, "bea", ["remind"]), (last - minute, "ben", ["remind"]),
                (last, "bud", []),
            ):  # fmt: skip
                decision = community.send(time.isoformat(), "message", member, text="here")
                if _does(decision, "001") != meant or decision.verdict != "allow":
                    found.append(f"at {time:%H:%M}: {_does(decision, '001')} {decision.verdict}")
        else:
            night = community.send("2024-10-09T23:30:00", "message", "bob", text="late")
            if night.outcomes:
                found.append("hours that the words do not name are acted on")
        return found

    def _topic(self, community: _Community) -> list[str]:
        answers = [
            community.send(
                "2024-10-08T10:00:00", "finding", member, roles=(role,), target={"member": "amy", "rule": "002"}
            )
            for member, role in (("sue", "admin"), ("bob", "member"))
        ]
        meant = [bool(one.outcomes) for one in answers] == [True, False]
        return [] if meant else ["nobody can find it broken, or anybody"]

    def _feedback(self, community: _Community) -> list[str]:
        opened = community.send("2024-10-08T09:00:00", "feedback", "amy")
        due = sorted((one.what, _hours(one.due)) for one in opened.duties if one.rule.startswith("003"))
        return [] if due == [("reply", 24), ("resolved", 168)] else [f"owed {due}"]

    def _review(self, community: _Community) -> list[str]:
        found = []
        for kind in self.data.get("waits", ("message", "announcement")):
            verdict = community.send(
                "2024-10-08T09:00:00", kind, "pat", roles=("member", "publisher"), text="news"
            ).verdict
            if verdict != "hold":
                found.append(f"{kind} of a publisher: {verdict}")
        return found

    def _spam(self, community: _Community) -> list[str]:
        found = []
        for what, words in _BAD.items():
            for number, one in enumerate(words):
                decision = community.send("2024-10-08T09:00:00", "message", f"{what}{number}", text=one)
                if decision.verdict != "block" or not _does(decision, "005"):
                    found.append(f"{what} are let through: {one}")
        again = [
            community.send(f"2024-10-08T09:0{number}:00", "message", "eve", text="顶顶顶顶") for number in range(3)
        ]
        if [one.verdict for one in again] != ["allow", "allow", "block"] or not _does(again[2], "005"):
            found.append(f"repetition: {[one.verdict for one in again]}")
        return found

    def _privacy(self, community: _Community) -> list[str]:
        told = community.send("2024-10-08T09:00:00", "message", "eve", text="他的手机号是13812345678")
        return [] if _does(told, "006") == ["delete"] else [f"a telephone number: {_does(told, '006')}"]


def _hours(due: int | None) -> float | None:
    """From nine in the morning of the day until an instant in microseconds."""
    nine = datetime.fromisoformat("2024-10-08T09:00:00+08:00").timestamp() * 1_000_000
    return (due - nine) / 3_600_000_000 if due is not None else None


def _does(decision: Decision, rule: str) -> list[str]:
    return [one.do for outcome in decision.outcomes if outcome.rule.startswith(rule) for one in outcome.actions]


class _Community:
    """Sends events of a community of its own to an engine with a drafted rulebook, in the time of its zone."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self.numbers = count(1)

    def send(
        self, time: str, kind: str, member: str, *, roles: tuple[str, ...] = ("member",), text: str = "", **more: Any
    ) -> Decision:
        number = next(self.numbers)
        event: dict[str, Any] = {
            "id": f"{self.name}{number}", "time": f"{time}+08:00", "type": kind, "community": self.name,
            "member": {"id": member, "roles": list(roles)}, **more,
        }  # fmt: skip
        if kind in ("message", "announcement"):
            event["message"] = {"id": f"m{number}", "text": text}
        return self.engine.judge(event)
