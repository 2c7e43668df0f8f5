"""What a `then` can ask for.

`against FIELD` names someone other than the subject for every action that falls on a member. `up_to` is the cap in a
`power` and stands nowhere else.
"""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Action, Names, Parameter

_AGAINST = Parameter("against", "against", "member")
_WITH = (Parameter("with", "template", "template"), Parameter("with", "text", "text"))
_CAP = Parameter("up_to", "up_to", "duration")
#: Until when a group sets the length, and in whose working time.
_DECIDED_WITHIN = Parameter("within", "within", "duration")
_DECIDED_BY = Parameter("by", "calendar", "calendar")
_SET_BY = Parameter("set_by", "set_by", "group")
_STRICT = ("must", "must_not")

_ON_MESSAGES = (
    Action(
        Names("allow", "放行"),
        Bilingual("Let it pass.", "予以放行。"),
        "allow",
        "message",
        allowed_for=("may", "should", "must", "must_not"),
    ),
    Action(
        Names("flag", "标记"),
        Bilingual("Let it pass and mark it for people to look at.", "放行并标记,供人查看。"),
        "flag",
        "message",
        parameters=(Parameter("", "to", "group"),),
        particle="to",
    ),
    Action(
        Names("hold", "送审"),
        Bilingual(
            "Hold it until a group, never its author, approves or rejects it.", "先扣下,由小组(作者除外)通过或驳回。"
        ),
        "hold",
        "message",
        allowed_for=_STRICT,
        parameters=(
            Parameter("", "for", "group", required=True),
            Parameter("quorum", "quorum", "number"),
            Parameter("within", "within", "duration"),
            Parameter("by", "calendar", "calendar"),
        ),
        particle="for",
        takes_if_late=True,
    ),
    Action(
        Names("refer", "移交"),
        Bilingual(
            "Ask a group to approve or reject the matter without holding anything back; never whom it is about. Of an "
            "appeal, what they approve takes the sanction back.",
            "请一个小组通过或驳回此事,当事人除外;不扣下任何内容。申诉若获通过,处分即撤销。",
        ),
        "allow",
        "community",
        parameters=(
            Parameter("", "to", "group", required=True),
            Parameter("quorum", "quorum", "number"),
            Parameter("within", "within", "duration"),
            Parameter("by", "calendar", "calendar"),
        ),
        particle="to",
        takes_if_late=True,
    ),
    Action(
        Names("delete", "删除"),
        Bilingual("Take the message away.", "删除消息。"),
        "block",
        "message",
        allowed_for=_STRICT,
    ),
    Action(
        Names("reject", "驳回"),
        Bilingual("Refuse the message or request.", "拒绝消息或申请。"),
        "block",
        "message",
        allowed_for=_STRICT,
        parameters=_WITH,
    ),
    Action(
        Names("approve", "通过"),
        Bilingual("Grant the message or request.", "批准消息或申请。"),
        "allow",
        "message",
    ),
    Action(
        Names("mask", "遮盖", ("打码",)),
        Bilingual(
            "Show it with what was found covered; the action carries that text.",
            "遮住命中的文字后显示;处置附带该文字。",
        ),
        "allow",
        "message",
        allowed_for=_STRICT,
    ),
    Action(
        Names("reply", "回复"),
        Bilingual("Answer it with a template.", "用话术自动回复。"),
        "allow",
        "message",
        parameters=(Parameter("", "template", "template", required=True), Parameter("", "text", "text", required=True)),
    ),
)

