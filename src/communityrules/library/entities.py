"""What a path can begin with besides an event type: `member`, `message`, `event`, `community`.

How a path is read. The first part names an entity or an event type; only `message` is both. What follows is looked up
in `Library.fields_of(first part)`: the entity's own fields come first, then the event type's own, then those of the
entity `event`, which every event type has (`report.time`, `rating.target`). So:

* `member.roles` speaks of the member whom the event is about, as `applies to` does;
* `message.text` speaks of the message that the event is about: the event's own text, of a report the reported one;
* `EVENT.member` is who sent that event, `EVENT.target` whom it is about, `EVENT.message` the message it carries or,
  where it carries none of its own or names another, the one it names;
* `event.…` is the event being judged, of whatever type.

`EVENT.member` may be followed by a field of `member` to speak of the sender: `event.member.roles`.
"""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Entity, Field, Names
from communityrules.model.values import DURATION, INSTANT, MEMBER, MESSAGE, NUMBER, TEXT, TEXTS, Type

LABELS = Type("labels")

MEMBER_ENTITY = Entity(
    Names("member", "成员"),
    (
        Field(Names("id", "编号"), TEXT, Bilingual("The member's id, as the host gives it.", "成员编号,由平台给出。")),
        Field(Names("name", "名称", ("昵称",)), TEXT, Bilingual("The name shown to others.", "显示给他人的名称。")),
        Field(
            Names("roles", "角色"),
            TEXTS,
            Bilingual("Roles on the platform, as the host spells them.", "在平台上的角色,按平台的写法。"),
        ),
        Field(
            Names("joined", "入群"),
            INSTANT,
            Bilingual(
                "When they joined: the host says so, else the first join seen.",
                "入群时刻:以平台所说为准,否则取首次见到的入群。",
            ),
        ),
        Field(
            Names("tenure", "入群时长"),
            DURATION,
            Bilingual("How long ago they joined, at the instant of the event.", "到事件发生时已入群多久。"),
        ),
        Field(
            Names("labels", "标签"),
            TEXTS,
            Bilingual(
                "Labels that rules have put on the member and that still hold.", "规则贴在成员身上、仍然有效的标签。"
            ),
        ),
        Field(Names("points", "积分"), NUMBER, Bilingual("The balance of points.", "积分余额。")),
    ),
    Bilingual("The member whom the event is about.", "事件所关乎的成员。"),
)

MESSAGE_ENTITY = Entity(
    Names("message", "消息"),
    (
        Field(Names("id", "编号"), TEXT, Bilingual("The message's id, as the host gives it.", "消息编号,由平台给出。")),
        Field(Names("text", "文本"), TEXT, Bilingual("What was written.", "所写的文字。")),
        Field(
            Names("links", "链接"),
            TEXTS,
            Bilingual(
                "Links in the text, with or without `https://`, hosts in lower case. Against a list they match by "
                "domain and subdomain.",
                "文字中的链接,有无 `https://` 均可,主机名为小写。与词表相比时按域名及其子域名。",
            ),
            "pattern",
        ),
        Field(
            Names("length", "长度"),
            NUMBER,
            Bilingual("Characters (code points) in the text.", "文字的字符数(按码位)。"),
        ),
        Field(
            Names("reply_to", "回复对象"),
            MESSAGE,
            Bilingual("The message that it answers; empty when none.", "所回复的消息;没有则为空。"),
        ),
        Field(Names("topic", "话题"), TEXT, Bilingual("The topic or thread it stands in.", "所在的话题或帖子。")),
        Field(
            Names("attachments", "附件"),
            TEXTS,
            Bilingual(
                "Pictures and files that come with it, as the host names them.", "随附的图片和文件,按平台的称呼。"
            ),
        ),
        Field(
            Names("mentions", "提及"),
            TEXTS,
            Bilingual("Names after `@` in the text.", "文字中 `@` 后面的名称。"),
            "text",
        ),
        Field(
            Names("labels", "标签"),
            LABELS,
            Bilingual(
                "What the host's classifiers say: `message.labels.off_topic`.",
                "平台分类器给出的结果:`消息.标签.off_topic`。",
            ),
        ),
    ),
    Bilingual("The message that the event is about.", "事件所关乎的消息。"),
)

