"""A small name table: the few library names that the cases of the language use."""

from __future__ import annotations

from typing import Literal

_NAMES = {
    "event": "message=消息 join=入群 report=举报 complaint=投诉 edit=编辑 reply=回复 patrol=巡查 "
    "rating=评价 finding=认定",
    "entity": "message=消息 member=成员 event=事件",
    "function": "count=计数 distinct=去重计数 sequence=先后",
    "action": "delete=删除 warn=警告 mute=禁言 ban=封禁 notify=通知 remind=提醒 hold=送审 reject=驳回 award=加分 "
    "set=置 label=贴标签 assign=指派 penalty=处罚 allow=放行 escalate=上报",
    "detector": "phone_number=手机号",
    "group": "staff=客服组",
    "value": "urgent=紧急",
    "unit": "points=分",
    "step": "separators=间隔 lookalikes=形近字母 traditional=繁简 leet=数字代字母 parts=拆字 repeats=叠字 "
    "homophones=谐音",
}
_FIELDS = {
    "member": "roles=角色 tenure=入群时长 joined=入群",
    "message": "text=文本 links=链接 labels=标签 reply_to=回复对象",
    "event": "time=时刻",
    "report": "member=成员 message=消息",
    "rating": "score=分数 target=对象",
}
_ENTITIES = {("report", "member"): "member", ("report", "message"): "message", ("rating", "target"): "member"}
_PARTICLES = {"hold": "for", "assign": "to", "escalate": "to"}


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(en, zh) for en, _, zh in (pair.partition("=") for pair in text.split())]


class FakeNames:
    def translate(self, kind: str, name: str, to: Literal["en", "zh"], parent: str | None = None) -> str:
        if kind == "field":
            pairs = _pairs(_FIELDS.get(parent or "", ""))
        elif kind == "entity":
            pairs = _pairs(_NAMES["entity"]) + _pairs(_NAMES["event"])
        else:
            pairs = _pairs(_NAMES[kind])
        for en, zh in pairs:
            if name in (en, zh):
                return zh if to == "zh" else en
        return name

    def entity(self, name: str, parent: str | None = None) -> str | None:
        if parent is not None:
            return _ENTITIES.get((parent, self.translate("field", name, "en", parent)))
        english = self.translate("entity", name, "en")
        return english if english in dict(_pairs(_NAMES["entity"] + " " + _NAMES["event"])) else None

    def particle(self, action: str) -> str:
        return _PARTICLES.get(self.translate("action", action, "en"), "")
