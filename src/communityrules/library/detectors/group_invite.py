"""`group_invite` / `群邀请`: links and codes that let somebody into a group or bring its sender a reward.

Links of Telegram, Discord, WhatsApp, Line, QQ, WeChat, Signal, Skype, KakaoTalk and Slack that join a group; numbers
beside a word for a group (`群号 123456`, `QQ群：…`); codes beside a word for one (`邀请码 AB12CD`, `referral code`).
The match is the link, or the number or code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.later import later
from communityrules.library.links import Link, find_links
from communityrules.library.narrow import narrow
from communityrules.library.signs import GROUP_INVITES, may_hold
from communityrules.library.unseen import with_unseen

#: Host → how the rest of a link begins that joins a group.
_LINKS: Final = {
    "t.me": r"/(?:joinchat/|\+|addlist/)[\w-]",
    "telegram.me": r"/(?:joinchat/|\+)[\w-]",
    "telegram.dog": r"/(?:joinchat/|\+)[\w-]",
    "discord.gg": r"/[\w-]",
    "discord.com": r"/invite/[\w-]",
    "discordapp.com": r"/invite/[\w-]",
    "dsc.gg": r"/[\w-]",
    "invite.gg": r"/[\w-]",
    "chat.whatsapp.com": r"/(?:invite/)?[\w-]",
    "line.me": r"/(?:R/)?ti/g2?/",
    "qm.qq.com": r"/(?:cgi-bin/qm/qr|q/)",
    "jq.qq.com": r"/",
    "weixin.qq.com": r"/g/",
    "u.wechat.com": r"/",
    "work.weixin.qq.com": r"/(?:gm|ca|u)/",
    "signal.group": r"/",
    "join.skype.com": r"/",
    "open.kakao.com": r"/o/",
    "join.slack.com": r"/t/",
    "invite.viber.com": r"/",
    "pd.qq.com": r"/s/",
    "kook.top": r"/",
    "kook.vip": r"/",
}
_OWN_SCHEMES: Final = later(
    r"(?:tg:(?://)?join\?|discord://|whatsapp://chat\?|mqqapi://|mqqopensdkapi://)", re.IGNORECASE
)
_GROUP: Final = later(r"(?:群|讨论组|频道|裙|君羊)[^0-9]{0,12}[0-9]{6}")
_CODE: Final = later(r"[码碼号](?:.{0,6}[A-Za-z0-9])|code|referral", re.IGNORECASE)


_KINDS_OF_GROUP: Final = (
    *("q+", "扣扣?", "企鹅", "球球", "微信", "官方", "内部", "交流", "粉丝", "福利", "玩家", "学习", "资源"),
    *("新", "大", "本", "进", "加", "加我的?", "入", "总", "一", "二", "三"),
)
_WORDS_FOR_CODES: Final = (
    *("邀请(?:代)?码", "邀請碼", "邀请号", "推荐码", "推薦碼", "口令码", "注册码", "返佣码"),
    *("invit(?:e|ation)[ ]code", "referral[ ](?:code|id)", "ref[ ]code", "promo(?:tion)?[ ]code"),
)


@lru_cache(maxsize=1)
def _numbers() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:{'|'.join(_KINDS_OF_GROUP)})[ ]?群(?:聊|组)?|群(?:[ ]?[号號][码碼]?|聊号?|组号?)|群(?=[ ]?:)|讨论组"
        r"|频道号?|加裙|(?:扣扣?|q+)裙|(?:q+|扣|加)君羊)[ ]?(?:[号號][码碼]?)?[ ]?[是为:：=→(（\[【]{0,2}[ ]?[:：]?[ ]?"
        r"([1-9][0-9]{5,9})(?![0-9]|\.[0-9]|元|块|人|万|条)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _codes() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{'|'.join(_WORDS_FOR_CODES)})[ ]?(?:是|为|is|:|=|→|\(|【|\[|「){{0,2}}[ ]?:?[ ]?[\"“「【]?"
        r"([A-Za-z0-9_-]{4,20})(?![A-Za-z0-9])",
        re.IGNORECASE,
    )


def find_group_invites(text: str) -> list[Match]:
    """Invitations of a text in order."""
    if not may_hold(text, GROUP_INVITES):
        return []
    return with_unseen(_find, text)


def _find(text: str) -> Iterator[Match]:
    plain = narrow(text)
    found = []
    if "/" in plain:
        found += [Match(one.start, one.end) for one in find_links(text) if _joins(one)]
    if _GROUP().search(plain):
        found += [Match(*one.span(1)) for one in _numbers().finditer(plain)]
    if _CODE().search(plain):
        found += [Match(*one.span(1)) for one in _codes().finditer(plain) if _is_code(one[1])]
    taken = 0
    for one in sorted(found, key=lambda match: (match.start, -match.end)):
        if one.start >= taken:
            taken = one.end
            yield one


def _joins(link: Link) -> bool:
    host = link.host.removeprefix("www.").removeprefix("ptb.").removeprefix("canary.")
    rest = _LINKS.get(host)
    if rest is None:
        return _OWN_SCHEMES().match(link.text) is not None
    scheme = link.text.find("://")
    slash = link.text.find("/", scheme + 3 if scheme >= 0 else 0)
    return slash >= 0 and re.match(rest, link.text[slash:]) is not None


def _is_code(code: str) -> bool:
    """A digit or only capitals: else it is the next word of the sentence."""
    return any(char.isdigit() for char in code) or (code.isupper() and code.isalpha())


GROUP_INVITE = Detector(
    Names("group_invite", "群邀请"),
    Bilingual(
        "Links that join a group, group numbers and invitation codes: `t.me/+…`, `discord.gg/…`, `群号 …`, `邀请码 …`.",
        "加群链接、群号和邀请码:`t.me/+…`、`discord.gg/…`、`群号 …`、`邀请码 …`。",
    ),
    find_group_invites,
)