#: The fields of `event`: every event type has them too.
EVENT_ENTITY = Entity(
    Names("event", "事件"),
    (
        Field(Names("id", "编号"), TEXT, Bilingual("The event's id.", "事件编号。")),
        Field(
            Names("time", "时刻", ("时间",)),
            INSTANT,
            Bilingual(
                "When it happened. Compared with a time of day, it is read on the clock of the rulebook's zone.",
                "发生的时刻。与一天中的时间相比时,按规则手册时区的钟点。",
            ),
        ),
        Field(
            Names("type", "类型"), TEXT, Bilingual("The type of the event, by its English name.", "事件类型,用英文名。")
        ),
        Field(Names("community", "社群"), TEXT, Bilingual("The community it happened in.", "发生在哪个社群。")),
        Field(Names("channel", "渠道"), TEXT, Bilingual("The platform it came through.", "来自哪个平台渠道。")),
        Field(Names("place", "场所"), TEXT, Bilingual("The room or group it happened in.", "发生在哪个频道或群。")),
        Field(Names("member", "成员"), MEMBER, Bilingual("Who sent it.", "由谁发出。")),
        Field(Names("target", "对象"), MEMBER, Bilingual("Whom it is about.", "关于谁。")),
        Field(
            Names("message", "消息"),
            MESSAGE,
            Bilingual("The message it carries or is about.", "它所带或所指的消息。"),
        ),
        Field(Names("case", "案件"), TEXT, Bilingual("The case it is about.", "所关乎的案件。")),
        Field(Names("rule", "规则"), TEXT, Bilingual("The rule it names.", "所指的规则编号。")),
    ),
    Bilingual("The event being judged, of whatever type.", "正在评判的事件,不论类型。"),
)

COMMUNITY_ENTITY = Entity(
    Names("community", "社群"),
    (
        Field(
            Names("id", "编号"), TEXT, Bilingual("The community's id, as the host gives it.", "社群编号,由平台给出。")
        ),
        Field(Names("name", "名称"), TEXT, Bilingual("The name of the rulebook.", "规则手册的名称。")),
        Field(
            Names("purpose", "宗旨"), TEXT, Bilingual("The purpose that the rulebook states.", "规则手册写明的宗旨。")
        ),
    ),
    Bilingual("The community that the rulebook speaks for.", "规则手册所管的社群。"),
)

#: The type of the events as which open duties are measured: no host and no rulebook can have one of that name.
OPEN_DUTY = "open duty"

DUTY_ENTITY = Entity(
    Names("duty", "职责"),
    (
        Field(Names("rule", "规则"), TEXT, Bilingual("The number of the rule that asks for it.", "所依规则的编号。")),
        Field(
            Names("owner", "责任人"),
            MEMBER,
            Bilingual("Who owes it: the member, or the group by its name.", "由谁负责:成员,或小组的名称。"),
        ),
        Field(
            Names("duty", "职责"),
            TEXT,
            Bilingual("The event type that is owed, by its English name.", "应做之事的事件类型,用英文名。"),
        ),
        Field(Names("opened", "产生"), INSTANT, Bilingual("When it began.", "产生的时刻。")),
        Field(Names("due", "期限"), INSTANT, Bilingual("When it is due.", "应完成的时刻。")),
        Field(Names("age", "时长"), DURATION, Bilingual("How long it has been open.", "已经过了多久。")),
        Field(
            Names("priority", "优先级"),
            TEXT,
            Bilingual("By which it was assigned, by its English name.", "指派时的优先级,用英文名。"),
        ),
    ),
    Bilingual(
        "A duty that is open; only inside `open_duties` and `oldest_duty`.",
        "未结的职责;只用在 `未结`、`最久未结` 之内。",
    ),
)

#: By canonical name.
ENTITIES = {one.names.en: one for one in (MEMBER_ENTITY, MESSAGE_ENTITY, EVENT_ENTITY, COMMUNITY_ENTITY, DUTY_ENTITY)}