_ON_MEMBERS = (
    Action(
        Names("remind", "提醒"),
        Bilingual("Tell the member, or a group, kindly.", "善意提醒成员或小组。"),
        "allow",
        "member",
        parameters=(
            Parameter("", "template", "template"),
            Parameter("", "text", "text"),
            Parameter("", "to", "group"),
            _AGAINST,
        ),
    ),
    Action(
        Names("warn", "警告"),
        Bilingual("Warn the member; it is recorded.", "警告成员,并记录在案。"),
        "allow",
        "member",
        punishes=True,
        sanction=True,
        allowed_for=_STRICT,
        parameters=(*_WITH, _AGAINST),
    ),
    Action(
        Names("mute", "禁言"),
        Bilingual("Keep the member from writing for a time.", "在一段时间内不许成员发言。"),
        "block",
        "member",
        punishes=True,
        sanction=True,
        allowed_for=_STRICT,
        parameters=(
            Parameter("", "duration", "duration", required=True),
            Parameter("", "range", "range", required=True),
            _SET_BY,
            _DECIDED_WITHIN,
            _DECIDED_BY,
            _CAP,
            _AGAINST,
        ),
        takes_if_late=True,
    ),
    Action(
        Names("kick", "移出", ("踢出",)),
        Bilingual("Put the member out; they may come back.", "移出社群,可再加入。"),
        "block",
        "member",
        punishes=True,
        sanction=True,
        allowed_for=_STRICT,
        parameters=(_AGAINST,),
    ),
    Action(
        Names("ban", "封禁"),
        Bilingual("Put the member out for a time, or for good where none is given.", "封禁一段时间;不写时长则为永久。"),
        "block",
        "member",
        punishes=True,
        sanction=True,
        allowed_for=_STRICT,
        parameters=(
            Parameter("", "duration", "duration"),
            Parameter("", "range", "range"),
            _SET_BY,
            _DECIDED_WITHIN,
            _DECIDED_BY,
            _CAP,
            _AGAINST,
        ),
        takes_if_late=True,
    ),
    Action(
        Names("penalty", "处罚"),
        Bilingual("Count an offence and do what its step says.", "记一次违规,并按所到的档次处罚。"),
        "allow",
        "member",
        punishes=True,
        allowed_for=_STRICT,
        parameters=(Parameter("", "penalty", "penalty", required=True), _AGAINST),
    ),
    Action(
        Names("award", "加分"),
        Bilingual("Give the member points.", "为成员加分。"),
        "allow",
        "member",
        parameters=(
            Parameter("", "points", "number", required=True),
            Parameter("", "unit", "unit"),
            Parameter("up_to", "up_to", "allowance"),
            _AGAINST,
        ),
    ),
    Action(
        Names("deduct", "扣分"),
        Bilingual("Take points from the member.", "为成员扣分。"),
        "allow",
        "member",
        punishes=True,
        allowed_for=_STRICT,
        parameters=(
            Parameter("", "points", "number", required=True),
            Parameter("", "unit", "unit"),
            Parameter("up_to", "up_to", "allowance"),
            _AGAINST,
        ),
    ),
    Action(
        Names("take_back", "收回"),
        Bilingual(
            "Take back the points and labels that a rule has given for this message or event.",
            "收回某规则因此消息或事件而给出的积分和标签。",
        ),
        "allow",
        "message",
        parameters=(Parameter("rule", "rule", "rule", required=True),),
    ),
    Action(
        Names("label", "贴标签"),
        Bilingual(
            "Put a label on the member, for a time or until it is taken off.", "为成员贴标签,可定时长,否则直到摘下。"
        ),
        "allow",
        "member",
        parameters=(
            Parameter("", "label", "label", required=True),
            Parameter("for", "for", "duration"),
            _AGAINST,
        ),
    ),
    Action(
        Names("unlabel", "摘标签"),
        Bilingual("Take a label off the member.", "摘下成员的标签。"),
        "allow",
        "member",
        parameters=(Parameter("", "label", "label", required=True), _AGAINST),
    ),
    Action(
        Names("note", "记下"),
        Bilingual(
            "Write down a fact of the member in a field that the rulebook declares; what is absent is not written.",
            "把成员的一项事实记入手册声明的字段;事实不存在时什么也不记。",
        ),
        "allow",
        "member",
        parameters=(Parameter("", "field", "field", required=True), Parameter("as", "value", "fact", required=True)),
    ),
)

_ON_COMMUNITY = (
    Action(
        Names("notify", "通知"),
        Bilingual("Tell a group.", "告知一个小组。"),
        "allow",
        "community",
        parameters=(Parameter("", "to", "group", required=True), *_WITH),
    ),
    Action(
        Names("escalate", "上报"),
        Bilingual("Pass the matter up to a group.", "把事情上报给一个小组。"),
        "allow",
        "community",
        parameters=(Parameter("", "to", "group", required=True), *_WITH),
        particle="to",
    ),
    Action(
        Names("assign", "指派"),
        Bilingual(
            "Name who owes the duties that this event opens; where it opens none, who owes the open ones about the "
            "matter that it answers from now on.",
            "指定由谁承担此事件产生的职责;此事件不产生职责时,改由其承担此事件所答复之事的未结职责。",
        ),
        "allow",
        "community",
        parameters=(
            Parameter("", "to", "group", required=True),
            Parameter("", "member", "member", required=True),
            Parameter("priority", "priority", "priority"),
        ),
        particle="to",
    ),
    Action(
        Names("release", "免除"),
        Bilingual(
            "Cancel the open duties about the matter that this event answers, or about its member where it answers "
            "none; those of one rule, or all.",
            "取消此事件所答复之事的未结职责;此事件不答复任何事时,取消其成员的未结职责。可指明一条规则,不写则为全部。",
        ),
        "allow",
        "community",
        parameters=(Parameter("rule", "rule", "rule"),),
    ),
    Action(
        Names("set", "置"),
        Bilingual(
            "Put the community into a state, for a time or until it is set again.",
            "使社群进入某状态,可定时长,否则直到再置。",
        ),
        "allow",
        "community",
        parameters=(
            Parameter("", "state", "state", required=True),
            Parameter("", "value", "value", required=True),
            Parameter("for", "for", "duration"),
        ),
    ),
    Action(
        Names("alert", "告警"),
        Bilingual("Raise an alarm, which other rules can act on.", "发出告警,其他规则可据此行动。"),
        "allow",
        "community",
        parameters=(Parameter("", "name", "label", required=True), Parameter("to", "to", "group")),
    ),
    Action(
        Names("publish", "公示"),
        Bilingual(
            "Tell everyone. What is said of the event names no member and quotes nobody.",
            "向所有人公示。代入的事实不透露成员身份,也不引用成员所写的文字。",
        ),
        "allow",
        "community",
        parameters=(Parameter("", "template", "template", required=True), Parameter("", "text", "text", required=True)),
    ),
)

#: By canonical name.
ACTIONS = {one.names.en: one for one in (*_ON_MESSAGES, *_ON_MEMBERS, *_ON_COMMUNITY)}
