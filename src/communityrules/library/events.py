"""The event types that every rulebook knows. Each also has the fields of the entity `event` (`entities.py`)."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import EventType, Field, Names
from communityrules.model.values import DURATION, INSTANT, MEMBER, NUMBER, TEXT, TEXTS

_RULE = Field(Names("rule", "规则"), TEXT, Bilingual("The rule's number.", "规则编号。"))
_PENALTY = Field(
    Names("penalty", "处罚"), TEXT, Bilingual("The penalty's name; empty when none.", "处罚的名称;没有则为空。")
)

_SENT = (
    EventType(
        Names("message", "消息"),
        (),
        Bilingual("Somebody wrote something.", "有人发言。"),
        carries_text=True,
    ),
    EventType(
        Names("edit", "编辑"),
        (Field(Names("before", "原文"), TEXT, Bilingual("The text before the edit.", "编辑前的文字。")),),
        Bilingual("Somebody changed a message; the text is the new one.", "有人改了消息;文字是改后的。"),
        carries_text=True,
    ),
    EventType(
        Names("delete", "删除"),
        (),
        Bilingual("Somebody took a message away; the target names it.", "有人删去消息;对象即该消息。"),
    ),
    EventType(
        Names("reaction", "表态"),
        (Field(Names("emoji", "表情"), TEXT, Bilingual("The sign chosen.", "所选的表情。")),),
        Bilingual("Somebody reacted to a message with a sign.", "有人用表情回应消息。"),
    ),
    EventType(
        Names("join_request", "申请入群"),
        (Field(Names("answers", "答案"), TEXTS, Bilingual("Answers to the questions asked.", "对入群问题的回答。")),),
        Bilingual("Somebody asks to be let in; the text is what they say.", "有人申请加入;文字是申请理由。"),
        carries_text=True,
    ),
    EventType(
        Names("join", "入群"),
        (Field(Names("inviter", "邀请人"), MEMBER, Bilingual("Who invited them.", "由谁邀请。")),),
        Bilingual("Somebody came in.", "有人入群。"),
    ),
    EventType(Names("leave", "退群"), (), Bilingual("Somebody went away.", "有人退群。")),
    EventType(
        Names("invite", "邀请"),
        (),
        Bilingual("Somebody invited another; the target is who was invited.", "有人邀请他人;对象是被邀请者。"),
    ),
    EventType(
        Names("profile", "资料"),
        (
            Field(Names("name", "名称"), TEXT, Bilingual("The new name.", "新名称。")),
            Field(
                Names("avatar", "头像"),
                TEXT,
                Bilingual("The new picture, as the host names it.", "新头像,按平台的称呼。"),
            ),
            Field(Names("bio", "简介"), TEXT, Bilingual("What they say about themselves.", "自我介绍。")),
        ),
        Bilingual("Somebody changed their name, picture or description.", "有人改了名称、头像或简介。"),
    ),
    EventType(
        Names("report", "举报"),
        (
            Field(
                Names("category", "类别"),
                TEXT,
                Bilingual("What is reported: spam, abuse and the like.", "举报类别:广告、辱骂等。"),
            ),
        ),
        Bilingual("Somebody reports a message or a member.", "有人举报消息或成员。"),
        subject="target",
        carries_text=True,
    ),
    EventType(
        Names("feedback", "反馈"),
        (Field(Names("category", "类别"), TEXT, Bilingual("What it is about.", "关于什么。")),),
        Bilingual("Somebody says how things are and wants an answer.", "有人反馈情况,等待答复。"),
        carries_text=True,
    ),
    EventType(
        Names("complaint", "投诉"),
        (Field(Names("category", "类别"), TEXT, Bilingual("What it is about.", "关于什么。")),),
        Bilingual("Somebody complains.", "有人投诉。"),
        carries_text=True,
    ),
    EventType(
        Names("reply", "回复"),
        (),
        Bilingual(
            "A message that answers another event, its case or its thread.", "答复另一事件、其案件或其话题的消息。"
        ),
        carries_text=True,
    ),
    EventType(
        Names("resolved", "解决"),
        (),
        Bilingual("Somebody says that a matter is settled.", "有人表示问题已解决。"),
        carries_text=True,
    ),
    EventType(
        Names("approve", "通过"),
        (
            Field(
                Names("duration", "时长"),
                DURATION,
                Bilingual("How long a sanction is to last, where the group sets it.", "由小组裁量处分时,所定的时长。"),
            ),
        ),
        Bilingual("Somebody votes for what a case holds.", "有人赞成案件所待的事。"),
        carries_text=True,
    ),
    EventType(
        Names("reject", "驳回"),
        (),
        Bilingual("Somebody votes against what a case holds.", "有人反对案件所待的事。"),
        carries_text=True,
    ),
    EventType(
        Names("appeal", "申诉"),
        (Field(Names("sanction", "处分"), TEXT, Bilingual("The id of the sanction.", "所申诉处分的编号。")),),
        Bilingual("A member asks that a sanction be looked at again.", "成员请求重新审视处分。"),
        carries_text=True,
    ),
    EventType(
        Names("announcement", "公告"),
        (),
        Bilingual("Something published to everyone.", "向所有人发布的信息。"),
        carries_text=True,
    ),
    EventType(
        Names("rating", "评价"),
        (
            Field(Names("score", "分数"), NUMBER, Bilingual("The mark given.", "所打的分。")),
            Field(
                Names("aspect", "方面"),
                TEXT,
                Bilingual("What was rated: service, product and the like.", "评价的方面:服务、产品等。"),
            ),
        ),
        Bilingual("Somebody rates a member.", "有人评价成员。"),
        subject="target",
        carries_text=True,
    ),
    EventType(
        Names("finding", "认定"),
        (),
        Bilingual(
            "Somebody judges that a member broke a rule: `rule` names it, the text says why.",
            "有人认定成员违反规则:`规则` 指明哪条,文字说明理由。",
        ),
        subject="target",
        carries_text=True,
    ),
    EventType(
        Names("staff_action", "管理操作"),
        (
            Field(
                Names("action", "操作"), TEXT, Bilingual("What was done, by its English name.", "所做的处置,用英文名。")
            ),
            Field(
                Names("duration", "时长"),
                DURATION,
                Bilingual("For how long; empty when for good.", "多久;永久则为空。"),
            ),
        ),
        Bilingual(
            "Staff did something to a member or a message by hand. It is about who did it; `target` is whom it was "
            "done to.",
            "管理人员手动处置成员或消息。主体是操作者,`对象` 是被操作的成员。",
        ),
        carries_text=True,
    ),
    EventType(Names("patrol", "巡查"), (), Bilingual("Somebody looked in and found all well.", "有人巡查。")),
)

_RAISED = (
    EventType(
        Names("breach", "违规"),
        (
            _RULE,
            _PENALTY,
            Field(
                Names("offence", "次数"),
                NUMBER,
                Bilingual("Which offence it is under its penalty, from 1.", "在该处罚下是第几次,从 1 起。"),
            ),
        ),
        Bilingual("A member broke a rule; `member` is who did.", "成员违反规则;`成员` 即违规者。"),
        raised=True,
    ),
    EventType(
        Names("late", "逾期"),
        (
            _RULE,
            Field(
                Names("owner", "责任人"),
                MEMBER,
                Bilingual("Who owed it: the member, or the group by its name.", "由谁负责:成员,或小组的名称。"),
            ),
            Field(Names("duty", "职责"), TEXT, Bilingual("The event type that was owed.", "应做之事的事件类型。")),
            Field(Names("due", "期限"), INSTANT, Bilingual("When it was due.", "应完成的时刻。")),
        ),
        Bilingual("A duty was not met in time.", "职责未按时完成。"),
        subject="responsible",
        raised=True,
    ),
    EventType(
        Names("met", "履职"),
        (
            _RULE,
            Field(Names("owner", "责任人"), MEMBER, Bilingual("The member who met it.", "履行职责的成员。")),
            Field(Names("duty", "职责"), TEXT, Bilingual("The event type that was owed.", "应做之事的事件类型。")),
            Field(Names("due", "期限"), INSTANT, Bilingual("When it was due.", "应完成的时刻。")),
            Field(
                Names("took", "用时"),
                DURATION,
                Bilingual("How long it was open, by the clock.", "从产生到完成经过的时间,不论是否工作时间。"),
            ),
        ),
        Bilingual("A duty was met in time; `member` is who met it.", "职责按时完成;`成员` 即完成者。"),
        raised=True,
    ),
    EventType(
        Names("alert", "告警"),
        (_RULE, Field(Names("name", "名称"), TEXT, Bilingual("The alert's name.", "告警的名称。"))),
        Bilingual("A rule raised the alarm.", "规则发出告警。"),
        subject="community",
        raised=True,
    ),
    EventType(
        Names("settled", "结案"),
        (
            _RULE,
            Field(Names("case", "案件"), TEXT, Bilingual("The case's id.", "案件编号。")),
            Field(
                Names("result", "结果"),
                TEXT,
                Bilingual(
                    '"approved", "rejected" or "expired".', '"approved"(通过)、"rejected"(驳回)或 "expired"(过期)。'
                ),
            ),
            Field(
                Names("sender", "发起人"),
                MEMBER,
                Bilingual(
                    "Who sent the event that opened the case: the reporter of a report.",
                    "发出立案事件的人:举报所立之案为举报人。",
                ),
            ),
        ),
        Bilingual("A case was settled; the target is whose case it was.", "案件已了结;对象是案件当事人。"),
        subject="target",
        raised=True,
    ),
    EventType(
        Names("sanctioned", "受罚"),
        (
            _RULE,
            _PENALTY,
            Field(Names("kind", "种类"), TEXT, Bilingual("warn, mute, kick or ban.", "warn、mute、kick 或 ban。")),
            Field(
                Names("duration", "时长"),
                DURATION,
                Bilingual("For how long; empty when for good.", "多久;永久则为空。"),
            ),
        ),
        Bilingual("A sanction began; `member` is who bears it.", "处分开始;`成员` 即受罚者。"),
        raised=True,
    ),
    EventType(
        Names("review", "复审"),
        (
            _RULE,
            Field(Names("due", "期限"), INSTANT, Bilingual("The beginning of the day.", "当日开始的时刻。")),
            Field(
                Names("responsible", "责任人"),
                TEXT,
                Bilingual(
                    "The group that is responsible for the rule, else `staff`.", "对该规则负责的小组,没有则为 `staff`。"
                ),
            ),
        ),
        Bilingual("The day by which a rule is to be reviewed has come.", "规则应当复审的日子到了。"),
        subject="responsible",
        raised=True,
    ),
    EventType(
        Names("ranked", "上榜"),
        (
            Field(Names("board", "榜单"), TEXT, Bilingual("The leaderboard's name.", "排行榜的名称。")),
            Field(Names("position", "名次"), NUMBER, Bilingual("The position, from 1.", "名次,从 1 起。")),
            Field(
                Names("value", "数值"),
                NUMBER,
                Bilingual("What the board counts; empty when that is a length of time.", "榜单所计之数;计时长时为空。"),
            ),
            Field(
                Names("length", "时长"),
                DURATION,
                Bilingual("What the board counts, when that is a length of time.", "榜单所计的时长。"),
            ),
            Field(Names("key", "上榜者"), TEXT, Bilingual("Whom or what is ranked.", "上榜的成员或事物。")),
        ),
        Bilingual(
            "A leaderboard closed; `member` is who took the place, when it ranks members.",
            "排行榜截止;排名对象是成员时,`成员` 即上榜者。",
        ),
        raised=True,
    ),
)

#: By canonical name: what hosts send, then what the engine raises.
EVENTS = {one.names.en: one for one in (*_SENT, *_RAISED)}


def heard_by(event_type: str) -> tuple[str, ...]:
    """The event types that a rule on, or a measure of, an event type hears: replies are messages too."""
    return ("message", "reply") if event_type == "message" else (event_type,)
