"""How messengers are named in messages, and what ids on them look like.

Words are patterns that are looked for in a narrowed text, whatever the case.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Messenger(NamedTuple):
    """One messenger, or one way of naming it."""

    #: One of these is in every text that names it, in small letters: a look that costs little.
    marks: tuple[str, ...]
    #: What names it.
    words: tuple[str, ...]
    #: What an id looks like: a pattern with a group `id`.
    ids: str


_LETTERS_OR_DIGITS: Final = (
    r"(?P<id>[A-Za-z][A-Za-z0-9_-]{4,19}|[1-9][0-9]{4,10}|[A-Za-z0-9][A-Za-z0-9_-]{5,19})"
    r"(?![A-Za-z0-9_@.-]?[A-Za-z0-9@])"
)
_DIGITS: Final = r"(?P<id>[1-9][0-9]{4,10})(?![0-9]|\.[0-9]|元|块|万|人|条|次|年)"
_HANDLE: Final = r"(?P<id>@?[A-Za-z][A-Za-z0-9_]{4,31})(?![A-Za-z0-9_@])"
#: Around a word in Latin letters.
_BEGINS, _ENDS = r"(?<![A-Za-z])", r"(?![A-Za-z])"

MESSENGERS: Final = (
    Messenger(
        (
            *("信", "芯", "心", "♥", "❤", "vx", "wx", "weixin", "chat", "卫星", "泡泡", "微x", "薇x", "xin"),
            *("加v", "加w", "加薇", "加微", "加我v", "加我w", "加我微", "加我薇"),
            *("+v", "+w", "+微", "➕v", "➕w", "➕微", "➕薇"),
        ),
        (
            rf"[微薇威徽维維葳潍溦]\s?(?:[信芯心]|x(?:in)?{_ENDS})",
            r"wei信",
            r"v\s?[信芯]",
            r"[v微薇威][♥❤]️?",
            rf"{_BEGINS}(?:vx|wx|weixin|we\s?chat){_ENDS}",
            r"卫星(?=号?[:：])",
            r"绿泡泡",
            rf"(?:(?<=[加+➕])|(?<=加我))(?:[vw]{_ENDS}|[薇微]|❤️?(?=[ :]?[A-Za-z0-9]))",
        ),
        _LETTERS_OR_DIGITS,
    ),
    # One letter says little: the id must have a digit or an underscore.
    Messenger(("v:", "v➕", "v+"), (rf"{_BEGINS}v(?=[:+➕])",), r"(?=[A-Za-z_-]{0,19}[0-9_])" + _LETTERS_OR_DIGITS),
    Messenger(
        ("qq", "q:", "q ", "加q", "+q", "➕q", "扣", "企鹅", "球球", "秋秋", "鹅:"),
        (
            rf"{_BEGINS}(?:qq|[加+➕扣]q)(?![A-Za-z群])",
            r"[扣抠]扣(?!群)",
            r"企鹅(?!群)",
            r"球球(?=号?[:+ ]?[0-9])",
            r"秋秋",
            r"鹅(?=:)",
            rf"{_BEGINS}q(?=[: ]{{1,2}}[1-9])",
        ),
        _DIGITS,
    ),
    Messenger(
        ("tg", "tele", "电报", "飞机", "✈"),
        (rf"{_BEGINS}(?:telegram|tele|tg){_ENDS}", r"电报", r"纸飞机", r"✈️?", r"飞机(?=号?[: ]?@?[A-Za-z])"),
        _HANDLE,
    ),
    # Words that ask to be written to say as much, before a handle with its sign.
    Messenger(
        ("@",),
        (
            *("联系", "客服", "咨询", "私聊", "私信", "对接", "详询", "业务", "担保", "找我", "пишите", "писать"),
            r"contact",
            rf"{_BEGINS}(?:dm|pm)(?: me)?{_ENDS}",
        ),
        r"(?<=@)" + _HANDLE,
    ),
    Messenger(
        ("whats", "wa:", "wa +"),
        (rf"{_BEGINS}(?:whats?\s?app|wa){_ENDS}",),
        r"(?P<id>\+?[0-9](?:[ ().-]{0,2}[0-9]){7,14})(?![0-9])",
    ),
    Messenger(
        ("line id", "lineid", "加line", "+line", "私line", "line@", "line @", "line:@", "line: @"),
        (rf"{_BEGINS}line[ ]?id{_ENDS}", rf"(?<=[加+私])[ ]?line{_ENDS}", rf"{_BEGINS}line(?=:?[ ]?@)"),
        r"(?P<id>@?[A-Za-z0-9][A-Za-z0-9._-]{3,19})(?![A-Za-z0-9_@])",
    ),
    Messenger(("#",), (rf"{_BEGINS}(?:discord|dc){_ENDS}",), r"(?P<id>[A-Za-z0-9_.]{2,32}#[0-9]{4})(?![0-9])"),
    # Names without a number are in small letters, and a colon must stand before them.
    Messenger(
        ("discord:", "discord :", "discord id"),
        (rf"{_BEGINS}discord(?=[ ]?(?:id)?[ ]?:)",),
        r"(?P<id>@?(?=[A-Za-z._]{0,31}[0-9_])[A-Za-z0-9_.]{2,31}[A-Za-z0-9_])(?![A-Za-z0-9_@#/.-])",
    ),
    Messenger(
        ("skype", "signal", "kakao", "viber", "snapchat", "wickr", "threema", "session"),
        (rf"{_BEGINS}(?:skype|signal|kakao(?:talk)?|viber|snapchat|wickr|threema|session)(?=[ ]?(?:id|:))",),
        r"(?P<id>(?:live:)?[A-Za-z0-9][A-Za-z0-9._-]{4,31})(?![A-Za-z0-9_@])",
    ),
)

#: Between the word and the id: what says that an id follows (the group `says`: `号`, `id`, `是`, a colon, an arrow, a
#: bracket), around it words that do not, spaces and marks.
GAP: Final = (
    r"(?:[ ]?(?:客服|老师|助理|小编|助手|咨询|联系|搜索?|添加|加我?|私聊?|我))?"
    r"(?P<says>[ ]?(?:同?[号號][码碼]?|[账帐]号|帳號|id)?[ ]?(?:是|为|is(?=[ ])|[:=→>➕]|\+(?=[A-Za-z])"
    r"|[-—]{1,2}>?|[(【「\[『]|👉|➡️?|👇)"
    r"|[ ]?(?:同?[号號][码碼]?|[账帐]号|帳號|id))?"
    r"(?:[^\w\n+./\\]|\n){0,4}"
)
#: Words of sentences that follow a messenger's name and are no ids.
NO_IDS: Final = frozenset(
    (
        *("group", "groups", "channel", "channels", "account", "accounts", "message", "messages", "messenger"),
        *("support", "official", "download", "please", "contact", "number", "mobile", "business", "online", "desktop"),
        *("client", "version", "telegram", "whatsapp", "wechat", "weixin", "discord", "about", "https", "joinchat"),
        *("username", "invite", "share", "proxy", "addlist", "addstickers"),
    )
)
